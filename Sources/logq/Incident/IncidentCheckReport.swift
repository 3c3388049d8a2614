internal import Arguments
internal import Incidents
internal import LogModel
internal import LogStore
internal import Presentation

/// What `logq incident verify` found: for people as it goes, for programs at the end.
struct IncidentCheckReport {
    private let isQuiet: Bool
    private let isJSON: Bool
    private var json = JSONWriter()
    private var problems: [String] = []
    private let zone: Zone
    private var checked = (records: 0, archives: 0, damaged: 0)

    init(isQuiet: Bool, isJSON: Bool, zone: Zone) {
        (self.isQuiet, self.isJSON, self.zone) = (isQuiet, isJSON, zone)
        json.beginObject()
        json.key("records")
        json.beginArray()
    }

    var exitCode: ExitCode {
        problems.isEmpty && checked.damaged == 0 ? .success : .incomplete
    }

    /// Notes damage that belongs to no record, but maybe to an archive.
    mutating func add(problem: String, isOfArchive: Bool = false) {
        if isOfArchive { checked.archives += 1 }
        problems.append(problem)
        if !isJSON { Standard.output(SafeText.escaped(problem) + "\n") }
    }

    mutating func add(_ check: ChainCheck, file: String?, notes: [String] = []) {
        if file == nil { checked.records += 1 } else { checked.archives += 1 }
        if !check.problems.isEmpty { checked.damaged += 1 }
        if isJSON {
            let told = check.notes.map { $0.text(at: RFC3339.text($0.time)) }
            write(check, file: file, notes: notes + told)
        } else if !isQuiet || !check.problems.isEmpty {
            let told = check.notes.map { $0.text(at: RFC3339.offsetText($0.time, zone: zone)) }
            Standard.output(text(check, file: file, notes: notes + told))
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
        let parts = [
            (checked.records, "record", "records"), (checked.archives, "archive", "archives"),
        ].filter { $0.0 > 0 }.map(Self.count)
        let nothing = exitCode == .incomplete ? "no record was checked" : "0 records"
        let all = parts.isEmpty ? nothing : parts.joined(separator: ", ")
        Standard.error(
            exitCode == .incomplete
                ? "\(all); something is damaged, see above\n" : "\(all): all is whole\n")
    }
}
