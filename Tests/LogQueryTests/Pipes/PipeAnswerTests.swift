import LogModel
import LogQuery
import Testing

@Suite struct PipeAnswerTests {
    /// What stages make of the sample. One store serves all, since making it is slow.
    @Test func everyStageGivesWhatItShould() throws {
        let sample = try SampleStore()
        for (query, expected) in Self.answers {
            do {
                let answer = try PipeText.answer(sample, query)
                #expect(answer == expected, "\(query)")
            } catch {
                Issue.record("\(query): \(error)")
            }
        }
    }

    private static let answers: [(String, String)] = [
        // Counting, with keys of every kind: columns, sources, levels, parts of other fields.
        ("| stats count()", "count\n14"), ("| stats count", "count\n14"),
        ("zzz | stats count()", "count\n0"), ("zzz | stats count() by host", "host count"),
        (
            "| stats count() by service",
            "service count\nnode 8\ncontrol 3\nnginx 3"
        ),
        ("| stats by env", "env count\nprod 8\ntest 3\n- 3"),
        (
            "status:* | stats count() by status",
            "status count\n200 1\n404 1\n500 1"
        ),
        (
            "| stats count() by level",
            "level count\nERROR 4\nINFO 4\nWARN 3\n- 2\nDEBUG 1"
        ),
        (
            "| top 5 by exception",
            "exception count share\ncom.acme.StartFailure 1 0.5\n"
                + "java.lang.IllegalStateException 1 0.5"
        ),
        ("| top 1 logger", "logger count share\nc.e.Pay 2 0.3333"),
        ("| rare 1 by service, host", "service host count share\ncontrol web-1 3 0.2143"),
        ("| stats count() by mdc.user", "mdc.user count\n- 13\nwang 1"),
        // Functions.
        (
            "service:nginx | stats sum(bytes) avg(bytes) max(took) min(took) p50(took) dc(ip)",
            "sum(bytes) avg(bytes) max(took) min(took) p50(took) dc(ip)\n665B 333B 1.5s 0s 0.012s 2"
        ),
        (
            "| stats count(level:ERROR) as errors, count(exception) by host",
            "host errors count(exception)\nweb-1 3 2\nweb-2 1 0"
        ),
        (
            "service:node | stats first(thread) last(logger) min(time)",
            "first(thread) last(logger) min(time)\nmain c.e.Report 2026-11-18T23:59:59Z"
        ),
        ("level:ERROR | stats values(service)", "values(service)\ncontrol, nginx, node"),
        ("service:nginx | stats stddev(status)", "stddev(status)\n153.2057"),
        // Time.
        (
            "| stats count() by bin(1d)",
            "time count\n2026-11-18T00:00:00Z 1\n2026-11-19T00:00:00Z 8\n2026-11-20T00:00:00Z 5"
        ),
        (
            "| stats count() by bin(bytes, 500)",
            "bytes count\n0B 1\n500B 1\n- 12"
        ),
        (
            "service:nginx | timechart 1h",
            "@2026-11-20T09:00:00Z: 3"
        ),
        (
            "level:>=WARN | timechart 12h by service",
            "node@2026-11-19T00:00:00Z: 3 0 0 0\ncontrol@2026-11-19T00:00:00Z: 0 0 0 2\n"
                + "nginx@2026-11-19T00:00:00Z: 0 0 2 0"
        ),
        (
            "service:nginx | timechart 1d max(took) | where time:>=2026-11-20",
            "time max(took)\n2026-11-20T00:00:00Z 1.5s"
        ),
        // Rows.
        ("| where level:ERROR", "c3 a2 n4 n3"), ("level:ERROR | head 2", "c3 a2"),
        ("level:ERROR | tail 2", "n4 n3"), ("level:ERROR | sort service, -time", "c3 a2 n4 n3"),
        ("level:ERROR | sort time | head 1", "n4"), ("| dedup service, level | head 3", "c3 c2 a3"),
        ("level:ERROR | head 3 | where service:node", "n4"),
        ("level:ERROR | head 3 | where pay.example.cn OR took:>1s", "c3 a2"),
        (
            "service:nginx | fields status, took, env",
            "status took env\n404 0s -\n500 1.5s -\n200 0.012s -"
        ),
        (
            "| stats count() as n, max(took) as slow by service | where n:>2 slow:>=1s | fields -n",
            "service slow\nnginx 1.5s"
        ),
        (
            "| stats count() as n by service, level | stats max(n) dc(level) by service | sort service",
            "service max(n) dc(level)\ncontrol 1 3\nnginx 1 3\nnode 2 4"
        ),
        ("| stats count() by level | where level:>=WARN", "level count\nERROR 4\nWARN 3"),
        // Neighbours, by file and offset.
        ("logger:c.e.Report | context -B 1 -A 2", "(n5) n6 (n7) (n8)"),
        ("n4 OR refused OR retry | context 1", "(n2) n3 (n4) n5 (n6)"),
        ("login | context -A 1", "c1 c2 (c3)"),
        // Fields out of text.
        (
            #"service:node | parse "code=E<code>" | where code:>2000 | fields code, level"#,
            "code level\n2047 ERROR"
        ),
        (
            #"| parse path "/api/<rest>" | dedup rest | fields rest | sort rest"#,
            "rest\norders\npay\n-"
        ),
        (
            #"| extract /retry (?<n>\d+) of (?<m>\d+)/ | where n:* | fields n, m"#, "n m\n7 12"
        ),
        (
            #"level:ERROR | extract raw /(?<word>[a-z]+) (?:failed|refused)/ | stats count() by word"#,
            "word count\n- 3\ntask 1"
        ),
    ]

    /// The order and limit of the search hold for what comes out, not for what goes in.
    @Test func limitIsOfTheAnswer() throws {
        let sample = try SampleStore()
        var rows = 0
        let search = try sample.search("| stats count() by level") { $0.limit = 2 }
        _ = try PipedSearch(search).rows { row in
            rows += 1
            if rows == 1 { #expect(row == [.text(Array("ERROR".utf8)), .integer(4)]) }
            return true
        }
        #expect(rows == 2)
        #expect(
            try PipeText.answer(sample.search("| head 2") { $0.order = .oldest }, sample) == "n1 n2"
        )
    }
}
