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
                for line in "${(@f)$(command \(program) complete -- "${(@Q)words[1,CURRENT-1]}" \\
                    "${(Q)IPREFIX}${(Q)PREFIX}" 2>/dev/null)}"; do
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
                local -a subcommands
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
            \(commands.map { zshCase($0, words) }.joined())        esac
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

    private static func zshCase(_ command: CommandDeclaration, _ words: String) -> String {
        var specifications = command.flags.flatMap { zshFlag($0, words) }
        specifications.append("'(- *)--help[show help]'")
        if let operands = command.operands {
            specifications.append(quoted("*:" + zshEscaped(operands.placeholder) + ":" + words))
        }
        let lines = specifications.map { " \\\n                " + $0 }.joined()
        return "        \(command.name))\n            _arguments -s\(lines)\n            ;;\n"
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
