internal import Arguments
internal import Incidents
internal import LogStore
internal import Presentation

/// What `logq incident verify` found: for people as it goes, for programs at the end.
struct IncidentCheckReport {
    private let isQuiet: Bool
    private let isJSON: Bool
    private var json = JSONWriter()
    private var problems: [String] = []
    private var records = (all: 0, damaged: 0)

    init(isQuiet: Bool, isJSON: Bool) {
        (self.isQuiet, self.isJSON) = (isQuiet, isJSON)
        json.beginObject()
        json.key("records")
        json.beginArray()
    }

    var exitCode: ExitCode {
        problems.isEmpty && records.damaged == 0 ? .success : .incomplete
    }

    /// Notes damage that belongs to no record.
    mutating func add(problem: String) {
        problems.append(problem)
        if !isJSON { Standard.output(SafeText.escaped(problem) + "\n") }
    }

    mutating func add(_ check: ChainCheck, file: String?, notes: [String] = []) {
        records.all += 1
        if !check.problems.isEmpty { records.damaged += 1 }
        if isJSON {
            write(check, file: file, notes: notes + check.notes)
        } else if !isQuiet || !check.problems.isEmpty {
            Standard.output(text(check, file: file, notes: notes + check.notes))
        }
    }

    private static let mostLines = 20

    private func text(_ check: ChainCheck, file: String?, notes: [String]) -> String {
        let root = check.root.map(Digest.hex) ?? "none"
        var lines = [
            "\(check.id)  \(check.problems.isEmpty ? "whole" : "DAMAGED")  "
                + "\(Self.count(check.entryCount, "entry", "entries")), "
                + "\(Self.count(check.pins.count, "pin", "pins")), root \(root)"
                + (file.map { "  " + $0 } ?? "")
        ]
        lines += check.problems.prefix(Self.mostLines).map { "  " + $0 }
        if check.problems.count > Self.mostLines {
            lines.append("  and \(check.problems.count - Self.mostLines) more")
        }
        if !check.problems.isEmpty { lines.append("  to do: " + Self.remedy(file)) }
        if !isQuiet { lines += notes.map { "  note: " + $0 } }
        return lines.map { SafeText.escaped($0) + "\n" }.joined()
    }

    private static func count(_ number: Int, _ one: String, _ many: String) -> String {
        HumanUnits.count(Int64(number)) + " " + (number == 1 ? one : many)
    }

    private static func remedy(_ file: String?) -> String {
        file == nil
            ? "move incidents.db away, then 'logq restore BACKUP' brings back what the backup has; or "
                + "'logq incident import' an export into the new file"
            : "ask for the archive again, and compare its root with one from elsewhere"
    }

    private mutating func write(_ check: ChainCheck, file: String?, notes: [String]) {
        json.beginObject()
        for (name, value) in [
            ("id", check.id.description), ("file", file), ("root", check.root.map(Digest.hex)),
        ] {
            guard let value else { continue }
            json.key(name)
            json.string(value)
        }
        for (name, number) in [("entries", check.entryCount), ("pins", check.pins.count)] {
            json.key(name)
            json.integer(Int64(number))
        }
        for (name, texts) in [("problems", check.problems), ("notes", notes)] {
            json.key(name)
            json.beginArray()
            for text in texts { json.string(text) }
            json.endArray()
        }
        json.endObject()
    }

    /// Ends the report: the JSON, or a line on standard error.
    mutating func finish() {
        if isJSON {
            json.endArray()
            return json.printReport(problems: problems)
        }
        guard !isQuiet else { return }
        let all = Self.count(records.all, "record", "records")
        Standard.error(
            exitCode == .incomplete
                ? "\(all); something is damaged, see above\n" : "\(all): all is whole\n")
    }
}
