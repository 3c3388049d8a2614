internal import Arguments
internal import Glibc
internal import Incidents
internal import LogModel
internal import LogStore
internal import Presentation

/// `logq incident export`: a record as a report, for people who were not there and for programs.
enum IncidentExportCommand {
    static let command = Command(
        declaration: CommandDeclaration(
            name: "incident export",
            summary: "write a record as a report",
            discussion: """
                The report has everything that the record says and rests on: times, impact, a chart of \
                the errors, the timeline with its log lines, causes, actions, known gaps of the logs, \
                the evidence with its SHA-256 and the chain of all changes. html is one page without \
                scripts that needs nothing else; md reads as it stands; json is for programs. What is \
                not known is said.
                zip has all three reports, the log lines as files, the chain of all changes and \
                SHA256SUMS: whoever gets it checks it with unzip and sha256sum, as HOW-TO-CHECK.txt in \
                it says, or with 'logq incident verify'. Its reports are made as of the last \
                change: a record that was measured gives the same archive every time.
                With --masked, phone numbers, 身份证, bank cards, mail, addresses of clients, tokens, \
                passwords and sessions are replaced by names such as ‹phone 1›, the same value by the \
                same name; the sums of the originals stay. Names of people and what the redaction does \
                not know stay: read a copy before you give it away.
                What the logs said of the record's time is measured now if it was not before, or the \
                time is another one, as long as the logs are there. On standard error: the SHA-256 of \
                what was written, and the root of the chain.
                """,
            examples: [
                (
                    "logq incident export INC-2026-0007 -o report.html",
                    "a page to send around"
                ),
                (
                    "logq incident export 7 --format md --lang zh --tz Asia/Shanghai",
                    "in Chinese, for a wiki"
                ),
                ("logq incident export 7 --format json | jq .pins", "for programs"),
                (
                    "logq incident export 7 --format zip --masked -o INC-2026-0007.zip",
                    "evidence for others, without their customers' data"
                ),
            ],
            flags: [
                Flag(
                    "format", short: "f", placeholder: "FORMAT",
                    help: "what to write (else as the file's name ends, else md)",
                    choices: Format.allCases.map(\.rawValue)),
                Flag(
                    "output", short: "o", placeholder: "FILE",
                    help: "write to this file, whole or not at all, instead of standard output"),
                Flag("masked", help: "a copy without personal data and secrets"),
                IncidentOptions.languageFlag, Environment.zoneFlag, Environment.dataFlag,
            ],
            operands: IncidentOptions.idOperand),
        run: run)

    private enum Format: String, CaseIterable {
        case md, html, json, zip
    }

    private static func run(_ arguments: ParsedArguments) throws -> ExitCode {
        let directory = try Environment.dataDirectory(arguments)
        let store = try IncidentStore(reading: directory)
        let id = try IncidentOptions.id(arguments.operands[0], in: store)
        let path = arguments.string("output")
        let format = try format(arguments, path)
        if format == .zip, path == nil, isatty(STDOUT_FILENO) != 0 {
            throw CommandFailure("an archive is nothing for a terminal; name a file with -o FILE")
        }
        let now = Clock.now()
        var document = try IncidentDocument(id, in: store)
        if let measured = MeasuredTimes.measurement(of: document.record, in: store, at: now) {
            document.measurement = measured
        }
        if arguments.isSet("masked") { document.mask() }
        let settings = ReportSettings(
            language: IncidentOptions.language(arguments), zone: try Environment.zone(arguments),
            generated: format == .zip ? document.record.changed : now)
        let bytes =
            switch format {
            case .md: Report.markdown(document, settings)
            case .html: Report.html(document, settings)
            case .json: Report.json(document)
            case .zip: try Parcel(document, store.chain(of: id), settings).archive()
            }
        try write(bytes, to: path)
        report(bytes, document, path)
        return .success
    }

    private static func format(_ arguments: ParsedArguments, _ path: String?) throws -> Format {
        if let given = arguments.string("format").flatMap(Format.init) { return given }
        guard let path, let name = path.split(separator: "/").last,
            let point = name.lastIndex(of: ".")
        else { return .md }
        guard let format = Format(rawValue: name[point...].dropFirst().lowercased()) else {
            let formats = Format.allCases.map(\.rawValue)
            throw CommandFailure(
                "the ending of \(path) names no format; end it with ."
                    + "\(formats.joined(separator: ", .")), or add --format "
                    + formats.joined(separator: "|"))
        }
        return format
    }

    private static func write(_ bytes: [UInt8], to path: String?) throws {
        if let path { return try SmallFile.replace(path, by: bytes) }
        var stream = OutputStream(descriptor: STDOUT_FILENO)
        _ = try stream.write(bytes.span)
        _ = try stream.flush()
    }

    private static func report(_ bytes: [UInt8], _ document: IncidentDocument, _ path: String?) {
        let sum = Digest.hex(Digest.sha256(bytes))
        Standard.error(
            "sha256 \(sum)  \(SafeText.escaped(path ?? "-"))\n"
                + "root   \(Digest.hex(document.record.root))  \(document.record.id)\n")
    }
}
