internal import Arguments

/// `logq retention`: what keeps a store as the policy wants it, a sub-command each.
enum RetentionCommand {
    static let command = Command(
        group: "retention",
        summary: "how long events are kept: the policy and the nightly job",
        discussion: """
            Each day of events can be searched by index for some time, then lies in the archive, \
            which is smaller and searched by reading it, and is removed in the end. The policy says \
            after how many days, and a nightly job does it.
            """,
        examples: [
            ("logq retention policy", "what applies to each source, and why"),
            ("logq retention plan", "what the next run would do"),
            ("logq retention verify", "read everything back"),
            ("logq retention export /backup/logs", "plain .gz files, for zgrep"),
        ],
        subcommands: [
            RetentionPolicyCommand.command, RetentionPlanCommand.command,
            RetentionRunCommand.command, RetentionHistoryCommand.command,
            RetentionVerifyCommand.command, RetentionExportCommand.command,
        ])
}
