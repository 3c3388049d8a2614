internal import Arguments
internal import Incidents
internal import LogModel
internal import Presentation

/// `logq incident list`: the records there are.
enum IncidentListCommand {
    static let command = Command(
        declaration: CommandDeclaration(
            name: "incident list",
            summary: "the records there are",
            discussion: """
                The records, the last made first: severity, status, when the fault began and how long \
                it lasted, its title, how many log lines are pinned, and how many actions are open and \
                overdue. Conditions hold together; several values of one flag are alternatives.
                Exit status: 0 shown, 1 there are none, 2 error.
                """,
            examples: [
                ("logq incident list", "the last 50"),
                ("logq incident list --open --severity P0 --severity P1", "what burns"),
                ("logq incident list --overdue", "records with actions that are overdue"),
                ("logq incident list --service control --since 90d -n 0", "all of one service"),
            ],
            flags: [
                Flag(
                    "status", placeholder: "STATUS", help: "of this status", isRepeatable: true,
                    choices: IncidentStatus.allCases.map(\.rawValue)),
                Flag(
                    "type", placeholder: "TYPE",
                    help: "of this type, such as application or application/crash",
                    isRepeatable: true, check: Self.checkType),
                Flag(
                    "severity", placeholder: "P", help: "of this severity, P0 to P4",
                    isRepeatable: true,
                    check: { Self.severity($0) == nil ? "a severity, P0 to P4" : nil }),
            ] + labelFlags + [
                Flag("open", help: "only those that are not closed"),
                Flag("overdue", help: "only those with an action that is overdue"),
            ] + TimeWindow.flags.prefix(2) + [
                Flag(
                    "limit", short: "n", placeholder: "N", help: "at most so many (50); 0 for all",
                    check: Flag.wholeNumber(in: 0...Int.max)),
                IncidentOptions.languageFlag, Environment.zoneFlag, Environment.dataFlag,
                Environment.colorFlag, Flag("json", help: "a JSON object a line, times in UTC"),
            ],
            operands: nil),
        run: run)

    /// A flag for each field that a record can have several values of.
    private static let labels: [(flag: String, field: IncidentField, help: String)] = [
        ("service", .services, "that hit this service"), ("host", .hosts, "that hit this host"),
        ("tag", .tags, "with this tag"), ("handler", .handlers, "that this person handled"),
    ]

    private static let labelFlags = labels.map {
        Flag($0.flag, placeholder: "NAME", help: $0.help, isRepeatable: true)
    }

    private static func checkType(_ text: String) -> String? {
        FaultClass(text) == nil
            ? "a type (" + FaultType.allCases.map(\.rawValue).joined(separator: ", ")
                + ") or a type/sub-type" : nil
    }

    private static func severity(_ text: String) -> IncidentSeverity? {
        IncidentSeverity(rawValue: text.uppercased())
    }

    private static func run(_ arguments: ParsedArguments) throws -> ExitCode {
        let zone = try Environment.zone(arguments)
        let directory = try Environment.dataDirectory(arguments)
        guard IncidentStore.exists(in: directory) else {
            CommandLineTool.report(IncidentError.none(directory).description)
            return .noneFound
        }
        let store = try IncidentStore(reading: directory)
        let now = Clock.now()
        let selection = try selection(arguments, now: now, zone: zone)
        let records = try store.summaries(selection, today: CalendarDate(now, in: zone))
        let list = IncidentList(
            records, language: IncidentOptions.language(arguments),
            Environment.pictureSettings(arguments, zone: zone))
        let isCut = records.count == selection.limit
        let output =
            arguments.isSet("json")
            ? list.json() : list.text(of: isCut ? try store.count(selection) : records.count)
        Standard.output(String(decoding: output, as: UTF8.self))
        return records.isEmpty ? .noneFound : .success
    }

    private static func selection(
        _ arguments: ParsedArguments, now: Int64, zone: Zone
    ) throws -> IncidentSelection {
        var selection = IncidentSelection()
        selection.statuses = arguments.strings("status").compactMap(IncidentStatus.init)
        selection.types = arguments.strings("type").compactMap { FaultClass($0) }
        selection.severities = arguments.strings("severity").compactMap(severity)
        selection.labels = labels.map { ($0.field, arguments.strings($0.flag)) }
        selection.isOpen = arguments.isSet("open")
        if arguments.isSet("overdue") { selection.overdueOn = CalendarDate(now, in: zone) }
        selection.started = try TimeWindow.read(
            arguments, among: ["since", "until"], now: now, zone: zone)
        let limit = try arguments.integer("limit") ?? 50
        selection.limit = limit == 0 ? nil : limit
        return selection
    }
}
