extension CompletionScript {
    static func zsh(_ commands: [CommandDeclaration], program: String) -> String {
        let function = functionName(program)
        let words = wordsFunction(program)
        let lines = commands.map { "        " + described($0.name, $0.summary) + "\n" }.joined()
        return """
            #compdef \(program)
            # zsh completion for \(program)
            \(words)() {
                local line word
                local -a open openShown closed closedShown
                for line in "${(@f)$(command \(program) complete -- $parent \\
                    "${(@Q)words[1,CURRENT-1]}" "${(Q)IPREFIX}${(Q)PREFIX}" 2>/dev/null)}"; do
                    word=${${line%%$'\\t'*}#$IPREFIX}
                    [[ -n $word ]] || continue
                    line="$word  ${line#*$'\\t'}"
                    # Behind 'level:' its value follows, without a blank.
                    if [[ $word == *[:=\\(] ]]; then
                        open+=("$word") openShown+=("$line")
                    else
                        closed+=("$word") closedShown+=("$line")
                    fi
                done
                if (($#open + $#closed)); then
                    compadd -l -S '' -d openShown -a open
                    compadd -l -d closedShown -a closed
                else
                    _files
                fi
            }
            \(function)() {
                local curcontext="$curcontext" state line
                local -a subcommands parent
                subcommands=(
            \(lines)    )
                _arguments -C '1:command:->command' '*::argument:->argument'
                case $state in
                command)
                    subcommands+=(\(described("help", helpSummary)))
                    _describe -t commands command subcommands
                    ;;
                argument)
                    case $words[1] in
                    help)
                        _describe -t commands command subcommands
                        ;;
            \(commands.map { zshCase($0, words, indent: "        ") }.joined())        esac
                    ;;
                esac
            }
            if [ "$funcstack[1]" = \(function) ]; then
                \(function) "$@"
            else
                compdef \(function) \(program)
            fi

            """
    }

    private static func described(_ name: String, _ summary: String) -> String {
        quoted(name + ":" + summary)
    }

    private static func zshCase(
        _ command: CommandDeclaration, _ words: String, indent: String
    ) -> String {
        if !command.subcommands.isEmpty { return zshGroup(command, words, indent) }
        var specifications = command.flags.flatMap { zshFlag($0, words) }
        specifications.append("'(- *)--help[show help]'")
        if let operands = command.operands {
            specifications.append(quoted("*:" + zshEscaped(operands.placeholder) + ":" + words))
        }
        let lines = specifications.map { " \\\n\(indent)        " + $0 }.joined()
        return "\(indent)\(command.word))\n\(indent)    _arguments -s\(lines)\n\(indent)    ;;\n"
    }

    /// A command whose next word is a sub-command; `parent` is what the program is told before it.
    private static func zshGroup(
        _ command: CommandDeclaration, _ words: String, _ indent: String
    ) -> String {
        let children = command.subcommands.filter { !$0.isHidden }
        let named = children.map { " " + described($0.word, $0.summary) }.joined()
        let lines = [
            "parent=(\(command.word))",
            "subcommands=(\(named) )",
            "_arguments -C '(- *)--help[show help]' '1:command:->command' '*::argument:->argument'",
            "case $state in",
            "command) _describe -t commands command subcommands ;;",
            "argument)",
            "    case $words[1] in",
        ]
        return "\(indent)\(command.word))\n" + lines.map { "\(indent)    \($0)\n" }.joined()
            + children.map { zshCase($0, words, indent: indent + "        ") }.joined()
            + ["        esac", "        ;;", "    esac", "    ;;"].map { "\(indent)\($0)\n" }
            .joined()
    }

    /// One specification a spelling; each spelling excludes all, unless the flag can be repeated.
    private static func zshFlag(_ flag: Flag, _ words: String) -> [String] {
        let negation = flag.negation.map { "--" + $0 }
        let all = flag.spellings + (negation.map { [$0] } ?? [])
        let prefix = flag.isRepeatable ? "*" : "(" + all.joined(separator: " ") + ")"
        let help = "[" + zshEscaped(flag.help) + "]"
        var specifications = flag.spellings.map { spelling in
            guard let placeholder = flag.placeholder else { return prefix + spelling + help }
            let attachment = spelling.hasPrefix("--") ? "=" : "+"
            let action = flag.choices.map { "(" + $0.joined(separator: " ") + ")" } ?? words
            let value = ":" + zshEscaped(placeholder) + ":" + action
            return prefix + spelling + attachment + help + value
        }
        if let negation { specifications.append(prefix + negation + "[turn it off]") }
        return specifications.map { quoted($0) }
    }

    /// `text` with what `_arguments` gives a meaning to behind a backslash.
    private static func zshEscaped(_ text: String) -> String {
        text.map { "\\[]:".contains($0) ? "\\" + String($0) : String($0) }.joined()
    }
}
