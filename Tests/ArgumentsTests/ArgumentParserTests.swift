import Arguments
import Testing

struct ArgumentParserTests {
    /// What was parsed, in one line that a table can hold.
    private func summary(_ parsed: ParsedArguments) -> String {
        if parsed.wantsHelp { return "help" }
        var parts: [String] = []
        for name in ["since", "limit", "color"] {
            if let value = parsed.string(name) { parts.append("\(name)=\(value)") }
        }
        for name in ["follow", "verbose"] {
            if parsed.isSet(name) { parts.append(name) }
            if parsed.isTurnedOff(name) { parts.append("no-" + name) }
        }
        parts += parsed.strings("service").map { "service=" + $0 }
        if parsed.isTurnedOff("service") { parts.append("no-service") }
        return (parts + parsed.operands.map { "<\($0)>" }).joined(separator: " ")
    }

    @Test(
        arguments: [
            ([], ""),
            (["--since", "2h", "a"], "since=2h <a>"),
            (["--since=2h"], "since=2h"),
            (["--since="], "since="),
            (["--since=a=b"], "since=a=b"),
            (["a", "--since", "-1h", "b"], "since=-1h <a> <b>"),
            (["-n", "5"], "limit=5"), (["-n5"], "limit=5"), (["-s10:30"], "since=10:30"),
            (["-fv"], "follow verbose"), (["-fvn5"], "limit=5 follow verbose"),
            (["-fn", "5", "x"], "limit=5 follow <x>"),
            (["--", "--since", "-f"], "<--since> <-f>"), (["-", "x"], "<-> <x>"),
            (["--since", "1h", "--since", "1h"], "since=1h"),
            (["--service", "a", "--service=b"], "service=a service=b"),
            (["--service", "a", "--no-service"], "no-service"),
            (["--no-service", "--service", "a"], "service=a"),
            (["-f", "--no-follow"], "no-follow"), (["--no-follow", "-f"], "follow"),
            (["--colour", "never"], "color=never"),
            (["--help", "--nonsense"], "help"), (["-h"], "help"), (["-n", "5", "-h"], "help"),
        ] as [([String], String)])
    func readsArguments(arguments: [String], expected: String) throws {
        let parsed = try SampleCommands.search.parse(arguments)
        #expect(summary(parsed) == expected)
    }

    @Test(arguments: [
        "-path:/health*", "-level:ERROR", "-service:control", "-name:foo", "-url.path:/x",
        "-error", "-word", "-\"exact words\"", "-(a OR b)", "-*refused*", "-/re+/", "-错误", "-错",
        "-x:1", "-h2:a", "-host:web1", "-vx",
    ])
    func queryTermsMayStartWithADash(term: String) throws {
        let parsed = try SampleCommands.search.parse(["-f", term, "--since", "1h"])
        #expect(summary(parsed) == "since=1h follow <\(term)>")
    }

    @Test(arguments: [
        (["--limt", "5"], "unknown flag '--limt'; did you mean '--limit'? try 'logq help search'"),
        (["--zzzzz"], "unknown flag '--zzzzz'; try 'logq help search'"),
        (["--\u{1B}[2J"], #"unknown flag '--\x1b[2J'; try 'logq help search'"#),
        (
            ["-x"],
            "unknown flag '-x', and an operand like it goes after '--'; try 'logq help search'"
        ),
        (["-since"], "unknown flag '-since'; did you mean '--since'? try 'logq help search'"),
        (
            ["-network"],
            "'-network' could be the flag '-n etwork' or an operand: write it with the space, or "
                + "put '--' before the operands; try 'logq help search'"
        ),
        (["--follow=yes"], "--follow takes no value; try 'logq help search'"),
        (["--no-follow=x"], "--no-follow takes no value; try 'logq help search'"),
        (["--since"], "--since needs a value: --since TIME; try 'logq help search'"),
        (
            ["--since", "--limit=5"],
            "--since needs a value, but '--limit=5' follows: --since TIME; try 'logq help search'"
        ),
        (["-n", "x"], "-n takes a whole number from 0 up, not 'x'; try 'logq help search'"),
        (
            ["--limit=-1"],
            "--limit takes a whole number from 0 up, not '-1'; try 'logq help search'"
        ),
        (
            ["--color", "alway"],
            "--color takes always, auto or never, not 'alway'; did you mean 'always'? "
                + "try 'logq help search'"
        ),
        (
            ["--since", "1h", "-s", "2h"],
            "-s is given twice, with '1h' and '2h'; keep one; try 'logq help search'"
        ),
    ])
    func explainsMistakes(arguments: [String], expected: String) {
        let error = #expect(throws: ArgumentError.self) {
            try SampleCommands.search.parse(arguments)
        }
        #expect(error?.description == expected)
    }

    @Test(arguments: [
        (["-x"], "unknown flag '-x', and an operand like it goes after '--'"),
        (["-1x"], "unknown flag '-x' in '-1x', and an operand like it goes after '--'"),
        (["-once"], "unknown flag '-once'"),
        ([], "'ship' needs FILE"),
        (["a", "b", "c"], "'ship' takes FILE at most 2 times, but got 'c' as well"),
    ])
    func commandsWithoutQueriesAreStricter(arguments: [String], expected: String) {
        let error = #expect(throws: ArgumentError.self) {
            try SampleCommands.ship.parse(arguments)
        }
        #expect(error?.problem == expected)
    }

    @Test func aCommandWithoutOperandsTakesNone() {
        let error = #expect(throws: ArgumentError.self) {
            try SampleCommands.status.parse(["x"])
        }
        #expect(error?.problem == "'status' takes no operands, but got 'x'")
    }

    @Test func readsWholeNumbers() throws {
        let parsed = try SampleCommands.search.parse(["-n", "7", "--since", "2h"])
        #expect(try parsed.integer("limit") == 7)
        let error = #expect(throws: ArgumentError.self) { try parsed.integer("since") }
        #expect(error?.problem == "--since takes a whole number, not '2h'")
        #expect(try SampleCommands.search.parse([]).integer("limit") == nil)
    }

    @Test func unknownCommandsNameTheNearest() throws {
        #expect(
            try CommandDeclaration.find(["ship"], in: SampleCommands.all).command.name == "ship")
        let error = #expect(throws: ArgumentError.self) {
            try CommandDeclaration.find(["serach"], in: SampleCommands.all)
        }
        #expect(
            error?.description
                == "unknown command 'serach'; did you mean 'search'? try 'logq help'")
    }

    @Test(
        arguments: [
            (ExitCode.success, 0), (.noneFound, 1), (.failure, 2), (.incomplete, 3),
        ] as [(ExitCode, Int32)])
    func exitCodesAreFixed(code: ExitCode, expected: Int32) {
        #expect(code.rawValue == expected)
    }
}
