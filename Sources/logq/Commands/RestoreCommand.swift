internal import Arguments
internal import LogModel
internal import LogStore
internal import Presentation
internal import Retention

/// `logq restore`: days of a backup into a store.
enum RestoreCommand {
    static let command = Command(
        declaration: CommandDeclaration(
            name: "restore",
            summary: "put days of a backup back, or the whole store",
            discussion: """
                Days that are missing, damaged or without some of what the backup has are put back; whole \
                and newer ones are left. Each is verified before it takes its place: its sum, and every \
                line of it. Taking in and searches go on meanwhile. What came after the backup comes \
                again when its files are read again, and nothing comes twice. On a new machine restore \
                into an empty directory. A record of what was done is left in DIR/restores.
                """,
            examples: [
                ("logq restore /mnt/backup/logq --list", "what the backup has"),
                (
                    "logq restore /mnt/backup/logq --from 2026-11-20 --to 2026-11-20",
                    "one day that is damaged"
                ),
                ("logq restore /mnt/backup/logq", "all that is missing or damaged"),
            ],
            flags: [
                Flag("from", placeholder: "TIME", help: "days from this one on"),
                Flag("to", placeholder: "TIME", help: "days up to this one, with all of it"),
                Flag("replace", help: "put back whole days too that are newer than the backup"),
                Flag("list", help: "list the days of the backup, and change nothing"),
                Environment.zoneFlag, Environment.dataFlag,
                Flag("quiet", short: "q", help: "no summary"),
                Flag("json", help: "the summary as one JSON object"),
            ],
            operands: Operands("SRC", help: "the directory of the backup", minimum: 1, maximum: 1)),
        run: run)

    private static func run(_ arguments: ParsedArguments) throws -> ExitCode {
        let place = BackupPlace(arguments.operands.first ?? "")
        if arguments.isSet("list") { return try list(place, arguments) }
        var options = RestoreOptions()
        options.times = try times(arguments)
        options.replacesNewer = arguments.isSet("replace")
        let directory = try Environment.dataDirectory(arguments)
        let display = ProgressDisplay(label: "restoring", total: nil)
        let restore = try Restore(from: place, into: directory, options: options) {
            display.update($0)
        }
        let result = Result { try restore.run() }
        display.end()
        try result.get()
        let report = restore.report
        let record = try report.writeRecord(in: directory)
        for problem in report.problems { CommandLineTool.report(problem.description) }
        if arguments.isSet("json") {
            printJSON(report, record)
        } else if !arguments.isSet("quiet") {
            Standard.error(summary(report, record))
        }
        return report.problems.isEmpty ? .success : .incomplete
    }

    /// Nil where no time is given: the whole store.
    private static func times(_ arguments: ParsedArguments) throws -> Range<Int64>? {
        let (from, to) = (arguments.string("from"), arguments.string("to"))
        if from == nil, to == nil { return nil }
        let (now, zone) = (Clock.now(), try Environment.zone(arguments))
        let start = try from.map { try TimeExpression.instant($0, now: now, zone: zone) } ?? .min
        let end =
            try to.map { try TimeExpression.interval($0, now: now, zone: zone).upperBound } ?? .max
        guard end > start else { throw CommandFailure("--to is not after --from") }
        return start..<end
    }

    // MARK: What a backup has

    private static func list(_ place: BackupPlace, _ arguments: ParsedArguments) throws -> ExitCode
    {
        guard let information = try BackupInformation(of: place), let made = information.made else {
            throw BackupError.noBackup(place: place.directory)
        }
        let times = try times(arguments)
        let days = try place.days().filter { day in
            times.map { day.end > $0.lowerBound && day.start < $0.upperBound } ?? true
        }
        if arguments.isSet("json") {
            printJSON(days, place, information)
        } else {
            let zone = try Environment.zone(arguments)
            Standard.output(text(days, place, information, made, zone))
        }
        return days.isEmpty ? .noneFound : .success
    }

    private static func text(
        _ days: [Day], _ place: BackupPlace, _ information: BackupInformation, _ made: Int64,
        _ zone: Zone
    ) -> String {
        let source = SafeText.escaped("\(information.host):\(information.path)")
        var text = "backup of \(source), state of \(RFC3339.clockText(made, zone: zone))\n"
        for day in days {
            text += day.name + "  "
            if let manifest = place.manifest(of: day) {
                text +=
                    HumanUnits.count(manifest.events) + " events  "
                    + HumanUnits.bytes(manifest.rawBytes) + " of logs  "
                    + HumanUnits.bytes(manifest.bytes) + "  copied "
                    + RFC3339.clockText(manifest.made, zone: zone)
            } else {
                text += "its manifest cannot be read"
            }
            text += information.kept.contains(day) ? "  older than the rest\n" : "\n"
        }
        return text
    }

