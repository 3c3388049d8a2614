internal import Arguments
internal import LogModel
internal import LogStore
internal import Presentation
internal import Retention

/// `logq retention verify`: reads everything back.
enum RetentionVerifyCommand {
    static let command = Command(
        declaration: CommandDeclaration(
            name: "retention verify",
            summary: "read everything back: every block, every term, every sum",
            discussion: """
                Of each day: its file is the one that its manifest tells of, its pages and tables are \
                sound, every block decodes to the lines that were taken in (SHA-256) and is what the \
                day says of it, no event lies behind the day's progress, and the index finds each word \
                of each block. Days that are known and have no file are named, and parts that were set \
                aside. Nothing is changed, and taking in and searches go on; days that are written to \
                are read as they are at one moment.
                Exit status: 0 all is well, 1 something is wrong, 2 error, 3 something could not be \
                looked at.
                """,
            examples: [
                ("logq retention verify", "once a week, say"),
                ("logq retention verify --since 2026-11-01", "some days"),
                ("logq retention verify --json | jq .problems", "for a program"),
            ],
            flags: TimeWindow.flags.filter { ["since", "until"].contains($0.name) } + [
                Environment.zoneFlag, Environment.dataFlag,
                Flag("quiet", short: "q", help: "no summary, only what is wrong"),
                Flag("json", help: "what was found as one JSON object"),
            ],
            operands: nil),
        run: run)

    private static func run(_ arguments: ParsedArguments) throws -> ExitCode {
        var verification = Verification(directory: try Environment.dataDirectory(arguments))
        verification.times = try TimeWindow.read(
            arguments, among: ["since", "until"], now: Clock.now(),
            zone: Environment.zone(arguments))
        let display = SharedProgress(label: "reading back", total: try verification.rawBytes())
        let result = Result { try verification.run { display.update($0) } }
        display.end()
        let report = try result.get()
        let text = VerificationText(report, backup: nil)
        if arguments.isSet("json") {
            Standard.output(text.json())
        } else {
            Standard.output(text.problems())
            if !arguments.isSet("quiet") { Standard.error(text.summary()) }
        }
        for failure in report.failures { CommandLineTool.report(failure.description) }
        return report.hasProblems ? .noneFound : report.failures.isEmpty ? .success : .incomplete
    }
}
