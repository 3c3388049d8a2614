internal import Glibc
internal import LogModel
internal import SQLite

/// Removing whole days.
extension Maintenance {
    /// Removes a day, whatever its size in the time that a rename takes, and notes in the catalogue what
    /// it had. A damaged one goes too, with what was set aside of it, and one that is not there any more
    /// is known as removed afterwards.
    ///
    /// Searches that have the file open read on in it.
    package func remove(_ day: Day, because reason: RemovalReason) throws(StoreError) -> DayChange {
        let wasHeld = writer.isHeld
        _ = try writer.acquire(timeout: Self.patience)
        defer { if !wasHeld { writer.release() } }
        writer.closePartitions()
        let path = path(of: day)
        let (change, events) = Self.loss(of: day, path, reason)
        if let ends = try? Partition(day: day, path: path).ends() {
            try writer.catalog.leaveOutOpenEvents(of: day, before: ends, after: [:])
        }
        let removal = RemovedDay(day: day, time: Clock.now(), reason: reason)
        if access(path, F_OK) == 0 {
            try StoreFile.rename(path, to: removal.path(in: directory))
        }
        try finish(removal, events)
        return change
    }

    /// Removes what of a day was set aside as damaged.
    package func removeDamagedPart(of day: Day) {
        StoreFile.remove(path(of: day) + StoreLayout.damagedEnding)
    }

    /// What is lost with a day, as far as it can be read.
    static func loss(
        of day: Day, _ path: String, _ reason: RemovalReason
    ) -> (DayChange, RemovedEvents) {
        var change = DayChange(day: day)
        for ending in ["", "-wal", StoreLayout.damagedEnding] {
            change.bytesBefore += StoreFile.size(path + ending)
        }
        guard let partition = try? Partition(day: day, path: path),
            let totals = try? partition.totals()
        else { return (change, RemovedEvents()) }
        change.eventsRemoved = totals.events
        change.blocksBefore = totals.blocks
        change.rawBytes = Int64(totals.rawBytes)
        change.rawBytesRemoved = change.rawBytes
        return (change, (try? partition.allAsRemoved(reason)) ?? RemovedEvents())
    }

    /// Finishes what crashes cut short.
    func finishRemovals() throws(StoreError) {
        for removal in try StoreLayout.removedDays(directory) {
            let aside = try? Partition(day: removal.day, path: removal.path(in: directory))
            try finish(removal, (try? aside?.allAsRemoved(removal.reason)) ?? RemovedEvents())
        }
    }

    /// A second time it does what the first one left, and notes the same.
    func finish(_ removal: RemovedDay, _ events: RemovedEvents) throws(StoreError) {
        let path = path(of: removal.day)
        // They would be read as the log of the next file with this name.
        if access(path, F_OK) != 0 {
            StoreFile.remove(path)
            StoreFile.remove(path + StoreLayout.damagedEnding)
            unlink(Manifest.path(directory, removal.day))
        }
        do throws(StoreError) { try writer.catalog.write(removal, events) } catch {
            guard case .full = error else { throw error }
            // Its own room has to do. After a crash here the day is missing, until it is removed again.
            StoreFile.remove(removal.path(in: directory))
            try writer.catalog.write(removal, events)
        }
        StoreFile.remove(removal.path(in: directory))
    }
}

/// A whole day that was removed: `DAY.db.removed.TIME.REASON`, until its removal is noted.
struct RemovedDay: Equatable {
    let day: Day
    /// Nanoseconds UTC; tells this removal from others of the day.
    let time: Int64
    let reason: RemovalReason

    init(day: Day, time: Int64, reason: RemovalReason) {
        self.day = day
        self.time = time
        self.reason = reason
    }

    init?(fileName: String) {
        let parts = fileName.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 5, parts[1] == "db", parts[2] == "removed",
            let day = Day(name: String(parts[0])), let time = Int64(parts[3]),
            let reason = RemovalReason(rawValue: String(parts[4]))
        else { return nil }
        self.init(day: day, time: time, reason: reason)
    }

    func path(in directory: String) -> String {
        StoreLayout.partition(directory, day) + ".removed.\(time).\(reason.rawValue)"
    }
}
