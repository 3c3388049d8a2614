import Incidents
import LogStore
import SQLite
import StoreFixtures
import Testing

@Suite struct SimilarTests {
    private let directory = TemporaryDirectory(inMemory: true)

    private static func record(_ title: String, _ change: (inout Incident) -> Void) -> Incident {
        var incident = Incident()
        incident.title = title
        change(&incident)
        return incident
    }

    /// Four records, INC-2026-0001 to 0004.
    private func records() throws -> IncidentStore {
        let store = try IncidentStore(writing: directory("store"))
        let records = [
            Self.record("Orders failed: connection pool exhausted") {
                $0.type = FaultClass(.application, "error")
                $0.services = ["control"]
                $0.rootCause = "a slow statement held the connections of HikariPool"
                $0.steps = [HandlingStep("killed the statement")]
                $0.actions = [PreventionAction("index on t_order.user_id")]
            },
            Self.record("支付超时：数据库连接耗尽") {
                $0.type = FaultClass(.application)
                $0.rootCause = "慢查询占用连接池"
                $0.actions = [PreventionAction("增加索引")]
            },
            Self.record("Certificate of pay.example.cn expired") {
                $0.type = FaultClass(.security)
                $0.services = ["nginx"]
                $0.rootCause = "nobody renewed it"
            },
            Self.record("磁盘写满，日志未清理") { $0.services = ["control", "node"] },
        ]
        for record in records {
            _ = try store.create(record, by: "a", at: 1_790_000_000_000_000_000)
        }
        return store
    }

    @Test func recordsThatShareRareWordsAreFoundWithTheirFix() throws {
        let store = try records()
        let draft = Self.record("Checkout fails") {
            $0.type = FaultClass(.application, "error")
            $0.services = ["control"]
            $0.description = "HikariPool: connection is not available, the POOL is exhausted"
        }
        let found = try store.similar(to: draft, limit: 5)
        #expect(found.map(\.id.number) == [1, 4])
        let first = try #require(found.first)
        #expect(first.title == "Orders failed: connection pool exhausted")
        #expect(first.status == .identified)
        #expect(first.score > 0)
        #expect(
            first.shared
                == [
                    "control", "application/error", "connection", "exhausted", "hikaripool", "pool",
                ])
        #expect(first.rootCause == "a slow statement held the connections of HikariPool")
        #expect(first.fix == ["killed the statement", "index on t_order.user_id"])
    }

    @Test func chineseIsComparedByPairsAndShownInRuns() throws {
        let store = try records()
        let draft = Self.record("订单服务数据库连接耗尽") { $0.type = FaultClass(.application, "error") }
        let found = try store.similar(to: draft, limit: 5)
        #expect(found.map(\.id.number) == [2])
        #expect(found.first?.shared == ["application", "数据库连接耗尽"])
        #expect(try store.similar(to: Self.record("日志") { _ in }, limit: 5).map(\.id.number) == [4])
        #expect(try store.similar(to: Self.record("志日") { _ in }, limit: 5) == [])
    }

    @Test func aRecordIsNotLikeItself() throws {
        let store = try records()
        let id = IncidentID(year: 2026, number: 3)
        let own = try store.record(id).incident
        #expect(try store.similar(to: own, limit: 5).map(\.id) == [id])
        #expect(try store.similar(to: own, excluding: id, limit: 5) == [])
        #expect(try store.similar(to: own, limit: 0) == [])
    }

    @Test func wordsOfAnOlderRevisionFindNothing() throws {
        let store = try records()
        let id = IncidentID(year: 2026, number: 3)
        let changed = Self.record("Handshakes with wxpay fail") { _ in }
        try store.append([.revision(changed, .edit)], to: id, by: "b", at: 2)
        #expect(try store.similar(to: Self.record("certificate") { _ in }, limit: 5) == [])
        let found = try store.similar(to: Self.record("WXPAY handshakes") { _ in }, limit: 5)
        #expect(found.map(\.id) == [id])
        #expect(found[0].shared == ["handshakes", "wxpay"])
    }

    /// What is purged stands in no file any more, the index of words included.
    @Test func wordsOfAPurgedRevisionAreGone() throws {
        let store = try records()
        let id = IncidentID(year: 2026, number: 3)
        let secret = Self.record("Password hunter2zz was logged") { _ in }
        try store.append([.revision(secret, .edit)], to: id, by: "b", at: 2)
        try store.append([.revision(Incident(), .edit)], to: id, by: "b", at: 3)
        let path = IncidentStore.path(directory("store"))
        #expect(
            TemporaryDirectory.read(path).contains("hunter2zz")
                || Self.log(path).contains("hunter2zz"))
        let purged = try store.purge(
            pins: [], entries: [2], of: id, because: "a password", by: "b", at: 4)
        #expect(purged.isGone)
        #expect(!TemporaryDirectory.read(path).contains("hunter2zz"))
        #expect(!Self.log(path).contains("hunter2zz"))
    }

    private static func log(_ path: String) -> [UInt8] { TemporaryDirectory.read(path + "-wal") }

    /// Whatever a user writes is words, never an expression of the index.
    @Test(arguments: [
        "NEAR(", "\"", "*", "a\" OR \"b", "title:x", "^pool", "pool*", "NOT pool", "{title} : pool",
        "--",
        "AND", "OR OR", "NEAR(connection pool, 2)", "+", "'; DROP TABLE prose; --",
        "\u{0}pool\u{0}",
        "pool\u{202E}", "", " ", "-pool", "(((((", "数\"据",
        String(repeating: "pool ", count: 20_000),
        String(repeating: "x", count: 100_000),
    ])
    func hostileWordsAreWords(text: String) throws {
        let store = try records()
        let draft = Self.record(text) { $0.description = text }
        let numbers = try store.similar(to: draft, limit: 5).map(\.id.number)
        #expect(numbers == (text.contains("pool") ? [1] : []))
        // As a record it is no harm either.
        let id = try store.create(draft, by: "e", at: 1_790_000_000_000_000_000)
        #expect(try store.record(id).entries == 1)
    }
}

extension [UInt8] {
    fileprivate func contains(_ text: String) -> Bool {
        let wanted = Array(text.utf8)
        guard count >= wanted.count else { return false }
        return indices.dropLast(wanted.count - 1).contains { self[$0...].starts(with: wanted) }
    }
}
