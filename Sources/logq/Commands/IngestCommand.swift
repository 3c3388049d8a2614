internal import Arguments
internal import Glibc
internal import LogModel
internal import LogParsing
internal import LogShipping
internal import LogStore
internal import Presentation

/// `logq ingest`: files into the store.
enum IngestCommand {
    static let command = Command(
        declaration: CommandDeclaration(
            name: "ingest",
            summary: "take log files into the store",
            discussion: """
                Reads files, directories, globs and '-' (standard input); .gz files are recognised by \
                their content. The format is recognised from the content too. Running it again adds \
                nothing, and goes on where an interrupted run stopped; the .gz of a file that is in \
                already is recognised. Lines that fit no format are kept whole and found by search.
                """,
            examples: [
                ("logq ingest /var/log/nginx ~/control/control.log", "files and whole directories"),
                (
                    "logq ingest --host control-1 --tz Asia/Shanghai logs/control-1",
                    "logs copied from another machine"
                ),
                (
                    "logq ingest --format 'logback:%d [%thread] %level %logger - %msg%n' app.log",
                    "a layout of your own, pasted from logback.xml"
                ),
                ("docker logs web 2>&1 | logq ingest --service web -", "from a pipe"),
            ],
            flags: [
                Flag(
                    "host", placeholder: "HOST", help: "host.name of the events (else this machine)"
                ),
                Flag(
                    "service", placeholder: "NAME",
                    help: "service.name (else from the format or the file's name)"),
                Flag("env", placeholder: "NAME", help: "deployment.environment.name"),
                Flag(
                    "format", placeholder: "FORMAT",
                    help: "a format's name, or a pattern: nginx:, tomcat:, logback: or log4j2:…"),
                Environment.zoneFlag, Environment.dataFlag, Environment.formatsFlag,
                Flag("quiet", short: "q", help: "no summary"),
                Flag("json", help: "the summary as one JSON object"),
            ],
            operands: Operands("PATH", help: "files, directories, globs, or '-'", minimum: 1)),
        run: run)

    private static func run(_ arguments: ParsedArguments) throws -> ExitCode {
        let directory = try Environment.dataDirectory(arguments)
        let formats = try Environment.formats(arguments)
        var options = SourceOptions(
            host: arguments.string("host") ?? HostName.current(), formats: formats,
            zone: try Environment.zone(arguments), now: Clock.now())
        options.service = arguments.string("service")
        options.environment = arguments.string("env") ?? ""
        options.format = try Environment.format(arguments, in: formats)
        let found = Discovery.files(at: arguments.operands, excluding: directory)
        guard !found.files.isEmpty else {
            for problem in found.problems { CommandLineTool.report(problem.description) }
            if found.problems.isEmpty { CommandLineTool.report("no files to read there") }
            return .failure
        }
        let writer = try StoreWriter(directory: directory)
        let start = Clock.monotonic()
        let report = try take(found, writer, options)
        let seconds = Double(Clock.monotonic() - start) / 1e9
        for problem in report.problems { CommandLineTool.report(problem) }
        if arguments.isSet("json") {
            printJSON(report, seconds)
        } else if !arguments.isSet("quiet") {
            printSummary(report, seconds, directory)
        }
        return report.problems.isEmpty ? .success : .incomplete
    }

    private static func take(
        _ found: Discovery.Result, _ writer: StoreWriter, _ options: SourceOptions
    ) throws -> IngestReport {
        let display = ProgressDisplay(label: "taking in", total: totalSize(found.files))
        let ingest = Ingest(into: writer, options: options) { display.update($0) }
        do {
            try ingest.run(found.files)
        } catch {
            display.end()
            throw error
        }
        display.end()
        var report = ingest.report
        report.problems = found.problems.map(\.description) + report.problems
        return report
    }

    private static func totalSize(_ files: [String]) -> Int64? {
        var total: Int64 = 0
        for file in files {
            var information = stat()
            guard file != "-", stat(file, &information) == 0 else { return nil }
            total += Int64(information.st_size)
        }
        return total
    }

    private static func printSummary(
        _ report: IngestReport, _ seconds: Double, _ directory: String
    ) {
        let rate = Double(report.bytes) / max(seconds, 1e-9)
        var text = """
            \(HumanUnits.count(Int64(report.events))) events from \
            \(HumanUnits.count(Int64(report.lines))) lines in \
            \(HumanUnits.count(Int64(report.files))) files, \
            \(HumanUnits.bytes(report.bytes)) in \(HumanUnits.duration(seconds: seconds)) \
            (\(HumanUnits.bytes(Int64(rate)))/s)\n
            """
        if report.unparsed > 0 {
            text += "\(HumanUnits.count(Int64(report.unparsed))) unparsed: "
            text += "they fit no pattern of their file's format, and are kept whole\n"
        }
        if report.alreadyReadBytes > 0 {
            text += "\(HumanUnits.bytes(report.alreadyReadBytes)) were in the store already "
            text += "(\(report.alreadyReadFiles) whole files)\n"
        }
        text += "store: \(SafeText.escaped(directory))\n"
        Standard.error(text)
    }

    private static func printJSON(_ report: IngestReport, _ seconds: Double) {
        var json = JSONWriter()
        json.beginObject()
        for (name, value) in [
            ("files", Int64(report.files)), ("empty_files", Int64(report.emptyFiles)),
            ("lines", Int64(report.lines)), ("events", Int64(report.events)),
            ("unparsed", Int64(report.unparsed)), ("bytes", report.bytes),
            ("already_read_bytes", report.alreadyReadBytes),
            ("already_read_files", Int64(report.alreadyReadFiles)),
        ] {
            json.key(name)
            json.integer(value)
        }
        json.key("seconds")
        json.number(seconds)
        json.key("mb_per_second")
        json.number(Double(report.bytes) / 1e6 / max(seconds, 1e-9))
        json.key("problems")
        json.beginArray()
        for problem in report.problems { json.string(problem) }
        json.endArray()
        json.endObject()
        json.endLine()
        Standard.output(String(decoding: json.bytes, as: UTF8.self))
    }
}

/// The progress line, shared with the closure that is told of progress.
final class ProgressDisplay {
    private var line: ProgressLine

    init(label: String, total: Int64?) { line = ProgressLine(label: label, total: total) }

    func update(_ done: Int64) { line.update(done: done) }

    func end() { line.clear() }
}
