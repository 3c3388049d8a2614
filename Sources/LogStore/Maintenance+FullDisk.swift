internal import LogModel

/// Beginning where there is no room to begin.
extension Maintenance {
    /// Opens a store on a disk that may be so full that not even its catalogue can be opened to write.
    ///
    /// Then drafts that a crash left go first, and the files of `expendable` days, which are to be removed
    /// anyway, one after the other until it can be. A crash on the way leaves such days missing, until
    /// they are removed again. Returns what went, too.
    package static func open(
        directory: String, expendable: [Day]
    ) throws(StoreError) -> (Maintenance, removed: [DayChange]) {
        var days = expendable[...]
        var gone: [(change: DayChange, events: RemovedEvents)] = []
        while true {
            do throws(StoreError) {
                let maintenance = try Maintenance(directory: directory)
                for (change, events) in gone { try maintenance.note(change.day, events) }
                return (maintenance, gone.map(\.change))
            } catch {
                guard case .full = error, let day = days.popFirst() else { throw error }
                gone.append(try remove(day, in: directory))
            }
        }
    }

    private static func remove(
        _ day: Day, in directory: String
    ) throws(StoreError) -> (change: DayChange, events: RemovedEvents) {
        let alone = try MaintenanceLock(directory: directory)
        defer { withExtendedLifetime(alone) {} }
        let lock = try WriterLock(directory: directory)
        let isUnfinished = try lock.take(timeout: patience)
        defer { lock.giveUp(isFinished: !isUnfinished) }
        try StoreLayout.removeDrafts(directory)
        let path = StoreLayout.partition(directory, day)
        let loss = loss(of: day, path, .expired)
        StoreFile.remove(path)
        return loss
    }

    private func note(_ day: Day, _ events: RemovedEvents) throws(StoreError) {
        _ = try writer.acquire(timeout: Self.patience)
        defer { writer.release() }
        try finish(RemovedDay(day: day, time: Clock.now(), reason: .expired), events)
    }
}
