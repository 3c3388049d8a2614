internal import Arguments
internal import LogModel
internal import LogPatterns
internal import LogQuery
internal import LogStore
internal import Presentation

/// `logq exceptions`: the exceptions of the logs by fingerprint.
enum ExceptionsCommand {
    static let command = Command(
        declaration: CommandDeclaration(
            name: "exceptions",
            summary: "exceptions by fingerprint, and which are new",
            discussion: """
                An exception's fingerprint is made of its classes, from the outermost to the root \
                cause, and of the topmost frames of your own code. Line numbers, generated classes \
                and the message do not count, so it stays the same over releases. --new-since tells \
                which fingerprints were first seen from then on, among all events that the query and \
                --since leave.
                Exit status: 0 found, 1 nothing found, 2 error, 3 the answer is incomplete.
                """,
            examples: [
                ("logq exceptions --since 2h", "what went wrong in two hours"),
                ("logq exceptions --new-since 10:15", "what never went wrong before 10:15"),
                ("logq exceptions --json service:control", "of one service, for other programs"),
            ],
            flags: [
                Flag(
                    "new-since", placeholder: "TIME",
                    help: "only exceptions first seen from this time on")
            ] + TimeWindow.flags + [
                Environment.zoneFlag,
                Flag("json", help: "one JSON object a line"),
                Flag("csv", help: "a table with a header"),
                Environment.dataFlag, Environment.colorFlag,
            ],
            operands: Operands(
                "QUERY", help: "which events, as for 'logq search'; all if there is none"),
            operandsMayStartWithDash: true),
        run: run)

    private static func run(_ arguments: ParsedArguments) throws -> ExitCode {
        let zone = try Environment.zone(arguments)
        let now = Clock.now()
        let newSince = try arguments.string("new-since").map {
            try TimeExpression.instant($0, now: now, zone: zone)
        }
        let mode = try OutputMode(arguments, among: ["json", "csv"])
        let given = arguments.operands.joined(separator: " ")
        var request = SearchRequest(query: given, now: now)
        request.zone = zone
        request.times = try TimeWindow.read(arguments, now: now, zone: zone)
        let store = try Store(directory: Environment.dataDirectory(arguments))
        // The query is read by itself first, so that errors point into what was written.
        _ = try Search(request, in: store)
        let isBlank = given.utf8.allSatisfy { $0 <= 0x20 }
        request.query = isBlank ? "exception:*" : "exception:* (\(given))"
        let search = try Search(request, in: store)
        try ArchiveNote.tell(of: search, isListing: false, now: now)
        let parts = try search.scan(
            { ExceptionSummary() },
            { (part, matches) throws(BlockError) in
                for event in try matches.events() { part.add(event) }
            })
        var summary = ExceptionSummary()
        for part in parts { summary.merge(part) }
        let table = summary.table(newSince: newSince ?? .min)
        let settings = Environment.pictureSettings(arguments, zone: zone)
        var output = TableOutput(table.columns, mode, settings)
        for row in table.rows where try !output.append(row) { break }
        try output.finish(notes: table.notes)
        for failure in search.failures { CommandLineTool.report(failure.description) }
        if !search.failures.isEmpty {
            CommandLineTool.report("the answer is incomplete")
            return .incomplete
        }
        return table.rows.isEmpty ? .noneFound : .success
    }
}
