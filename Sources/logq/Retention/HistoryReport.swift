internal import LogModel
internal import LogStore
internal import Presentation

/// Jobs and their steps, as tables or as JSON.
struct HistoryReport {
    private let store: Store
    private let settings: PictureSettings
    private let isJSON: Bool

    init(_ store: Store, _ settings: PictureSettings, isJSON: Bool) {
        (self.store, self.settings, self.isJSON) = (store, settings, isJSON)
    }

    /// The last jobs, the newest first; nothing where there are none.
    func jobs(limit: Int) throws -> [UInt8] {
        let jobs = try store.jobs(limit: limit)
        guard !isJSON else { return try jobs.flatMap { json($0, try store.steps(of: $0.id)) } }
        guard !jobs.isEmpty else { return [] }
        var table = RetentionText.table([
            ("job", true), ("kind", false), ("started", false), ("took", true), ("freed", true),
            ("outcome", false), ("what", false),
        ])
        table.rows = try jobs.map { row($0, try store.steps(of: $0.id)) }
        return TableView(settings).text(table)
    }

    private func row(_ job: JobRecord, _ steps: [JobStep]) -> [ResultTable.Value] {
        let freed = steps.reduce(0) { $0 + $1.bytesBefore - $1.bytesAfter }
        return [
            RetentionText.cell("\(job.id)"), RetentionText.cell(job.kind),
            RetentionText.cell(RFC3339.clockText(job.started, zone: settings.zone)),
            job.ended == 0 ? .none : .duration(Double(job.ended - job.started) / 1e9),
            freed == 0 ? .none : .bytes(freed), RetentionText.cell(outcome(job)),
            RetentionText.cell(job.summary.isEmpty ? Self.counts(steps) : job.summary),
        ]
    }

    private func outcome(_ job: JobRecord) -> String {
        job.ended != 0 ? job.outcome : job.isRunning ? "running" : "did not end"
    }

    /// Of a job that has no summary yet: `merged 3, removed 1`.
    private static func counts(_ steps: [JobStep]) -> String {
        var counts: [(action: String, steps: Int)] = []
        for step in steps {
            if let index = counts.firstIndex(where: { $0.action == step.action }) {
                counts[index].steps += 1
            } else {
                counts.append((step.action, 1))
            }
        }
        return counts.map { "\($0.action) \($0.steps)" }.joined(separator: ", ")
    }

    /// One job, and what it did.
    func steps(of job: JobRecord) throws -> [UInt8] {
        let steps = try store.steps(of: job.id)
        guard !isJSON else { return json(job, steps) }
        var lines = [
            "job \(job.id), \(job.kind), \(RFC3339.clockText(job.started, zone: settings.zone)), "
                + "process \(job.process): \(outcome(job))"
        ]
        if !job.summary.isEmpty { lines.append(job.summary) }
        let head = RetentionText.lines(lines)
        guard !steps.isEmpty else { return head }
        var table = RetentionText.table([
            ("step", true), ("day", false), ("what", false), ("events", true), ("before", true),
            ("after", true), ("took", true), ("note", false),
        ])
        table.rows = steps.map(Self.row)
        return head + TableView(settings).text(table)
    }

    private static func row(_ step: JobStep) -> [ResultTable.Value] {
        let isAboutDay = step.day != nil
        return [
            RetentionText.cell("\(step.number)"), RetentionText.cell(step.day?.name ?? ""),
            RetentionText.cell(step.action), isAboutDay ? .integer(step.events) : .none,
            isAboutDay ? .bytes(step.bytesBefore) : .none,
            isAboutDay ? .bytes(step.bytesAfter) : .none,
            .duration(Double(step.ended - step.started) / 1e9), RetentionText.cell(step.note),
        ]
    }

    private func json(_ job: JobRecord, _ steps: [JobStep]) -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.members([("job", job.id), ("process", job.process)])
        json.member("kind", job.kind)
        json.time("started", job.started)
        if job.ended != 0 { json.time("ended", job.ended) }
        json.key("is_running")
        json.boolean(job.isRunning)
        json.member("outcome", outcome(job))
        json.member("summary", job.summary)
        json.key("steps")
        json.beginArray()
        for step in steps { Self.write(step, to: &json) }
        json.endArray()
        json.endObject()
        json.endLine()
        return json.bytes
    }

    private static func write(_ step: JobStep, to json: inout JSONWriter) {
        json.beginObject()
        json.key("day")
        if let day = step.day { json.string(day.name) } else { json.null() }
        json.member("action", step.action)
        json.time("started", step.started)
        json.time("ended", step.ended)
        json.members([
            ("events", step.events), ("raw_bytes", step.rawBytes),
            ("bytes_before", step.bytesBefore), ("bytes_after", step.bytesAfter),
        ])
        json.member("note", step.note)
        json.endObject()
    }
}
