import LogModel
import LogQuery
import LogStore
import StoreFixtures
import Testing

@Suite struct SearchTests {
    private static let all = [
        "a1", "a2", "a3", "c1", "c2", "c3", "n1", "n2", "n3", "n4", "n5", "n6", "n7", "n8",
    ]

    /// What a query finds; the count agrees. One store serves all, since making it is slow.
    @Test func everyQueryFindsWhatItShould() throws {
        let sample = try SampleStore()
        for (query, expected) in Self.queries {
            do {
                let found = try sample.sorted(query)
                #expect(found == expected.sorted(), "\(query)")
                #expect(try sample.search(query).count() == expected.count, "\(query)")
            } catch {
                Issue.record("\(query): \(error)")
            }
        }
    }

    private static let queries: [(String, [String])] = [
        ("*", all), ("", all),
        // Words and phrases of the text.
        ("refused", ["n3"]), ("REFUSED", ["n3"]), ("refuse", []), ("refuse*", ["n3"]),
        ("*fused", ["n3"]), (#""task failed""#, ["n3"]), (#""failed task""#, []),
        ("login failed", ["c2"]), ("支付", ["n4"]), ("付失", ["n4"]), ("付支", []),
        ("20261119001", ["n4"]), ("2026111*", ["n4"]), ("*119001", ["n4"]), ("7", ["a1", "n5"]),
        ("中文", ["n8"]), ("gbk", ["n8"]), (#""gbk 中文""#, ["n8"]), ("second", ["n6"]),
        ("/cod[eE]=E\\d+/", ["n3"]), ("/支付.{2} 订单/", ["n4"]), ("/BOOM/i", ["n3"]), ("/BOOM/", []),
        ("/中.?文/", ["n8"]),
        // Combinations.
        ("login OR refused", ["c1", "c2", "n3"]), ("login NOT failed", ["c1"]),
        ("login -failed", ["c1"]), ("NOT (service:node OR service:nginx)", ["c1", "c2", "c3"]),
        ("(login OR 支付) level:>=WARN", ["c2", "n4"]), ("NOT *", []), ("NOT zzz", all),
        ("login login", ["c1", "c2"]), ("NOT 中文 service:node NOT level:*", ["n7"]),
        // Levels, written and derived.
        ("level:ERROR", ["a2", "c3", "n3", "n4"]), ("level:error", ["a2", "c3", "n3", "n4"]),
        ("level:>=WARN", ["a2", "a3", "c2", "c3", "n2", "n3", "n4"]),
        ("level:warn", ["a3", "c2", "n2"]), ("level:<INFO", ["n5"]),
        ("level:[DEBUG TO INFO]", ["a1", "c1", "n1", "n5", "n6"]), ("NOT level:*", ["n7", "n8"]),
        ("level:*", ["a1", "a2", "a3", "c1", "c2", "c3", "n1", "n2", "n3", "n4", "n5", "n6"]),
        ("level:WAR*", ["a3", "c2", "n2"]),
        // What a source says.
        ("service:nginx", ["a1", "a2", "a3"]),
        ("NOT service:node", ["a1", "a2", "a3", "c1", "c2", "c3"]),
        ("host:web-2", ["a1", "a2", "a3"]), ("host:WEB-2", ["a1", "a2", "a3"]),
        ("host:web-*", all), ("env:prod level:WARN", ["n2"]),
        ("env:*", ["c1", "c2", "c3"] + all.suffix(8)),
        ("NOT env:*", ["a1", "a2", "a3"]), ("file:node.log failed", ["n3"]),
        ("file:access*", ["a1", "a2", "a3"]), ("file:/logs/app/*", Array(all.dropFirst(3))),
        ("log.file.path:=/var/log/nginx/access.log", ["a1", "a2", "a3"]), ("file:nothing", []),
        // Fields of every kind.
        ("logger:c.e.Pay", ["n4", "n5"]), ("logger:Pay", ["n4", "n5"]),
        ("thread:pool-1", ["n2", "n3"]),
        ("thread:=main", ["n1"]), ("thread:=mai", []), ("msg:login", ["c1", "c2"]),
        ("msg:boom", []), ("msg:second", ["n6"]), ("msg:summary", ["n6"]),
        ("exception:IllegalStateException", ["n3"]),
        ("exception:=java.lang.IllegalStateException", ["n3"]),
        ("exception.message:boom", ["n3"]), ("exception.stacktrace:ConnectException", ["n3"]),
        ("exception:StartFailure", ["n7"]), ("exception.message:port", ["n7"]),
        ("exception:*", ["n3", "n7"]),
        ("method:POST", ["a2"]), ("path:/api/*", ["a1", "a2"]), ("path:=/api/pay", ["a2"]),
        ("path:/api/pay", ["a2"]), ("url.query:id=7", ["a1"]), ("status:500", ["a2"]),
        ("status:>=400", ["a2", "a3"]), ("status:[200 TO 404]", ["a1", "a3"]),
        ("status:{200 TO 404}", []), ("status:4*", ["a3"]),
        ("NOT status:200 service:nginx", ["a2", "a3"]),
        ("bytes:>100", ["a1", "a3"]), ("bytes:*", ["a1", "a3"]), ("took:>=1.5", ["a2"]),
        ("took:<100ms", ["a1", "a3"]), ("took:1.5", ["a2"]), ("ip:10.0.0.4", ["a3"]),
        // An equal value may have a unit too.
        ("took:1500ms", ["a2"]), ("took:(2s OR 1.5s)", ["a2"]), ("took:0ms", ["a3"]),
        ("bytes:0.153k", ["a3"]), ("event.duration:1500000000", ["a2"]),
        ("ip:10.0.0.*", ["a1", "a2", "a3", "c3"]), ("ip:[10.0.0.1 TO 10.0.0.9]", ["a3", "c3"]),
        ("ua:手机", ["a2"]), (#"ua:"手机 \"x\"""#, ["a2"]), ("ua:/手.*x/", ["a2"]),
        ("ua:*", ["a1", "a2"]),
        ("mdc.traceId:abc-123", ["c1"]), ("mdc.user:=wang", ["c1"]), ("mdc.user:*", ["c1"]),
        ("method:GET service:control", ["c3"]), ("path:/x", ["c3"]), ("url.query:y=1", ["c3"]),
        ("server.address:pay.example.cn", ["c3"]),
        ("http.request.header.host:pay.example.cn", ["c3"]),
        ("raw:login", ["c1", "c2"]), (#"id:="/logs/app/control.log-0""#, ["c1"]),
        ("log.offset:0", ["a1", "c1", "n1"]),
        // Times inside of the query.
        ("time:2026-11-19", ["c1", "n2", "n3", "n4", "n5", "n6", "n7", "n8"]),
        (#"time:"2026-11-19 00:00:00""#, ["n2"]),
        ("time:>=2026-11-20T12:00:00Z", ["c2", "c3"]), ("time:<2026-11-19", ["n1"]),
        ("time:>2026-11-19 service:node", []), ("time:[2026-11-18 TO 2026-11-18]", ["n1"]),
        ("seen:>2026-11-19", all), ("seen:<2026-11-19", []),
    ]

    private static let newest = [
        "c3", "c2", "a3", "a2", "a1", "c1", "n8", "n7", "n6", "n5", "n4", "n3", "n2", "n1",
    ]

    @Test func orderIsThatOfTimeThenOfPlace() throws {
        let sample = try SampleStore()
        #expect(try sample.list("*") == Self.newest)
        #expect(try sample.list("*") { $0.order = .oldest } == Self.newest.reversed())
    }

    @Test(arguments: [0, 1, 2, 5, 13, 14, 15, 100])
    func limitKeepsTheFirst(limit: Int) throws {
        let sample = try SampleStore()
        #expect(try sample.list("*") { $0.limit = limit } == Array(Self.newest.prefix(limit)))
        let oldest = try sample.list("*") {
            $0.limit = limit
            $0.order = .oldest
        }
        #expect(oldest == Array(Self.newest.reversed().prefix(limit)))
    }

    @Test func listingStopsWhenTheCallerHasEnough() throws {
        let sample = try SampleStore()
        let search = try sample.search("*")
        var seen = 0
        try search.run { _ in
            seen += 1
            return seen < 3
        }
        #expect(seen == 3)
        #expect(search.statistics.events == 3)
    }

    /// From n4's instant; the upper bound is not in the window.
    @Test(
        arguments: [
            (0, 1, ["n3", "n4"]), (0, 0, []), (1, 2, ["n5"]), (1, 4, ["n5", "n6", "n7"]),
            (-1, 0, []), (5, 100, []),
        ] as [(Int64, Int64, [String])])
    func windowIsHalfOpen(from: Int64, to: Int64, expected: [String]) throws {
        let ten = SampleStore.noon - 26 * SampleStore.hour
        let sample = try SampleStore()
        let window = { (request: inout SearchRequest) in request.times = ten + from..<ten + to }
        #expect(try sample.list("*", window).sorted() == expected)
        #expect(try sample.search("*", window).count() == expected.count)
    }

    @Test func daysOutsideOfTheWindowAreNotOpened() throws {
        let sample = try SampleStore()
        let search = try sample.search("time:2026-11-20")
        #expect(try search.count() == 5)
        #expect(search.statistics.days == 3)
        #expect(search.statistics.daysInWindow == 1)
    }

    @Test func blocksWithoutTheWordsAreNotDecoded() throws {
        let sample = try SampleStore()
        let search = try sample.search("refused")
        try search.run { _ in true }
        #expect(search.statistics.blocksNamed == 1)
        #expect(search.statistics.blocksDecoded == 1)
        #expect(search.statistics.events == 1)
        let whole = try sample.search("service:nginx")
        #expect(try whole.count() == 3)
        #expect(whole.statistics.blocksDecoded == 0)
    }

    @Test func eventIsThatOfTheLine() throws {
        let sample = try SampleStore()
        var events: [Event] = []
        try sample.search("code=E2047").run { event in
            events.append(event)
            return true
        }
        let event = try #require(events.first)
        #expect(events.count == 1)
        #expect(String(decoding: event.body, as: UTF8.self) == "task failed code=E2047")
        #expect(event.severityNumber == 17)
        #expect(event.severityText == Array("ERROR".utf8))
        #expect(event.loggerName == Array("c.e.Tasks".utf8))
        #expect(event.attribute("thread.name") == .text(Array("pool-1".utf8)))
        #expect(event.source.service == "node")
        #expect(event.offset == 1_000)
        #expect(event.original.starts(with: "2026-11-19 10:00:00.000 [pool-1] ERROR".utf8))
        #expect(event.original.count + 1 == event.length)
    }

    @Test(arguments: [
        ("nofield:1", "unknown field 'nofield'"), ("/(/", ""), ("status:abc", ""),
        ("time:yesterweek", "'yesterweek' is no time"), ("a | limt 3", "unknown stage 'limt'"),
    ])
    func faultyQueriesAreErrors(query: String, problem: String) throws {
        let sample = try SampleStore()
        do {
            // A status that is no number is only an error where numbers are compared.
            _ = try sample.search(query == "status:abc" ? "status:>abc" : query)
            Issue.record("the query must be refused")
        } catch SearchError.query(let error) {
            #expect(problem.isEmpty || error.problem == problem)
            #expect(error.range.upperBound <= error.query.utf8.count)
        }
    }

    @Test func longQueriesAreAnswered() throws {
        let sample = try SampleStore()
        let words = (0..<400).map { "word\($0)" }
        #expect(try sample.list(words.joined(separator: " OR ") + " OR refused") == ["n3"])
        #expect(try sample.list("\"" + words.joined(separator: " ") + "\"") == [])
        #expect(try sample.list(words.joined(separator: " ")) == [])
        let nested =
            String(repeating: "(a OR (b ", count: 20) + "refused"
            + String(repeating: "))", count: 20)
        #expect(try sample.list(nested) == [])
        let globs = (0..<300).map { "w\($0)*x" }.joined(separator: " OR ")
        #expect(try sample.list(globs) == [])
    }

    @Test func times2262DoNotEndTheProgram() async {
        await #expect(processExitsWith: .success) {
            let sample = try SampleStore()
            _ = try? sample.list(#"time:>="2262-04-11T23:47:16.854775807Z""#)
            _ = try? sample.list(#"time:"2262-04-11T23:47:16.854775807Z""#)
            _ = try? sample.list("time:@9223372036854775807")
        }
    }
}
