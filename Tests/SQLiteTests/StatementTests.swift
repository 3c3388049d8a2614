import SQLite
import StoreFixtures
import Testing

@Suite struct StatementTests {
    private let directory = TemporaryDirectory()

    private func connection() throws -> Connection {
        let connection = try Connection(directory("a.db"), mode: .create)
        try connection.execute("CREATE TABLE t(a UNIQUE, b)")
        return connection
    }

    @Test func faultySQLIsAnErrorWithItsText() throws {
        let connection = try connection()
        let error = #expect(throws: SQLiteError.self) {
            _ = try Statement("SELECT missing FROM t", on: connection)
        }
        #expect(error?.code == 1)
        #expect(error?.message == "no such column: missing")
        #expect(error?.statement == "SELECT missing FROM t")
        #expect(
            error?.description
                == "\(directory("a.db")): no such column: missing (SQLite 1) in: SELECT missing FROM t"
        )
    }

    @Test func refusedRowHasItsExtendedCodeAndNoValues() throws {
        let connection = try connection()
        let insert = try Statement("INSERT INTO t(a) VALUES(?)", on: connection)
        insert.bind("secret", at: 1)
        try insert.run()
        insert.bind("secret", at: 1)
        do {
            try insert.run()
            Issue.record("the second row must be refused")
        } catch {
            #expect(error.code == 2067)
            #expect(error.primaryCode == 19)
            #expect(error.message == "UNIQUE constraint failed: t.a")
            #expect(error.statement == "INSERT INTO t(a) VALUES(?)")
            #expect(!error.description.contains("secret"))
        }
        // The statement can be used again after its error.
        insert.bind("other", at: 1)
        try insert.run()
        #expect(try connection.integer("SELECT count(*) FROM t") == 2)
    }

    @Test func runForgetsTheBindingsOfTheRunBefore() throws {
        let connection = try connection()
        let insert = try Statement("INSERT INTO t VALUES(?, ?)", on: connection)
        insert.bind(Int64(1), at: 1)
        insert.bind(Int64(1), at: 2)
        try insert.run()
        insert.bind(Int64(2), at: 1)
        try insert.run()
        #expect(try connection.integer("SELECT b IS NULL FROM t WHERE a = 2") == 1)
    }

    @Test func statementGivesAllItsRowsTwice() throws {
        let connection = try connection()
        try connection.execute("INSERT INTO t(a) VALUES(1), (2), (3)")
        let select = try Statement("SELECT a FROM t WHERE a >= ? ORDER BY a", on: connection)
        for from in [Int64(1), 2] {
            select.bind(from, at: 1)
            var found: [Int64] = []
            while try select.step() { found.append(select.integer(0)) }
            #expect(found == Array(from...3))
            select.reset()
        }
    }

    @Test(
        arguments: [
            [], [0], [0x61, 0, 0x62], [0, 0, 0], [0xFF, 0xFE, 0x80], Array("订单".utf8),
            Array(repeating: 0x61, count: 100_000),
        ] as [[UInt8]])
    func bytesComeBackAsTheyAre(bytes: [UInt8]) throws {
        let connection = try connection()
        let insert = try Statement("INSERT INTO t VALUES(?, ?)", on: connection)
        insert.bind(blob: bytes, at: 1)
        insert.bind(text: bytes, at: 2)
        try insert.run()
        let select = try Statement("SELECT a, b, typeof(a), typeof(b) FROM t", on: connection)
        #expect(try select.step() == true)
        #expect(select.blob(0) == bytes)
        #expect(select.blob(1) == bytes)
        #expect(select.text(2) == "blob")
        #expect(select.text(3) == "text")
        #expect(select.isNull(0) == false)
        #expect(select.withBytes(0) { $0.count } == bytes.count)
    }

    @Test(arguments: ["", "a", "订单 😀", "a\0b", "\0"])
    func textComesBackAsItIs(text: String) throws {
        let connection = try connection()
        let insert = try Statement("INSERT INTO t(a) VALUES(?)", on: connection)
        insert.bind(text, at: 1)
        try insert.run()
        let select = try Statement("SELECT a FROM t", on: connection)
        #expect(try select.step() == true)
        #expect(select.text(0) == text)
    }

    @Test(arguments: [0, 1, -1, .min, .max] as [Int64])
    func integersComeBackAsTheyAre(value: Int64) throws {
        let connection = try connection()
        let insert = try Statement("INSERT INTO t(a) VALUES(?)", on: connection)
        insert.bind(value, at: 1)
        try insert.run()
        #expect(try connection.integer("SELECT a FROM t") == value)
    }

    @Test func nullIsEmptyAndKnown() throws {
        let connection = try connection()
        let insert = try Statement("INSERT INTO t(a) VALUES(?)", on: connection)
        insert.bindNull(at: 1)
        try insert.run()
        let select = try Statement("SELECT a FROM t", on: connection)
        #expect(try select.step() == true)
        #expect(select.isNull(0) == true)
        #expect(select.text(0) == "")
        #expect(select.blob(0) == [])
        #expect(select.integer(0) == 0)
    }

    @Test func statementKeepsItsConnectionOpen() throws {
        var connection: Connection? = try connection()
        try connection?.execute("INSERT INTO t(a) VALUES(42)")
        guard let open = connection else { return }
        let select = try Statement("SELECT a FROM t", on: open)
        connection = nil
        #expect(try select.step() == true)
        #expect(select.integer(0) == 42)
    }
}
