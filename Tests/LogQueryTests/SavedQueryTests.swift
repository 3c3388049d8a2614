import Glibc
import LogQuery
import StoreFixtures
import Testing

/// Saved queries: what a file says, what becomes of the words behind a name, and the files.
@Suite struct SavedQueryTests {
    @Test func fileIsReadWithCommentsAndContinuations() throws {
        let query = try SavedQuery(
            text: """
                # Comments stand at the beginning of a line.
                title: 支付链路的错误: all of them
                since: 2h

                query: level:>=ERROR "a # b"
                  | timechart 1m
                \tby service
                """)
        #expect(query.title == "支付链路的错误: all of them")
        #expect(query.times == ["since": "2h"])
        #expect(query.query == "level:>=ERROR \"a # b\" | timechart 1m by service")
        #expect(try SavedQuery(text: query.text) == query)
    }

    @Test(
        arguments: [
            ("", "there is no 'query:' in it"), ("title: x", "there is no 'query:' in it"),
            ("  indented", "line 1 is indented, but goes on with nothing"),
            ("# a\nlevel ERROR", "line 2 is no 'key: value'"),
            (
                "sinc: 2h\nquery: x",
                "unknown key 'sinc'; there are title, query, since, until, at and around"
            ),
        ])
    func mistakesInAFileAreNamed(text: String, expected: String) {
        let error = #expect(throws: SavedQueryError.self) { try SavedQuery(text: text) }
        #expect(error?.description == expected)
    }

    @Test(
        arguments: [
            ("level:ERROR", [], "level:ERROR"),
            ("level:ERROR OR timeout", ["host:a"], "(level:ERROR OR timeout) (host:a)"),
            ("a OR b", ["c", "OR", "d"], "(a OR b) (c OR d)"),
            ("a | top 5 by host", ["b"], "(a) (b) | top 5 by host"),
            (
                "a | stats count() by host", ["|", "head", "3"],
                "a | stats count() by host | head 3"
            ),
            ("a", ["b", "|", "head", "3"], "(a) (b) | head 3"),
            ("| top 5 by host", ["b"], "b | top 5 by host"),
            ("\"a | b\" /c|d/", ["e"], "(\"a | b\" /c|d/) (e)"),
            ("\"$1\" host:$2", ["P1", "web-1", "c"], "(\"P1\" host:web-1) (c)"),
            ("$1 $1 $$5", ["x"], "x x $5"),
            ("cost:$x", [], "cost:$x"),
        ] as [(String, [String], String)])
    func wordsBehindTheNameAreFilledInOrAdded(
        query: String, words: [String], expected: String
    ) throws {
        var saved = SavedQuery()
        saved.query = query
        #expect(try saved.query(with: words, knownAttributes: ["cost"]) == expected)
    }

    @Test func missingParameterIsAsked() {
        var saved = SavedQuery()
        saved.query = "\"$1\" host:$2"
        let error = #expect(throws: SavedQueryError.self) {
            _ = try saved.query(with: ["P1"], knownAttributes: [])
        }
        #expect(error?.description == "it needs $1 $2: \"$1\" host:$2")
    }

    @Test(
        arguments: [
            ("pay-errors", true), ("支付_错误.2", true), ("a", true), ("", false), (".", false),
            ("..", false), (".hidden", false), ("a/b", false), ("../a", false), ("-a", false),
            ("a b", false), ("a\nb", false), ("a\u{0}b", false), ("a\u{202E}b", false),
            (String(repeating: "x", count: 100), true), (String(repeating: "x", count: 101), false),
        ])
    func namesAreThoseThatAFileCanHave(name: String, isName: Bool) throws {
        #expect(SavedQueries.isName(name) == isName)
        let directory = TemporaryDirectory()
        let queries = SavedQueries(own: directory("own/queries"), shared: directory("shared"))
        var query = SavedQuery()
        query.query = "level:ERROR"
        if isName {
            try queries.save(query, as: name, isShared: false)
            #expect(try queries.query(name) == query)
        } else {
            #expect(throws: SavedQueryError.self) {
                try queries.save(query, as: name, isShared: false)
            }
            #expect(access(directory("own"), F_OK) != 0)
        }
    }

    /// Random queries survive being written and read.
    @Test(arguments: 0..<50 as Range<UInt64>)
    func whatIsSavedReadsBack(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let directory = TemporaryDirectory()
        let queries = SavedQueries(own: directory("own"), shared: directory("shared"))
        var query = SavedQuery()
        let text = String(decoding: RandomText.text(pieces: 5, &random), as: UTF8.self)
        // Line breaks become blanks, and blanks at the ends go.
        let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
        query.query = "x " + line + " y"
        query.title = random.pick(["", "a: title", "# no comment", "标题"])
        query.times = random.pick([[:], ["since": "2h"], ["at": "10:05", "around": "5m"]])
        try queries.save(query, as: "q", isShared: false)
        #expect(try queries.query("q") == query, "seed \(seed)")
    }

    @Test func ownQueriesComeBeforeTheTeams() throws {
        let directory = TemporaryDirectory()
        let queries = SavedQueries(own: directory("own"), shared: directory("shared"))
        var query = SavedQuery()
        for (name, isShared) in [("a", true), ("b", true), ("b", false), ("c", false)] {
            query.query = isShared ? "team" : "mine"
            try queries.save(query, as: name, isShared: isShared)
        }
        directory.write("title: no query", to: "own/broken.query")
        directory.write("query: x", to: "own/.hidden.query")
        directory.write("query: x", to: "own/a.query.17.new")
        #expect(queries.entries().map(\.name) == ["a", "b", "broken", "c"])
        #expect(queries.entries().map(\.isShared) == [true, false, false, false])
        #expect(try queries.query("b")?.query == "mine")
        #expect(throws: SavedQueryError.self) { try queries.query("broken") }
        #expect(try queries.query("nothing") == nil)
        #expect(throws: SavedQueryError.self) { try queries.save(query, as: "c", isShared: false) }
        query.query = "changed"
        try queries.save(query, as: "c", isShared: false, replaces: true)
        #expect(try queries.query("c")?.query == "changed")
        #expect(try queries.remove("b", isShared: false))
        #expect(try queries.query("b")?.query == "team")
        #expect(try queries.remove("b", isShared: false) == false)
    }
}
