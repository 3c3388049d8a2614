import CSQLite
import StoreFixtures
import Testing

@testable import SQLite

/// Files that other programs made, and ours in the hands of other programs.
@Suite struct PlainPagesTests {
    private let directory = TemporaryDirectory(inMemory: true)

    /// What any program does that knows nothing of checksums.
    private func plainly(_ path: String, _ sql: String) throws {
        var handle: OpaquePointer?
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
        defer { sqlite3_close_v2(handle) }
        try #require(sqlite3_open_v2(path, &handle, flags, "unix") == SQLITE_OK)
        try #require(sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK)
    }

    private static let rows = """
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100)
        INSERT INTO t SELECT hex(zeroblob(i * 100)) FROM n
        """

    @Test func fileOfAnotherProgramIsReadAndWrittenAsItIs() throws {
        let path = directory("a.db")
        try plainly(path, "CREATE TABLE t(a); \(Self.rows)")
        for mode in [Connection.Mode.readOnly, .readWrite, .create] {
            let connection = try Connection(path, mode: mode)
            #expect(try connection.integer("SELECT total(length(a)) FROM t") == 1_010_000)
            #expect(!connection.hasPageChecksums)
        }
        try Connection(path, mode: .create).execute("UPDATE t SET a = a || 'x'")
        let connection = try Connection(path, mode: .readOnly)
        #expect(try connection.integer("SELECT total(length(a)) FROM t") == 1_010_100)
        #expect(DatabasePages(path).bytes[20] == 0)
        let refusal = #expect(throws: SQLiteError.self) {
            try connection.backup(to: directory("copy.db"))
        }
        #expect(refusal?.message == "its pages have no checksums")
    }

    @Test func ourFileIsReadByOthersAndNotWrittenUnseen() throws {
        let path = directory("a.db")
        try Connection(path, mode: .create).execute("CREATE TABLE t(a); \(Self.rows)")
        try plainly(path, "CREATE TEMP TABLE x AS SELECT * FROM t")
        #expect(DatabasePages(path).invalid == [])
        try plainly(path, "UPDATE t SET a = 'x' WHERE rowid = 7")
        #expect(DatabasePages(path).invalid != [])
        let error = #expect(throws: SQLiteError.self) {
            try Connection(path, mode: .readOnly).integer("SELECT total(length(a)) FROM t")
        }
        #expect(error?.code == SQLiteError.pageMismatch)
    }

    /// SQLite 3.45 to 3.47 do so with the content of large rows.
    @Test func partsOfPagesAreVerifiedToo() throws {
        let path = directory("a.db")
        let connection = try Connection(path, mode: .create)
        try connection.execute("CREATE TABLE t(a); \(Self.rows)")
        var bytes = TemporaryDirectory.read(path)
        #expect(read(4088, from: 8192, connection) == (SQLITE_OK, Array(bytes[8192..<12280])))
        #expect(read(30, from: 9000, connection) == (SQLITE_OK, Array(bytes[9000..<9030])))
        #expect(read(16, from: 24, connection) == (SQLITE_OK, Array(bytes[24..<40])))
        #expect(read(5000, from: 8192, connection).code == SQLiteError.pageMismatch)
        bytes[12200] ^= 1
        directory.write(bytes, to: "a.db")
        #expect(read(4088, from: 8192, connection).code == SQLiteError.pageMismatch)
        #expect(read(30, from: 9000, connection).code == SQLiteError.pageMismatch)
        #expect(read(30, from: 16384, connection).code == SQLITE_OK)
    }

    private func read(
        _ count: Int, from offset: Int64, _ connection: Connection
    ) -> (code: Int32, bytes: [UInt8]) {
        var file: UnsafeMutablePointer<sqlite3_file>?
        sqlite3_file_control(connection.handle, "main", SQLITE_FCNTL_FILE_POINTER, &file)
        var bytes = [UInt8](repeating: 0, count: count)
        let code = file?.pointee.pMethods.pointee.xRead(file, &bytes, Int32(count), offset)
        return (code ?? SQLITE_MISUSE, bytes)
    }
}
