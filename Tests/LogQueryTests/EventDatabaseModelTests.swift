import LogModel
import LogQuery
import LogStore
import Presentation
import SQLite
import StoreFixtures
import Testing

/// SQL over random stores: the same rows whether the table's search leaves events out or SQLite
/// does, whether values come from blocks or from events, and as many as a search finds.
@Suite struct EventDatabaseModelTests {
    private static let start = SampleStore.noon - 40 * SampleStore.hour

    // MARK: Stores

    private static func store(_ random: inout SeededRandom) throws -> HandmadeStore {
        let store = try HandmadeStore()
        var offsets: [Int: Int64] = [:]
        for _ in 0..<14 {
            let number = random.number(0...2)
            let source = EventSource(
                host: ["web-1", "web-2", "O'Brien"][number],
                service: ["nginx", "control", ""][number],
                environment: number == 1 ? "prod" : "", path: "/logs/\(number)/app.log",
                observedTimestamp: SampleStore.noon)
            var builder = BatchBuilder(offset: offsets[number] ?? 0)
            var time = start + Int64(random.number(0...60)) * SampleStore.hour
            for _ in 0..<random.number(1...12) {
                time += Int64(random.pick([0, 1, 1_000_000, 999_999_999, 60_000_000_000]))
                let event = Self.event(at: time, &random)
                let isInvalid = event.values.contains {
                    !$0.withUnsafeBufferPointer { UTF8Bytes.isValid($0) }
                }
                builder.add(
                    event.values.map { Array($0) }, event.layout, at: event.time,
                    severity: event.severity,
                    flags: isInvalid ? event.flags.union(.isInvalidUTF8) : event.flags)
            }
            offsets[number] = builder.offset
            try store.add(builder.batch, from: source, commits: false)
        }
        try store.commit()
        return store
    }

    private static func event(at time: Int64, _ random: inout SeededRandom) -> SampleEvent {
        let text = Self.text(&random)
        switch random.number(0...5) {
        case 0, 1:
            let status = random.pick([200, 200, 304, 404, 499, 500, 502])
            return .access(
                time, random.pick(["GET", "POST"]), random.pick(["/api/pay", "/api/支付", "/a%b"]),
                random.pick(["", "?x=1"]), status, random.pick(["-", "0", "512", "99999999999"]),
                random.pick(["-", "curl/8.1", "a \\x22b\\x22"]),
                random.pick(["0.012", "1.500", "-"]))
        case 2:
            return .context(
                time, random.pick(["INFO", "WARN", "ERROR"]),
                random.pick(["", "{traceId=abc-1, user=wang}", "{traceId=it's}"]), text)
        case 3: return .nginxError(time, text, random.pick([", client: 10.0.0.9, server: a", ""]))
        case 4: return .unparsed(time, Array(text.utf8) + random.bytes(random.number(0...3)))
        default:
            return .java(
                time, random.pick(["INFO ", "ERROR", "WARN ", "DEBUG"]), "main", "c.e.Pool", text,
                random.pick([
                    "", "", "\nnext line", "\njava.io.IOException: broken\n\tat a.b(C.java:1)",
                ]))
        }
    }

    private static func text(_ random: inout SeededRandom) -> String {
        random.pick([
            "timeout after 30 s", "it's \"quoted\" 100%_", "数据库连接超时", "订单 P2026-77 ok", "",
            "NUL\u{0}here", "\u{1B}[31mRED\u{1B}[0m", "Straße İstanbul", "e\u{301}clair %\u{301}",
            String(
                decoding: RandomText.text(pieces: 4, &random).filter { $0 != 0x0A }, as: UTF8.self),
        ])
    }

    // MARK: Questions

    /// A condition, with `@` before columns: nothing, or a `+` that keeps it from the table.
    private static func condition(_ random: inout SeededRandom) -> String {
        let text = random.pick([
            "@host", "@service", "@env", "@path", "@method", "@exception", "@logger", "@msg",
            "@level", "@file", "@query", "@thread",
        ])
        let value = random.pick([
            "web-1", "O''Brien", "nginx", "", "prod", "/api/pay", "GET", "java.io.IOException",
            "c.e.Pool", "timeout after 30 s", "ERROR", "error", "INFO", "/logs/1/app.log", "x=1",
            "main", "数据库连接超时", "nonsense", "5",
        ])
        let number = random.pick(["@status", "@bytes", "@took", "@severity", "@timestamp", "@pid"])
        let limit = random.pick([
            "404", "500", "0", "512", "99999999999", "0.012", "1.5", "17", "-1", "'500'", "NULL",
            "\(start + 30 * SampleStore.hour)",
        ])
        let comparison = random.pick(["=", "<", "<=", ">", ">=", "<>"])
        let time = random.pick([
            "2026-11-19", "2026-11-19 12:00", "2026-11-19T12:00:00.000Z", "30h", "yesterday",
            "never", "", "2026-11-19T20:00:00+08:00",
        ])
        let pattern = random.pick([
            "%timeout%", "%TIMEOUT%", "web-%", "web_1", "%连接%", "%", "_", "O''B%", "%\"quoted\"%",
            "%mRED%", "/api/%", "%\u{301}%", "%straße%", "%İ%", "e%r", "%30 s", "%P2026-77%",
        ])
        switch random.number(0...9) {
        case 0: return "\(text) = '\(value)'"
        case 1: return "\(text) IN ('\(value)', 'web-2', 'WARN')"
        case 2: return "\(number) \(comparison) \(limit)"
        case 3: return "\(number) BETWEEN 0 AND \(limit)"
        case 4: return "@time \(comparison) '\(time)'"
        case 5: return "\(random.pick([text, "@raw", "@msg", "@raw"])) LIKE '\(pattern)'"
        case 6:
            let expression = random.pick([
                "time.*30", "^\\d", "连接|RED", "(?i)RED", "mRED", "a$", "/api",
            ])
            return "\(random.pick(["@raw", "@msg", text])) REGEXP '\(expression)'"
        case 7: return "\(random.pick([text, number])) IS \(random.pick(["", "NOT "]))NULL"
        case 8: return "\(text) \(comparison) '\(value)' COLLATE NOCASE"
        default: return "\(number) IN (404, 17, \(limit))"
        }
    }

