internal import Arguments
internal import LogModel
internal import LogShipping
internal import LogStore
internal import Presentation
internal import Retention

/// `logq backup`: a copy of the store elsewhere.
enum BackupCommand {
    static let command = Command(
        declaration: CommandDeclaration(
            name: "backup",
            summary: "copy the store to another directory, what changed since the last time",
            discussion: """
                The copy has the state of one moment, while taking in and searches go on. Days that did \
                not change are not copied again, so it can run every hour. The copy can be searched \
                where it lies, with --data. Days that were purged are removed from it too, days past their \
                age a week later; damaged days never take the place of a good copy. It may be interrupted at any \
                time; running it again does what is left.
                """,
            examples: [
                ("logq backup /mnt/backup/logq", "every hour, from a timer"),
                ("logq search --data /mnt/backup/logq error", "search a backup"),
            ],
            flags: [
                Environment.dataFlag, PolicyOption.flag,
                Flag("quiet", short: "q", help: "no summary"),
                Flag("json", help: "the summary as one JSON object"),
            ],
            operands: Operands(
                "DEST", help: "the directory of the backup, best on another disk", minimum: 1,
                maximum: 1)),
        run: run)

    private static func run(_ arguments: ParsedArguments) throws -> ExitCode {
        let directory = try Environment.dataDirectory(arguments)
        let place = BackupPlace(arguments.operands.first ?? "")
        var options = BackupOptions()
        options.host = HostName.current()
        options.longestAge = try PolicyOption.read(arguments).policy.longestAge()
        let start = Clock.monotonic()
        let display = ProgressDisplay(label: "backing up", total: nil)
        let backup = try Backup(of: directory, to: place, options: options) { display.update($0) }
        let result = Result { try backup.run() }
        display.end()
        try result.get()
        let seconds = Double(Clock.monotonic() - start) / 1e9
        let report = backup.report
        for problem in report.problems { CommandLineTool.report(problem.description) }
        if arguments.isSet("json") {
            printJSON(report, seconds)
        } else if !arguments.isSet("quiet") {
            Standard.error(summary(report, seconds))
        }
        return report.problems.isEmpty ? .success : .incomplete
    }

    private static func summary(_ report: BackupReport, _ seconds: Double) -> String {
        let rate = Double(report.bytes) / max(seconds, 1e-9)
        var text = """
            \(HumanUnits.count(Int64(report.copied.count))) days copied, \
            \(HumanUnits.count(Int64(report.unchangedDays))) unchanged, \
            \(HumanUnits.bytes(report.bytes)) in \(HumanUnits.duration(seconds: seconds)) \
            (\(HumanUnits.bytes(Int64(rate)))/s, \(HumanUnits.bytes(report.rawBytes)) of logs)\n
            """
        if !report.removed.isEmpty {
            text +=
                "removed as in the store: "
                + report.removed.map(\.name).joined(separator: ", ") + "\n"
        }
        let moment = RFC3339.clockText(report.moment, zone: .local())
        text += "state of \(moment)"
        if let previous = report.previous {
            let span = HumanUnits.duration(nanoseconds: report.moment - previous)
            text += ", \(span) after the backup before"
        }
        return text + "\n"
    }

    private static func printJSON(_ report: BackupReport, _ seconds: Double) {
        var json = JSONWriter()
        json.beginObject()
        for (name, value) in [
            ("days_copied", Int64(report.copied.count)),
            ("days_unchanged", Int64(report.unchangedDays)),
            ("days_removed", Int64(report.removed.count)),
            ("days_kept", Int64(report.keptDays)), ("bytes", report.bytes),
            ("raw_bytes", report.rawBytes),
        ] {
            json.key(name)
            json.integer(value)
        }
        json.key("seconds")
        json.number(seconds)
        for (name, time) in [
            ("state_of", report.moment), ("previous", report.previous),
            ("newest_event", report.newestEvent),
        ] {
            json.key(name)
            if let time { json.string(RFC3339.text(time)) } else { json.null() }
        }
        json.key("of_one_moment")
        json.boolean(report.isOfOneMoment)
        json.printReport(problems: report.problems.map(\.description))
    }
}
