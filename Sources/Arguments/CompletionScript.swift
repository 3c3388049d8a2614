/// Scripts that let a shell complete commands, flags and choices.
package enum CompletionScript {
    /// The shells that there is a script for.
    package enum Shell: String, CaseIterable, Sendable {
        case bash
        case zsh
        case fish
    }

    /// The completion script of `program` for `shell`; hidden commands are left out.
    ///
    /// The script needs no completion package. It knows commands, flags and choices itself; for values
    /// and operands it asks the hidden command `complete`, and offers file names where that knows
    /// nothing.
    package static func completion(
        shell: Shell, for commands: [CommandDeclaration], program: String = "logq"
    ) -> String {
        let visible = commands.filter { !$0.isHidden && $0.name != "help" }
        return switch shell {
        case .bash: bash(visible, program: program)
        case .zsh: zsh(visible, program: program)
        case .fish: fish(visible, program: program)
        }
    }

    static let helpSummary = "explain a command"

    /// The name of the shell function, which may not hold hyphens.
    static func functionName(_ program: String) -> String {
        "_" + program.map { $0.isLetter || $0.isNumber ? String($0) : "_" }.joined()
    }

    /// The name of the shell function that asks the program.
    static func wordsFunction(_ program: String) -> String { functionName(program) + "_words" }

    /// All that can be typed for the flags of `command`.
    static func flagWords(of command: CommandDeclaration) -> [String] {
        let negations = command.flags.compactMap(\.negation).map { "--" + $0 }
        return command.flags.flatMap(\.spellings) + negations + ["--help"]
    }

    /// The words of the sub-commands that are not hidden.
    static func subcommandWords(of command: CommandDeclaration) -> String {
        command.subcommands.filter { !$0.isHidden }.map(\.word).joined(separator: " ")
    }

    /// `text` in single quotes, as bash and zsh read them.
    static func quoted(_ text: String) -> String {
        var quoted = "'"
        for character in text {
            if character == "'" { quoted += "'\\''" } else { quoted.append(character) }
        }
        return quoted + "'"
    }
}
