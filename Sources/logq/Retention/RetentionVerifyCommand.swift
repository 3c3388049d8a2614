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
                are read as they are at one moment. Then a day that is drawn by lot is restored into a \
                scratch directory, from the backup or else from the store, and searched there.
                Exit status: 0 all is well, 1 something is wrong, 2 error, 3 something could not be \
                looked at.
                """,
            examples: [
                ("logq retention verify", "once a week, say"),
                (
                    "logq retention verify --backup /mnt/backup/logq",
                    "and see that a day of the backup can be restored"
                ),
                ("logq retention verify --since 2026-11-01", "some days"),
                ("logq retention verify --json | jq .problems", "for a program"),
            ],
            flags: TimeWindow.flags.filter { ["since", "until"].contains($0.name) } + [
                Environment.zoneFlag, Environment.dataFlag,
                Flag("backup", placeholder: "DIR", help: "the backup to restore a day from"),
                Flag(
                    "sample", placeholder: "N",
                    help: "search for N events of the restored day; 0 restores none (20)",
                    check: Flag.wholeNumber(in: 0...100_000)),
                Flag(
                    "scratch", placeholder: "DIR",
                    help: "where the day is restored (else TMPDIR, else /tmp)"),
                Flag(
                    "seed", placeholder: "S",
                    help: "draw the day and the events of an earlier time",
                    check: Flag.wholeNumber(in: 0...Int.max)),
                Flag("quiet", short: "q", help: "no summary, only what is wrong"),
                Flag("json", help: "what was found as one JSON object"),
            ],
            operands: nil),
        run: run)

    private static func run(_ arguments: ParsedArguments) throws -> ExitCode {
        let directory = try Environment.dataDirectory(arguments)
        var verification = Verification(directory: directory)
        verification.times = try TimeWindow.read(
            arguments, among: ["since", "until"], now: Clock.now(),
            zone: Environment.zone(arguments))
        let display = SharedProgress(label: "reading back", total: verification.rawBytes())
        // A store that cannot be written to, such as a backup, is verified all the same.
        let notes = JobNotes(directory: directory, kind: "verify")
        let result = Result { try verification.run { display.update($0) } }
        display.end()
        var report = try result.get()
        if let sample = try sample(arguments, of: directory) {
            report.sample = sample.run(in: verification.times)
        }
        let text = VerificationText(report, backup: arguments.string("backup"))
        try? notes.end(outcome: text.outcome, summary: text.line)
        if arguments.isSet("json") {
            Standard.output(text.json())
        } else {
            Standard.output(text.problems())
            if !arguments.isSet("quiet") { Standard.error(text.summary()) }
        }
        for failure in report.failures { CommandLineTool.report(failure) }
        return report.hasProblems ? .noneFound : report.failures.isEmpty ? .success : .incomplete
    }

    /// Nil where none is wanted.
    private static func sample(
        _ arguments: ParsedArguments, of directory: String
    ) throws -> SampledRestore? {
        var sample = SampledRestore(of: directory)
        sample.backup = arguments.string("backup")
        sample.events = try arguments.integer("sample") ?? sample.events
        sample.scratch =
            arguments.string("scratch") ?? Environment.variable("TMPDIR") ?? sample.scratch
        if let seed = try arguments.integer("seed") { sample.seed = UInt64(clamping: seed) }
        return sample.events == 0 ? nil : sample
    }
}
