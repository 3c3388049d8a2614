import SQLite
import StoreFixtures
import Testing

@testable import LogStore

/// Segments are written by hand and read by FTS5, so FTS5 says whether they are right.
@Suite struct TermIndexTests {
    private let directory = TemporaryDirectory()

    @Test(arguments: 0..<12 as Range<UInt64>)
    func fts5FindsWhatItWouldHaveWritten(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let connection = try partition()
        let index = try TermIndex(on: connection)
        var expected: [UInt64: [Int64]] = [:]
        var block: Int64 = 0
        for _ in 0..<random.number(1...20) {
            for _ in 0..<random.number(1...random.pick([2, 40, 600])) {
                // Deleted blocks leave gaps.
                block += random.isTrue(oneIn: 9) ? 1 << Int64(random.number(0...40)) : 1
                let terms = Set((0..<random.number(0...60)).map { _ in Self.term(&random) })
                for term in terms { expected[term, default: []].append(block) }
                try index.add(Array(terms), block: block)
            }
            if try index.write() { try TermIndex.merge(directory("a.db")) }
        }
        try connection.execute("INSERT INTO term(term) VALUES('integrity-check')")
        #expect(
            try Self.counts(connection) == expected.mapValues { Int64($0.count) }, "seed \(seed)")
        for (term, blocks) in expected.shuffled(using: &random).prefix(300) {
            #expect(try Self.blocks(with: term, connection) == blocks, "seed \(seed), \(term)")
        }
    }

    /// The rows of one term fill several pages, the last of them with nothing else.
    @Test func termOfAllBlocksGoesOverPages() throws {
        let connection = try partition()
        let index = try TermIndex(on: connection)
        let everywhere = Term.pack(Array("zebra".utf8))
        for block in 1...6000 as ClosedRange<Int64> {
            try index.add([everywhere, Term.pack(Array("b\(block)".utf8))], block: block * 300)
        }
        _ = try index.write()
        try connection.execute("INSERT INTO term(term) VALUES('integrity-check')")
        let expected = (1...6000).map { Int64($0) * 300 }
        #expect(try Self.blocks(with: everywhere, connection) == expected)
        #expect(try Self.blocks(with: Term.pack(Array("b77".utf8)), connection) == [77 * 300])
    }

    @Test func sixteenSegmentsBecomeOne() throws {
        let connection = try partition()
        let index = try TermIndex(on: connection)
        for block in 1...15 as ClosedRange<Int64> {
            try index.add([Term.pack(Array("word".utf8))], block: block)
            #expect(try index.write() == false)
        }
        try index.add([Term.pack(Array("word".utf8))], block: 16)
        #expect(try index.write() == true)
        try TermIndex.merge(directory("a.db"))
        #expect(try connection.integer("SELECT count(DISTINCT segid) FROM term_idx") == 1)
        try index.add([Term.pack(Array("word".utf8))], block: 17)
        #expect(try index.write() == false)
        let found = try Self.blocks(with: Term.pack(Array("word".utf8)), connection)
        #expect(found == Array(1...17))
    }

    @Test func damagedStructureIsAnError() throws {
        let connection = try partition()
        let index = try TermIndex(on: connection)
        try connection.execute("UPDATE term_data SET block = x'00000000FF' WHERE id = 10")
        try index.add([Term.pack(Array("word".utf8))], block: 1)
        #expect(throws: SQLiteError.self) { try index.write() }
    }

    @Test(
        arguments: [
            ([0, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 1, 1, 0, 0, 1, 1, 1, 3]),
            ([0, 0, 0, 7, 1, 1, 5, 0, 1, 1, 1, 9], [0, 0, 0, 7, 1, 2, 5, 0, 2, 1, 1, 9, 2, 1, 3]),
        ] as [([UInt8], [UInt8])])
    func newSegmentTakesTheFirstFreeNumber(before: [UInt8], after: [UInt8]) throws {
        var structure = try #require(TermStructure(before))
        #expect(structure.encoded() == before)
        _ = structure.addSegment(pages: 3)
        #expect(structure.encoded() == after)
    }

    @Test(
        arguments: [
            (0, [0]), (127, [0x7F]), (128, [0x81, 0]), (16_383, [0xFF, 0x7F]),
            (16_384, [0x81, 0x80, 0]), (1 << 56 - 1, [255, 255, 255, 255, 255, 255, 255, 0x7F]),
            (.max, [255, 255, 255, 255, 255, 255, 255, 255, 255]),
        ] as [(UInt64, [UInt8])])
    func varintsAreThoseOfSQLite(value: UInt64, expected: [UInt8]) {
        var bytes: [UInt8] = []
        TermSegment.append(value, to: &bytes)
        #expect(bytes == expected)
    }

    private func partition() throws -> Connection {
        let connection = try Connection(directory("a.db"), mode: .create)
        try connection.execute("PRAGMA journal_mode = WAL")
        try connection.execute(Partition.schema)
        return connection
    }

    /// Terms of a few letters, so that many begin alike and some are the beginning of others.
    private static func term(_ random: inout SeededRandom) -> UInt64 {
        let letters = Array((random.isTrue(oneIn: 3) ? "ab" : "~_0a9zé中").utf8)
        return Term.pack((0..<random.number(1...8)).map { _ in random.pick(letters) })
    }

    private static func counts(_ connection: Connection) throws -> [UInt64: Int64] {
        try connection.execute(
            "CREATE VIRTUAL TABLE temp.words USING fts5vocab('main', 'term', 'row')")
        let statement = try Statement("SELECT CAST(term AS BLOB), doc FROM words", on: connection)
        var counts: [UInt64: Int64] = [:]
        while try statement.step() { counts[Term.pack(statement.blob(0))] = statement.integer(1) }
        return counts
    }

    private static func blocks(with term: UInt64, _ connection: Connection) throws -> [Int64] {
        let statement = try Statement(
            "SELECT rowid FROM term WHERE term MATCH ? ORDER BY rowid", on: connection)
        statement.bind(text: [0x22] + Term.bytes(term) + [0x22], at: 1)
        var found: [Int64] = []
        while try statement.step() { found.append(statement.integer(0)) }
        return found
    }
}
