internal import Arguments
internal import Presentation
internal import Retention

/// `logq retention policy`: what applies, and why.
enum RetentionPolicyCommand {
    static let command = Command(
        declaration: CommandDeclaration(
            name: "retention policy",
            summary: "how long events are kept, and which line of the policy says so",
            examples: [("logq retention policy", "the policy in force")]),
        run: run)

    private static func run(_ arguments: ParsedArguments) throws -> ExitCode {
        let policy = RetentionPolicy.standard
        Standard.output(
            "indexed \(policy.indexed.age.text), archived \(policy.archived.age.text)\n")
        return .success
    }
}
