internal import Arguments
internal import LogModel
internal import LogStore
internal import Presentation

/// `logq compact`: small blocks into large ones.
enum CompactCommand {
    static let command = Command(
        declaration: CommandDeclaration(
            name: "compact",
            summary: "merge what was taken in bit by bit: smaller days, faster searches",
            discussion: """
                Writes each day that has grown since the last time anew, in large blocks and with one \
                index. The days go on being searchable meanwhile. It may be interrupted at any time; \
                running it again does only what is left to do. Taking in goes on beside it.
                """,
            examples: [("logq compact", "once a night, say")],
            flags: [
                Environment.dataFlag,
                Flag("quiet", short: "q", help: "no summary"),
                Flag("json", help: "the summary as one JSON object"),
            ],
            operands: nil),
        run: run)

    private static func run(_ arguments: ParsedArguments) throws -> ExitCode {
        let directory = try Environment.dataDirectory(arguments)
        let store = try Store(directory: directory)
        var total: Int64 = 0
        for day in try store.days() {
            total += Int64((try? store.partition(day).totals().rawBytes) ?? 0)
        }
        let writer = try StoreWriter(directory: directory)
        let start = Clock.monotonic()
        let display = ProgressDisplay(label: "compacting", total: total)
        let result = Result { try writer.compact { display.update($0) } }
        display.end()
        let report = try result.get()
        let seconds = Double(Clock.monotonic() - start) / 1e9
        for problem in report.problems { CommandLineTool.report(problem.description) }
        if arguments.isSet("json") {
            printJSON(report, seconds)
        } else if !arguments.isSet("quiet") {
            printSummary(report, seconds)
        }
        return report.problems.isEmpty ? .success : .incomplete
    }

    private static func printSummary(_ report: CompactionReport, _ seconds: Double) {
        guard report.days > 0 else { return Standard.error("nothing to do\n") }
        let rate = Double(report.rawBytes) / max(seconds, 1e-9)
        Standard.error(
            """
            \(HumanUnits.count(Int64(report.days))) days, \
            \(HumanUnits.count(Int64(report.blocksBefore))) blocks to \
            \(HumanUnits.count(Int64(report.blocksAfter))), \
            \(HumanUnits.bytes(report.bytesBefore)) to \(HumanUnits.bytes(report.bytesAfter)) \
            in \(HumanUnits.duration(seconds: seconds)) \
            (\(HumanUnits.bytes(Int64(rate)))/s of logs)\n
            """)
    }

    private static func printJSON(_ report: CompactionReport, _ seconds: Double) {
        var json = JSONWriter()
        json.beginObject()
        for (name, value) in [
            ("days", Int64(report.days)), ("unchanged_days", Int64(report.unchangedDays)),
            ("events", Int64(report.events)),
            ("blocks_before", Int64(report.blocksBefore)),
            ("blocks_after", Int64(report.blocksAfter)), ("bytes_before", report.bytesBefore),
            ("bytes_after", report.bytesAfter), ("raw_bytes", report.rawBytes),
        ] {
            json.key(name)
            json.integer(value)
        }
        json.key("seconds")
        json.number(seconds)
        json.printReport(problems: report.problems.map(\.description))
    }
}
