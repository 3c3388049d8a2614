internal import Arguments
internal import LogModel
internal import LogStore
internal import Presentation

/// `logq retention history`: what the jobs did.
enum RetentionHistoryCommand {
    static let command = Command(
        declaration: CommandDeclaration(
            name: "retention history",
            summary: "what the nightly job, backups, purges and verifications did",
            discussion: """
                The last jobs, the newest first: when each began, how long it took, how it ended, \
                and what it did to how many days. With the number of a job, what it did day by day.
                """,
            examples: [
                ("logq retention history", "the last 20 jobs"),
                ("logq retention history 17", "what that one did, day by day"),
            ],
            flags: [
                Flag("limit", short: "n", placeholder: "N", help: "so many jobs (20)"),
                Environment.dataFlag, Environment.zoneFlag, Environment.colorFlag,
                Flag("json", help: "a JSON object a line, times in UTC"),
            ],
            operands: Operands("JOB", help: "the number of a job", maximum: 1, areFiles: false)),
        run: run)

    private static func run(_ arguments: ParsedArguments) throws -> ExitCode {
        let zone = try Environment.zone(arguments)
        let store = try Store(directory: Environment.dataDirectory(arguments))
        let history = HistoryReport(
            store, Environment.pictureSettings(arguments, zone: zone),
            isJSON: arguments.isSet("json"))
        let output: [UInt8]
        if let given = arguments.operands.first {
            guard let id = Int64(given), let job = try store.job(id) else {
                throw CommandFailure("no job '\(given)'; 'logq retention history' lists them")
            }
            output = try history.steps(of: job)
        } else {
            let limit = try arguments.integer("limit") ?? 20
            guard limit > 0 else { throw CommandFailure("--limit takes a number from 1 on") }
            output = try history.jobs(limit: Int(limit))
        }
        guard !output.isEmpty else {
            Standard.error("no job has run on this store yet\n")
            return .noneFound
        }
        Standard.output(String(decoding: output, as: UTF8.self))
        return .success
    }
}
