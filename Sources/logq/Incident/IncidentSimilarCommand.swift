internal import Arguments
internal import Glibc
internal import Incidents
internal import Presentation

/// `logq incident similar`: records that have much in common with one, or with a text.
enum IncidentSimilarCommand {
    static let command = Command(
        declaration: CommandDeclaration(
            name: "incident similar",
            summary: "records like another one, or like a text",
            discussion: """
                Ranks records by the words that they share with the one named, or with the text, the \
                rarest words counting most (BM25), and says what they share, what their root cause was and \
                what was done. Words of title, description, scope, trigger, root cause, factors, steps, \
                services and tags count, in any case; Chinese text by pairs of characters.
                Exit status: 0 some found, 1 none, 2 error.
                """,
            examples: [
                ("logq incident similar 2026-7", "like INC-2026-0007"),
                ("logq incident similar 数据库连接耗尽", "like a few words"),
                (
                    "logq incident similar --limit 1 --json connection pool exhausted",
                    "the nearest one"
                ),
            ],
            flags: [
                Flag(
                    "limit", short: "n", placeholder: "N", help: "at most N records (5)",
                    check: Flag.wholeNumber(in: 1...1000)),
                IncidentOptions.languageFlag,
                Flag("json", help: "one JSON object a record and line"),
                Environment.dataFlag, Environment.colorFlag,
            ],
            operands: Operands(
                "ID|TEXT", help: "a record, such as INC-2026-0007 or 7, or words", minimum: 1,
                areFiles: false),
            operandsMayStartWithDash: true),
        run: run)

    private static func run(_ arguments: ParsedArguments) throws -> ExitCode {
        let store = try IncidentStore(reading: Environment.dataDirectory(arguments))
        let limit = try arguments.integer("limit") ?? 5
        let text = arguments.operands.joined(separator: " ")
        var asked = Incident()
        asked.description = text
        var own: IncidentID?
        if IncidentID(text) != nil || Int(text) != nil {
            let id = try IncidentOptions.id(text, in: store)
            (asked, own) = (try store.record(id).incident, id)
        }
        let found = try store.similar(to: asked, excluding: own, limit: limit)
        if arguments.isSet("json") {
            Standard.output(JSONWriter.lines(found) { $1.write(to: &$0) })
        } else {
            Standard.output(people(found, arguments))
        }
        return found.isEmpty ? .noneFound : .success
    }

    private static let mostSteps = 5

    private static func people(_ found: [SimilarIncident], _ arguments: ParsedArguments) -> String {
        let language = IncidentOptions.language(arguments)
        let color = Environment.color(arguments)
        let painter = Painter(isEnabled: color.isEnabled(for: STDOUT_FILENO))
        let isEnglish = language == .english
        var bytes: [UInt8] = []
        func line(_ label: String, _ text: String) {
            // A text of several lines is one here; 'show' has it whole.
            let text = text.split(whereSeparator: \.isNewline).joined(separator: " ")
            guard !text.isEmpty else { return }
            var padded: [UInt8] = []
            TextWidth.append(label.utf8.span, paddedTo: 10, to: &padded)
            painter.append("  " + String(decoding: padded, as: UTF8.self), in: .dim, to: &bytes)
            bytes += Array(("  " + SafeText.escaped(text) + "\n").utf8)
        }
        for record in found {
            if !bytes.isEmpty { bytes.append(0x0A) }
            painter.append(record.id.description, in: .bold, to: &bytes)
            let status = record.status.name(in: language)
            bytes += Array("  \(SafeText.escaped(record.title))  (\(status))\n".utf8)
            line(isEnglish ? "shared" : "共同点", record.shared.joined(separator: ", "))
            line(IncidentField.rootCause.name(in: language), record.rootCause)
            for step in record.fix.prefix(mostSteps) { line(isEnglish ? "fix" : "处理", step) }
            let rest = record.fix.count - mostSteps
            if rest > 0 { line("", isEnglish ? "and \(rest) more" : "另有 \(rest) 项") }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
