internal import Arguments
internal import Glibc
internal import LogQuery
internal import LogStore
internal import Presentation

/// A command: its declaration and what it does.
struct Command: Sendable {
    let declaration: CommandDeclaration
    let run: @Sendable (ParsedArguments) throws -> ExitCode
    var subcommands: [Command] = []
}

extension Command {
    /// A command that only has sub-commands: without one it shows its help, and fails.
    init(
        group name: String, summary: String, discussion: String,
        examples: [(command: String, what: String)], subcommands: [Command]
    ) {
        let declaration = CommandDeclaration(
            name: name, summary: summary, discussion: discussion, examples: examples,
            subcommands: subcommands.map(\.declaration))
        self.init(
            declaration: declaration,
            run: { _ in
                Standard.error(HelpText.help(for: declaration, width: 80))
                return .failure
            }, subcommands: subcommands)
    }
}

/// A message for the person, with nothing more to say about it.
struct CommandFailure: Error {
    let message: String
    init(_ message: String) { self.message = message }
}

/// Finds the command, runs it, and turns errors into messages and exit codes.
enum CommandLineTool {
    static let version = "0.1.0"
    static let summary = "takes logs in, and finds in milliseconds what they say"

    static let commands: [Command] = [
        ShipCommand.command, IngestCommand.command, SearchCommand.command, TailCommand.command,
        DiffCommand.command, ExceptionsCommand.command, SQLCommand.command, QueriesCommand.command,
        IncidentCommand.command,
        StatusCommand.command, AuditCommand.command, WhyCommand.command, CompactCommand.command,
        RetentionCommand.command, BackupCommand.command, RestoreCommand.command,
        PurgeCommand.command, ParseCommand.command, FormatsCommand.command,
        CompletionCommand.command,
        CompleteCommand.command,
    ]

    static var declarations: [CommandDeclaration] { commands.map(\.declaration) }

    static func run(_ arguments: [String]) -> ExitCode {
        do {
            return try dispatch(arguments)
        } catch let error as ArgumentError {
            report(error.description)
        } catch let error as QueryError {
            Standard.error(error.rendered() + "\n")
        } catch let error as SearchError {
            switch error {
            case .query(let error): Standard.error(error.rendered() + "\n")
            case .store(let error): report(error.description)
            }
        } catch let error as CommandFailure {
            report(error.message)
        } catch {
            report("\(error)")
        }
        return .failure
    }

    private static func dispatch(_ arguments: [String]) throws -> ExitCode {
        guard let first = arguments.first else {
            Standard.error(overview())
            return .failure
        }
        switch first {
        case "--version", "-V":
            Standard.output("logq \(version)\n")
            return .success
        case "--help", "-h", "help":
            return try help(Array(arguments.dropFirst()))
        default: break
        }
        let (declaration, rest) = try CommandDeclaration.find(arguments, in: declarations)
        let parsed = try declaration.parse(rest)
        if parsed.wantsHelp { return show(declaration) }
        let all = commands.flatMap { [$0] + $0.subcommands }
        guard let command = all.first(where: { $0.declaration.name == declaration.name })
        else { return .failure }
        return try command.run(parsed)
    }

    private static func help(_ arguments: [String]) throws -> ExitCode {
        guard let name = arguments.first else {
            Standard.output(overview())
            return .success
        }
        if name == "pipes" {
            Standard.output(PipeHelp.text)
            return .success
        }
        return show(try CommandDeclaration.find(arguments, in: declarations).command)
    }

    private static func show(_ declaration: CommandDeclaration) -> ExitCode {
        let width = TerminalWindow.columns(of: STDOUT_FILENO)
        Standard.output(HelpText.help(for: declaration, program: "logq", width: width))
        return .success
    }

    private static func overview() -> String {
        HelpText.overview(
            of: declarations, program: "logq", summary: summary,
            width: TerminalWindow.columns(of: STDOUT_FILENO))
    }

    /// Prints a line for people on standard error, dim and safe to show.
    static func note(_ text: String, _ color: ColorMode) {
        var bytes: [UInt8] = []
        Painter(isEnabled: color.isEnabled(for: STDERR_FILENO)).append(
            SafeText.escaped(text), in: .dim, to: &bytes)
        bytes.append(0x0A)
        Standard.error(String(decoding: bytes, as: UTF8.self))
    }

    /// Prints `logq: …` on standard error, safe to show.
    static func report(_ message: String) {
        Standard.error("logq: " + SafeText.escaped(message, keepNewlines: true) + "\n")
    }
}

/// Whole texts to the standard streams, unbuffered.
enum Standard {
    static func output(_ text: String) {
        var stream = OutputStream(descriptor: STDOUT_FILENO)
        _ = try? stream.write(text)
        _ = try? stream.flush()
    }

    static func error(_ text: String) {
        var stream = OutputStream(descriptor: STDERR_FILENO)
        _ = try? stream.write(text)
        _ = try? stream.flush()
    }
}
