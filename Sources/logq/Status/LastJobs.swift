internal import LogModel
internal import LogStore
internal import Presentation
internal import Retention

/// When the jobs that should come by again and again did so last.
struct LastJobs {
    /// The newest of each kind.
    private let jobs: [JobRecord]
    /// Whether there are days that the nightly job should have removed a while ago.
    private let isOverdue: Bool
    private let now: Int64

    private static let kinds = ["retention", "verify", "backup"]
    private static let day: Int64 = 86_400_000_000_000

    init(_ store: Store, _ policy: RetentionPolicy?, now: Int64) throws(StoreError) {
        self.now = now
        // A backup each hour of a week between two verifications.
        let newest = try store.jobs(limit: 500)
        jobs = Self.kinds.compactMap { kind in newest.first { $0.kind == kind } }
        let oldest = try store.days().first
        isOverdue =
            oldest.map { policy?.archived.age.isPast($0, at: now - 2 * Self.day) ?? false } ?? false
    }

    /// A line, or nothing where there is nothing to say.
    func text(zone: Zone, painter: Painter) -> [UInt8] {
        let hasRun = jobs.contains { $0.kind == Self.kinds[0] && now - $0.started < 2 * Self.day }
        var parts = jobs.map { job in
            let outcome = job.isRunning ? "at work" : job.ended == 0 ? "cut off" : job.outcome
            return
                "\(job.kind) \(RFC3339.clockText(job.started, zone: zone).prefix(16)) (\(outcome))"
        }
        if isOverdue, !hasRun { parts.append("days are older than the policy keeps them") }
        guard !parts.isEmpty else { return [] }
        var bytes: [UInt8] = []
        let isLate = isOverdue && !hasRun || jobs.contains { !$0.isRunning && $0.ended == 0 }
        painter.append(
            SafeText.escaped("jobs: " + parts.joined(separator: ", ")), in: isLate ? .warning : nil,
            to: &bytes)
        return bytes + [0x0A]
    }

    func write(to json: inout JSONWriter) {
        json.key("jobs")
        json.beginArray()
        for job in jobs {
            json.beginObject()
            json.key("kind")
            json.string(job.kind)
            json.time("started", job.started)
            if job.ended > 0 { json.time("ended", job.ended) }
            json.key("outcome")
            json.string(job.outcome)
            json.key("running")
            json.boolean(job.isRunning)
            json.endObject()
        }
        json.endArray()
    }
}
