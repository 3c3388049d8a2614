import Incidents
import LogModel
import LogQuery
import LogStore
import StoreFixtures
import Testing

@Suite struct IncidentDraftTests {
    /// Made once: the drafts of the samples in English with known faults, and in Chinese without.
    private static let drafts = Result {
        [
            try draft(.english, known: .builtIn), try draft(.chinese, known: nil),
        ]
    }

    private static func draft(_ language: Language, known: KnownFaults?) throws -> IncidentDraft {
        let logs = try SampleLogs()
        let store = try logs.store()
        let request = SampleLogs.request(.newest, language)
        let fault = try #require(try FaultSearch(request, in: store).fault)
        let draft = try IncidentDraft(fault, request, in: store, known: known)
        try expectCounts(draft.findings + draft.deployments + draft.knownFaults, store)
        return draft
    }

    private func draft(_ language: Language = .english) throws -> IncidentDraft {
        try Self.drafts.get()[language == .english ? 0 : 1]
    }

    /// Each sentence's query finds as many events as it says.
    private static func expectCounts(_ findings: [Finding], _ store: Store) throws {
        for finding in findings {
            let request = SearchRequest(query: finding.query, now: SampleLogs.midnight)
            #expect(try Search(request, in: store).count() == finding.events, "\(finding)")
        }
    }