    private static func conditions(_ random: inout SeededRandom) -> String {
        let first = condition(&random)
        switch random.number(0...4) {
        case 0: return "\(first) AND \(condition(&random))"
        case 1: return "\(first) OR \(condition(&random))"
        case 2: return "NOT (\(first))"
        case 3: return "\(first) AND (\(condition(&random)) OR \(condition(&random)))"
        default: return first
        }
    }

    private static func rows(_ sql: String, _ database: EventDatabase) throws -> [[SQLValue]] {
        let statement = try database.statement(sql)
        var rows: [[SQLValue]] = []
        while try statement.step() {
            rows.append((0..<statement.columnCount).map { statement.value($0) })
        }
        return rows
    }

    private static func database(_ store: HandmadeStore) throws -> EventDatabase {
        try EventDatabase(
            Store(directory: store.path), request: SearchRequest(query: "", now: SampleStore.noon),
            attributeText: EventJSON.object)
    }

    private static func sorted(_ rows: [[SQLValue]]) -> [String] { rows.map { "\($0)" }.sorted() }

    // MARK: Tests

    /// A `+` keeps a condition from the table: then it gives all events, and SQLite tests them.
    @Test(arguments: 0..<4 as Range<UInt64>)
    func whatTheTableLeavesOutIsNeverMissed(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let store = try Self.store(&random)
        let database = try Self.database(store)
        for _ in 0..<150 {
            let condition = Self.conditions(&random)
            let own = condition.replacing("@", with: "")
            let columns = random.pick(["id", "id, level, status", "count(*)"])
            let order = columns == "count(*)" ? "" : random.pick(["", " ORDER BY time DESC"])
            let found = try Self.rows(
                "SELECT \(columns) FROM events WHERE \(own)\(order)", database)
            // The affinity of a column that is compared with a text goes with the plus.
            let plain = condition.replacing("'500'", with: "500").replacing("@", with: "+")
            let expected = try Self.rows("SELECT \(columns) FROM events WHERE \(plain)", database)
            #expect(Self.sorted(found) == Self.sorted(expected), "seed \(seed): \(own)")
        }
        #expect(database.failures.isEmpty)
        store.close()
    }

    /// The two ways to a value, through a block's columns and through whole events.
    @Test(arguments: 0..<6 as Range<UInt64>)
    func valuesOfBlocksAreThoseOfEvents(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let store = try Self.store(&random)
        let database = try Self.database(store)
        for name in EventColumn.standard.map(\.name) {
            let byBlock = try Self.rows("SELECT \(name), id FROM events", database)
            let byEvent = try Self.rows("SELECT \(name), id FROM events ORDER BY time", database)
            #expect(Self.sorted(byBlock) == Self.sorted(byEvent), "seed \(seed): \(name)")
            let alone = try Self.rows("SELECT \(name) FROM events", database)
            #expect(
                Self.sorted(alone) == Self.sorted(byBlock.map { [$0[0]] }), "seed \(seed): \(name)")
        }
        store.close()
    }

    @Test(
        arguments: 0..<4 as Range<UInt64>,
        ["", "timeout", "level:>=WARN", "status:>=500", "连接", "host:web-1 -GET", "/[0-9]{2}/"])
    func argumentsGiveWhatASearchGives(seed: UInt64, query: String) throws {
        var random = SeededRandom(seed: seed)
        let store = try Self.store(&random)
        let database = try Self.database(store)
        let search = try Search(
            SearchRequest(query: query, now: SampleStore.noon), in: Store(directory: store.path))
        var expected: [[SQLValue]] = []
        try search.run { event in
            expected.append([.text(Array(event.uid.utf8)), .integer(event.timestamp)])
            return true
        }
        let from = "FROM events('\(query)')"
        let listed = try Self.rows("SELECT id, timestamp \(from) ORDER BY time DESC", database)
        #expect(listed == expected)
        let first = try Self.rows("SELECT id, timestamp \(from) LIMIT 3", database)
        #expect(first == Array(expected.prefix(3)))
        #expect(
            try Self.rows("SELECT count(*) \(from)", database) == [
                [.integer(Int64(expected.count))]
            ])
        store.close()
    }

    @Test func laterRowsOfALimitAreNotMade() throws {
        var random = SeededRandom(seed: 1)
        let store = try Self.store(&random)
        let database = try Self.database(store)
        let all = try Self.rows("SELECT id FROM events ORDER BY timestamp", database)
        for offset in [0, 1, 5, 40] {
            let part = try Self.rows(
                "SELECT id FROM events ORDER BY timestamp LIMIT 7 OFFSET \(offset)", database)
            #expect(part == Array(all.dropFirst(offset).prefix(7)))
        }
        store.close()
    }
}
