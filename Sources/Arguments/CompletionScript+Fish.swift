extension CompletionScript {
    static func fish(_ commands: [CommandDeclaration], program: String) -> String {
        let first = "complete -c \(program) -n __fish_use_subcommand -f"
        let names = commands.map(\.name).joined(separator: " ")
        let words = "_" + wordsFunction(program)
        var lines = [
            "# fish completion for \(program)",
            """
            function \(words)
                set -l current (string trim --left --chars \\'\\\" -- (commandline -ct))
                set -l flag (string match -r -- '^--[^=]+=' "$current"; or true)
                command \(program) complete -- (commandline -opc)[2..-1] "$current" 2>/dev/null |
                    string replace -- "$flag" ''
            end
            """,
        ]
        for command in commands {
            lines.append("\(first) -a \(command.name) -d \(fishQuoted(command.summary))")
        }
        lines.append("\(first) -a help -d \(fishQuoted(helpSummary))")
        lines.append(
            "complete -c \(program) -n '__fish_seen_subcommand_from help' -f -a \(fishQuoted(names))"
        )
        lines += commands.flatMap { fishCommand($0, seen: "", words, program) }
        return lines.joined(separator: "\n") + "\n"
    }

    /// What can follow a command; `seen` is the condition that its parent's word stands before it.
    private static func fishCommand(
        _ command: CommandDeclaration, seen: String, _ words: String, _ program: String
    ) -> [String] {
        let condition = seen + "__fish_seen_subcommand_from " + command.word
        let start = "complete -c \(program) -n \(fishQuoted(condition))"
        var lines = command.flags.flatMap { fishFlag($0, start: start, words) }
        if let operands = command.operands {
            lines.append("\(start)\(operands.areFiles ? "" : " -f") -a '(\(words))'")
        }
        lines.append("\(start) -l help -d \(fishQuoted("show help"))")
        let children = command.subcommands.filter { !$0.isHidden }
        let none = "; and not __fish_seen_subcommand_from " + subcommandWords(of: command)
        for child in children {
            let first = "complete -c \(program) -n \(fishQuoted(condition + none)) -f"
            lines.append("\(first) -a \(child.word) -d \(fishQuoted(child.summary))")
            lines += fishCommand(child, seen: condition + "; and ", words, program)
        }
        return lines
    }

    private static func fishFlag(_ flag: Flag, start: String, _ words: String) -> [String] {
        var line = start
        if let short = flag.short { line += " -s \(short)" }
        line += ([flag.name] + flag.synonyms).map { " -l " + $0 }.joined()
        if let choices = flag.choices {
            line += " -x -a " + fishQuoted(choices.joined(separator: " "))
        } else if flag.placeholder != nil {
            line += " -r -a '(\(words))'"
        }
        line += " -d " + fishQuoted(flag.help)
        let off = flag.negation.map { start + " -l \($0) -d " + fishQuoted("turn it off") }
        return [line] + (off.map { [$0] } ?? [])
    }

    /// `text` in single quotes, in which fish knows `\'` and `\\`.
    private static func fishQuoted(_ text: String) -> String {
        "'" + text.map { "\\'".contains($0) ? "\\" + String($0) : String($0) }.joined() + "'"
    }
}
