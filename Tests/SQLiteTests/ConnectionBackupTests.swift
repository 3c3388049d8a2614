import SQLite
import StoreFixtures
import Testing

@Suite struct ConnectionBackupTests {
    private let directory = TemporaryDirectory(inMemory: true)

    @Test func aFileThatIsWrittenIsCopiedAsItIs() throws {
        let writer = try Connection(directory("a.db"), mode: .create)
        try writer.execute(
            """
            PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA user_version = 7;
            CREATE TABLE t(a BLOB); INSERT INTO t VALUES(randomblob(100000));
            BEGIN; INSERT INTO t VALUES(x'00')
            """)
        let reader = try Connection(directory("a.db"), mode: .readOnly)
        let copy = directory("copy.db")
        try reader.backup(to: copy)
        try writer.execute("COMMIT")
        let copied = try Connection(copy, mode: .immutable)
        #expect(copied.hasPageChecksums)
        #expect(try copied.integer("SELECT count(*) FROM t") == 1)
        #expect(try copied.integer("PRAGMA user_version") == 7)
        #expect(DatabasePages(copy).size == 8192)
        #expect(DatabasePages(copy).invalid == [])
        for ending in ["-wal", "-shm", "-journal"] {
            #expect(TemporaryDirectory.permissions(copy + ending) == -1)
        }
        #expect(try reader.integer("SELECT count(*) FROM t") == 2)
    }

    /// All of it is of the moment in which the reader's transaction began.
    @Test func aSnapshotIsCopied() throws {
        let writer = try Connection(directory("a.db"), mode: .create)
        try writer.execute("PRAGMA journal_mode = WAL; CREATE TABLE t(a)")
        let reader = try Connection(directory("a.db"), mode: .readOnly)
        try reader.execute("BEGIN")
        #expect(try reader.integer("SELECT count(*) FROM t") == 0)
        try writer.execute("INSERT INTO t VALUES(1)")
        try reader.backup(to: directory("copy.db"))
        let copied = try Connection(directory("copy.db"), mode: .readOnly)
        #expect(try copied.integer("SELECT count(*) FROM t") == 0)
    }

    @Test func whatCannotBeWrittenIsAnErrorOfTheCopy() throws {
        let connection = try Connection(directory("a.db"), mode: .create)
        try connection.execute("CREATE TABLE t(a)")
        let path = directory("missing/copy.db")
        let error = #expect(throws: SQLiteError.self) { try connection.backup(to: path) }
        #expect(error?.path == path)
    }
}
