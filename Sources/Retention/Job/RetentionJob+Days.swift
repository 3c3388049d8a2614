internal import LogModel
internal import LogStore

/// The steps of the job.
extension RetentionJob {
    func work(_ store: Store, _ maintenance: Maintenance) throws(StoreError) {
        finishPurges(maintenance)
        try removeExpired(store, maintenance)
        try rewriteDays(store, maintenance)
        try keepSize(store, maintenance)
        let again = postponed
        postponed = []
        for planned in again where !isStopped() { rewrite(planned, maintenance) { _ in } }
        for planned in postponed { add(.full(path: maintenance.path(of: planned.day))) }
    }

    /// A purge that was killed has left some of what must not be kept.
    private func finishPurges(_ maintenance: Maintenance) {
        do {
            _ = try Purge(finishingWith: maintenance).finishInterrupted()
        } catch {
            report.problems.append("a purge that was cut short cannot be finished: \(error)")
        }
    }

    private func removeExpired(_ store: Store, _ maintenance: Maintenance) throws(StoreError) {
        for day in try store.allDays()
        where policy.keepsNothing(of: day, at: now) && !isStopped() {
            remove(day, .expired, policy.longestReason, maintenance)
        }
        for day in try store.missingDays(in: .min..<Int64.max)
        where !policy.keepsNothing(of: day, at: now) {
            report.problems.append(store.missingProblem(day))
        }
    }

    private func rewriteDays(_ store: Store, _ maintenance: Maintenance) throws(StoreError) {
        var planned: [PlannedDay] = []
        for day in try store.days()
        where day.end <= now && !policy.keepsNothing(of: day, at: now) {
            do throws(StoreError) {
                planned.append(try PlannedDay(day, in: store, by: policy, at: now))
            } catch {
                add(error)
            }
        }
        let total = planned.reduce(0) { $0 + ($1.action == nil ? 0 : $1.rawBytes) }
        var done: Int64 = 0
        for day in planned where !isStopped() {
            rewrite(day, maintenance) { [progress] in progress(done + $0, total) }
            if day.action != nil { done += day.rawBytes }
        }
    }

    private func rewrite(
        _ planned: PlannedDay, _ maintenance: Maintenance, _ progress: (Int64) -> Void
    ) {
        let started = Clock.now()
        do throws(StoreError) {
            let target = policy.target(for: planned.day, at: now)
            let change = try maintenance.rewrite(planned.day, to: target, progress: progress)
            if let change { add(change, RetentionAction(change), planned.reason, since: started) }
        } catch {
            if case .full = error { postponed.append(planned) } else { add(error) }
        }
    }

    private func keepSize(_ store: Store, _ maintenance: Maintenance) throws(StoreError) {
        guard let limit = policy.sizeLimit else { return }
        let most = limit.bytes(ofDisk: try DiskSpace(of: directory).total)
        for day in try store.daysRemovableForSize(at: now)
        where Store.diskBytes(directory) > most && !isStopped() {
            remove(day, .size, policy.sizeReason, maintenance)
        }
        let total = Store.diskBytes(directory)
        if total > most, !isStopped() { report.problems.append(limit.problem(total, most)) }
    }

    private func remove(
        _ day: Day, _ cause: RemovalReason, _ reason: String, _ maintenance: Maintenance
    ) {
        let started = Clock.now()
        do throws(StoreError) {
            let change = try maintenance.remove(day, because: cause)
            add(change, .removed, reason, since: started)
        } catch {
            add(error)
        }
    }

    func add(
        _ change: DayChange, _ action: RetentionAction, _ reason: String, since started: Int64
    ) {
        let step = RetentionReport.Step(
            day: change.day, action: action, reason: reason, change: change, started: started,
            ended: Clock.now())
        report.steps.append(step)
        notes?.add(step)
    }
}
