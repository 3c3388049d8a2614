import LogModel
import LogQuery
import LogStore
import Presentation
import SQLite
import StoreFixtures
import Testing

/// SQL over a store gives what searches give, and never writes.
@Suite struct EventDatabaseTests {
    private static func database(
        _ store: HandmadeStore, _ query: String = "", zone: Zone = .utc
    ) throws -> EventDatabase {
        var request = SearchRequest(query: query, now: SampleStore.noon)
        request.zone = zone
        return try EventDatabase(
            Store(directory: store.path), request: request, attributeText: EventJSON.object)
    }

    /// The rows of a statement, in its order.
    private static func rows(_ sql: String, _ database: EventDatabase) throws -> [[SQLValue]] {
        let statement = try database.statement(sql)
        var rows: [[SQLValue]] = []
        while try statement.step() {
            rows.append((0..<statement.columnCount).map { statement.value($0) })
        }
        return rows
    }

    private static func text(_ value: SQLValue) -> String {
        switch value {
        case .null: "NULL"
        case .integer(let number): String(number)
        case .real(let number): String(number)
        case .text(let bytes), .blob(let bytes): String(decoding: bytes, as: UTF8.self)
        }
    }

    /// Rows as lines, values with a bar between.
    private static func lines(_ sql: String, _ database: EventDatabase) throws -> [String] {
        try rows(sql, database).map { $0.map(text).joined(separator: "|") }
    }

    // MARK: The sample store

    @Test(
        arguments: [
            ("SELECT count(*) FROM events", ["14"]),
            ("SELECT count(*) FROM events('level:ERROR')", ["4"]),
            ("SELECT status, bytes, took FROM events WHERE path = '/api/pay'", ["500|NULL|1.5"]),
            (
                "SELECT status, count(*), sum(bytes) FROM events WHERE status >= 400 GROUP BY 1",
                ["404|1|153", "500|1|NULL"]
            ),
            ("SELECT DISTINCT host FROM events ORDER BY host", ["web-1", "web-2"]),
            (
                "SELECT level, severity FROM events('service:nginx') ORDER BY time, status",
                ["INFO|9", "WARN|13", "ERROR|17"]
            ),
            (
                "SELECT time, timestamp FROM events ORDER BY time LIMIT 1",
                ["2026-11-18T23:59:59.999999999Z|1795046399999999999"]
            ),
            (
                "SELECT max(time), max(timestamp) FROM events",
                ["2026-11-20T12:00:00.000000001Z|1795176000000000001"]
            ),
            (
                "SELECT attributes ->> '$.\"mdc.traceId\"' FROM events WHERE msg = 'login ok'",
                ["abc-123"]
            ),
            (
                "SELECT exception FROM events WHERE raw LIKE '%BOOM OF%'",
                [
                    "java.lang.IllegalStateException"
                ]
            ),
            ("SELECT message FROM events WHERE raw REGEXP '订单号=[0-9]+'", ["支付失败 订单号=20261119001"]),
            ("SELECT raw FROM events WHERE raw LIKE 'gbk%'", ["gbk 中文"]),
            ("SELECT count(*) FROM events WHERE time >= '2026-11-20 12:00'", ["2"]),
            ("SELECT count(*) FROM events('', '2026-11-20', '2026-11-20 12:00')", ["3"]),
            ("SELECT count(*) FROM events WHERE time BETWEEN 'yesterday' AND 'today'", ["8"]),
            (
                "SELECT bin(time, '1d') AS day, count(*) FROM events GROUP BY day",
                [
                    "2026-11-18T00:00:00.000Z|1", "2026-11-19T00:00:00.000Z|8",
                    "2026-11-20T00:00:00.000Z|5",
                ]
            ),
            (
                "SELECT e.host, f.level FROM events('status:500') e JOIN events f ON f.msg = 'login ok'",
                ["web-2|INFO"]
            ),
            ("SELECT count(*) FROM events WHERE host = 'web-1' OR status = 404", ["12"]),
            ("SELECT count(*) FROM events WHERE NOT host = 'web-1'", ["3"]),
            ("SELECT count(*) FROM events WHERE env IN ('prod', 'test')", ["11"]),
            ("SELECT count(*) FROM events WHERE env IS NULL", ["3"]),
            ("SELECT host FROM events WHERE host = 'WEB-1' COLLATE NOCASE LIMIT 1", ["web-1"]),
            ("SELECT msg FROM events WHERE msg = 'nothing like it'", []),
        ] as [(String, [String])])
    func sampleStoreIsAnswered(sql: String, expected: [String]) throws {
        let store = try SampleStore()
        let database = try Self.database(store.handmade)
        #expect(try Self.lines(sql, database) == expected)
        #expect(database.failures.isEmpty)
    }

