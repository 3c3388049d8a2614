internal import LogStore
internal import Presentation
internal import Retention

/// What a verification found, for people and for programs.
struct VerificationText {
    private let report: VerificationReport
    /// What to restore from, as it is to be typed.
    private let backup: String

    init(_ report: VerificationReport, backup: String?) {
        self.report = report
        self.backup = backup ?? "BACKUP"
    }

    /// More of one day say nothing new.
    private static let mostLines = 20

    /// A line for each problem, and for each day with some one that says what to do.
    func problems() -> String {
        var text = ""
        for problem in report.catalog { text += Self.line("catalog.db", problem) }
        if !report.catalog.isEmpty {
            text += "catalog.db  to do: move it away and take the logs in again: what the days "
            text += "have already is not doubled\n"
        }
        for day in report.days where !day.problems.isEmpty {
            for problem in day.problems.prefix(Self.mostLines) {
                text += Self.line(day.day.name, problem)
            }
            if day.problems.count > Self.mostLines {
                text += "\(day.day.name)  and \(day.problems.count - Self.mostLines) more\n"
            }
            text += "\(day.day.name)  to do: \(remedy(day.day))\n"
        }
        for problem in report.sample?.problems.prefix(Self.mostLines) ?? [] {
            text += Self.line("\(report.sample?.day?.name ?? "?"), restored", problem)
        }
        return text
    }

    private static func line(_ name: String, _ problem: DayProblem) -> String {
        SafeText.escaped("\(name)  \(problem.kind.rawValue): \(problem.detail)") + "\n"
    }

    private func remedy(_ day: Day) -> String {
        SafeText.escaped("logq restore \(backup) --tz UTC --from \(day.name) --to \(day.name)")
    }

    /// In a word, for the history of jobs.
    var outcome: String {
        report.hasProblems ? "damaged" : report.failures.isEmpty ? "done" : "incomplete"
    }

    func summary() -> String { line + "\n" + sample }

    /// What came of the restored day.
    private var sample: String {
        guard let sample = report.sample, let day = sample.day else { return "" }
        return SafeText.escaped(
            "\(day.name) restored from \(sample.backup ?? "the store") and searched: "
                + "\(sample.found) of \(sample.searched) events found (seed \(sample.seed))") + "\n"
    }

    var line: String {
        let seconds = Double(report.nanoseconds) / 1e9
        let rate = Double(report.rawBytes) / max(seconds, 1e-9)
        let broken = report.days.count { !$0.problems.isEmpty }
        let result =
            report.hasProblems
            ? "\(HumanUnits.count(Int64(broken))) of them damaged"
            : report.failures.isEmpty ? "all is well" : "not all could be read"
        return """
            \(HumanUnits.count(Int64(report.days.count))) days, \
            \(HumanUnits.count(Int64(report.manifests))) with a manifest, \
            \(HumanUnits.count(Int64(report.blocks))) blocks, \
            \(HumanUnits.count(Int64(report.events))) events, \
            \(HumanUnits.bytes(report.rawBytes)) of logs \
            in \(HumanUnits.duration(seconds: seconds)) \
            (\(HumanUnits.bytes(Int64(rate)))/s): \(result)
            """
    }

    func json() -> String {
        var json = JSONWriter()
        json.beginObject()
        for (name, value) in [
            ("days", Int64(report.days.count)), ("manifests", Int64(report.manifests)),
            ("blocks", Int64(report.blocks)), ("events", Int64(report.events)),
            ("raw_bytes", report.rawBytes),
        ] {
            json.key(name)
            json.integer(value)
        }
        json.key("seconds")
        json.number(Double(report.nanoseconds) / 1e9)
        json.key("problems")
        json.beginArray()
        for problem in report.catalog { append(problem, of: nil, to: &json) }
        for day in report.days {
            for problem in day.problems { append(problem, of: day.day, to: &json) }
        }
        json.endArray()
        if let sample = report.sample, let day = sample.day { append(sample, of: day, to: &json) }
        json.key("failures")
        json.beginArray()
        for failure in report.failures { json.string(failure) }
        json.endArray()
        json.endObject()
        json.endLine()
        return String(decoding: json.bytes, as: UTF8.self)
    }

    private func append(
        _ sample: SampledRestoreResult, of day: Day, to json: inout JSONWriter
    ) {
        json.key("restored")
        json.beginObject()
        json.key("day")
        json.string(day.name)
        json.key("from")
        json.string(sample.backup ?? "store")
        for (name, value) in [
            ("searched", Int64(sample.searched)), ("found", Int64(sample.found)),
            ("seed", Int64(clamping: sample.seed)),
        ] {
            json.key(name)
            json.integer(value)
        }
        json.key("problems")
        json.beginArray()
        for problem in sample.problems { append(problem, of: day, to: &json) }
        json.endArray()
        json.endObject()
    }

    private func append(_ problem: DayProblem, of day: Day?, to json: inout JSONWriter) {
        json.beginObject()
        for (name, value) in [
            ("day", day?.name), ("kind", problem.kind.rawValue), ("detail", problem.detail),
            ("remedy", day.map(remedy)),
        ] {
            guard let value else { continue }
            json.key(name)
            json.string(value)
        }
        json.endObject()
    }
}