    private static func printJSON(
        _ days: [Day], _ place: BackupPlace, _ information: BackupInformation
    ) {
        for day in days {
            var json = JSONWriter()
            json.beginObject()
            json.key("day")
            json.string(day.name)
            if let manifest = place.manifest(of: day) {
                for (name, value) in [
                    ("events", manifest.events), ("raw_bytes", manifest.rawBytes),
                    ("bytes", manifest.bytes), ("blocks", manifest.blocks),
                ] {
                    json.key(name)
                    json.integer(value)
                }
                json.key("copied")
                json.string(RFC3339.text(manifest.made))
                json.key("sha256")
                json.string(Digest.hex(manifest.sum))
            }
            json.key("is_older")
            json.boolean(information.kept.contains(day))
            json.endObject()
            json.endLine()
            Standard.output(String(decoding: json.bytes, as: UTF8.self))
        }
    }

    // MARK: What was done

    private static func summary(_ report: RestoreReport, _ record: String) -> String {
        let rate = Double(report.bytes) / max(report.seconds, 1e-9)
        var text = report.restoredCatalog ? "the catalogue was restored\n" : ""
        for name in report.restoredDatabases { text += "\(name) was missing, and was restored\n" }
        text += """
            \(HumanUnits.count(Int64(report.restored.count))) days restored, \
            \(HumanUnits.count(report.events)) events, \(HumanUnits.bytes(report.bytes)) in \
            \(HumanUnits.duration(seconds: report.seconds)) \
            (\(HumanUnits.bytes(Int64(rate)))/s, \(HumanUnits.bytes(report.rawBytes)) of logs)\n
            """
        let states = report.left.map(\.state)
        for state in [RestorePlan.State.same, .newer, .removed] where states.contains(state) {
            let count = states.count { $0 == state }
            text += "left as they are, \(state.rawValue): \(count) days"
            text += state == .newer ? "; --replace puts them back too\n" : "\n"
        }
        text += missing(report)
        if !report.purgedAgain.isEmpty {
            let days = Set(report.purgedAgain.map(\.day)).sorted().map(\.name)
            text += "purged once more: \(days.joined(separator: ", "))\n"
        }
        if !report.toPurgeAgain.isEmpty {
            text +=
                "purged lines may come again with the files: "
                + "restore the same days once more when they were read\n"
        }
        return text + "record: \(SafeText.escaped(record))\n"
    }

    private static func missing(_ report: RestoreReport) -> String {
        var text = ""
        for rewind in report.rewinds {
            let file = SafeText.escaped("\(rewind.generation.host):\(rewind.generation.path)")
            let count = HumanUnits.bytes(rewind.missingBytes)
            text += "came after the backup: up to \(count) of \(file), "
            text +=
                rewind.isReadAgain
                ? "which come again when it is read\n" : "which cannot come back\n"
        }
        return text
    }

    private static func printJSON(_ report: RestoreReport, _ record: String) {
        var json = JSONWriter()
        json.beginObject()
        json.key("restored")
        json.beginArray()
        for item in report.restored { json.string(item.plan.day.name) }
        json.endArray()
        json.key("left")
        json.beginArray()
        for item in report.left { json.string(item.day.name) }
        json.endArray()
        for (name, value) in [
            ("events", report.events), ("bytes", report.bytes), ("raw_bytes", report.rawBytes),
            ("bytes_to_come_again", bytes(report) { $0.isReadAgain }),
            ("bytes_lost", bytes(report) { !$0.isReadAgain }),
        ] {
            json.key(name)
            json.integer(value)
        }
        json.key("catalogue_restored")
        json.boolean(report.restoredCatalog)
        json.key("databases")
        json.beginArray()
        for name in report.restoredDatabases { json.string(name) }
        json.endArray()
        json.key("seconds")
        json.number(report.seconds)
        json.key("record")
        json.string(record)
        json.printReport(problems: report.problems.map(\.description))
    }

    private static func bytes(_ report: RestoreReport, _ matches: (Rewind) -> Bool) -> Int64 {
        report.rewinds.filter(matches).reduce(0) { $0 + $1.missingBytes }
    }
}
