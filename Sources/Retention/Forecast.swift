package import LogStore

/// How full the disk gets with the policy as it is, from what came in on the last days.
///
/// The days to come are taken to be like the last seven whole ones, and walked through one by one: each
/// adds what it takes when it is compacted, shrinks when it is archived and goes when it is removed.
/// What other programs write is not foreseen.
package struct Forecast: Sendable, Equatable {
    /// A day that the store has.
    package struct StoredDay: Sendable {
        package let day: Day
        /// Of text, all of it, and of that what is in compacted and in archived blocks.
        package let rawBytes: Int64
        package let compactedBytes: Int64
        package let archivedBytes: Int64
        /// What its files take.
        package let diskBytes: Int64

        package init(
            day: Day, rawBytes: Int64, compactedBytes: Int64, archivedBytes: Int64,
            diskBytes: Int64
        ) {
            self.day = day
            self.rawBytes = rawBytes
            self.compactedBytes = compactedBytes
            self.archivedBytes = archivedBytes
            self.diskBytes = diskBytes
        }
    }

    /// A part of what comes in: its share of the text, and how long it is kept.
    package struct Stream: Sendable {
        package let share: Double
        package let indexed: Age
        package let archived: Age

        package init(share: Double, indexed: Age, archived: Age) {
            self.share = share
            self.indexed = indexed
            self.archived = archived
        }
    }

    package enum Outcome: Sendable, Equatable {
        /// Fewer than two whole days of the last seven have events.
        case unknown
        /// The first day that does not fit.
        case full(Day)
        /// The most that the store will take, within ten years.
        case enough(Int64)
    }

    package let outcome: Outcome
    /// What a new day adds to the store once it is compacted.
    package let bytesPerDay: Int64

    private static let days: Int64 = 7
    private static let horizon = 3650
    /// Measured on logs of nginx, Tomcat and Java services; used until the store has such days itself.
    private static let usualIndexed = 0.09
    private static let usualArchived = 0.075

    /// Walks from the day of `now` on.
    ///
    /// `streams` are the parts of the last days' text; `available` bytes are free on the disk, and
    /// `limit` is the policy's cap on the store, which takes `storeBytes`.
    package init(
        days stored: [StoredDay], streams: [Stream], today: Day, storeBytes: Int64,
        available: Int64, limit: Int64?
    ) {
        let recent = stored.filter {
            $0.day < today && $0.day.number >= today.number - Self.days && $0.rawBytes > 0
        }
        guard recent.count > 1, let first = recent.map(\.day.number).min() else {
            (outcome, bytesPerDay) = (.unknown, 0)
            return
        }
        let raw = recent.reduce(0) { $0 + Double($1.rawBytes) } / Double(today.number - first)
        let ratios = Ratios(stored)
        bytesPerDay = Int64((raw * ratios.indexed).rounded())
        var changes = [Double](repeating: 0, count: Self.horizon + 1)
        for stream in streams {
            Self.add(stream, raw * stream.share, ratios, to: &changes)
            for day in stored where day.day < today {
                Self.add(day, age: today.number - day.day.number - 1, stream, ratios, to: &changes)
            }
        }
        outcome = Self.walk(
            changes, from: today, storeBytes: storeBytes, available: available, limit: limit)
    }

    /// Bytes on disk for a byte of text.
    private struct Ratios {
        var indexed = Forecast.usualIndexed
        var archived = Forecast.usualArchived

        /// From days of which nearly all is in blocks of one kind.
        init(_ days: [StoredDay]) {
            func ratio(_ part: (StoredDay) -> Int64) -> Double? {
                let alike = days.filter {
                    $0.rawBytes > 0 && Double(part($0)) > 0.95 * Double($0.rawBytes)
                }
                let raw = alike.reduce(0) { $0 + Double($1.rawBytes) }
                return raw > 0 ? alike.reduce(0) { $0 + Double($1.diskBytes) } / raw : nil
            }
            indexed = ratio(\.compactedBytes) ?? indexed
            archived = ratio(\.archivedBytes) ?? min(archived, indexed)
        }
    }

    /// The changes by each of the days to come: it is there on the day itself.
    private static func add(
        _ stream: Stream, _ raw: Double, _ ratios: Ratios, to changes: inout [Double]
    ) {
        for day in 1...horizon {
            changes[day] += raw * ratios.indexed
            leave(raw * ratios.indexed, raw * ratios.archived, day, 0, stream, &changes)
        }
    }

    /// The changes by what a stored day has of a stream.
    private static func add(
        _ day: StoredDay, age: Int64, _ stream: Stream, _ ratios: Ratios,
        to changes: inout [Double]
    ) {
        let size = Double(day.diskBytes) * stream.share
        let isArchived = 2 * day.archivedBytes > day.rawBytes
        let archived = isArchived ? size : size * min(1, ratios.archived / ratios.indexed)
        leave(size, archived, 0, age, stream, &changes)
    }

    /// What leaves when bytes of an age on a day reach the stream's ages; what is overdue goes on the
    /// next day.
    private static func leave(
        _ size: Double, _ archived: Double, _ day: Int, _ age: Int64, _ stream: Stream,
        _ changes: inout [Double]
    ) {
        func due(_ limit: Age) -> Int? {
            guard case .days(let days) = limit, days - age <= horizon else { return nil }
            let due = max(day + 1, day + Int(days - age) + 1)
            return due <= horizon ? due : nil
        }
        var rest = size
        let removal = due(stream.archived)
        if let archiving = due(stream.indexed), archiving < removal ?? .max {
            changes[archiving] -= size - archived
            rest = archived
        }
        if let removal { changes[removal] -= rest }
    }

    private static func walk(
        _ changes: [Double], from today: Day, storeBytes: Int64, available: Int64, limit: Int64?
    ) -> Outcome {
        let room = Double(storeBytes) + Double(available)
        let cap = limit.map(Double.init) ?? .infinity
        var size = Double(storeBytes)
        var largest = min(size, cap)
        for day in 1...horizon {
            size = min(max(0, size + changes[day]), cap)
            if size > room { return .full(Day(number: today.number + Int64(day))) }
            largest = max(largest, size)
        }
        return .enough(Int64(min(largest, 0x1p62)))
    }
}
