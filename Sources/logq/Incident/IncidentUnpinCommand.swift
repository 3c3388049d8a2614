internal import Arguments
internal import Incidents
internal import LogModel

/// `logq incident unpin`: pins that a record no longer rests on.
enum IncidentUnpinCommand {
    static let command = Command(
        declaration: CommandDeclaration(
            name: "incident unpin",
            summary: "take pins out of a record, with the reason",
            discussion: """
                The pins are not shown any more but as removed, with the reason; what they hold stays \
                and can still be checked. What must not be kept at all is removed by 'logq incident \
                purge'. Steps and claims that name the pins stay as they are, and are told.
                """,
            examples: [
                (
                    "logq incident unpin 7 P3 P4 --reason 'another fault'",
                    "these lines were of something else"
                )
            ],
            flags: [reasonFlag, IncidentOptions.authorFlag, Environment.dataFlag],
            operands: Operands(
                "ID", help: "the record, and behind it the pins, such as P3", minimum: 1,
                areFiles: false)),
        run: run)

    static let reasonFlag = Flag(
        "reason", placeholder: "TEXT", help: "why; it stands in the record")

    private static func run(_ arguments: ParsedArguments) throws -> ExitCode {
        guard arguments.operands.count > 1 else {
            throw ArgumentError(
                "the pins are missing; write them behind '\(arguments.operands[0])', such as P3",
                tryCommand: "logq help incident unpin")
        }
        let reason = try reason(arguments)
        let directory = try Environment.dataDirectory(arguments)
        let reader = try IncidentStore(reading: directory)
        let id = try IncidentOptions.id(arguments.operands[0], in: reader)
        let record = try reader.record(id)
        let pins = try numbers(arguments.operands.dropFirst())
        try IncidentStore(writing: directory).append(
            pins.map { .unpin($0, reason: reason) }, to: id,
            by: IncidentOptions.author(arguments), at: Clock.now())
        for pin in pins { Standard.output("P\(pin) is removed from \(id)\n") }
        for line in PinReferences.lines(to: pins, in: record.incident) {
            CommandLineTool.report(line)
        }
        return .success
    }

    static func reason(_ arguments: ParsedArguments) throws -> String {
        let reason = arguments.string("reason") ?? ""
        guard reason.utf8.contains(where: { $0 > 0x20 }) else {
            throw CommandFailure("the reason is missing: --reason TEXT; it stands in the record")
        }
        return reason
    }

    /// The pins that words name, each once.
    static func numbers(_ words: some Sequence<String>) throws -> [Int] {
        var numbers: [Int] = []
        for word in words {
            guard let number = PinName.number(word) else {
                throw CommandFailure("'\(word)' names no pin; they are named P1, P2 and so on")
            }
            if !numbers.contains(number) { numbers.append(number) }
        }
        return numbers
    }
}

/// What of a record names pins.
enum PinReferences {
    /// `step 2 still names P3`, a line for each pin that something names.
    static func lines(to pins: [Int], in incident: Incident) -> [String] {
        pins.compactMap { pin in
            let names = places(of: pin, in: incident)
            guard !names.isEmpty else { return nil }
            return names.joined(separator: ", ") + " still name\(names.count == 1 ? "s" : "") "
                + "P\(pin); 'logq incident edit' changes that"
        }
    }

    private static func places(of pin: Int, in incident: Incident) -> [String] {
        func named(_ name: String, _ pins: [[Int]]) -> [String] {
            pins.enumerated().filter { $1.contains(pin) }.map { "\(name) \($0.offset + 1)" }
        }
        return named("claim", incident.impact.map(\.pins))
            + named("step", incident.steps.map(\.pins))
    }
}
