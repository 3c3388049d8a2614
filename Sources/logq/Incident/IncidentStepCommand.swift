internal import Arguments
internal import Incidents
internal import LogModel
internal import Presentation

/// `logq incident step`: what was just done about a fault.
enum IncidentStepCommand {
    static let command = Command(
        declaration: CommandDeclaration(
            name: "incident step",
            summary: "add a handling step to a record",
            discussion: """
                Steps stand in the order of their times, whenever they are added. --by names who did \
                it; the entry's author, in the chain, is whoever adds it: LOGQ_AUTHOR and the account.
                """,
            examples: [
                ("logq incident step 7 rolled back to release1.0.4", "done just now, by you"),
                (
                    "logq incident step 7 '联系数据库管理员' --at 10:20 --by 李雷 --pin P3",
                    "done by somebody else, with evidence"
                ),
            ],
            flags: [
                Flag("at", placeholder: "TIME", help: "when it was done, as for --since (now)"),
                Flag(
                    "by", placeholder: "NAME",
                    help: "who did the step (else its author)"),
                Flag(
                    "pin", placeholder: "PIN", help: "a pin that shows it, such as P3",
                    isRepeatable: true),
                Environment.zoneFlag, Environment.dataFlag,
            ],
            operands: Operands(
                "ID", help: "the record, and behind it what was done", minimum: 1, areFiles: false)),
        run: run)

    private static func run(_ arguments: ParsedArguments) throws -> ExitCode {
        guard arguments.operands.count > 1 else {
            throw ArgumentError(
                "the text of the step is missing; write what was done behind "
                    + "'\(arguments.operands[0])'",
                tryCommand: "logq help incident step")
        }
        let store = try IncidentOptions.storeForChanges(arguments)
        let id = try IncidentOptions.id(arguments.operands[0], in: store)
        let zone = try Environment.zone(arguments)
        let now = Clock.now()
        var step = HandlingStep(
            arguments.operands.dropFirst().joined(separator: " "), at: now,
            by: IncidentOptions.person(arguments))
        if let time = arguments.string("at") {
            step.time = try TimeExpression.instant(time, now: now, zone: zone)
        }
        guard step.text.utf8.contains(where: { $0 > 0x20 }) else {
            throw CommandFailure("what was done is empty; write it behind the record's name")
        }
        step.pins = try pins(arguments, of: id, in: store)
        let stored = try store.record(id)
        var incident = stored.incident
        incident.insert(step)
        try store.append(
            [.revision(incident, .step)], to: id, expecting: stored.entries,
            by: IncidentOptions.author(), at: now)
        Standard.output(line(of: step, zone) + "\n")
        return .success
    }

    private static func pins(
        _ arguments: ParsedArguments, of id: IncidentID, in store: IncidentStore
    ) throws -> [Int] {
        let known = try store.pinNumbers(of: id)
        return try arguments.strings("pin").map { name in
            guard let number = PinName.number(name) else {
                throw CommandFailure("'\(name)' names no pin; they are named P1, P2 and so on")
            }
            guard known.contains(number) else { throw IncidentError.noSuchPin(id, number) }
            return number
        }
    }

    /// `2026-11-20 10:26:39 李雷: rolled back (P3)`
    private static func line(of step: HandlingStep, _ zone: Zone) -> String {
        let time = step.time.map { RFC3339.clockText($0, zone: zone) + " " } ?? ""
        let pins = step.pins.map { "P\($0)" }.joined(separator: ", ")
        return SafeText.escaped(
            "\(time)\(step.person): \(step.text)" + (pins.isEmpty ? "" : " (\(pins))"))
    }
}