    @Test func theSamplesTellOfTheirRelease() throws {
        let draft = try draft()
        let incident = draft.incident
        #expect(incident.title == "control: 数据库连接超时 orderNo=P… traceId=…")
        #expect(incident.started == SampleLogs.at(10, 14, 42))
        #expect(incident.resolved == SampleLogs.at(10, 27, 33))
        #expect(incident.services == ["control", "node", "nginx", "tomcat"])
        #expect(incident.hosts == ["pay-app-1", "pay-web-1"])
        #expect(
            draft.findings.map(\.text) == [
                "10:14:42 control: \"数据库连接超时 orderNo=P… traceId=…\" "
                    + "(with java.sql.SQLTransientConnectionException) is new: 63 events, none in "
                    + "the hour before",
                "10:14:42 node: \"调用 control 失败，第 … 次重试 orderNo=P…: HTTP …\" is new: 25 events, "
                    + "none in the hour before",
                "10:14:42 nginx: \"upstream prematurely closed connection while reading response "
                    + "header from upstream\" is new: 41 events, none in the hour before",
                "10:14:42 tomcat: status 500 is new: 63 events, none in the hour before",
                "10:16:20 nginx: status 502 is new: 92 events, none in the hour before",
                "10:16:43 nginx: status 504 is new: 22 events, none in the hour before",
            ])
        #expect(
            draft.deployments.map(\.text) == [
                "10:05:21 pay-app-1: release2.8.0-pro-20261120 started",
                "10:05:21 pay-app-1: web application /opt/tomcat/webapps/control.war was deployed",
                "10:26:39 pay-app-1: release2.7.3-pro-20261106 started, while the fault lasted",
                "10:26:40 pay-app-1: web application /opt/tomcat/webapps/control.war was deployed, "
                    + "while the fault lasted",
            ])
    }

    @Test func everyNumberIsTheAnswerOfItsQuery() throws {
        let claims = try draft().incident.impact.map { "\($0.text) <- \($0.query)" }
        let times = "time:[2026-11-20T10:14:42+08:00 TO 2026-11-20T10:27:33+08:00}"
        #expect(
            claims == [
                "nginx: 114 of 170 requests (67.1 %) failed with status 500 or above <- service:=nginx "
                    + "\(times) | stats count(status:>=500) as failed, count(status:*) as requests",
                "nginx: 63 of 170 requests (37.1 %) took 1 s or longer <- service:=nginx \(times) "
                    + "| stats count(took:>=1) as failed, count(status:*) as requests",
                "tomcat: 63 of 80 requests (78.8 %) failed with status 500 or above <- "
                    + "service:=tomcat \(times) "
                    + "| stats count(status:>=500) as failed, count(status:*) as requests",
                "nginx: 50 client addresses were hit <- service:=nginx status:>=500 \(times) "
                    + "| stats dc(ip)",
                "GET /api/pay/<*>/status: 29 failed <- service:=nginx status:>=500 method:=GET "
                    + "path:/^\\/api\\/pay\\/[^\\/]*\\/status$/ \(times)",
                "GET /api/orders/<*>: 24 failed <- service:=nginx status:>=500 method:=GET "
                    + "path:/^\\/api\\/orders\\/[^\\/]*$/ \(times)",
                "POST /api/orders: 24 failed <- service:=nginx status:>=500 method:=POST "
                    + "path:=/api/orders \(times)",
                "POST /api/pay: 13 failed <- service:=nginx status:>=500 method:=POST "
                    + "path:=/api/pay \(times)",
                "GET /api/merchants/<*>/balance: 11 failed <- service:=nginx status:>=500 method:=GET "
                    + "path:/^\\/api\\/merchants\\/[^\\/]*\\/balance$/ \(times)",
                "control: 66 errors logged, where 0.2 are usual <- service:=control level:>=ERROR "
                    + times,
            ])
    }

    @Test func pinsAreTheLinesThatTheSentencesName() throws {
        let draft = try draft()
        #expect(draft.pins.map(\.number) == Array(1...16))
        #expect(draft.findings.map(\.pins) == [[1], [2], [3], [4], [5], [6]])
        #expect(draft.deployments.map(\.pins) == [[11], [12], [13], [14]])
        let first = String(decoding: draft.pins[0].originals.event, as: UTF8.self)
        #expect(first.contains("数据库连接超时 orderNo=P20261120095316"))
        #expect(draft.pins[0].finding.matched == 63)
        #expect(draft.pins[0].note.hasPrefix("control: \"数据库连接超时"))
        #expect(draft.pins[10].note == "pay-app-1: release2.8.0-pro-20261120 started")
        #expect(
            draft.incident.impact.map(\.pins) == [
                [7], [7], [4], [], [7], [8], [9], [10], [5], [1],
            ])
        #expect(draft.incident.description.contains("none in the hour before (P1)"))
    }

    @Test func whatTheLogsDoNotTellStaysEmptyAndIsSaid() throws {
        let draft = try draft(.chinese)
        let incident = draft.incident
        for field in IncidentField.allCases where !incident.isEmpty(field) {
            #expect(
                [
                    .title, .status, .started, .resolved, .description, .services, .hosts, .scope,
                    .impact,
                ].contains(field), "\(field)")
        }
        #expect(draft.remarks[.rootCause] == "日志无法确定；可从最先出现的变化查起")
        #expect(draft.remarks[.type] == "没有匹配的常见故障，待定")
        let unknown: [IncidentField] = [
            .type, .severity, .detected, .acknowledged, .mitigated, .detection, .rootCause,
            .handlers,
        ]
        #expect(Set(draft.remarks.keys) == Set(unknown))
        #expect(
            incident.scope
                == "服务 control、node、nginx、tomcat，主机 pay-app-1、pay-web-1。"
                + "nginx：170 个请求中 114 个（67.1 %）以 5xx 状态失败，涉及 50 个客户端地址。")
        #expect(draft.findings[0].text.hasPrefix("10:14:42 control：新出现“数据库连接超时"))
    }

    @Test func knownFaultsProposeTheTypeAndWhatIsPossible() throws {
        let draft = try draft()
        #expect(
            draft.knownFaults.prefix(2).map(\.text) == [
                "The application does not give database connections back: 3 events, 0 in as long a time before, in the ten minutes before the fault",
                "The application cannot reach the database: 66 events, 0 in as long a time before",
            ])
        #expect(draft.incident.type == FaultClass(.application, "error"))
        #expect(
            draft.remarks[.type] == "proposed by a known fault that matches; to be confirmed")
        let lines = draft.incident.description.split(separator: "\n").map(String.init)
        #expect(lines.contains { $0.hasPrefix("Known faults that match (the fault type ") })
        #expect(lines.contains { $0.hasPrefix("  possible, from the list of known faults: ") })
        #expect(draft.incident.rootCause.isEmpty && draft.incident.steps.isEmpty)
    }

    @Test func similarRecordsAreNamedWithTheirFix() throws {
        let directory = TemporaryDirectory(inMemory: true)
        let records = try IncidentStore(writing: directory("store"))
        var past = Incident()
        past.title = "数据库连接超时 in control"
        past.services = ["control", "nginx"]
        past.type = FaultClass(.application, "error")
        past.rootCause = "a leak of connections"
        past.steps = [HandlingStep("rolled back\nto release2.7.3")]
        let id = try records.create(past, by: "alice", at: SampleLogs.midnight)
        past = Incident()
        past.title = "certificate expired"
        _ = try records.create(past, by: "alice", at: SampleLogs.midnight)
        var draft = try draft()
        try draft.addSimilar(in: records, SampleLogs.request())
        #expect(draft.similar.map(\.id) == [id])
        #expect(draft.remarks[.related] == "similar: \(id)")
        #expect(draft.incident.related.isEmpty)
        let end = """
            Similar past records:
            - \(id) 数据库连接超时 in control (identified)
              its root cause: a leak of connections
              what was done then: rolled back to release2.7.3
            """
        #expect(draft.incident.description.hasSuffix(end), "\(draft.incident.description)")
    }

    @Test func hostileTextIsEscapedAndItsQueriesAreReadBack() throws {
        let logs = FaultyLogs(seed: 4)
        let message = "bad \u{1B}[31m\"quote\" back\\slash (a|b) * [x] : {y} ‮rtl"
        logs.control(90, on: "app-1", in: 5_000..<5_300) { _ in ("ERROR", message) }
        logs.requests(90, path: "/a.b/(c)|d", in: 5_000..<5_300) { _ in (500, 0.1) }
        let store = try logs.store()
        let request = FaultyLogs.request()
        let fault = try #require(try FaultSearch(request, in: store).fault)
        let draft = try IncidentDraft(fault, request, in: store)
        try withExtendedLifetime(logs) { try Self.expectCounts(draft.findings, store) }
        let all = draft.incident.title + draft.incident.description
        #expect(!all.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" || $0 == "\u{202E}" })
        #expect(
            draft.findings.contains { $0.text.contains("back\\slash") && $0.events == 90 },
            "\(draft.findings)")
        #expect(
            draft.incident.impact.contains { $0.text.hasPrefix("GET /a.b/(c)|d/<*>: ") },
            "\(draft.incident.impact)")
    }

    @Test func silenceAndSlownessAreClaimsToo() throws {
        let logs = FaultyLogs(seed: 9)
        logs.remove("web-1/access.log", in: 5_000..<5_300)
        let store = try logs.store()
        let request = FaultyLogs.request(.newest, .chinese)
        let fault = try #require(try FaultSearch(request, in: store).fault)
        let draft = try withExtendedLifetime(logs) {
            try IncidentDraft(fault, request, in: store)
        }
        #expect(draft.incident.title == "nginx：没有日志")
        #expect(draft.incident.impact.count == 1)
        #expect(draft.incident.impact[0].text.hasPrefix("web-1 上的 nginx："))
        #expect(draft.incident.impact[0].query.hasPrefix("service:=nginx host:=web-1 time:["))
    }
}
