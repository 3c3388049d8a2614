import Arguments
import Testing

struct DeclarationProblemsTests {
    @Test func goodDeclarationsHaveNone() {
        #expect(DeclarationProblems.problems(in: SampleCommands.all) == [])
    }

    @Test(
        arguments: [
            ([Flag("a", help: "")], ["c: the help of '--a' is empty"]),
            ([Flag("a", help: " ")], ["c: the help of '--a' is empty"]),
            ([Flag("a", help: "do it.")], ["c: the help of '--a' ends in a full stop"]),
            ([Flag("a", help: "x\ny")], ["c: the help of '--a' has more than one line"]),
            ([Flag("a", help: "x"), Flag("a", help: "y")], ["c: two flags are called '--a'"]),
            (
                [Flag("b", help: "x"), Flag("a", help: "y", aliases: ["b"])],
                ["c: two flags are called '--b'"]
            ),
            (
                [Flag("a", short: "z", help: "x"), Flag("b", short: "z", help: "y")],
                ["c: two flags are called '-z'"]
            ),
            ([Flag("A b", help: "x")], ["c: the name '--A b' is not plain"]),
            ([Flag("help", help: "x")], ["c: '--help' is taken"]),
            ([Flag("a", short: "é", help: "x")], ["c: '-é' is no letter or digit"]),
            ([Flag("a", placeholder: "", help: "x")], ["c: '--a' has no placeholder"]),
            ([Flag("a", help: "x", choices: ["y"])], ["c: '--a' restricts a value but takes none"]),
            (
                [Flag("a", help: "x", isRepeatable: true)],
                ["c: '--a' repeats a value but takes none"]
            ),
            (
                [Flag("a", placeholder: "A", help: "x", choices: ["$(y)"])],
                ["c: the choice '$(y)' of '--a' is not plain"]
            ),
        ] as [([Flag], [String])])
    func badFlagsAreFound(flags: [Flag], expected: [String]) {
        let command = CommandDeclaration(name: "c", summary: "s", flags: flags)
        #expect(DeclarationProblems.problems(in: [command]) == expected)
    }

    @Test(
        arguments: [
            (CommandDeclaration(name: "c", summary: ""), ["c: the summary is empty"]),
            (CommandDeclaration(name: "C", summary: "s"), ["C: the command's name is not plain"]),
            (
                CommandDeclaration(name: "c", summary: "s", operands: Operands("X", help: "")),
                ["c: the help of X is empty"]
            ),
            (
                CommandDeclaration(name: "c", summary: "s", examples: [("logq c --new", "w")]),
                ["c: 'logq c --new': unknown flag '--new'; try 'logq help c'"]
            ),
            (
                CommandDeclaration(name: "c", summary: "s", examples: [("zcat a | logq d", "w")]),
                []
            ),
            (
                CommandDeclaration(name: "c", summary: "s", examples: [("logq c > 'a b'", "w")]), []
            ),
        ] as [(CommandDeclaration, [String])])
    func badCommandsAreFound(command: CommandDeclaration, expected: [String]) {
        #expect(DeclarationProblems.problems(in: [command]) == expected)
    }

    @Test func twoCommandsOfOneNameAreFound() {
        let command = CommandDeclaration(name: "c", summary: "s")
        #expect(
            DeclarationProblems.problems(in: [command, command])
                == ["two commands are called 'c'"])
    }
}