    @Test func timesStandInTheZoneThatIsAsked() throws {
        let store = try SampleStore()
        let database = try Self.database(store.handmade, zone: Zone(name: "+08:00", offset: 28_800))
        #expect(
            try Self.lines("SELECT time FROM events WHERE msg = 'login ok'", database)
                == ["2026-11-20T06:00:00.000+08:00"])
        // Midnight there is 16:00 UTC.
        #expect(
            try Self.lines("SELECT bin(timestamp, '1d') FROM events('\"login ok\"')", database)
                == ["1795104000000000000"])
    }

    // MARK: Refusals

    @Test(
        arguments: [
            "DELETE FROM events", "INSERT INTO events(host) VALUES('x')",
            "UPDATE events SET host = 1",
            "CREATE TABLE t(a)", "CREATE TEMP TABLE t(a)", "CREATE TEMP VIEW v AS SELECT 1",
            "ATTACH '/tmp/logq-never' AS other", "DETACH main", "PRAGMA writable_schema = 1",
            "PRAGMA table_info(events)", "BEGIN", "VACUUM", "VACUUM INTO '/tmp/logq-never'",
            "SELECT load_extension('x')", "SELECT * FROM pragma_database_list", "DROP TABLE events",
            "SELECT 1; SELECT 2", "SELECT 1; DELETE FROM events", "", " -- nothing",
            "SELECT \u{0} 1",
            "ANALYZE", "CREATE VIRTUAL TABLE t USING events",
            "SELECT \"nonsense\" FROM events",
            "SELECT 'a' REGEXP '('", "SELECT bin(1, 'x')",
        ])
    func whatIsMoreThanOneQuestionIsRefused(sql: String) throws {
        let store = try SampleStore()
        let database = try Self.database(store.handmade)
        #expect(throws: SQLiteError.self) { _ = try Self.rows(sql, database) }
        #expect(try Self.lines("SELECT count(*) FROM events", database) == ["14"])
    }

    @Test func mistakesPointAtTheirPlace() throws {
        let store = try SampleStore()
        let database = try Self.database(store.handmade)
        let error = #expect(throws: SQLiteError.self) {
            _ = try database.statement("SELECT time, sttus FROM events")
        }
        #expect(error?.message == "no such column: sttus")
        #expect(error?.offset == 13)
    }

    @Test func mistakesInAnArgumentAreThoseOfTheQuery() throws {
        let store = try SampleStore()
        let database = try Self.database(store.handmade)
        #expect(throws: SQLiteError.self) {
            _ = try Self.rows("SELECT * FROM events('statsu:5')", database)
        }
        guard case .query(let error) = database.searchError else {
            Issue.record("no error of the query")
            return
        }
        #expect(error.problem == "unknown field 'statsu'")
        #expect(error.range == 0..<6)
    }

    @Test func commentsAndASemicolonMayFollow() throws {
        let store = try SampleStore()
        let database = try Self.database(store.handmade)
        #expect(try Self.lines("SELECT 1; -- that is all\n /* yes */ ", database) == ["1"])
    }
}
