internal import Arguments
internal import Incidents
internal import LogModel
internal import LogQuery
internal import LogStore
internal import Presentation

/// `logq incident draft`: a proposal for a record, from the logs.
enum IncidentDraftCommand {
    static let command = Command(
        declaration: CommandDeclaration(
            name: "incident draft",
            summary: "propose a record from the logs",
            discussion: """
                Finds a fault, and says when it began and ended, what changed first, which services, \
                hosts, paths, requests and clients it hit, what was deployed or restarted in the hour \
                before, which known faults match, and which past records are similar. Each sentence has a query for 'logq search' with \
                its number, and pins of lines that show it. What the logs do not tell stays empty, and \
                the form says so.
                Without a time, the worst fault of the last 24 hours of the store is taken, counted from \
                its newest event; with --around the one at that time, or the nearest within two hours; \
                with --since and --until the worst between them.
                With --save the record is made, with its pins and what was measured of its time, and \
                'logq incident edit' goes on from there.
                Exit status: 0 a fault was found, 1 none, 2 error, 3 the answer is incomplete.
                """,
            examples: [
                ("logq incident draft", "the worst of the newest day of logs"),
                ("logq incident draft --around 10:15 --lang zh", "what was wrong then, in Chinese"),
                (
                    "logq incident draft --since 10:00 --until 11:00 --save",
                    "a record of the worst between them"
                ),
            ],
            flags: [
                Flag("around", placeholder: "TIME", help: "when something was wrong"),
                Flag("since", placeholder: "TIME", help: "look from then on"),
                Flag("until", placeholder: "TIME", help: "look up to then (now)"),
                Environment.zoneFlag, IncidentOptions.languageFlag,
                KnownFaultsOption.flag,
                Flag("save", help: "make the record, and print its name"),
                IncidentOptions.authorFlag,
                Flag("json", help: "one JSON object"),
                Environment.dataFlag,
            ],
            operands: Operands("QUERY", help: "only the events that match, as in logq search"),
            operandsMayStartWithDash: true),
        run: run)

    private static func run(_ arguments: ParsedArguments) throws -> ExitCode {
        let now = Clock.now()
        let zone = try Environment.zone(arguments)
        var request = DraftRequest(
            try place(arguments, now: now, zone: zone), zone: zone, now: now,
            language: IncidentOptions.language(arguments))
        request.query = arguments.operands.joined(separator: " ")
        let store = try Store(directory: Environment.dataDirectory(arguments))
        let search = try FaultSearch(request, in: store)
        guard let fault = search.fault else {
            let window = try searched(search, request, in: store)
            report(search.window, request, hasEvents: window.statistics.events > 0)
            let isWhole = try tell(of: window, search.failures, request)
            return isWhole ? .noneFound : .incomplete
        }
        var draft = try IncidentDraft(
            fault, request, in: store, known: KnownFaultsOption.read(arguments))
        let directory = try Environment.dataDirectory(arguments)
        if IncidentStore.exists(in: directory) {
            try draft.addSimilar(in: IncidentStore(reading: directory), request)
        }
        let id = try arguments.isSet("save") ? save(draft, arguments, at: now) : nil
        let output = IncidentDraftOutput(draft: draft, request: request, id: id)
        if arguments.isSet("json") {
            Standard.output(output.json())
        } else if let id {
            Standard.output("\(id)\n")
        } else {
            Standard.output(output.form())
        }
        let isWhole = try tell(
            of: searched(search, request, in: store), search.failures + draft.failures, request)
        return isWhole ? .success : .incomplete
    }

    /// A search of the window that a fault was looked for in, run to its end.
    private static func searched(
        _ search: FaultSearch, _ request: DraftRequest, in store: Store
    ) throws -> Search {
        var ask = SearchRequest(query: request.query, now: request.now)
        (ask.times, ask.zone) = (search.window ?? .always, request.zone)
        let window = try Search(ask, in: store)
        _ = try window.count()
        return window
    }

    /// Says what is missing in the window, and each thing that could not be read once; whether all was.
    private static func tell(
        of window: Search, _ failures: [StoreError], _ request: DraftRequest
    ) throws -> Bool {
        try SourceNotes(window, zone: request.zone).report()
        var known: Set<String> = []
        for failure in failures + window.failures
        where known.insert(failure.description).inserted {
            CommandLineTool.report(failure.description)
        }
        if !known.isEmpty { CommandLineTool.report("the answer is incomplete") }
        return known.isEmpty
    }

    private static func save(
        _ draft: IncidentDraft, _ arguments: ParsedArguments, at now: Int64
    ) throws -> IncidentID {
        let records = try IncidentStore(writing: Environment.dataDirectory(arguments))
        try tellOfOthers(draft.incident, arguments, in: records, at: now)
        return try records.create(
            draft.incident, pins: draft.pins, measured: draft.measurement,
            by: IncidentOptions.author(arguments), at: now)
    }

    private static let mostOthers = 3

    /// Says which open records may be of the same fault.
    private static func tellOfOthers(
        _ incident: Incident, _ arguments: ParsedArguments, in records: IncidentStore, at now: Int64
    ) throws {
        let today = CalendarDate(now, in: try Environment.zone(arguments))
        let others = try records.openRecords(during: incident, today: today)
        let language = IncidentOptions.language(arguments)
        for other in others.prefix(mostOthers) {
            let title = SafeText.escaped(other.title)
            CommandLineTool.report(
                "\(other.id) is of the same time (\(other.status.name(in: language))): \(title)")
        }
        if others.count > mostOthers {
            CommandLineTool.report("and \(others.count - mostOthers) more open records")
        }
    }

    /// Says that there is nothing, and where it was looked.
    private static func report(
        _ window: Range<Int64>?, _ request: DraftRequest, hasEvents: Bool
    ) {
        guard let window else {
            return CommandLineTool.report("the store has no events that match")
        }
        let times = RFC3339.clockTexts(
            window.lowerBound, window.upperBound, joinedBy: "to",
            zone: request.zone)
        let what = hasEvents ? "nothing stands out from what is usual" : "no events that match"
        CommandLineTool.report("\(what), \(times)")
    }

    private static func place(
        _ arguments: ParsedArguments, now: Int64, zone: Zone
    ) throws -> DraftRequest.Place {
        let since = try arguments.string("since").map {
            try TimeExpression.instant($0, now: now, zone: zone)
        }
        let until = try arguments.string("until").map {
            try TimeExpression.instant($0, now: now, zone: zone)
        }
        if let around = arguments.string("around") {
            guard since == nil, until == nil else {
                throw CommandFailure("--around does not go with --since and --until")
            }
            return .around(try TimeExpression.instant(around, now: now, zone: zone))
        }
        guard since != nil || until != nil else { return .newest }
        let times = (since ?? .min, until ?? .max)
        guard times.0 < times.1 else {
            throw CommandFailure("--since must be before --until")
        }
        return .within(times.0..<times.1)
    }
}
