import LogModel
import Retention
import Testing

@Suite struct PolicyExplanationTests {
    @Test(
        arguments: [
            ("level: >=ERROR", ">=ERROR"), ("level: >WARN", ">WARN"), ("level: <=DEBUG", "<=DEBUG"),
            ("level: <INFO", "<INFO"), ("level: ERROR", "ERROR"), ("level: none", "none"),
            ("level: >=TRACE", ">=TRACE"), ("level: >=TRACE none", "all"),
            ("level: ERROR <=DEBUG none", "ERROR, <=DEBUG, none"), ("level: 7", "7"),
        ])
    func levelsAreShownAsTheyAreWritten(line: String, expected: String) throws {
        let policy = try PolicyReadingTests.read("rule: a\n\(line)\nindexed: 1d")
        #expect(SeverityRanges.text(policy.rules[0].conditions.mask) == expected)
    }

    @Test func eachPartOfASourceThatGoesItsOwnWayHasARow() throws {
        let policy = try PolicyReadingTests.read(
            """
            indexed: 20d
            rule: errors
            level: >=ERROR
            indexed: 60d
            rule: debug
            service: pay*
            level: <=DEBUG
            indexed: 7d
            archived: 7d
            rule: elsewhere
            host: other
            indexed: 1d
            """)
        let pay = EventSource(host: "a", service: "pay", path: "/1")
        let again = EventSource(host: "a", service: "pay", path: "/2")
        let order = EventSource(host: "a", service: "order", path: "/3")
        let explanation = PolicyExplanation(
            of: policy, for: [(pay, format: "f"), (again, format: "f"), (order, format: "f")])
        let rows = explanation.rows.map {
            "\($0.service) \(SeverityRanges.text($0.severities)) "
                + "\($0.decision.indexed.age.text):\($0.decision.indexed.line) "
                + "\($0.decision.archived.age.text):\($0.decision.archived.line)"
        }
        #expect(
            rows == [
                "order >=ERROR 60d:4 90d:0", "order <ERROR, none 20d:1 90d:0",
                "pay >=ERROR 60d:4 90d:0", "pay >DEBUG <ERROR, none 20d:1 90d:0",
                "pay <=DEBUG 7d:8 7d:9",
            ])
        #expect(explanation.unused.map(\.name) == ["elsewhere"])
        #expect(policy.rule(of: policy.rules[1].indexed ?? policy.indexed)?.name == "debug")
        #expect(policy.rule(of: policy.indexed) == nil)
    }
}
