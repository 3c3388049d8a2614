internal import Arguments
internal import Glibc
internal import Incidents
internal import LogModel
internal import Presentation

/// `logq incident timeline`: what happened and what was done, in the order of time.
enum IncidentTimelineCommand {
    static let command = Command(
        declaration: CommandDeclaration(
            name: "incident timeline",
            summary: "what happened and what was done, in the order of time",
            discussion: """
                The record's times, its handling steps and its pinned log lines. Lines that a step \
                names stand below it, all others at their own time. Behind each time is how long \
                after the start it was. Steps without a time are at the end.
                Exit status: 0 printed, 1 nothing has a time yet, 2 error.
                """,
            examples: [
                ("logq incident timeline INC-2026-0007", "of a record"),
                ("logq incident timeline 7 --tz Asia/Shanghai --lang zh", "in Chinese"),
            ],
            flags: [
                IncidentOptions.languageFlag, Environment.zoneFlag, Environment.dataFlag,
                Environment.colorFlag, Flag("json", help: "an object a line, for programs"),
            ],
            operands: IncidentOptions.idOperand),
        run: run)

    private static func run(_ arguments: ParsedArguments) throws -> ExitCode {
        let store = try IncidentStore(reading: Environment.dataDirectory(arguments))
        let id = try IncidentOptions.id(arguments.operands[0], in: store)
        let record = try store.record(id)
        let pins = try store.pins(of: id)
        let timeline = IncidentTimeline(record.incident, pins)
        let settings = ReportSettings(
            language: IncidentOptions.language(arguments), zone: try Environment.zone(arguments),
            generated: Clock.now())
        let color = Environment.color(arguments).isEnabled(for: STDOUT_FILENO)
        let bytes =
            arguments.isSet("json")
            ? timeline.jsonLines()
            : timeline.text(pins, settings, Painter(isEnabled: color))
        var stream = OutputStream(descriptor: STDOUT_FILENO)
        _ = try stream.write(bytes.span)
        _ = try stream.flush()
        return timeline.items.isEmpty ? .noneFound : .success
    }
}
