import LogModel
import StoreFixtures
import Testing

@testable import LogStore

@Suite struct BlockRoundTripTests {
    private static let sizes = [1, 2, 3, 7, 8, 9, 63, 64, 65, 255, 256, 257, 600, 3_000]

    @Test(arguments: 0..<84 as Range<UInt64>, BlockEncoder.Effort.allCases)
    func blockGivesBackWhatWasPutIn(seed: UInt64, effort: BlockEncoder.Effort) throws {
        var random = RandomBatches(seed: seed)
        let batch = random.batch(rows: Self.sizes[Int(seed) % Self.sizes.count])
        var encoder = BlockEncoder(effort)
        let encoded = encoder.encode(batch, rows: Array(batch.rows.indices))
        let block = try Block(data: encoded.data, layouts: encoded.layouts)
        #expect(block.rowCount == batch.rows.count)
        let decoded = try block.batch(rows: Array(batch.rows.indices))
        expectEqual(decoded, batch, rows: Array(batch.rows.indices), "seed \(seed)")
        #expect(encoded.summary == Self.summary(of: batch), "seed \(seed)")
        if effort == .archive { #expect(encoded.terms == [] && encoded.identifiers == []) }
    }

    /// A block has some rows of a batch, and a query asks for some rows of a block.
    @Test(arguments: 100..<124 as Range<UInt64>)
    func someRowsOfSomeRowsComeBack(seed: UInt64) throws {
        var random = RandomBatches(seed: seed)
        let batch = random.batch(rows: 200)
        let stored = batch.rows.indices.filter { _ in random.random.isTrue(oneIn: 3) } + [199]
        var encoder = BlockEncoder()
        let encoded = encoder.encode(batch, rows: stored)
        let block = try Block(data: encoded.data, layouts: encoded.layouts)
        let asked = stored.indices.filter { _ in random.random.isTrue(oneIn: 2) }
        let decoded = try block.batch(rows: asked)
        expectEqual(decoded, batch, rows: asked.map { stored[$0] }, "seed \(seed)")
        let texts = try block.texts(rows: asked)
        #expect(texts.rows == asked)
        for (index, row) in asked.enumerated() {
            let terminator = Int(batch.rows[stored[row]].terminatorLength)
            let expected = Array(batch.original(stored[row]).dropLast(terminator))
            #expect(Array(texts.bytes[texts.range(index)]) == expected, "seed \(seed), row \(row)")
        }
    }

    /// More rows than a dictionary has codes, as a block of the archive may have.
    @Test func archivedBlockOfManyShortRowsComesBack() throws {
        var random = SeededRandom(seed: 7)
        var builder = BatchBuilder()
        for number in 0..<66_000 {
            let line = number % 3 == 0 ? "\(number)" : "n \(random.number(0...99_999)) 号"
            builder.add([Array(line.utf8)], .unparsed, at: Int64(number) << 20)
        }
        let rows = Array(builder.batch.rows.indices)
        var encoder = BlockEncoder(.archive)
        let encoded = encoder.encode(builder.batch, rows: rows)
        let block = try Block(data: encoded.data, layouts: encoded.layouts)
        let decoded = try block.batch(rows: rows)
        #expect(decoded.bytes == builder.batch.bytes)
        #expect(decoded.digest(ofRows: rows) == encoded.summary.digest)
    }

    /// An encoder is used for one block after the other; nothing of one may be in the next.
    @Test func encoderStartsAfresh() {
        var random = RandomBatches(seed: 900)
        let first = random.batch(rows: 50)
        let second = random.batch(rows: 50)
        var used = BlockEncoder()
        _ = used.encode(first, rows: Array(0..<50))
        var fresh = BlockEncoder()
        let expected = fresh.encode(second, rows: Array(0..<50))
        let found = used.encode(second, rows: Array(0..<50))
        #expect(found.data == expected.data)
        #expect(Set(found.terms) == Set(expected.terms))
        #expect(found.summary == expected.summary)
    }

    @Test func blockOfMoreThan256LayoutsComesBack() throws {
        var builder = BatchBuilder()
        for number in 0..<300 {
            let layout = Layout(
                format: "f", pieces: [.literal(Array("\(number):".utf8)), .field(0)],
                fields: [Field("a")])
            builder.add([Array("value\(number)".utf8)], layout, at: Int64(number))
        }
        var encoder = BatchEncoder()
        for day in encoder.encode(builder.batch).days {
            let block = try Block(data: day.block.data, layouts: day.block.layouts)
            let decoded = try block.batch(rows: Array(0..<block.rowCount))
            expectEqual(decoded, builder.batch, rows: day.rows, "")
        }
    }

    @Test func eachDistinctValueIsAskedOnce() throws {
        var builder = BatchBuilder()
        for number in 0..<100 {
            let values = ["2026", "main", number % 3 == 0 ? "WARN" : "INFO", "x", "text", ""]
            builder.add(values.map { Array($0.utf8) }, RandomBatches.java, at: Int64(number))
        }
        var encoder = BlockEncoder()
        let encoded = encoder.encode(builder.batch, rows: Array(0..<100))
        let block = try Block(data: encoded.data, layouts: encoded.layouts)
        var asked: [String] = []
        let rows = try block.forEachValue(layout: 0, field: 2, among: RowSet(all: 100)) {
            asked.append(String(decoding: $0, as: UTF8.self))
            return $0.first == UInt8(ascii: "W")
        }
        #expect(asked == ["WARN", "INFO"])
        #expect(rows.indices == (0..<100).filter { $0 % 3 == 0 })
    }

    private func expectEqual(
        _ decoded: EventBatch, _ batch: EventBatch, rows: [Int], _ comment: Comment
    ) {
        #expect(decoded.rows.count == rows.count, comment)
        for (index, row) in rows.enumerated() where index < decoded.rows.count {
            let found = decoded.rows[index]
            let expected = batch.rows[row]
            #expect(decoded.original(index) == batch.original(row), comment)
            #expect(decoded.values(index) == batch.values(row), comment)
            #expect(
                decoded.layouts[Int(found.layout)] == batch.layouts[Int(expected.layout)], comment)
            #expect(found.terminatorLength == expected.terminatorLength, comment)
            #expect(found.timestamp == expected.timestamp, comment)
            #expect(found.offset == expected.offset, comment)
            #expect(found.utcOffset == expected.utcOffset, comment)
            #expect(found.severity == expected.severity, comment)
            #expect(found.flags == expected.flags, comment)
        }
    }

    private static func summary(of batch: EventBatch) -> BlockSummary {
        var summary = BlockSummary()
        summary.firstTime = batch.rows.map(\.timestamp).min() ?? 0
        summary.lastTime = batch.rows.map(\.timestamp).max() ?? 0
        summary.firstOffset = batch.rows.map(\.offset).min() ?? 0
        summary.endOffset = batch.rows.map { $0.offset + Int64($0.length) }.max() ?? 0
        summary.events = batch.rows.count
        summary.rawBytes = batch.rows.reduce(0) { $0 + Int($1.length) }
        summary.severities = batch.rows.reduce(0) { $0 | 1 << Int64($1.severity) }
        summary.hasInvalidUTF8 = batch.rows.contains { $0.flags.contains(.isInvalidUTF8) }
        summary.digest = Digest.sha256(batch.rows.indices.flatMap { batch.original($0) })
        return summary
    }
}
