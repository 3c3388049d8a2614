internal import Arguments
internal import Glibc
internal import LogModel
internal import LogStore
internal import Presentation
internal import Retention

/// `logq retention policy`: what applies, and why.
enum RetentionPolicyCommand {
    static let command = Command(
        declaration: CommandDeclaration(
            name: "retention policy",
            summary: "how long the events of each source are kept, and which line says so",
            discussion: """
                A policy says after how many whole UTC days events leave the index ('indexed') and \
                after how many they are removed ('archived', from the event on). Rules in it are \
                about some services, hosts, environments, formats or levels; the first one that \
                matches and has the age decides. A source of the store has a line for each part of \
                its levels that goes another way.

                It is written like this; docs/retention.md has every key:

                  indexed: 30d
                  archived: 90d
                  window: 01:00-05:00 Asia/Shanghai
                  rule: errors
                  level: >=ERROR
                  indexed: 90d
                """,
            examples: [
                ("logq retention policy", "what applies to each source of the store, and why"),
                ("logq retention policy --policy new.policy", "the same of a policy to be"),
                (
                    "logq retention policy --policy new.policy --check",
                    "only find mistakes, before it is put into its place"
                ),
            ],
            flags: [
                PolicyOption.flag, Flag("check", help: "only find mistakes in the policy"),
                Environment.dataFlag, Environment.zoneFlag, Environment.colorFlag,
                Flag("json", help: "all of it as one JSON object, times in UTC"),
            ]),
        run: run)

    private static func run(_ arguments: ParsedArguments) throws -> ExitCode {
        let (policy, file) = try PolicyOption.read(arguments)
        let shown = file ?? "built in"
        if arguments.isSet("check") {
            let rules = policy.rules.count == 1 ? "1 rule" : "\(policy.rules.count) rules"
            Standard.output(SafeText.escaped("\(shown): no mistakes, \(rules)") + "\n")
            return .success
        }
        let directory = try Environment.dataDirectory(arguments)
        let store = try existingStore(directory)
        let sources = try store?.generations().map { generation in
            (
                EventSource(
                    host: generation.host, service: generation.service,
                    environment: generation.environment, path: generation.path),
                format: generation.format
            )
        }
        let report = PolicyReport(
            policy: policy, file: file, sources: sources ?? [], disk: try? DiskUse(directory),
            now: Clock.now())
        let zone = try Environment.zone(arguments)
        Standard.output(
            String(
                decoding: arguments.isSet("json")
                    ? report.json()
                    : report.text(Environment.pictureSettings(arguments, zone: zone)),
                as: UTF8.self))
        return .success
    }

    private static func existingStore(_ directory: String) throws(StoreError) -> Store? {
        do throws(StoreError) {
            return try Store(directory: directory)
        } catch .missing {
            return nil
        }
    }
}
