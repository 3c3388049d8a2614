import StoreFixtures
import Testing

@testable import SQLite

@Suite struct PageChecksumTests {
    private let directory = TemporaryDirectory(inMemory: true)

    /// 60 rows of up to six pages of 512 bytes each, and an index over them.
    private func database(_ name: String = "a.db") throws -> String {
        let connection = try Connection(directory(name), mode: .create)
        try connection.execute(
            """
            PRAGMA page_size = 512; CREATE TABLE t(id INTEGER PRIMARY KEY, a BLOB);
            CREATE INDEX i ON t(length(a));
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60)
            INSERT INTO t SELECT i, randomblob(i * 50) FROM n
            """)
        return directory(name)
    }

    /// Reads all that a database has, page by page.
    private func readAll(_ path: String, _ mode: Connection.Mode = .readOnly) throws {
        try Connection(path, mode: mode).backup(to: directory("copy.db"))
    }

    // MARK: The format

    /// An empty database of one page as SQLite's file format describes it, with user version 42.
    private static let header: [(place: Int, bytes: [UInt8])] = [
        (0, Array("SQLite format 3\0".utf8)), (16, [2, 0]), (18, [1, 1]), (20, [8]),
        (21, [64, 32, 32]), (27, [1]), (31, [1]), (47, [4]), (59, [1]), (63, [42]), (95, [1]),
        (96, [0x00, 0x2E, 0x63, 0x01]), (100, [13]), (105, [1, 248]),
    ]

    private func writeByHand(sums: [UInt8]) -> String {
        var page = [UInt8](repeating: 0, count: 504)
        for (place, bytes) in Self.header {
            page.replaceSubrange(place..<place + bytes.count, with: bytes)
        }
        return directory.write(page + sums, to: "hand.db")
    }

    @Test func fileThatIsWrittenByHandIsRead() throws {
        let path = writeByHand(sums: [0x66, 0xBA, 0x1A, 0xFF, 0xEC, 0xBC, 0x3C, 0x13])
        #expect(DatabasePages(path).invalid == [])
        let connection = try Connection(path, mode: .readOnly)
        #expect(try connection.integer("PRAGMA user_version") == 42)
        #expect(connection.hasPageChecksums)
    }

