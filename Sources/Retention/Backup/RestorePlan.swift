internal import LogModel
package import LogStore

/// What restoring a day would do, and why.
package struct RestorePlan: Sendable {
    package let day: Day
    package let state: State
    /// Of the backup's copy; nil where its manifest cannot be read.
    package let manifest: Manifest?

    /// What the store has of a day, compared with the backup.
    package enum State: String, Sendable {
        case missing
        case damaged
        /// All that the backup has, and nothing else.
        case same = "as in the backup"
        case newer = "newer than the backup"
        /// Whole, but without some of what the backup has.
        case lacking = "without some of what the backup has"
        /// The store removed it on purpose.
        case removed = "removed from the store"
    }

    /// For the history: what was done to the day, and what it has then.
    func step(_ action: String, since started: Int64) -> JobStep {
        var step = JobStep(job: 0, day: day, action: action, started: started, ended: Clock.now())
        step.events = manifest?.events ?? 0
        step.rawBytes = manifest?.rawBytes ?? 0
        step.bytesAfter = manifest?.bytes ?? 0
        return step
    }
}

/// Compares the days of a store with those of its backup.
struct RestoreComparison {
    let store: Store
    let place: BackupPlace
    /// Told of what was read, in bytes of original text.
    let progress: (Int64) -> Void

    /// Costs reading the day of the store, if there is one.
    func state(of day: Day, _ manifest: Manifest?) throws(StoreError) -> RestorePlan.State {
        guard try store.days().contains(day) else {
            let removals = try store.removals(in: day.start..<day.end)
            return removals.contains { $0.day == day } ? .removed : .missing
        }
        do throws(StoreError) {
            let partition = try store.partition(day)
            _ = try DayContent(reading: partition, progress: progress)
            if let manifest, try partition.version().text == manifest.version { return .same }
            let copy = try Partition(day: day, path: place.partition(day))
            if try partition.hasAll(of: copy) { return .newer }
            // What came for a day after it was removed on purpose is in a new file.
            return try store.wasRemoved(day, since: manifest?.made ?? .min) ? .newer : .lacking
        } catch {
            switch error {
            case .damaged(let path, _), .notAStore(let path):
                // The backup's copy may be what is damaged; that is seen when it is copied.
                return path == place.partition(day) ? .newer : .damaged
            default: throw error
            }
        }
    }
}

extension Store {
    /// Whether the whole day was removed on purpose after a time in nanoseconds UTC.
    func wasRemoved(_ day: Day, since time: Int64) throws(StoreError) -> Bool {
        try removals(in: day.start..<day.end).contains { $0.day == day && $0.time > time }
    }
}

/// What a day holds, read from its blocks, every one of which is decoded.
struct DayContent: Equatable {
    private(set) var blocks: Int64 = 0
    private(set) var events: Int64 = 0
    private(set) var rawBytes: Int64 = 0

    /// Throws `damaged` where a block does not decode to the lines that were taken in.
    init(
        reading partition: Partition, progress: (Int64) -> Void = { _ in }
    ) throws(StoreError) {
        for reference in try partition.blocks(Partition.Criteria()) {
            let batch = try partition.batch(of: reference)
            blocks += 1
            events += Int64(batch.rows.count)
            rawBytes += batch.rows.reduce(0) { $0 + Int64($1.length) }
            progress(rawBytes)
        }
    }

    func agrees(with manifest: Manifest) -> Bool {
        blocks == manifest.blocks && events == manifest.events && rawBytes == manifest.rawBytes
    }
}
