import LogQuery
import Testing

@Suite struct QueryCheckTests {
    @Test(arguments: [
        "", "level:ERROR", "status:>=500 host:pay-web-1 | stats count by path",
        "order.state:lost AND user.plan:gold", "数据库连接超时", #"exception:"SocketTimeout""#,
        "message:/conn(ection)?/", "* | where order.state:lost | stats count by user.plan",
    ])
    func queriesThatCanBeAskedHaveNoProblem(query: String) {
        #expect(QueryCheck.problem(in: query, knownAttributes: nil) == nil)
    }

    @Test(
        arguments: [
            ("level:ERROR (", nil), ("message:/[/", nil), ("| nonsense", nil),
            ("@timestamp:>=nonsense", nil), ("statsu:500", ["order.state"]),
            ("* | stats count by user.plan", ["order.state"]),
        ] as [(String, Set<String>?)])
    func othersHaveOne(query: String, attributes: Set<String>?) {
        #expect(QueryCheck.problem(in: query, knownAttributes: attributes) != nil)
    }

    @Test func attributesThatTheLogsHaveAreFields() {
        #expect(QueryCheck.problem(in: "order.state:x", knownAttributes: ["order.state"]) == nil)
        let error = QueryCheck.problem(in: "statsu:500", knownAttributes: [])
        #expect(error?.problem == "unknown field 'statsu'")
        #expect(error?.range == 0..<6)
    }

    @Test func aHundredUnknownNamesAreLearned() {
        let query = (0..<100).map { "name\($0).x:1" }.joined(separator: " ")
        #expect(QueryCheck.problem(in: query, knownAttributes: nil) == nil)
        #expect(
            QueryCheck.problem(in: query + " name100.x:1", knownAttributes: nil)?.problem
                == "unknown field 'name100.x'")
    }
}
