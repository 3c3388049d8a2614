internal import Arguments
internal import Glibc
internal import Incidents
internal import LogModel
internal import LogQuery
internal import LogStore
internal import Presentation

/// `logq incident pin`: log lines that a record keeps.
enum IncidentPinCommand {
    static let command = Command(
        declaration: CommandDeclaration(
            name: "incident pin",
            summary: "keep log lines in a record, with what stands around them",
            discussion: """
                Copies the first events that match into the record: their bytes as they stand in the log, \
                some events of the same file before and after them, their fields, and where they come \
                from. The copies stay when the logs are removed, and nothing in them can be changed \
                unseen. Of a record with its start and its end the events and errors of that time are \
                counted and kept too. Steps and claims of impact name them: P1, P2 and so on.
                With '-' in the place of the query, what 'logq search --json' prints is read, and its \
                events are looked up in the store again. An event is pinned once in a record.
                Exit status: 0 pinned, 1 nothing matched, 2 error, 3 a part of the store could not be \
                read, or a line of '-' is no event of it.
                """,
            examples: [
                (
                    "logq incident pin 7 --since 2h level:ERROR 数据库连接超时 --note 'first sign'",
                    "the ten oldest of them"
                ),
                (
                    "logq search -n 1 'exception:*Timeout*' --json | logq incident pin 7 -",
                    "what a search shows"
                ),
            ],
            flags: TimeWindow.flags + [
                Environment.zoneFlag,
                Flag("note", placeholder: "TEXT", help: "what they show"),
                Flag(
                    "limit", short: "n", placeholder: "N",
                    help: "at most N events (10; with '-' 1000)",
                    check: Flag.wholeNumber(in: 1...PinnedLines.most)),
                Flag(
                    "neighbours", placeholder: "N",
                    help: "how many events before and after each are kept (3)",
                    check: Flag.wholeNumber(in: 0...100)),
                Flag(
                    "order", placeholder: "ORDER", help: "oldest first (default) or newest first",
                    choices: ["oldest", "newest"]),
                IncidentOptions.authorFlag,
                Flag("json", help: "the new pins, one JSON object a line"),
                Environment.dataFlag, Environment.colorFlag,
            ],
            operands: Operands(
                "ID", help: "the record, and behind it the query as for 'logq search', or '-'",
                minimum: 1, areFiles: false),
            operandsMayStartWithDash: true),
        run: run)

    private static func run(_ arguments: ParsedArguments) throws -> ExitCode {
        let directory = try Environment.dataDirectory(arguments)
        let reader = try IncidentStore(reading: directory)
        let id = try IncidentOptions.id(arguments.operands[0], in: reader)
        let record = try reader.record(id)
        let zone = try Environment.zone(arguments)
        let store = try Store(directory: directory)
        let pinning = Pinning(
            store, zone: zone, neighbours: try arguments.integer("neighbours") ?? 3)
        let isPiped = arguments.operands.dropFirst().elementsEqual(["-"])
        let lines =
            try isPiped
            ? PinnedLines(standardInput: arguments, pinning)
            : PinnedLines(matching: arguments, pinning, in: store)
        var isWhole = lines.problems.isEmpty
        for problem in lines.problems { CommandLineTool.report(problem) }
        lines.notes?.report()
        for failure in pinning.failures {
            isWhole = false
            CommandLineTool.report(failure.description)
        }
        guard !lines.pins.isEmpty else {
            CommandLineTool.report((isPiped ? "" : "nothing matches, ") + "nothing is pinned")
            return isWhole ? .noneFound : .incomplete
        }
        let now = Clock.now()
        let result = try IncidentStore(writing: directory).pin(
            lines.pins, measured: measurement(of: record, with: lines.pins, in: reader, at: now),
            to: id, by: IncidentOptions.author(arguments), at: now)
        show(result.new, arguments, zone)
        report(result.known, of: id, new: result.new.count, matched: lines.matched)
        return isWhole ? .success : .incomplete
    }

    /// Of a fault that is over; before that, its time is not known yet.
    private static func measurement(
        of record: StoredIncident, with pins: [Pin], in store: IncidentStore, at now: Int64
    ) -> Measurement? {
        guard record.incident.started != nil, record.incident.resolved != nil else { return nil }
        return MeasuredTimes.measurement(of: record, and: pins, in: store, at: now)
    }

    private static func show(_ pins: [Pin], _ arguments: ParsedArguments, _ zone: Zone) {
        let isJSON = arguments.isSet("json")
        var lines = PinLines(zone: zone, color: Environment.color(arguments))
        for pin in pins {
            Standard.output(
                isJSON
                    ? String(decoding: pin.json(), as: UTF8.self) + "\n" : lines.text(of: pin))
        }
    }

    private static func report(_ known: [Pin], of id: IncidentID, new: Int, matched: Int) {
        if !known.isEmpty {
            let names = known.map(\.name).joined(separator: ", ")
            CommandLineTool.report(
                "\(id) has \(known.count == 1 ? "an event" : "\(known.count) events") already, as "
                    + "\(names): an event is pinned once")
        }
        let events = "matching event\(matched == 1 ? "" : "s")"
        Standard.error(
            "\(HumanUnits.count(Int64(new))) of \(HumanUnits.count(Int64(matched))) \(events) "
                + "pinned to \(id)\n")
    }
}

/// Pins as events are shown, each behind its name.
struct PinLines {
    private var lines: EventLine

    init(zone: Zone, color: ColorMode) {
        lines = EventLine(
            zone: zone, painter: Painter(isEnabled: color.isEnabled(for: STDOUT_FILENO)),
            unfolds: false, highlights: { _ in [] })
    }

    mutating func text(of pin: Pin) -> String {
        var bytes = Array((pin.name + "  ").utf8)
        lines.append(pin.shown, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}
