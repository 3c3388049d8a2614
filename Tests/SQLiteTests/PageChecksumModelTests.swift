import SQLite
import StoreFixtures
import Testing

/// Whatever is done with a file, all its pages end with their sums.
@Suite struct PageChecksumModelTests {
    private let directory = TemporaryDirectory(inMemory: true)

    /// Random statements, against a dictionary of what must be there.
    @Test(arguments: 0..<12 as Range<UInt64>)
    func sumsAreRightAfterRandomOperations(seed: UInt64) throws {
        var model = FileModel(
            path: directory("a.db"), copy: directory("copy.db"), random: SeededRandom(seed: seed))
        try model.open()
        for _ in 0..<60 { try model.step() }
        try model.check("seed \(seed)")
    }

    @Test func aReaderBesideAWriterSeesWholeCommits() async throws {
        let path = directory("a.db")
        try Connection(path, mode: .create).execute(
            "PRAGMA page_size = 1024; PRAGMA journal_mode = WAL; CREATE TABLE t(a BLOB)")
        async let written: Void = {
            let writer = try Connection(path, mode: .readWrite)
            try writer.execute("PRAGMA wal_autocheckpoint = 5; PRAGMA synchronous = OFF")
            for number in 1..<200 {
                try writer.execute(
                    """
                    BEGIN; DELETE FROM t; INSERT INTO t VALUES(zeroblob(\(number * 40)));
                    INSERT INTO t VALUES(randomblob(\(8000 - number * 40))); COMMIT
                    """)
            }
        }()
        async let read: Void = {
            let reader = try Connection(path, mode: .readOnly)
            for _ in 0..<200 {
                let sum = try reader.integer("SELECT total(length(hex(a))) FROM t")
                #expect(sum == 0 || sum == 16000)
            }
        }()
        _ = try await (written, read)
        #expect(DatabasePages(path).invalid == [])
    }
}

/// A file of random rows, and what is in them.
private struct FileModel {
    let path: String
    let copy: String
    var random: SeededRandom
    private var connection: Connection?
    private var lengths: [Int: Int] = [:]

    init(path: String, copy: String, random: SeededRandom) {
        (self.path, self.copy, self.random) = (path, copy, random)
    }

    mutating func open() throws {
        let opened = try Connection(path, mode: .create)
        connection = opened
        let size = random.pick([512, 1024, 4096, 8192])
        try opened.execute(
            """
            PRAGMA page_size = \(size); PRAGMA cache_size = \(random.pick([5, 2000]));
            PRAGMA synchronous = OFF; PRAGMA secure_delete = \(random.pick([0, 1]));
            PRAGMA auto_vacuum = \(random.pick([0, 1, 2]));
            CREATE TABLE IF NOT EXISTS t(id INTEGER PRIMARY KEY, a BLOB)
            """)
    }

    mutating func step() throws {
        switch random.number(0...9) {
        case 0...3: try change(random.number(1...20))
        case 4: try rollBack()
        case 5: try run("PRAGMA journal_mode = \(random.pick(["WAL", "DELETE", "TRUNCATE"]))")
        case 6: try run("PRAGMA wal_checkpoint(\(random.pick(["PASSIVE", "TRUNCATE"])))")
        case 7: try run(random.pick(["VACUUM", "PRAGMA incremental_vacuum(3)"]))
        case 8: try run("PRAGMA page_size = 4096; VACUUM")
        default:
            connection = nil
            #expect(DatabasePages(path).invalid == [])
            try open()
        }
    }

    private func run(_ sql: String) throws { try connection?.execute(sql) }

    private mutating func change(_ count: Int) throws {
        try run("BEGIN")
        for _ in 0..<count {
            let id = random.number(1...40)
            let length = random.pick([1, 10, 500, 3000, 20000])
            if random.isTrue(oneIn: 3) {
                try run("DELETE FROM t WHERE id = \(id)")
                lengths[id] = nil
            } else {
                try run("REPLACE INTO t VALUES(\(id), randomblob(\(length)))")
                lengths[id] = length
            }
        }
        try run("COMMIT")
    }

    private mutating func rollBack() throws {
        try run("BEGIN; UPDATE t SET a = randomblob(4000); DELETE FROM t WHERE id % 2; ROLLBACK")
    }

    mutating func check(_ what: String) throws {
        try connection?.backup(to: copy)
        connection = nil
        for file in [path, copy] {
            #expect(DatabasePages(file).invalid == [], "\(what)")
            let reader = try Connection(file, mode: .readOnly)
            #expect(reader.hasPageChecksums, "\(what)")
            let check = try Statement("PRAGMA integrity_check", on: reader)
            #expect(try check.step() && check.text(0) == "ok", "\(what)")
            var found: [Int: Int] = [:]
            let rows = try Statement("SELECT id, length(a) FROM t", on: reader)
            while try rows.step() { found[Int(rows.integer(0))] = Int(rows.integer(1)) }
            #expect(found == lengths, "\(what)")
        }
    }
}
