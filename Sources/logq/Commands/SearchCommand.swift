internal import Arguments
internal import Glibc
internal import LogModel
internal import LogQuery
internal import LogStore
internal import Presentation

/// `logq search`: the answer to a query.
enum SearchCommand {
    static let command = Command(
        declaration: CommandDeclaration(
            name: "search",
            summary: "find events",
            discussion: """
                A query is words, "phrases" and field:value tests, all of which must hold; OR, NOT (or \
                -) and parentheses combine them. Words and phrases are looked for in the whole original \
                line, in any case; Chinese is found at any place. Fields: level time msg service host \
                env logger thread exception file ip method path status bytes took ua referer user, and \
                whatever else the logs have (OpenTelemetry and ECS names work too).
                field:word  field:="exact"  field:wild*  field:/regex/  field:>=500  field:[a TO b]
                field:(a OR b)  field:*  *open ends*  /regular expression/  -not
                @name is a saved query ('logq help queries'), with more terms behind it.
                Behind a | stages make tables and charts of what was found: stats count() p95(took) by \
                path · top 10 by ip · timechart 5m by level · patterns · diff · where · fields · \
                sort · head · tail · dedup · context · parse · extract; 'logq help pipes' explains them, and says where \
                figures are approximate.
                Exit status: 0 found, 1 nothing found, 2 error, 3 the answer is incomplete.
                """,
            examples: [
                ("logq search --since 2h level:ERROR service:control", "the errors of two hours"),
                (
                    "logq search '\"Communications link failure\" OR 数据库连接超时'",
                    "phrases, and Chinese at any place"
                ),
                (
                    "logq search --at '2026-11-20 10:15' --around 5m 'status:>=500 -path:/health*'",
                    "what failed around a moment"
                ),
                ("logq search --count 'level:>=WARN'", "how many"),
                (
                    "logq search 'status:>=500 | stats count() p95(took) by path'",
                    "what failed most, and how slowly"
                ),
                ("logq search 'level:ERROR | timechart 5m by service'", "when it began"),
                ("logq search --histogram --since 2h 'level:>=WARN'", "a picture of two hours"),
                ("logq search -f level:ERROR", "errors as they come in"),
                ("logq search --raw '/order-[0-9]*77 /'", "the original lines, for other programs"),
            ],
            flags: TimeWindow.flags + [
                Environment.zoneFlag,
                Flag(
                    "limit", short: "n", placeholder: "N",
                    help: "at most N events, 0 for all (100 on a terminal, else all)",
                    check: Flag.wholeNumber(in: 0...Int.max)),
                Flag(
                    "order", placeholder: "ORDER", help: "newest first (default) or oldest first",
                    choices: ["newest", "oldest"]),
                Flag("count", short: "c", help: "only how many"),
            ] + HistogramOption.flags + FollowCommand.flags + formatFlags + [
                Flag("explain", help: "what was searched and what was skipped"),
                Environment.dataFlag, Environment.colorFlag,
            ],
            operands: Operands(
                "QUERY", help: "the query; several arguments are joined with blanks"),
            operandsMayStartWithDash: true),
        run: run)

    /// How events are shown.
    static let formatFlags = [
        Flag("json", help: "one JSON object a line, events in OpenTelemetry's shape"),
        Flag("csv", help: "a table with a header"),
        Flag("raw", help: "the original lines, byte for byte"),
        Flag("full", help: "stack traces and messages of several lines unfolded"),
    ]

    private static func run(_ arguments: ParsedArguments) throws -> ExitCode {
        let store = try Store(directory: Environment.dataDirectory(arguments))
        var request = try request(arguments, in: store)
        if arguments.isSet("follow") {
            try FollowCommand.refuseOthers(arguments)
            return try FollowCommand.run(arguments, request, in: store)
        }
        guard !arguments.isSet("no-histogram") else {
            throw CommandFailure("--no-histogram goes with --follow")
        }
        request.order = SearchRequest.Order(rawValue: arguments.string("order") ?? "") ?? .newest
        let mode = try OutputMode(arguments)
        let isTerminal = TerminalWindow.isTerminal(STDOUT_FILENO)
        request.limit = try limit(arguments, isTerminal: isTerminal && mode == .people)
        try HistogramOption.apply(arguments, to: &request, in: store)
        let search = try Search(request, in: store)
        let start = Clock.monotonic()
        var output = SearchOutput(
            mode, request: request, search: search, color: Environment.color(arguments),
            unfolds: arguments.isSet("full"), explains: arguments.isSet("explain"))
        output.begin()
        try ArchiveNote.tell(
            of: search, isListing: request.limit != nil && !search.isPiped, now: request.now)
        let settings = Environment.pictureSettings(arguments, zone: request.zone)
        let piped = search.isPiped ? try PipedCommand(search, mode, settings) : nil
        let found: Int
        if let piped {
            found = try piped.print(to: &output)
        } else if mode == .count {
            found = try search.count()
            try output.count(found)
        } else {
            found = try list(search, &output)
        }
        let elapsed = Clock.monotonic() - start
        let isTable = piped.map { $0.piped.output != .events } ?? false
        output.finish(found: found, isTable: isTable, elapsed: elapsed)
        for note in piped?.piped.notes ?? [] { CommandLineTool.report(note) }
        try SourceNotes(search, zone: request.zone).report()
        for failure in search.failures { CommandLineTool.report(failure.description) }
        if !search.failures.isEmpty || piped?.piped.isIncomplete == true {
            CommandLineTool.report("the answer is incomplete")
            return .incomplete
        }
        return found > 0 ? .success : .noneFound
    }

