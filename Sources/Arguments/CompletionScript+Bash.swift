extension CompletionScript {
    /// Bash splits `--flag=value` at the equals sign, so the flag can be two words back.
    static func bash(_ commands: [CommandDeclaration], program: String) -> String {
        let function = functionName(program)
        let words = wordsFunction(program)
        let names = commands.map(\.name).joined(separator: " ")
        return """
            # bash completion for \(program)
            \(words)() {
                local line=${COMP_LINE-}
                line=${line:0:${COMP_POINT-0}}
                mapfile -t COMPREPLY < <(command \(program) complete \\
                    --breaks "${COMP_WORDBREAKS-}" --bash "$line" 2>/dev/null)
                # Behind 'level:' its value follows, without a blank.
                if [[ ${COMPREPLY[0]-} == *[:=\\(] ]]; then
                    compopt -o nospace 2>/dev/null
                fi
            }
            \(function)() {
                local cur=${COMP_WORDS[COMP_CWORD]} prev='' flags='' choices='' index isText=''
                COMPREPLY=()
                ((COMP_CWORD > 0)) && prev=${COMP_WORDS[COMP_CWORD - 1]}
                if [[ $cur == '=' ]]; then
                    cur=''
                elif [[ $prev == '=' ]] && ((COMP_CWORD > 1)); then
                    prev=${COMP_WORDS[COMP_CWORD - 2]}
                fi
                if ((COMP_CWORD == 1)); then
                    COMPREPLY=($(compgen -W \(quoted(names + " help")) -- "$cur"))
                    return
                fi
                for ((index = 2; index < COMP_CWORD; index++)); do
                    [[ ${COMP_WORDS[index]} == '--' ]] && isText=1
                done
                [[ -n $isText ]] || case ${COMP_WORDS[1]} in
                help)
                    ((COMP_CWORD == 2)) && choices=\(quoted(names))
            \(commands.filter { !$0.subcommands.isEmpty }.map(bashHelp).joined())        ;;
            \(commands.map { bashCase($0, indent: "    ") }.joined())    esac
                if [[ -n $choices ]]; then
                    COMPREPLY=($(compgen -W "$choices" -- "$cur"))
                elif [[ -z $isText && $cur == -* ]]; then
                    COMPREPLY=($(compgen -W "$flags" -- "$cur"))
                fi
                ((${#COMPREPLY[@]})) || \(words)
            }
            complete -o default -F \(function) \(program)

            """
    }

    /// What `help` offers behind the name of a command with sub-commands.
    private static func bashHelp(_ command: CommandDeclaration) -> String {
        let words = quoted(subcommandWords(of: command))
        return "        [[ $COMP_CWORD == 3 && ${COMP_WORDS[2]} == \(command.word) ]] && "
            + "choices=\(words)\n"
    }

    private static func bashCase(_ command: CommandDeclaration, indent: String) -> String {
        let words = flagWords(of: command).joined(separator: " ")
        var lines = ["flags=\(quoted(words))"]
        let withValue = command.flags.filter { $0.placeholder != nil }
        if !withValue.isEmpty {
            lines.append("case $prev in")
            for flag in withValue {
                let pattern = flag.spellings.joined(separator: " | ")
                let words = (flag.choices ?? []).joined(separator: " ")
                let action = flag.choices == nil ? "isText=1" : "choices=" + quoted(words)
                lines.append("\(pattern)) \(action) ;;")
            }
            lines.append("esac")
        }
        let children = command.subcommands.filter { !$0.isHidden }
        if !children.isEmpty {
            let words = quoted(subcommandWords(of: command))
            lines.append("[[ $COMP_CWORD == 2 && $cur != -* ]] && choices=\(words)")
            lines.append("((COMP_CWORD == 2)) || case ${COMP_WORDS[2]} in")
        }
        var text = "\(indent)\(command.word))\n"
        text += lines.map { "\(indent)    \($0)\n" }.joined()
        if !children.isEmpty {
            text += children.map { bashCase($0, indent: indent + "    ") }.joined()
            text += "\(indent)    esac\n"
        }
        return text + "\(indent)    ;;\n"
    }
}
