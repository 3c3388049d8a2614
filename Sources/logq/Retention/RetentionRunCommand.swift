internal import Arguments
internal import Glibc
internal import LogModel
internal import LogStore
internal import Presentation
internal import Retention

/// `logq retention run`: the nightly job.
enum RetentionRunCommand {
    static let command = Command(
        declaration: CommandDeclaration(
            name: "retention run",
            summary: "the nightly job: merge, archive and remove days as the policy says",
            discussion: """
                Removes days past their age, writes days that are over anew (small blocks merged, \
                events past their age in the index archived, expired ones left out), and keeps the \
                store within its size limit. Searching and shipping go on meanwhile. It may be \
                interrupted at any time: each day is as it was or as it should be, and running it \
                again does only what is left to do. Outside of the policy's window it does nothing, \
                unless the disk is more than 95 % full.
                Exit status: 0 done, 1 outside of the window, 2 error, 3 something could not be done.
                """,
            examples: [
                ("logq retention run", "each night, by the timer"),
                ("logq retention run --any-time", "now"),
            ],
            flags: [
                Environment.dataFlag, PolicyOption.flag, RetentionTime.flag,
                Flag("any-time", help: "run outside of the policy's window too"),
                Environment.zoneFlag, Environment.colorFlag,
                Flag("quiet", short: "q", help: "only what went wrong"),
                Flag("json", help: "the report as one JSON object, times in UTC"),
            ],
            operands: nil),
        run: run)

    private static func run(_ arguments: ParsedArguments) throws -> ExitCode {
        let (policy, _) = try PolicyOption.read(arguments)
        let zone = try Environment.zone(arguments)
        ProcessSignals.watch()
        let job = RetentionJob(
            directory: try Environment.dataDirectory(arguments), policy: policy,
            now: try RetentionTime.now(arguments, zone))
        job.runsAnyTime = arguments.isSet("any-time")
        job.shouldStop = { ProcessSignals.isStopRaised }
        let display = JobDisplay(isSilent: arguments.isSet("quiet"))
        job.progress = display.update
        let result = Result { try job.run() }
        display.end()
        let report = try result.get()
        let text = RetentionText(Environment.pictureSettings(arguments, zone: zone))
        if arguments.isSet("json") {
            Standard.output(String(decoding: report.json(), as: UTF8.self))
        } else if !arguments.isSet("quiet") {
            Standard.output(String(decoding: text.text(report, policy.window), as: UTF8.self))
        }
        for problem in report.problems { CommandLineTool.report(problem) }
        if case .outsideWindow = report.outcome { return .noneFound }
        return report.problems.isEmpty ? .success : .incomplete
    }
}

/// The time by which the policy's ages are counted: now, or another one for rehearsals.
enum RetentionTime {
    static let flag = Flag(
        "now", placeholder: "TIME",
        help: "as if it were then, such as 2026-12-24 01:00 (for rehearsals and tests)")

    static func now(_ arguments: ParsedArguments, _ zone: Zone) throws -> Int64 {
        let now = Clock.now()
        return try arguments.string("now").map {
            try TimeExpression.instant($0, now: now, zone: zone)
        } ?? now
    }
}

/// The job's line on a terminal; its total is known when it begins to write.
private final class JobDisplay {
    private var display: ProgressDisplay?
    private let isSilent: Bool

    init(isSilent: Bool) { self.isSilent = isSilent }

    func update(_ done: Int64, _ total: Int64) {
        guard !isSilent else { return }
        if display == nil { display = ProgressDisplay(label: "retention", total: total) }
        display?.update(done)
    }

    func end() { display?.end() }
}
