internal import LogModel
internal import LogStore

/// What a job notes of itself in the store's history (`JobHistory`). It goes on where that fails: a full
/// disk or a long taking-in must not hinder a backup.
struct JobNotes {
    private let history: JobHistory?
    private let record: JobRecord?

    init(_ directory: String, _ kind: String) {
        history = try? JobHistory(directory: directory)
        record = try? history?.begin(kind)
    }

    /// Notes what was done to a day.
    func add(
        _ action: String, _ day: Day, since started: Int64, of manifest: Manifest?, note: String
    ) {
        guard let record else { return }
        try? history?.add(
            JobStep(
                job: record.id, day: day, action: action, started: started, ended: Clock.now(),
                events: manifest?.events ?? 0, rawBytes: manifest?.rawBytes ?? 0,
                bytesAfter: manifest?.bytes ?? 0, note: note))
    }

    func end(_ outcome: String, _ summary: String) {
        guard let record else { return }
        try? history?.end(record, outcome: outcome, summary: summary)
    }
}
