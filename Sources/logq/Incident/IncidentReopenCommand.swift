internal import Arguments
internal import Incidents
internal import LogModel

/// `logq incident reopen`: a closed record is worked on again.
enum IncidentReopenCommand {
    static let command = Command(
        declaration: CommandDeclaration(
            name: "incident reopen",
            summary: "open a closed record again",
            discussion: """
                The record is repaired again, so its review is to be done anew; --status takes it \
                further back. The reason is kept as a handling step.
                """,
            examples: [
                (
                    "logq incident reopen 7 --reason 'it came again on host pay-app-2'",
                    "the review was not the last word"
                ),
                (
                    "logq incident reopen 7 --status identified --reason 'the cause is another'",
                    "from the beginning"
                ),
            ],
            flags: [
                IncidentUnpinCommand.reasonFlag,
                Flag(
                    "status", placeholder: "STATUS", help: "the status it gets (repaired)",
                    choices: IncidentStatus.allCases.dropLast().map(\.rawValue)),
                IncidentOptions.authorFlag, IncidentOptions.languageFlag, Environment.dataFlag,
            ],
            operands: IncidentOptions.idOperand),
        run: run)

    private static func run(_ arguments: ParsedArguments) throws -> ExitCode {
        let reason = try IncidentUnpinCommand.reason(arguments)
        let store = try IncidentOptions.storeForChanges(arguments)
        let language = IncidentOptions.language(arguments)
        let record = try store.record(IncidentOptions.id(arguments.operands[0], in: store))
        guard record.incident.status == .closed else {
            throw CommandFailure(
                "\(record.id) is not closed but \(record.incident.status.rawValue); "
                    + "'logq incident edit' changes it")
        }
        let now = Clock.now()
        var incident = record.incident
        incident.status = arguments.string("status").flatMap(IncidentStatus.init) ?? .repaired
        incident.steps.append(
            HandlingStep(
                (language == .english ? "reopened: " : "重新打开：") + reason, at: now,
                by: IncidentOptions.person(arguments)))
        let entries = try store.append(
            [.revision(incident, .reopen)], to: record.id, expecting: record.entries,
            by: IncidentOptions.author(arguments), at: now)
        let status = incident.status.name(in: language)
        Standard.output(
            language == .english
                ? "\(record.id) is open again, as \(status) (entry \(entries))\n"
                : "\(record.id) 已重新打开，状态为\(status)（第 \(entries) 条记录）\n")
        return .success
    }
}
