import Arguments
import Testing

@testable import logq

@Suite struct DeclarationTests {
    /// Help for every flag, no name twice, examples that parse.
    @Test func declarationsHaveNoProblems() {
        let problems = DeclarationProblems.problems(
            in: CommandLineTool.declarations, program: "logq")
        #expect(problems == [])
    }

    @Test func commandsAreThoseOfTheHelp() {
        let names = CommandLineTool.declarations.filter { !$0.isHidden }.map(\.name)
        let expected = [
            "ship", "ingest", "search", "tail", "diff", "exceptions", "sql", "queries", "incident",
            "status",
            "audit", "why", "compact", "retention", "backup", "restore", "purge", "parse",
            "formats", "completion",
        ]
        #expect(names == expected)
    }
}
