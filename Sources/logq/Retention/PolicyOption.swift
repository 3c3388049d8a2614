internal import Arguments
internal import Retention

/// Which policy a command goes by.
enum PolicyOption {
    static let flag = Flag(
        "policy", placeholder: "FILE",
        help: "the policy (else retention.policy in the store, else /etc/logq/retention.policy, "
            + "else the built-in one)")

    /// The policy for the store that the arguments name, and its file; nil for the built-in one.
    static func read(
        _ arguments: ParsedArguments
    ) throws -> (policy: RetentionPolicy, file: String?) {
        try RetentionPolicy.inForce(
            given: arguments.string("policy"), store: Environment.dataDirectory(arguments))
    }
}
