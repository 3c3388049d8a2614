internal import Arguments
internal import Incidents

/// `logq incident list`: the records there are.
enum IncidentListCommand {
    static let command = Command(
        declaration: CommandDeclaration(
            name: "incident list",
            summary: "the records there are",
            discussion: "The names of the records, the newest first.",
            examples: [("logq incident list", "all of them")],
            flags: [Environment.dataFlag],
            operands: nil),
        run: run)

    private static func run(_ arguments: ParsedArguments) throws -> ExitCode {
        let store = try IncidentStore(reading: Environment.dataDirectory(arguments))
        let ids = try store.ids()
        Standard.output(ids.reversed().map { "\($0)\n" }.joined())
        return ids.isEmpty ? .noneFound : .success
    }
}
