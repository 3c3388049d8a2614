internal import Arguments
internal import LogModel
internal import LogStore
internal import Presentation
internal import Retention

/// `logq retention plan`: a rehearsal of the nightly job.
enum RetentionPlanCommand {
    static let command = Command(
        declaration: CommandDeclaration(
            name: "retention plan",
            summary: "what the nightly job would do to each day, and why; changes nothing",
            discussion: """
                Lists the days that would be merged, archived, trimmed (some of their events are \
                removed) or removed, with the age or limit that says so, and the bytes of their \
                files now and afterwards, as far as that can be known before. It takes no lock.
                Where events are removed, the fault records that have pinned events of the day are named \
                (their pins stay), and those that are open and have not.
                Exit status: 0 shown, 2 error, 3 a day could not be read.
                """,
            examples: [
                ("logq retention plan", "what tonight's run would do"),
                ("logq retention plan --now 2026-12-24", "what would be left at Christmas"),
                ("logq retention plan --policy new.policy", "before a policy is in its place"),
            ],
            flags: [
                Environment.dataFlag, PolicyOption.flag, RetentionTime.flag, Environment.zoneFlag,
                Environment.colorFlag, Flag("json", help: "the plan as one JSON object"),
            ],
            operands: nil),
        run: run)

    private static func run(_ arguments: ParsedArguments) throws -> ExitCode {
        let (policy, _) = try PolicyOption.read(arguments)
        let zone = try Environment.zone(arguments)
        let now = try RetentionTime.now(arguments, zone)
        let store = try Store(directory: Environment.dataDirectory(arguments))
        let plan = try RetentionPlan(of: store, policy, at: now)
        let evidence = DayEvidenceReport(of: plan, in: store.directory)
        let text = RetentionText(
            Environment.pictureSettings(arguments, zone: zone), evidence: evidence)
        let output = arguments.isSet("json") ? plan.json(evidence) : text.text(plan, now: now)
        Standard.output(String(decoding: output, as: UTF8.self))
        for warning in evidence.warnings { CommandLineTool.report(warning) }
        for problem in plan.problems { CommandLineTool.report(problem) }
        return plan.problems.isEmpty ? .success : .incomplete
    }
}
