internal import Arguments
internal import LogModel
internal import LogQuery
internal import LogStore

/// `logq tail`: `logq search --follow` as a command of its own.
enum TailCommand {
    static let command = Command(
        declaration: CommandDeclaration(
            name: "tail",
            summary: "show matching events as they come in, until Ctrl-C",
            discussion: """
                The newest 10 matches (-n N), the oldest of them first, then what comes into the store, \
                whichever process takes it in: a shipper's events are seen within about a second of \
                their being written. The query is that of 'logq search'; without one all events come.
                An event that still grows, as a stack trace that is being written, comes once, when it \
                first matches; search for it to see it whole. Pipes do not go with it.
                """,
            examples: [
                ("logq tail", "everything that comes in"),
                ("logq tail 'level:>=WARN service:control'", "warnings and errors of one service"),
                ("logq tail --since now --json status:500 | ./alert", "new ones, for a program"),
                ("logq tail --raw -n 0 --since 10m service:nginx", "lines from ten minutes ago on"),
            ],
            flags: [
                Flag(
                    "since", placeholder: "TIME",
                    help: "begin with all matches since then: 10m, 10:05, now"),
                Environment.zoneFlag,
                Flag(
                    "limit", short: "n", placeholder: "N",
                    help: "at most N events before the new ones, 0 for all of --since (10)",
                    check: Flag.wholeNumber(in: 0...Int.max)),
                Flag("no-histogram", help: "no live histogram below the events"),
            ] + SearchCommand.formatFlags + [
                Environment.dataFlag, Environment.colorFlag,
            ],
            operands: Operands(
                "QUERY", help: "the query; several arguments are joined with blanks"),
            operandsMayStartWithDash: true),
        run: run)

    private static func run(_ arguments: ParsedArguments) throws -> ExitCode {
        let store = try Store(directory: Environment.dataDirectory(arguments))
        let asked = try AskedQuery(arguments, in: store)
        var request = SearchRequest(query: asked.text, now: Clock.now())
        request.zone = try Environment.zone(arguments)
        request.times = try TimeWindow.read(
            arguments, among: ["since"], else: asked.times, now: request.now, zone: request.zone)
        return try FollowCommand.run(arguments, request, in: store)
    }
}