    /// The query, from the operand behind `skipped` others on, and its window.
    static func request(
        _ arguments: ParsedArguments, skipping skipped: Int = 0, in store: Store
    ) throws -> SearchRequest {
        let zone = try Environment.zone(arguments)
        let asked = try AskedQuery(arguments, skipping: skipped, in: store)
        var request = SearchRequest(query: asked.text, now: Clock.now())
        request.zone = zone
        request.times = try TimeWindow.read(
            arguments, else: asked.times, now: request.now, zone: zone)
        return request
    }

    private static func list(_ search: Search, _ output: inout SearchOutput) throws -> Int {
        output.header()
        var found = 0
        var failure: (any Error)?
        try search.run { event in
            found += 1
            do {
                return try output.append(event)
            } catch {
                failure = error
                return false
            }
        }
        if let failure { throw failure }
        try output.flush()
        return found
    }

    private static func limit(_ arguments: ParsedArguments, isTerminal: Bool) throws -> Int? {
        guard let given = try arguments.integer("limit") else { return isTerminal ? 100 : nil }
        return given == 0 ? nil : given
    }
}

/// What goes to standard output.
enum OutputMode: Equatable {
    case people
    case json
    case csv
    case raw
    case count

    /// The mode of `flags`, those of the command.
    init(
        _ arguments: ParsedArguments, among flags: [String] = ["json", "csv", "raw", "count"]
    ) throws {
        let chosen: [(String, OutputMode)] = [
            ("json", .json), ("csv", .csv), ("raw", .raw), ("count", .count),
        ].filter { flags.contains($0.0) && arguments.isSet($0.0) }
        guard chosen.count <= 1 else {
            let names = chosen.map { "--" + $0.0 }.joined(separator: " and ")
            throw CommandFailure("\(names) exclude each other; choose one")
        }
        self = chosen.first?.1 ?? .people
    }
}

/// The window of --since, --until, --at and --around.
enum TimeWindow {
    static let flags = [
        Flag("since", placeholder: "TIME", help: "from: 2h, 10:05, 2026-11-20, RFC 3339"),
        Flag(
            "until", placeholder: "TIME",
            help: "up to, not included: the instant at which the time named begins"),
        Flag(
            "at", placeholder: "TIME",
            help: "the day, minute or second named, whole"),
        Flag("around", placeholder: "SPAN", help: "how far before and after --at"),
    ]

    /// The window of `flags`, those of the command; `others` holds where none of them is given, by
    /// the names of the flags.
    static func read(
        _ arguments: ParsedArguments, among flags: [String] = Self.flags.map(\.name),
        else others: [String: String] = [:], now: Int64, zone: Zone
    ) throws -> Range<Int64> {
        let isGiven = flags.contains { arguments.string($0) != nil }
        func given(_ name: String) -> String? {
            guard isGiven else { return others[name] }
            return flags.contains(name) ? arguments.string(name) : nil
        }
        if let moment = given("at") {
            guard given("since") == nil, given("until") == nil else {
                throw CommandFailure("--at goes with --around, not with --since or --until")
            }
            let span = try TimeExpression.interval(moment, now: now, zone: zone)
            guard let around = given("around") else {
                let start = min(span.lowerBound, .max - 1)
                return span.isEmpty ? start..<start + 1 : span
            }
            let width = try TimeExpression.duration(around)
            let from = span.lowerBound.subtractingReportingOverflow(width)
            let to = span.upperBound.addingReportingOverflow(width)
            return
                (from.overflow ? .min : from.partialValue)..<(to.overflow ? .max : to.partialValue)
        }
        guard given("around") == nil else {
            throw CommandFailure("--around needs the moment: --at TIME --around 5m")
        }
        var times = Int64.min..<Int64.max
        if let since = given("since") {
            times = try TimeExpression.instant(since, now: now, zone: zone)..<Int64.max
        }
        if let until = given("until") {
            let end = try TimeExpression.instant(until, now: now, zone: zone)
            guard end > times.lowerBound else {
                throw CommandFailure(
                    "--until is not after --since, nothing can be in between; for a whole day "
                        + "or minute write --at")
            }
            times = times.lowerBound..<end
        }
        return times
    }
}
