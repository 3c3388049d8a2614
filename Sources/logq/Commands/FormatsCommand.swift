internal import Arguments
internal import LogParsing
internal import Presentation

/// `logq formats`: which formats there are, and whether they hold what they promise.
enum FormatsCommand {
    static let command = Command(
        declaration: CommandDeclaration(
            name: "formats",
            summary: "list, show and test format definitions",
            discussion: """
                A definition is a text file, name.format, with patterns in the notation of the software \
                that writes the log, and sample lines with the events expected of them. Put your own \
                into a directory and name it with --formats or LOGQ_FORMATS.
                """,
            examples: [
                ("logq formats list", "all formats"),
                ("logq formats show nginx-access", "the patterns of one"),
                ("logq formats test --formats ./formats", "run the samples of all definitions"),
            ],
            flags: [Environment.formatsFlag],
            operands: Operands(
                "ACTION", help: "list, show NAME, or test", minimum: 1, maximum: 2, areFiles: false)
        ),
        run: run)

    private static func run(_ arguments: ParsedArguments) throws -> ExitCode {
        let formats = try Environment.formats(arguments)
        let name = arguments.operands.dropFirst().first
        switch arguments.operands[0] {
        case "list": return list(formats)
        case "show":
            guard let name else {
                throw CommandFailure("which format? try 'logq formats show nginx-access'")
            }
            return try show(name, formats)
        case "test": return try test(name, formats)
        default:
            throw CommandFailure(
                "unknown action '\(arguments.operands[0])'; try 'logq formats list'")
        }
    }

    private static func list(_ formats: FormatLibrary) -> ExitCode {
        let names = formats.names.sorted()
        let width = names.map(\.utf8.count).max() ?? 0
        var text = ""
        for name in names {
            guard let format = formats.format(named: name) else { continue }
            let padding = String(repeating: " ", count: width - name.utf8.count + 2)
            text += name + padding + format.title + "\n"
        }
        Standard.output(SafeText.escaped(text, keepNewlines: true))
        return .success
    }

    private static func show(_ name: String, _ formats: FormatLibrary) throws -> ExitCode {
        let format = try known(name, formats)
        var text = "format: \(format.name)\ntitle: \(format.title)\n"
        if let service = format.service { text += "service: \(service)\n" }
        if !format.fileNames.isEmpty {
            text += "files: \(format.fileNames.joined(separator: " "))\n"
        }
        for pattern in format.patterns {
            text += "\(pattern.notation.rawValue): \(pattern.text)\n"
        }
        text += "samples: \(format.samples.reduce(0) { $0 + $1.events.count }) events\n"
        Standard.output(SafeText.escaped(text, keepNewlines: true))
        return .success
    }

    private static func test(_ name: String?, _ formats: FormatLibrary) throws -> ExitCode {
        let chosen =
            try name.map { [try known($0, formats)] }
            ?? formats.names.sorted().compactMap { formats.format(named: $0) }
        var failed = false
        var text = ""
        for format in chosen {
            let differences = FormatCheck.differences(in: format)
            let events = format.samples.reduce(0) { $0 + $1.events.count }
            text += "\(format.name): \(events) sample events, "
            text += differences.isEmpty ? "all as expected\n" : "\(differences.count) differences\n"
            for difference in differences { text += "  \(difference)\n" }
            failed = failed || !differences.isEmpty
        }
        Standard.output(SafeText.escaped(text, keepNewlines: true))
        return failed ? .failure : .success
    }

    private static func known(
        _ name: String, _ formats: FormatLibrary
    ) throws -> FormatDefinition {
        if let format = formats.format(named: name) { return format }
        let near = formats.nearestName(to: name).map { "; \($0)" } ?? ";"
        throw CommandFailure("unknown format '\(name)'\(near) 'logq formats list' shows all")
    }
}
