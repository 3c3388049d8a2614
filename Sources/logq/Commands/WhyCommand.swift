internal import Arguments
internal import LogModel
internal import LogShipping
internal import LogStore
internal import Presentation

/// `logq why FILE`: what a file is taken for, and the reasons.
enum WhyCommand {
    static let command = Command(
        declaration: CommandDeclaration(
            name: "why",
            summary: "tell how a file's content was recognised, and where reading goes on",
            discussion: """
                A file is recognised by its content, never by its name: by its first bytes, up to 1024 \
                (of .gz files decompressed), and by a hash of the 256 bytes before the place that is \
                read. So a renamed, copied or compressed log is read on where it was left, and a new one \
                under an old name from its beginning. This shows which known contents begin like the \
                file, what agrees and what does not, from where reading would go on, its format, zone \
                and service, and the names under which its content was seen before.
                Exit status: 0 the content is known, 1 it is new, 2 error.
                """,
            examples: [
                ("logq why /var/log/nginx/access.log.1", "what happened at the rotation"),
                ("logq why new.log", "what it would be taken for"),
            ],
            flags: [
                Environment.zoneFlag, Environment.dataFlag, Environment.formatsFlag,
                Flag("host", placeholder: "NAME", help: "whose log a new one would be (this host)"),
            ],
            operands: Operands("FILE", help: "the file", minimum: 1, maximum: 1)),
        run: run)

    private static func run(_ arguments: ParsedArguments) throws -> ExitCode {
        let store = try Store(directory: Environment.dataDirectory(arguments))
        let path = arguments.operands[0]
        let preferred = try store.followedFiles().first { $0.path == path }?.generation
        let explanation = try FileExplanation(path, in: store, preferring: preferred)
        var text = ExplanationText(explanation, zone: try Environment.zone(arguments))
        text.begin()
        if let generation = explanation.generation {
            text.describe(generation)
        } else {
            try text.describeNew(
                host: arguments.string("host") ?? HostName.current(),
                Environment.formats(arguments))
        }
        text.describeOthers()
        if let id = explanation.generation?.id {
            text.describe(try store.recognitions().filter { $0.generation == id })
        }
        Standard.output(SafeText.escaped(text.text, keepNewlines: true))
        return explanation.generation == nil ? .noneFound : .success
    }
}
