internal import LogModel

/// Beginning where there is no room to begin.
extension Maintenance {
    /// Opens a store on a disk that may be so full that not even its catalogue can be opened to write.
    ///
    /// Then drafts that a crash left go first, and the files of `expendable` days, which are to be removed
    /// anyway, one after the other until it can be. A crash on the way leaves such days missing, until
    /// they are removed again. Returns what went, too.
    package static func open(
        directory: String, expendable: [(day: Day, reason: RemovalReason)]
    ) throws(StoreError) -> (Maintenance, removed: [DayChange]) {
        var days = expendable[...]
        var gone: [Loss] = []
        while true {
            do throws(StoreError) {
                let maintenance = try Maintenance(directory: directory)
                for loss in gone { try maintenance.note(loss.removal, loss.events) }
                return (maintenance, gone.map(\.change))
            } catch {
                guard case .full = error, let next = days.popFirst() else { throw error }
                gone.append(try lose(next.day, next.reason, in: directory))
            }
        }
    }

    private struct Loss {
        let change: DayChange
        let removal: RemovedDay
        let events: RemovedEvents
    }

    private static func lose(
        _ day: Day, _ reason: RemovalReason, in directory: String
    ) throws(StoreError) -> Loss {
        let alone = try MaintenanceLock(directory: directory)
        defer { withExtendedLifetime(alone) {} }
        let lock = try WriterLock(directory: directory)
        let isUnfinished = try lock.take(timeout: patience)
        defer { lock.giveUp(isFinished: !isUnfinished) }
        try StoreLayout.removeDrafts(directory)
        let path = StoreLayout.partition(directory, day)
        let (change, events) = loss(of: day, path, reason)
        StoreFile.remove(path)
        let removal = RemovedDay(day: day, time: Clock.now(), reason: reason)
        return Loss(change: change, removal: removal, events: events)
    }

    private func note(_ removal: RemovedDay, _ events: RemovedEvents) throws(StoreError) {
        _ = try writer.acquire(timeout: Self.patience)
        defer { writer.release() }
        try finish(removal, events)
    }
}
