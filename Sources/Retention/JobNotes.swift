internal import LogModel
package import LogStore

/// What a job notes in the store's history as it goes on; where a note has no room, it waits for the next
/// one.
///
/// A full disk must not keep the nightly job from removing what fills it, nor a long taking-in a backup.
package final class JobNotes {
    private let directory: String
    private let kind: String
    private var history: JobHistory?
    private var record: JobRecord?
    private var waiting: [JobStep] = []

    /// How long jobs are remembered.
    private static let memory: Int64 = 400 * Age.nanosecondsPerDay

    package init(directory: String, kind: String) {
        self.directory = directory
        self.kind = kind
        try? flush()
    }

    func add(_ step: RetentionReport.Step) {
        var note = JobStep(
            job: 0, day: step.day, action: step.action.rawValue, started: step.started,
            ended: step.ended)
        let change = step.change
        note.events = Int64(
            change.eventsIndexed + change.eventsArchived + change.eventsRemoved)
        note.rawBytes = change.rawBytes
        note.bytesBefore = change.bytesBefore
        note.bytesAfter = change.bytesAfter
        note.note = step.reason
        add(note)
    }

    func add(problem: String) {
        let now = Clock.now()
        var note = JobStep(job: 0, day: nil, action: "problem", started: now, ended: now)
        note.note = problem
        add(note)
    }

    func add(_ step: JobStep) {
        waiting.append(step)
        try? flush()
    }

    private func flush() throws(StoreError) {
        let history = try opened()
        let record = try begun(history)
        while var step = waiting.first {
            step.job = record.id
            try history.add(step)
            waiting.removeFirst()
        }
    }

    private func opened() throws(StoreError) -> JobHistory {
        if let history { return history }
        let opened = try JobHistory(directory: directory)
        history = opened
        return opened
    }

    private func begun(_ history: JobHistory) throws(StoreError) -> JobRecord {
        if let record { return record }
        let begun = try history.begin(kind)
        record = begun
        return begun
    }

    /// Throws where something could not be noted.
    package func end(outcome: String, summary: String) throws(StoreError) {
        try flush()
        guard let history, let record else { return }
        try history.end(record, outcome: outcome, summary: summary)
        try history.forget(before: record.started - Self.memory)
    }
}
