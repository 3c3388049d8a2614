import Arguments
import Testing

/// Bash's command line up to the cursor: its words, and what bash must insert.
struct ShellLineTests {
    private static let breaks = " \t\n\"'@><=;|&(:"

    @Test(
        arguments: [
            ("logq search ", ["logq", "search"], ""),
            ("logq search le", ["logq", "search"], "le"),
            ("logq search level:E", ["logq", "search"], "level:E"),
            ("logq search 'level:ERROR se", ["logq", "search"], "level:ERROR se"),
            ("logq search \"a b\" 'c d'e\\ f", ["logq", "search", "a b"], "c de f"),
            ("logq search 'a | st", ["logq", "search"], "a | st"),
            ("cat x | logq search le", ["logq", "search"], "le"),
            ("a; logq search ''", ["logq", "search"], ""),
            ("logq search \"a\\\"b", ["logq", "search"], "a\"b"),
            ("logq search 'a\\", ["logq", "search"], "a\\"),
            ("", [], ""),
        ] as [(String, [String], String)])
    func wordsAreThoseOfTheLastCommand(line: String, words: [String], current: String) {
        let line = ShellLine(line, breaks: Self.breaks)
        #expect(line.words == words)
        #expect(line.current == current)
    }

    @Test(
        arguments: [
            ("logq search le", "level:", "level:"),
            ("logq search level:E", "level:ERROR", "ERROR"),
            ("logq search 'level:E", "level:ERROR", "level:ERROR"),
            ("logq search @pa", "@pay", "@pay"),
            ("logq search level:>=", "level:>=WARN", "WARN"),
            ("logq search host:", "host:\"a b\"", "\\\"a\\ b\\\""),
            ("logq search 'host:", "host:\"it's\"", "host:\"it'\\''s\""),
            ("logq search \"host:", "host:\"a $b\"", "host:\\\"a \\$b\\\""),
            ("logq search host:'", "host:web-1", "web-1"),
            ("logq search @连", "@连接", "@连接"),
            ("logq search a", "a*(b)", "a\\*\\(b\\)"),
            ("logq search level:E", "other", nil),
        ] as [(String, String, String?)])
    func replacementIsWhatBashInserts(line: String, word: String, expected: String?) {
        let line = ShellLine(line, breaks: Self.breaks)
        #expect(line.replacement(for: word) == expected)
    }
}
