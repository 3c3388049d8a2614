import LogQuery
import Presentation
import Testing

@Suite struct QueryErrorTextTests {
    @Test func caretsStandUnderTheMistake() {
        let error = QueryError(
            problem: "unknown field 'lvl'", query: "a lvl:x", range: 2..<5, help: "did you mean")
        #expect(
            error.rendered() == """
                logq: unknown field 'lvl'
                  | a lvl:x
                  |   ^^^
                  = help: did you mean
                """)
    }

    @Test(arguments: [
        ("支付 lvl:x", 7..<10, "支付 lvl:x", "     ^^^"),
        ("支付)", 0..<6, "支付)", "^^^^"),
        ("e\u{301}x)", 4..<5, "e\u{301}x)", "  ^"),
        ("a\tb\u{1B}[31m)", 8..<9, "a b\u{FFFD}[31m)", "        ^"),
        ("abc", 3..<3, "abc", "   ^"),
        ("abc", 1..<1, "abc", " ^"),
        ("abc", 90..<99, "abc", "   ^"),
        ("", 0..<0, "", "^"),
        ("“支”)", 9..<10, "“支”)", "    ^"),
    ])
    func columnsAreThoseOfATerminal(
        query: String, range: Range<Int>, shown: String, carets: String
    ) {
        let error = QueryError(problem: "p", query: query, range: range)
        #expect(error.rendered() == "logq: p\n  | \(shown)\n  | \(carets)")
    }

    @Test func aLongQueryIsCutAroundTheMistake() {
        let after = String(repeating: "y", count: 5_000)
        let query = String(repeating: "x", count: 5_000) + "!" + after
        let error = QueryError(problem: "p", query: query, range: 5_000..<5_001)
        let x = String(repeating: "x", count: 50)
        let y = String(repeating: "y", count: 49)
        let blanks = String(repeating: " ", count: 51)
        #expect(error.rendered() == "logq: p\n  | …\(x)!\(y)…\n  | \(blanks)^")
    }

    @Test func aLongMistakeIsMarkedAsFarAsItIsShown() {
        let query = String(repeating: "长", count: 200)
        let error = QueryError(problem: "p", query: query, range: 0..<600)
        let shown = String(repeating: "长", count: 50)
        let carets = String(repeating: "^", count: 100)
        #expect(error.rendered() == "logq: p\n  | \(shown)…\n  | \(carets)")
    }

    @Test func namesFromLogsCannotSteerTheTerminal() {
        let error = QueryError(
            problem: "p\u{1B}[2J", query: "q", range: 0..<1, help: "'a\u{202E}b\n'")
        #expect(
            error.rendered() == "logq: p\u{FFFD}[2J\n  | q\n  | ^\n  = help: 'a\u{FFFD}b '")
    }
}
