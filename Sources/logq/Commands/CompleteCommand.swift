internal import Arguments
internal import LogModel
internal import LogParsing
internal import LogQuery
internal import LogStore
internal import Presentation

/// `logq complete`: what the shells' scripts ask at each Tab. It never prints an error.
///
/// `--bash LINE` gives what bash must insert at the end of the line. Otherwise the operands are the
/// command, its arguments, and the word at the cursor; a line of output is a word, a tab and what the
/// word is.
enum CompleteCommand {
    static let command = Command(
        declaration: CommandDeclaration(
            name: "complete",
            summary: "what can stand at the cursor, for the completion scripts",
            flags: [
                Flag("bash", placeholder: "LINE", help: "the line up to the cursor"),
                Flag("breaks", placeholder: "CHARACTERS", help: "bash's COMP_WORDBREAKS"),
            ],
            operands: Operands("WORD", help: "the words up to the cursor, behind '--'"),
            isHidden: true),
        run: run)

    private static func run(_ arguments: ParsedArguments) -> ExitCode {
        var text = ""
        if let line = arguments.string("bash") {
            let line = ShellLine(line, breaks: arguments.string("breaks") ?? "")
            let found = candidates(line.current, Array(line.words.dropFirst()))
            for candidate in found {
                guard let insert = line.replacement(for: candidate.word) else { continue }
                text += insert + "\n"
            }
        } else if let current = arguments.operands.last {
            for candidate in candidates(current, arguments.operands.dropLast()) {
                text += candidate.word + "\t" + SafeText.escaped(candidate.about) + "\n"
            }
        }
        Standard.output(text)
        return text.isEmpty ? .noneFound : .success
    }

    /// A word with control characters would not come back from the shell as it is.
    private static func candidates(
        _ current: String, _ words: [String]
    ) -> [CompletionCandidate] {
        let source = StoreCompletion(words)
        return CommandCompletion(source: source, formats: { (try? source.formats()) ?? [] })
            .candidates(for: current, after: words)
            .filter { SafeText.escaped($0.word) == $0.word && !$0.word.contains("\t") }
    }
}

/// The catalogue of the store that the command line names, read when it is asked for.
private struct StoreCompletion: CompletionSource {
    private let arguments: ParsedArguments?
    private let store: Store?

    /// `--data` is looked for among the words; anything that is wrong with them leaves less to offer.
    init(_ words: [String]) {
        let flags = [Environment.dataFlag, Environment.formatsFlag]
        let declaration = CommandDeclaration(
            name: "complete", summary: "", flags: flags, operands: Operands("WORD", help: ""))
        let names = flags.map { "--" + $0.name }
        var given: [String] = []
        for (index, word) in words.enumerated() {
            if names.contains(word), index + 1 < words.count { given += [word, words[index + 1]] }
            if names.contains(where: { word.hasPrefix($0 + "=") }) { given.append(word) }
        }
        arguments = try? declaration.parse(given)
        let directory = try? arguments.map { try Environment.dataDirectory($0) }
        store = directory.flatMap { try? Store(directory: $0) }
    }

    func formats() throws -> [(name: String, title: String)] {
        let library = try arguments.map { try Environment.formats($0) } ?? .builtIn
        return library.names.sorted().map { ($0, library.format(named: $0)?.title ?? "") }
    }

    var attributes: [String] { ((try? store?.attributes()) ?? []).sorted() }

    func values(of field: String) -> [String] {
        let sources = (try? store?.sources()) ?? []
        let values: [String]
        switch field {
        case FieldName.host: values = sources.map(\.host)
        case FieldName.service: values = sources.map(\.service)
        case FieldName.environment: values = sources.map(\.environment)
        case FieldName.filePath:
            values = sources.map { $0.path.split(separator: "/").last.map(String.init) ?? $0.path }
        default: values = []
        }
        return Set(values).filter { !$0.isEmpty }.sorted()
    }

    var savedQueries: [(name: String, about: String)] {
        guard let arguments, let queries = try? Environment.savedQueries(arguments) else {
            return []
        }
        return queries.entries().map { entry in
            let query = try? SavedQueries.read(entry)
            return (entry.name, query.map { $0.title.isEmpty ? $0.query : $0.title } ?? "")
        }
    }
}
