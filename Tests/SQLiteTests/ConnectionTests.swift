import SQLite
import StoreFixtures
import Testing

@Suite struct ConnectionTests {
    private let directory = TemporaryDirectory()

    @Test func missingFileIsOnlyMadeWhenAskedFor() throws {
        let path = directory("a.db")
        for mode in [Connection.Mode.readOnly, .readWrite] {
            let error = #expect(throws: SQLiteError.self) { try Connection(path, mode: mode) }
            #expect(error?.primaryCode == 14)
            #expect(error?.message == "unable to open database file")
            #expect(error?.statement == "open")
            #expect(error?.path == path)
        }
        try Connection(path, mode: .create).execute("CREATE TABLE t(a)")
        #expect(try Connection(path, mode: .readOnly).integer("SELECT count(*) FROM t") == 0)
    }

    @Test func readOnlyConnectionRefusesToWrite() throws {
        let path = directory("a.db")
        try Connection(path, mode: .create).execute("CREATE TABLE t(a)")
        let reader = try Connection(path, mode: .readOnly)
        let error = #expect(throws: SQLiteError.self) {
            try reader.execute("INSERT INTO t VALUES(1)")
        }
        #expect(error?.primaryCode == 8)
    }

    @Test func transactionThatThrowsLeavesNothingAndTheConnectionUsable() throws {
        struct Refusal: Error {}
        let connection = try Connection(directory("a.db"), mode: .create)
        try connection.execute("CREATE TABLE t(a)")
        #expect(throws: Refusal.self) {
            try connection.transaction(
                { () throws(Refusal) in
                    try? connection.execute("INSERT INTO t VALUES(1)")
                    throw Refusal()
                }, failure: { _ in Refusal() })
        }
        #expect(try connection.integer("SELECT count(*) FROM t") == 0)
        try connection.transaction(
            { () throws(SQLiteError) in
                try connection.execute("INSERT INTO t VALUES(2)")
            }, failure: { $0 })
        #expect(try connection.integer("SELECT a FROM t") == 2)
        #expect(connection.lastInsertedRow == 1)
    }

    @Test func lockedFileIsBusyAfterTheTimeout() throws {
        let path = directory("a.db")
        let first = try Connection(path, mode: .create)
        try first.execute("CREATE TABLE t(a); BEGIN IMMEDIATE")
        let second = try Connection(path, mode: .readWrite, busyTimeout: 10)
        let error = #expect(throws: SQLiteError.self) { try second.execute("BEGIN IMMEDIATE") }
        #expect(error?.isBusy == true)
        #expect(error?.isCorruption == false)
    }

    @Test func fileThatIsNoDatabaseIsCorruption() throws {
        let path = directory.write("this is a text file, and not a short one either\n", to: "a.db")
        let connection = try Connection(path, mode: .readWrite)
        let error = #expect(throws: SQLiteError.self) {
            try connection.integer("PRAGMA user_version")
        }
        #expect(error?.primaryCode == 26)
        #expect(error?.isCorruption == true)
    }

    @Test func firstIntegerIsNilWithoutARow() throws {
        let connection = try Connection(directory("a.db"), mode: .create)
        #expect(try connection.integer("SELECT 7 WHERE 0") == nil)
        #expect(try connection.integer("SELECT -9223372036854775808") == .min)
    }
}
