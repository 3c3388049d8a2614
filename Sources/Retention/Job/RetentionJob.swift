internal import LogModel
package import LogStore

/// The nightly job: makes a store as its policy wants it.
///
/// ```
/// 1. removals that a crash cut short are finished; the ballast goes if the disk is full
/// 2. days past every age are removed, missing and damaged ones too
/// 3. each other day that is over is written anew, the oldest first: merged, archived, trimmed in one
/// 4. the oldest days are removed until the store is within its limit, never the newest
/// 5. days for which there was no room are tried again; the ballast comes back
/// ```
///
/// Removing comes first, as it is what frees a full disk. Each day is done or not, whatever happens;
/// a second run finds nothing to do. Searches and shipping go on beside it.
package final class RetentionJob {
    let directory: String
    let policy: RetentionPolicy
    /// By which ages are counted, in nanoseconds since 1970 UTC.
    let now: Int64
    private let start = Clock.monotonic()
    /// When the window closes that is open; nil if none matters.
    private var closing: Int64?
    var report = RetentionReport()
    var notes: JobNotes?
    private var room: DiskRoom
    /// Days that had no room.
    var postponed: [PlannedDay] = []

    /// Whether it runs outside of the policy's window too.
    package var runsAnyTime = false
    /// Asked before each day; the job ends when it says so.
    package var shouldStop: () -> Bool = { false }
    /// Is told the bytes of original text that are done, and all that there are to do.
    package var progress: (_ done: Int64, _ total: Int64) -> Void = { _, _ in }

    /// At a disk that is so full the window does not matter.
    private static let fullShare = 0.95

    package init(directory: String, policy: RetentionPolicy, now: Int64) {
        self.directory = directory
        self.policy = policy
        self.now = now
        room = DiskRoom(directory: directory)
    }

    /// Runs once. Throws where nothing can be done at all: there is no store, or another one is at
    /// work on it.
    package func run() throws(StoreError) -> RetentionReport {
        let store = try Store(directory: directory)
        let space = try DiskSpace(of: directory)
        (report.freeBefore, report.freeAfter) = (space.available, space.available)
        guard mayRun(space) else { return report }
        defer { room.restore() }
        _ = room.make()
        let maintenance = try open(store)
        let notes = JobNotes(directory: directory, kind: "retention")
        self.notes = notes
        for step in report.steps { notes.add(step) }
        do throws(StoreError) {
            // On a full disk the first one sees the catalogue as it was.
            try work(Store(directory: directory), maintenance)
        } catch {
            add(error)
        }
        finish(notes)
        return report
    }

    private func mayRun(_ space: DiskSpace) -> Bool {
        guard let window = policy.window, !runsAnyTime, space.used <= Self.fullShare else {
            return true
        }
        closing = window.closing(from: now)
        if closing == nil { report.outcome = .outsideWindow(opens: window.nextOpening(after: now)) }
        return closing != nil
    }

    private func open(_ store: Store) throws(StoreError) -> Maintenance {
        do throws(StoreError) {
            return try Maintenance(directory: directory)
        } catch {
            guard case .full = error else { throw error }
            _ = room.make(always: true)
            let started = Clock.now()
            let (maintenance, removed) = try Maintenance.open(
                directory: directory, expendable: expendable(store))
            for change in removed {
                let isExpired = policy.keepsNothing(of: change.day, at: now)
                let reason = isExpired ? policy.longestReason : policy.sizeReason
                add(change, .removed, reason, since: started)
            }
            return maintenance
        }
    }

    /// Days that are removed tonight anyway; of those that are for their size, the first.
    private func expendable(
        _ store: Store
    ) throws(StoreError) -> [(day: Day, reason: RemovalReason)] {
        let expired = try store.days().filter { policy.keepsNothing(of: $0, at: now) }
        guard expired.isEmpty, let limit = policy.sizeLimit,
            try Store.diskBytes(directory) > limit.bytes(ofDisk: DiskSpace(of: directory).total)
        else { return expired.map { ($0, .expired) } }
        return try store.daysRemovableForSize(at: now).prefix(1).map { ($0, .size) }
    }

    private func finish(_ notes: JobNotes) {
        for problem in report.problems { notes.add(problem: problem) }
        do throws(StoreError) {
            try notes.end(outcome: report.outcomeText, summary: report.summary)
        } catch {
            add(error)
        }
        report.freeAfter = (try? DiskSpace(of: directory).available) ?? 0
        report.seconds = Double(Clock.monotonic() - start) / 1e9
    }

    func add(_ problem: StoreError) { report.problems.append(problem.description) }

    /// Whether the rest is for another night.
    func isStopped() -> Bool {
        if case .stopped = report.outcome { return true }
        if shouldStop() {
            report.outcome = .stopped("told to end")
        } else if let closing, now + (Clock.monotonic() - start) >= closing {
            report.outcome = .stopped("the window closed")
        } else {
            return false
        }
        return true
    }
}
