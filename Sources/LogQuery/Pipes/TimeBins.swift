internal import LogModel

/// Cuts time into bins of one span, aligned to the local midnight of a zone.
///
/// A day bin is a local day, 23 to 25 hours long where clocks change; weeks begin on Monday; spans
/// that do not divide a day begin anew at midnight only where they are shorter than one. Spans of up
/// to an hour are always that long, so that the hour which clocks show twice has bins of its own.
struct TimeBins: Sendable {
    /// Nanoseconds, greater than zero.
    let span: Int64
    private let zone: Zone

    private static let second: Int64 = 1_000_000_000
    private static let hour = 3_600 * second
    private static let day = 24 * hour

    init(span: Int64, zone: Zone) {
        self.span = max(1, span)
        self.zone = zone
    }

    /// Where the bin of `time` begins.
    func start(of time: Int64) -> Int64 {
        let offset = offset(at: time)
        let local = time &+ offset
        let start = local &- remainder(local)
        let moved = start &- offset
        if span <= Self.hour, self.offset(at: moved) == offset { return moved }
        let seconds = Self.floor(start, Self.second) / Self.second
        let utc = zone.utc(fromLocal: seconds) &* Self.second &+ (start &- seconds &* Self.second)
        return min(utc, time)
    }

    /// Where the bin behind the one that begins at `start` begins.
    func next(after start: Int64) -> Int64 {
        let sum = start.addingReportingOverflow(span)
        guard !sum.overflow else { return .max }
        // Where the clock goes back meanwhile the bin lasts longer than its span.
        for extra in 0...6 {
            let aligned = self.start(of: sum.partialValue &+ Int64(extra) &* Self.hour / 2)
            if aligned > start { return aligned }
        }
        return sum.partialValue
    }

    /// How far `local` is behind the start of its bin.
    private func remainder(_ local: Int64) -> Int64 {
        if span % Self.day == 0 {
            // 1970-01-01 was a Thursday: weeks are counted from the Monday before.
            let shift = span % (7 * Self.day) == 0 ? 3 * Self.day : 0
            return local &+ shift &- Self.floor(local &+ shift, span)
        }
        let midnight = span < Self.day ? Self.floor(local, Self.day) : 0
        return local &- midnight &- Self.floor(local &- midnight, span)
    }

    private func offset(at time: Int64) -> Int64 {
        Int64(zone.offset(atUTC: Self.floor(time, Self.second) / Self.second)) &* Self.second
    }

    /// The greatest multiple of `unit` that is not above `value`.
    private static func floor(_ value: Int64, _ unit: Int64) -> Int64 {
        let rest = value % unit
        return value &- (rest < 0 ? rest &+ unit : rest)
    }

    /// The span of a timechart of about 60 bins over `length` nanoseconds.
    static func span(for length: Int64) -> Int64 {
        let nice: [Int64] = [
            second / 1000, second / 100, second / 10, second, 2 * second, 5 * second,
            10 * second, 15 * second, 30 * second, 60 * second, 120 * second, 300 * second,
            600 * second, 900 * second, 1800 * second, hour, 2 * hour, 3 * hour, 6 * hour,
            12 * hour, day, 7 * day, 28 * day, 364 * day,
        ]
        return nice.first { length / $0 <= 60 } ?? 364 * day
    }
}
