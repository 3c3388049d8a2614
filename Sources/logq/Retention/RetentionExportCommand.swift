internal import Arguments
internal import LogModel
internal import LogQuery
internal import LogStore
internal import Presentation
internal import Retention

/// `logq retention export`: plain `.gz` files of the original lines.
enum RetentionExportCommand {
    static let command = Command(
        declaration: CommandDeclaration(
            name: "retention export",
            summary: "write the original lines as plain .gz files, for zgrep and others",
            discussion: """
                One file for each path of a source and UTC day, DEST/HOST/SERVICE/DAY/PATH.gz, with \
                the lines as they were taken in, byte for byte and in the order of their file; of \
                indexed and archived days alike. A query leaves out what it does not find. SHA256SUMS \
                is for 'sha256sum -c', INDEX says which file has what of whom. Files that are there \
                already and the same are kept, so an interrupted export goes on where it was, and one \
                directory can be filled day by day.
                Exit status: 0 done, 1 nothing found, 2 error, 3 not all could be read.
                """,
            examples: [
                ("logq retention export /backup/logs", "everything"),
                (
                    "logq retention export /tmp/case-7 --since 2026-10-21 --until 2026-10-22 "
                        + "service:node", "a day of one service"
                ),
                (
                    "find /backup/logs/pay-1 -name '*.gz' -exec zgrep -H order-77 {} +",
                    "then, without logq"
                ),
                ("(cd /backup/logs && sha256sum -c --quiet SHA256SUMS)", "is it still the same?"),
            ],
            flags: TimeWindow.flags + [
                Environment.zoneFlag, Environment.dataFlag,
                Flag("quiet", short: "q", help: "no summary"),
                Flag("json", help: "the summary as one JSON object"),
            ],
            operands: Operands(
                "DEST", help: "a directory outside of the store, and then a query", minimum: 1),
            operandsMayStartWithDash: true),
        run: run)

    private static func run(_ arguments: ParsedArguments) throws -> ExitCode {
        let directory = try Environment.dataDirectory(arguments)
        let store = try Store(directory: directory)
        let request = try SearchCommand.request(arguments, skipping: 1, in: store)
        let export = try Export(request, of: directory, to: arguments.operands[0])
        let display = SharedProgress(label: "exporting", total: nil)
        let result = Result { try export.run { done, _ in display.update(done) } }
        display.end()
        let report = try result.get()
        if arguments.isSet("json") {
            Standard.output(json(report))
        } else if !arguments.isSet("quiet") {
            Standard.error(summary(report))
        }
        for failure in report.failures { CommandLineTool.report(failure.description) }
        if !report.failures.isEmpty { return .incomplete }
        return report.files > 0 ? .success : .noneFound
    }

    private static func summary(_ report: ExportReport) -> String {
        guard report.files > 0 else { return "nothing found\n" }
        let seconds = Double(report.nanoseconds) / 1e9
        let rate = Double(report.rawBytes) / max(seconds, 1e-9)
        let kept = report.kept > 0 ? " (\(HumanUnits.count(Int64(report.kept))) kept)" : ""
        return """
            \(HumanUnits.count(Int64(report.files))) files\(kept), \
            \(HumanUnits.count(Int64(report.events))) events, \
            \(HumanUnits.bytes(report.rawBytes)) to \(HumanUnits.bytes(report.storedBytes)) \
            in \(HumanUnits.duration(seconds: seconds)) \
            (\(HumanUnits.bytes(Int64(rate)))/s of logs)\n
            """
    }

    private static func json(_ report: ExportReport) -> String {
        var json = JSONWriter()
        json.beginObject()
        for (name, value) in [
            ("files", Int64(report.files)), ("kept", Int64(report.kept)),
            ("events", Int64(report.events)), ("raw_bytes", report.rawBytes),
            ("bytes", report.storedBytes),
        ] {
            json.key(name)
            json.integer(value)
        }
        json.key("seconds")
        json.number(Double(report.nanoseconds) / 1e9)
        json.key("failures")
        json.beginArray()
        for failure in report.failures { json.string(failure.description) }
        json.endArray()
        json.endObject()
        json.endLine()
        return String(decoding: json.bytes, as: UTF8.self)
    }
}
