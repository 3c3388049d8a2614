internal import Arguments
internal import Glibc
internal import Incidents
internal import LogModel
internal import LogQuery
internal import LogStore
internal import Presentation

/// `logq incident recurrences`: root causes of closed records that show again.
enum IncidentRecurrencesCommand {
    static let command = Command(
        declaration: CommandDeclaration(
            name: "incident recurrences",
            summary: "root causes of closed records that the logs show again",
            discussion: """
                A record's patterns ("root cause in logs") are queries that find its root cause. Those of \
                every closed record are looked for in the time after it was resolved, in one pass. What \
                was found has come again: the record, the pattern, how many events, the first and the last.
                Exit status: 0 something came again, 1 nothing, 2 error, 3 the answer is incomplete.
                """,
            examples: [
                ("logq incident recurrences", "since each record was resolved"),
                ("logq incident recurrences --since 7d", "of that, the last week"),
            ],
            flags: Array(TimeWindow.flags.prefix(2)) + [
                Environment.zoneFlag, Flag("json", help: "one JSON object a pattern and line"),
                Environment.dataFlag, Environment.colorFlag,
            ],
            operands: nil),
        run: run)

    private static func run(_ arguments: ParsedArguments) throws -> ExitCode {
        let directory = try Environment.dataDirectory(arguments)
        let zone = try Environment.zone(arguments)
        let now = Clock.now()
        let times = try TimeWindow.read(
            arguments, among: ["since", "until"], now: now, zone: zone)
        let found = try recurrences(directory, times, zone, now)
        for fault in found.faulty {
            CommandLineTool.report("\(fault.id): '\(fault.pattern)' is no query: \(fault.problem)")
        }
        if arguments.isSet("json") {
            Standard.output(JSONWriter.lines(found.seen) { $1.write(to: &$0) })
        } else if !found.seen.isEmpty {
            let settings = Environment.pictureSettings(arguments, zone: zone)
            let text = TableView(settings).text(table(found.seen))
            Standard.output(String(decoding: text, as: UTF8.self))
        }
        let records = found.records == 1 ? "1 closed record" : "\(found.records) closed records"
        CommandLineTool.note(
            "\(found.seen.count) of \(found.patterns) patterns of \(records)",
            Environment.color(arguments))
        try SourceNotes(found.search, zone: zone).report()
        for failure in found.failures { CommandLineTool.report(failure.description) }
        if !found.failures.isEmpty {
            CommandLineTool.report("the answer is incomplete")
            return .incomplete
        }
        return found.seen.isEmpty ? .noneFound : .success
    }

    private static func recurrences(
        _ directory: String, _ times: Range<Int64>, _ zone: Zone, _ now: Int64
    ) throws -> Recurrences {
        let records = try IncidentStore(reading: directory)
        let store = try Store(directory: directory)
        do throws(RecurrenceError) {
            return try records.recurrences(in: store, times: times, zone: zone, at: now)
        } catch {
            switch error {
            case .records(let error): throw error
            case .search(let error): throw error
            }
        }
    }

    private static func table(_ seen: [Recurrence]) -> ResultTable {
        let columns = [
            ("record", false), ("resolved", false), ("events", true), ("first again", false),
            ("last", false), ("pattern", false),
        ]
        var table = ResultTable(
            columns: columns.map { ResultTable.Column(name: $0.0, isNumeric: $0.1) })
        table.rows = seen.map { item in
            [
                .text(Array(item.id.description.utf8)), .time(item.resolved),
                .integer(Int64(item.events)), .time(item.first), .time(item.last),
                .text(Array(item.pattern.utf8)),
            ]
        }
        return table
    }
}
