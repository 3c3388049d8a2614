internal import LogModel
internal import LogStore

/// `diff`: what is different in the search's window, as rows.
struct DiffStage {
    private let request: ComparisonRequest
    private let choice: String?

    /// Chooses the good window where the stage names none. A search without an end ends now.
    init(_ search: Search, _ stage: Range<Int>, good: StageParser.Name?) throws(SearchError) {
        let (times, now) = (search.times, search.request.now)
        let end = times.upperBound == .max ? now : times.upperBound
        guard times.lowerBound > .min, times.lowerBound < end else {
            throw .query(
                QueryError(
                    problem: "diff needs the window in which something was wrong",
                    query: search.request.query, range: stage,
                    help: "add --since, --since and --until, or --at with --around"))
        }
        let bad = times.lowerBound..<end
        var request = ComparisonRequest(query: "", bad: bad, good: bad, now: now)
        request.conditions = [search.filter]
        request.zone = search.request.zone
        if let good {
            request.good = try Self.window(good, search.request)
            choice = nil
        } else {
            let usual = try request.usualWindow(in: search.store)
            request.good = usual.times
            choice = usual.choice
        }
        self.request = request
    }

    private static func window(
        _ good: StageParser.Name, _ request: SearchRequest
    ) throws(SearchError) -> Range<Int64> {
        func fault(_ problem: String, _ help: String) -> SearchError {
            .query(
                QueryError(
                    problem: problem, query: request.query, range: good.range, help: help))
        }
        let window: Range<Int64>
        do {
            window = try TimeExpression.window(good.text, now: request.now, zone: request.zone)
        } catch {
            throw fault("'\(good.text)' is no window", "\(error)")
        }
        guard !window.isEmpty else {
            throw fault("'\(good.text)' is an instant", "write FROM..TO, such as 09:00..10:00")
        }
        return window
    }

    /// The rows, in the order in which `logq diff` lists the changes; echoes are left out.
    func rows(
        in store: Store
    ) throws(SearchError) -> (rows: [[Event.Value?]], notes: [String], failures: [StoreError]) {
        let comparison = try WindowComparison.run(request, in: store)
        let from = RFC3339.clockText(request.good.lowerBound, zone: request.zone)
        let to = RFC3339.clockText(request.good.upperBound, zone: request.zone)
        let why = choice.map { ", " + $0 } ?? ""
        let note = "compared with \(from) – \(to)\(why)"
        return (comparison.changes.map(Self.row), [note] + comparison.notes, comparison.failures)
    }

    private static func row(_ change: WindowComparison.Change) -> [Event.Value?] {
        [
            .text(Array(change.sign.rawValue.utf8)), .integer(change.onset),
            .text(Array(change.service.utf8)), .integer(Int64(change.good)),
            .integer(Int64(change.bad)), .number(change.ratio),
            .text(Array(change.kind.rawValue.utf8)), .text(change.value),
            change.example.map { .text(Array($0.utf8)) },
        ]
    }

    static let columns = [
        column("sign", .text), column("began", .time), column("service", .text),
        column("good", .integer), column("bad", .integer), column("ratio", .number),
        column("kind", .text), column("what", .text), column("example", .text),
    ]

    private static func column(_ name: String, _ type: FieldType) -> PipeColumn {
        PipeColumn(field: FieldReference(name: name, written: name, type: type))
    }
}
