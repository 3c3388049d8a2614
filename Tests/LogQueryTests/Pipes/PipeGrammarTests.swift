import LogModel
import LogQuery
import Testing

@Suite struct PipeGrammarTests {
    /// What is wrong, the text under the carets, and words of the help.
    @Test func mistakesPointAtTheirPlace() throws {
        let sample = try SampleStore()
        for (query, problem, marked, help) in Self.mistakes {
            do {
                _ = try sample.search(query)
                Issue.record("\(query): no error")
            } catch SearchError.query(let error) {
                let text = String(decoding: Array(query.utf8)[error.range], as: UTF8.self)
                #expect(error.problem == problem, "\(query)")
                #expect(text == marked, "\(query)")
                #expect(error.help?.contains(help) == true, "\(query): \(error.help ?? "")")
            }
        }
    }

    private static let mistakes: [(String, String, String, String)] = [
        ("a |", "a pipe with nothing behind it", "|", "stats, top"),
        ("a | | head", "a pipe with nothing behind it", "|", "stats, top"),
        ("a | staats count()", "unknown stage 'staats'", "staats", "'stats'"),
        ("a | grep b", "unknown stage 'grep'", "grep", "'where'"),
        (
            "| head 5 | diff",
            "diff compares the events of the filter, not what stages made of them", "diff",
            "in front of"
        ),
        ("| diff good", "something is missing here", "", "a window: good"),
        ("| diff bad 10:00", "'bad' is not expected here", "bad", "put a pipe"),
        ("a | xyzzy", "unknown stage 'xyzzy'", "xyzzy", "stages are"),
        ("a | 5", "'5' is not expected here", "5", "put a pipe"),
        ("| head 3 4", "'4' is not expected here", "4", "put a pipe"),
        ("| head 0", "'0' is no such count", "0", "from 1 to"),
        ("| head x", "'x' is not expected here", "x", "put a pipe"),
        ("| stats", "something is missing here", "", "a function: count()"),
        ("| stats median(took)", "unknown function 'median'", "median", "'p50'"),
        ("| stats avgg(took)", "unknown function 'avgg'", "avgg", "'avg'"),
        ("| stats p101(took)", "unknown function 'p101'", "p101", "a function"),
        ("| stats avg(tooks)", "unknown field 'tooks'", "tooks", "'took'"),
        ("| stats avg took", "this is not expected here", "t", "avg(took)"),
        ("| stats count() as", "something is missing here", "", "a name"),
        ("| stats count() by", "something is missing here", "", "a field to group by"),
        ("| stats count() as a, count() as a", "two columns are called 'a'", "a", "another name"),
        ("| stats count() by bin(5x)", "'5x' is no span of time", "5x", "30s, 5m"),
        ("| stats count() by bin(took, x)", "'x' is no width of a bin", "x", "greater than zero"),
        ("| timechart 0s", "a span of nothing", "0s", "30s, 5m"),
        (
            "| stats count() by host | timechart 5m", "the rows have no time any more", "t",
            "bin(5m)"
        ),
        ("| stats count() | where x:1", "unknown column 'x'", "x", "the columns here are count"),
        ("| stats count() | sort host", "unknown field 'host'", "host", "the columns here are"),
        ("| stats count() | where boom", "a table has no text to search", "boom", "count:value"),
        ("| stats count() | context 3", "rows of a table have no neighbours", "context", "before"),
        ("| context -B x", "context takes counts of neighbours", "x", "-B 2 -A 5"),
        ("| fields -host", "events have no list of columns to leave out of", "-host", "name the"),
        ("| stats count() | fields -count", "no column is left", "-count", "keep"),
        ("| where", "something is missing here", "", "status:>=500"),
        ("| where a)", "')' closes nothing", ")", "remove it"),
        ("| parse x", "unknown field 'x'", "x", "common fields"),
        (#"| parse "ab""#, "the pattern names no field", #""ab""#, "<name>"),
        (
            #"| parse "<a><b>""#, "two fields touch each other in the pattern", #""<a><b>""#,
            "between"
        ),
        (#"| parse "<a> <a>""#, "the pattern names 'a' twice", #""<a> <a>""#, "<_>"),
        (#"| parse "<host> b""#, "'host' cannot be replaced", #""<host> b""#, "another name"),
        ("| extract /a(?<b>c/", "this group is never closed", "(", ")"),
        ("| extract abc", "unknown field 'abc'", "abc", "common fields"),
        ("ip:10.0.0.0/40", "'10.0.0.0/40' is no network", "10.0.0.0/40", "up to 32 bits"),
    ]

    /// What means the same whatever way it is written.
    @Test func writingsThatMeanTheSame() throws {
        let sample = try SampleStore()
        for (first, second) in [
            (
                "| stats count() max(took) by host, service",
                "|stats count,max( took )by host service"
            ),
            ("| top 10 by host", "| top host"), ("level:ERROR", "| where level:ERROR"),
            ("level:ERROR took:>1s", "level:ERROR | where took:>1s"),
            ("| sort -took", "| sort by took desc"), ("| sort took asc", "|sort took"),
            ("| context 2", "| context -C 2"), ("| dedup by host", "| dedup host"),
        ] {
            let left = try sample.search(first)
            let right = try sample.search(second)
            #expect(
                left.isPiped
                    ? try PipeText.answer(left, sample) == PipeText.answer(right, sample)
                    : left.filter == right.filter, "\(second)")
        }
    }

    /// A pipe inside quotes, an expression or behind a backslash separates nothing.
    @Test(arguments: [#""a|b""#, #"a\|b"#, "/a|b/", #"msg:"a|b""#])
    func pipesInsideOfTextAreText(query: String) throws {
        #expect(try SampleStore().search(query).isPiped == false)
    }
}