    @Test func wrongSumsAreAnErrorThatSaysWhere() throws {
        let path = writeByHand(sums: [0x66, 0xBA, 0x1A, 0xFF, 0xEC, 0xBC, 0x3C, 0x12])
        let connection = try Connection(path, mode: .readOnly)
        let error = #expect(throws: SQLiteError.self) {
            try connection.integer("PRAGMA user_version")
        }
        #expect(error?.code == 8202)
        #expect(error?.message == "the page at byte 0 does not match its checksum")
        #expect(error?.path == path)
        #expect(error?.isCorruption == true)
        #expect(error?.isDiskFull == false)
    }

    @Test func everyPageOfANewFileHasItsSums() throws {
        let path = try database()
        let pages = DatabasePages(path)
        #expect(pages.size == 512)
        #expect(pages.count > 150)
        #expect(pages.bytes[20] == 8)
        #expect(pages.invalid == [])
        #expect(try Connection(path, mode: .readOnly).hasPageChecksums)
        try readAll(path)
    }

    /// Pages that do not fit into the cache are written before the first page is.
    @Test func pagesWrittenBeforeTheHeaderHaveTheirSums() throws {
        let path = directory("a.db")
        let connection = try Connection(path, mode: .create)
        try connection.execute(
            """
            PRAGMA cache_size = 10; PRAGMA journal_mode = OFF; BEGIN; CREATE TABLE t(a BLOB);
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300)
            INSERT INTO t SELECT randomblob(3000) FROM n
            """)
        #expect(TemporaryDirectory.read(path).count > 100_000)
        try connection.execute("COMMIT")
        #expect(DatabasePages(path).invalid == [])
        try readAll(path)
    }

    // MARK: Damage

    @Test func everyFlippedBitOfAPageIsNoticed() throws {
        let path = try database()
        var page = Array(TemporaryDirectory.read(path)[1024..<1536])
        #expect(page.withUnsafeBytes { PageChecksum.isValid($0) })
        for bit in 0..<512 * 8 {
            page[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(!page.withUnsafeBytes { PageChecksum.isValid($0) })
            page[bit / 8] ^= 1 << UInt8(bit % 8)
        }
    }

    /// What reads the page fails and says which one; what does not read it gives the right answer.
    @Test(arguments: [1, 2, 3] as [UInt64])
    func flippedBitsOfAFileAreNoticedWhenTheirPageIsRead(seed: UInt64) throws {
        let path = try database()
        let whole = TemporaryDirectory.read(path)
        let query = "SELECT total(length(hex(a))) FROM t"
        let right = try Connection(path, mode: .readOnly).integer(query)
        var random = SeededRandom(seed: seed)
        for page in 0..<whole.count / 512 {
            var bytes = whole
            let bit = page * 4096 + random.number((page == 0 ? 100 : 0) * 8...4095)
            bytes[bit / 8] ^= 1 << UInt8(bit % 8)
            directory.write(bytes, to: "a.db")
            let error = #expect(throws: SQLiteError.self, "seed \(seed)") { try readAll(path) }
            #expect(
                error?.message == "the page at byte \(page * 512) does not match its checksum")
            #expect(error?.path == path)
            do {
                let connection = try Connection(path, mode: .readOnly)
                #expect(try connection.integer(query) == right)
            } catch {
                #expect(error.code == SQLiteError.pageMismatch)
            }
        }
    }

    /// The header tells how large pages are and whether they have sums at all.
    @Test func everyFlippedBitOfTheHeaderIsNoticed() throws {
        let path = try database()
        let whole = TemporaryDirectory.read(path)
        for bit in 0..<100 * 8 {
            var bytes = whole
            bytes[bit / 8] ^= 1 << UInt8(bit % 8)
            directory.write(bytes, to: "a.db")
            let connection = try Connection(path, mode: .readOnly)
            if bit / 8 == 20 {
                #expect(!connection.hasPageChecksums)
            } else {
                let error = #expect(throws: SQLiteError.self) {
                    try connection.integer("SELECT count(*) FROM t")
                }
                #expect(error?.isCorruption == true, "bit \(bit): \(String(describing: error))")
            }
        }
    }

    @Test(arguments: [Connection.Mode.readOnly, .readOnlyShared, .immutable, .readWrite, .create])
    func everyModeNotices(mode: Connection.Mode) throws {
        let path = try database()
        try readAll(path, mode)
        var bytes = TemporaryDirectory.read(path)
        bytes[5000] ^= 16
        directory.write(bytes, to: "a.db")
        let error = #expect(throws: SQLiteError.self) { try readAll(path, mode) }
        #expect(error?.message == "the page at byte 4608 does not match its checksum")
    }

    @Test func aCutFileIsNoticed() throws {
        let path = try database()
        let whole = TemporaryDirectory.read(path)
        for count in stride(from: 100, to: whole.count, by: 731) {
            directory.write(Array(whole[..<count]), to: "a.db")
            let error = #expect(throws: SQLiteError.self) { try readAll(path) }
            #expect(error?.isCorruption == true, "\(count) bytes: \(String(describing: error))")
        }
    }

    @Test func damageOfAnAttachedFileIsItsOwn() throws {
        let path = try database()
        var bytes = TemporaryDirectory.read(path)
        bytes[600] ^= 1
        directory.write(bytes, to: "a.db")
        let connection = try Connection(directory("b.db"), mode: .create)
        try connection.execute("CREATE TABLE own(a)")
        let error = #expect(throws: SQLiteError.self) {
            try connection.execute("ATTACH '\(path)' AS old; PRAGMA old.integrity_check")
            try connection.execute("INSERT INTO own SELECT hex(a) FROM old.t")
        }
        #expect(error?.path == path)
        #expect(error?.message == "the page at byte 512 does not match its checksum")
    }
}
