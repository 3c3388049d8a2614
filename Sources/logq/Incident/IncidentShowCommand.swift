internal import Arguments
internal import Incidents
internal import LogModel
internal import Presentation

/// `logq incident show`: one record.
enum IncidentShowCommand {
    static let command = Command(
        declaration: CommandDeclaration(
            name: "incident show",
            summary: "a record: what is known, its evidence, and what it lacks",
            discussion: """
                All fields that are known, the times derived from them, the pinned log lines, who made \
                and last changed it, and the root: the digest that stands for all of it. With --entries \
                every change: who, when, what of each field, and its digest; with --pins each pin \
                with its neighbours and where it came from.
                Exit status: 0 shown, 2 error, 3 a pin is damaged.
                """,
            examples: [
                ("logq incident show 7", "the record"),
                ("logq incident show 7 --entries", "and who changed what, when"),
                ("logq incident show 7 --pins --lang zh", "with the evidence in full, in Chinese"),
            ],
            flags: [
                Flag("entries", help: "every change, field by field"),
                Flag("pins", help: "each pin with its neighbours and its origin"),
                IncidentOptions.languageFlag, Environment.zoneFlag, Environment.dataFlag,
                Environment.colorFlag, Flag("json", help: "one JSON object, times in UTC"),
            ],
            operands: IncidentOptions.idOperand),
        run: run)

    private static func run(_ arguments: ParsedArguments) throws -> ExitCode {
        let directory = try Environment.dataDirectory(arguments)
        let zone = try Environment.zone(arguments)
        let language = IncidentOptions.language(arguments)
        let store = try IncidentStore(reading: directory)
        let record = try store.record(IncidentOptions.id(arguments.operands[0], in: store))
        var shown = ShownIncident(record, entries: try store.entries(of: record.id))
        do {
            shown.pins = try store.pins(of: record.id)
            shown.removed = try store.removals(of: record.id)
        } catch {
            shown.damage = error.description
        }
        shown.problems = try store.problems(
            of: record, for: .closed, attributes: LintText.attributes(of: directory),
            language: language)
        let output: [UInt8]
        if arguments.isSet("json") {
            output = shown.json(hasEntries: arguments.isSet("entries"))
        } else {
            let settings = Environment.pictureSettings(arguments, zone: zone)
            let text = IncidentText(
                shown, language: language, settings, today: CalendarDate(Clock.now(), in: zone))
            output =
                text.record() + (arguments.isSet("pins") ? text.pins() : [])
                + (arguments.isSet("entries") ? text.entries() : [])
        }
        Standard.output(String(decoding: output, as: UTF8.self))
        guard let damage = shown.damage else { return .success }
        CommandLineTool.report(damage)
        return .incomplete
    }
}

/// A record and what belongs to it, read.
struct ShownIncident {
    let record: StoredIncident
    let entries: [(entry: Entry, content: [UInt8]?)]
    var pins: [Pin] = []
    var removed: [RemovedPin] = []
    var problems: [LintProblem] = []
    /// Why the pins cannot be shown.
    var damage: String?

    init(_ record: StoredIncident, entries: [(entry: Entry, content: [UInt8]?)]) {
        (self.record, self.entries) = (record, entries)
    }

    var missing: Int { problems.count { $0.weight == .missing } }
}
