import Arguments
import Testing

/// Commands that have commands.
struct SubcommandTests {
    private static let plan = CommandDeclaration(
        name: "keep plan", summary: "say what would be done",
        examples: [("logq keep plan --mode fast x", "of all")],
        flags: [
            Flag("mode", placeholder: "MODE", help: "how", choices: ["fast", "slow"]),
            Flag("now", short: "n", placeholder: "TIME", help: "at which time"),
        ], operands: Operands("DAY", help: "which day"))
    private static let run = CommandDeclaration(name: "keep run", summary: "do it")
    private static let keep = CommandDeclaration(
        name: "keep", summary: "keep order", examples: [("logq keep run", "do it")],
        subcommands: [plan, run])
    private static let all = SampleCommands.all + [keep]

    @Test func theWordsBehindACommandChooseItsSubcommand() throws {
        let (command, arguments) = try CommandDeclaration.find(
            ["keep", "plan", "run", "-n5"], in: Self.all)
        #expect(command.name == "keep plan")
        #expect(arguments == ["run", "-n5"])
        #expect(
            try CommandDeclaration.find(["keep", "--help"], in: Self.all).command.name == "keep")
        #expect(try CommandDeclaration.find(["keep"], in: Self.all).command.name == "keep")
        // Only a command with sub-commands has its next word taken for one.
        let (search, words) = try CommandDeclaration.find(["search", "plan"], in: Self.all)
        #expect(search.name == "search")
        #expect(words == ["plan"])
    }

    @Test(
        arguments: [
            (
                ["keep", "plam"],
                "unknown command 'plam'; did you mean 'plan'? try 'logq help keep'"
            ),
            (["plan"], "unknown command 'plan'; try 'logq help'"),
            ([""], "unknown command ''; try 'logq help'"),
        ] as [([String], String)])
    func unknownSubcommandsAreNamed(words: [String], message: String) {
        let error = #expect(throws: ArgumentError.self) {
            try CommandDeclaration.find(words, in: Self.all)
        }
        #expect(error?.description == message)
    }

    @Test func helpListsTheSubcommands() {
        let expected = """
            usage: logq keep COMMAND [flags]

            keep order

            commands:
              plan  say what would be done
              run   do it

            flags:
              -h, --help  show this help

            examples:
              # do it
              logq keep run

            'logq help keep COMMAND' explains a command and shows examples.

            """
        #expect(HelpText.help(for: Self.keep) == expected)
        #expect(HelpText.help(for: Self.run).hasPrefix("usage: logq keep run [flags]\n"))
    }

    @Test func declarationsOfSubcommandsAreChecked() {
        #expect(DeclarationProblems.problems(in: Self.all) == [])
        let stray = CommandDeclaration(
            name: "a b", summary: "s", examples: [("logq a b --no", "x")])
        let group = CommandDeclaration(
            name: "c", summary: "s",
            subcommands: [stray, CommandDeclaration(name: "c d", summary: "")])
        #expect(
            DeclarationProblems.problems(in: [group]) == [
                "c: the sub-command 'a b' does not begin with its name",
                "c d: the summary is empty",
                "a b: 'logq a b --no': unknown command 'a'; did you mean 'c'? try 'logq help'",
            ])
    }

    @Test(
        arguments: [
            (["logq", "k"], ["keep"]), (["logq", "keep", ""], ["plan", "run"]),
            (["logq", "keep", "p"], ["plan"]), (["logq", "keep", "-"], ["--help"]),
            (["logq", "keep", "plan", "--"], ["--mode", "--now", "--help"]),
            (["logq", "keep", "plan", "--mode", ""], ["fast", "slow"]),
            (["logq", "keep", "plan", "--mode", "=", "s"], ["slow"]),
            (["logq", "keep", "run", "-"], ["--help"]),
            (["logq", "help", "keep", ""], ["plan", "run"]), (["logq", "help", "search", "p"], []),
        ] as [([String], [String])])
    func bashCompletesSubcommands(words: [String], expected: [String]) {
        let quoted = words.map { "'\($0)'" }.joined(separator: " ")
        let driver = """
            COMP_WORDS=(\(quoted)); COMP_CWORD=\(words.count - 1)
            _logq
            printf '%s\\n' "${COMPREPLY[@]}"
            """
        let bash = CompletionScript.completion(shell: .bash, for: Self.all)
        let result = Bash.run("set -u\n" + bash + driver)
        #expect(result.output.split(separator: "\n").map(String.init) == expected)
    }

    @Test func zshAsksTheProgramWithBothWords() {
        let script = CompletionScript.completion(shell: .zsh, for: Self.all)
        for line in [
            "        keep)\n            parent=(keep)\n",
            "            subcommands=( 'plan:say what would be done' 'run:do it' )\n",
            "                plan)\n                    _arguments -s \\\n",
            "complete -- $parent \\\n",
        ] { #expect(script.contains(line), "\(line)") }
    }

    @Test func fishOffersSubcommandsOnce() {
        let script = CompletionScript.completion(shell: .fish, for: Self.all)
        let seen = "__fish_seen_subcommand_from keep"
        for line in [
            "complete -c logq -n '\(seen); and not __fish_seen_subcommand_from plan run' -f -a plan ",
            "complete -c logq -n '\(seen); and __fish_seen_subcommand_from plan' -l mode -x -a ",
        ] { #expect(script.contains(line), "\(line)") }
    }
}
