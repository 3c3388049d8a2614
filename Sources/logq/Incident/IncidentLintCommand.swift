internal import Arguments
internal import Incidents
internal import LogStore
internal import Presentation

/// `logq incident lint`: what a record still lacks.
enum IncidentLintCommand {
    static let command = Command(
        declaration: CommandDeclaration(
            name: "incident lint",
            summary: "what a record lacks to be closed, or for another status",
            discussion: """
                What is missing stands in the way of closing: time, type, description, impact scope, \
                handling steps, root cause, prevention and handlers; an owner and a date for each \
                action; a query or a pin that is there for each claim of impact. What else would make \
                a better record is advice. Without a record, all that are not closed are looked at.
                Exit status: 0 nothing is missing, 1 something is, 2 error.
                """,
            examples: [
                ("logq incident lint 7", "what is missing to close it"),
                ("logq incident lint INC-2026-0007 --for repaired", "for an earlier status"),
                ("logq incident lint", "all records that are not closed"),
            ],
            flags: [
                Flag(
                    "for", placeholder: "STATUS", help: "what this status needs (closed)",
                    choices: IncidentStatus.allCases.map(\.rawValue)),
                IncidentOptions.languageFlag, Environment.dataFlag, Environment.colorFlag,
                Flag("json", help: "a JSON object a record"),
            ],
            operands: Operands(
                "ID", help: "the record, such as INC-2026-0007, 2026-7 or 7; else all open ones",
                maximum: 1, areFiles: false)),
        run: run)

    private static func run(_ arguments: ParsedArguments) throws -> ExitCode {
        let directory = try Environment.dataDirectory(arguments)
        let store = try IncidentStore(reading: directory)
        let status = arguments.string("for").flatMap(IncidentStatus.init) ?? .closed
        let language = IncidentOptions.language(arguments)
        var ids: [IncidentID] = []
        if let given = arguments.operands.first {
            ids = [try IncidentOptions.id(given, in: store)]
        } else {
            ids = try store.openIDs()
        }
        let attributes = LintText.attributes(of: directory)
        var output: [UInt8] = []
        var isClean = true
        for id in ids {
            let problems = try store.problems(
                of: store.record(id), for: status, attributes: attributes, language: language)
            let text = LintText(id, problems, for: status, language)
            isClean = isClean && text.isClean
            output +=
                arguments.isSet("json")
                ? text.json() : text.text(Painter(of: arguments))
        }
        Standard.output(String(decoding: output, as: UTF8.self))
        return isClean ? .success : .noneFound
    }
}

extension IncidentStore {
    /// What a record lacks for a status.
    func problems(
        of record: StoredIncident, for status: IncidentStatus, attributes: Set<String>?,
        language: Language
    ) throws(IncidentError) -> [LintProblem] {
        IncidentLint.problems(
            of: record.incident, pins: try keptPins(of: record.id), for: status,
            attributes: attributes, language: language)
    }
}
