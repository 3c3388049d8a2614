import Arguments
import Testing

struct CompletionScriptTests {
    private let bash = CompletionScript.completion(shell: .bash, for: SampleCommands.all)

    @Test func bashAcceptsItsScript() {
        let result = Bash.run(bash, options: "-n")
        #expect(result.status == 0)
        #expect(result.output == "")
        #expect(Bash.run("case x in", options: "-n").status != 0)
    }

    @Test(
        arguments: [
            (["logq", ""], ["search", "ship", "status", "help"]),
            (["logq", "s"], ["search", "ship", "status"]),
            (["logq", "help", "sh"], ["ship"]),
            (["logq", "search", "--co"], ["--color", "--colour"]),
            (["logq", "search", "--no"], ["--no-follow", "--no-service"]),
            (
                ["logq", "search", "-"],
                [
                    "-s", "--since", "-n", "--limit", "-f", "--follow", "-v", "--verbose",
                    "--color",
                    "--colour", "--service", "--no-follow", "--no-service", "--help",
                ]
            ),
            (["logq", "search", "--color", ""], ["always", "auto", "never"]),
            (["logq", "search", "--colour", "=", "a"], ["always", "auto"]),
            (["logq", "search", "--color", "="], ["always", "auto", "never"]),
            (["logq", "search", "--since", "-"], []),
            (["logq", "search", "word"], []),
            (["logq", "search", "--", "--co"], []),
            (["logq", "nonsense", "--"], []),
        ] as [([String], [String])])
    func bashCompletes(words: [String], expected: [String]) {
        let quoted = words.map { "'\($0)'" }.joined(separator: " ")
        let driver = """
            COMP_WORDS=(\(quoted)); COMP_CWORD=\(words.count - 1)
            _logq
            printf '%s\\n' "${COMPREPLY[@]}"
            """
        let result = Bash.run("set -u\n" + bash + driver)
        #expect(result.output.split(separator: "\n").map(String.init) == expected)
    }

    /// What the script does not know is asked of the program, here a stand-in.
    @Test(
        arguments: [
            ("logq search level:E", ["logq", "search", "level", ":", "E"]),
            ("logq search -lev", ["logq", "search", "-lev"]),
            ("logq search --since 2", ["logq", "search", "--since", "2"]),
            ("logq search -- --co", ["logq", "search", "--", "--co"]),
            ("logq search 'a b | st", ["logq", "search", "'a b | st"]),
        ])
    func bashAsksTheProgram(line: String, words: [String]) {
        let quoted = words.map { "\"\($0)\"" }.joined(separator: " ")
        let driver = """
            command() { printf '%s\\n' "[$*]" 'a *b'; }
            COMP_LINE="\(line) and what stands behind the cursor" COMP_POINT=\(line.utf8.count)
            COMP_WORDBREAKS='=:' COMP_WORDS=(\(quoted)); COMP_CWORD=\(words.count - 1)
            _logq
            printf '%s\\n' "${COMPREPLY[@]}"
            """
        let result = Bash.run("set -u\n" + bash + driver)
        #expect(result.output == "[logq complete --breaks =: --bash \(line)]\na *b\n")
    }

    @Test func zshDeclaresFlagsWithHelp() {
        let script = CompletionScript.completion(shell: .zsh, for: SampleCommands.all)
        for line in [
            "#compdef logq\n",
            "        'search:find events and show them'\n",
            "'(-n --limit)-n+[stop after N events]:N:_logq_words'",
            "'(-n --limit)--limit=[stop after N events]:N:_logq_words'",
            "'(--color --colour)--color=[when to colour]:WHEN:(always auto never)'",
            "'*--service=[search \\[only\\] NAME\\: it'\\''s quick]:NAME:_logq_words'",
            "'(-f --follow --no-follow)--no-follow[turn it off]'",
            "'*:QUERY:_logq_words'",
        ] { #expect(script.contains(line), "\(line)") }
        #expect(!script.contains("secret"))
    }

    @Test func fishDeclaresFlagsWithHelp() {
        let script = CompletionScript.completion(shell: .fish, for: SampleCommands.all)
        let condition = "complete -c logq -n '__fish_seen_subcommand_from search'"
        for line in [
            "complete -c logq -n __fish_use_subcommand -f -a ship -d 'gather logs'\n",
            "\(condition) -s n -l limit -r -a '(__logq_words)' -d 'stop after N events'\n",
            "\(condition) -l color -l colour -x -a 'always auto never' -d 'when to colour'\n",
            "\(condition) -l service -r -a '(__logq_words)' -d 'search [only] NAME: it\\'s quick'\n",
            "\(condition) -l no-follow -d 'turn it off'\n",
            "\(condition) -a '(__logq_words)'\n",
        ] { #expect(script.contains(line), "\(line)") }
        #expect(!script.contains("secret"))
    }
}
