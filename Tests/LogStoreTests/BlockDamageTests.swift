import LogModel
import StoreFixtures
import Testing

@testable import LogStore

/// Damaged blocks give an error or some events; a trap would end the whole test run.
@Suite struct BlockDamageTests {
    @Test(arguments: 0..<2 as Range<UInt64>)
    func cutBlockIsAnError(seed: UInt64) throws {
        let block = Self.block(seed: seed, rows: 25)
        for length in 0..<block.data.count {
            #expect(throws: BlockError.self, "seed \(seed), \(length) bytes") {
                try Self.readAll(Array(block.data[..<length]), block.layouts)
            }
        }
        try Self.readAll(block.data, block.layouts)
    }

    @Test(arguments: 10..<12 as Range<UInt64>)
    func flippedBytesNeverTrap(seed: UInt64) {
        let block = Self.block(seed: seed, rows: 25)
        var random = SeededRandom(seed: seed)
        var errors = 0
        for position in block.data.indices {
            for mask in [1, 0x80, UInt8(random.number(2...255))] {
                var data = block.data
                data[position] ^= mask
                do { try Self.readAll(data, block.layouts) } catch { errors += 1 }
            }
        }
        #expect(errors > 0)
    }

    @Test(arguments: 20..<22 as Range<UInt64>)
    func shuffledPiecesNeverTrap(seed: UInt64) {
        let block = Self.block(seed: seed, rows: 30)
        var random = SeededRandom(seed: seed)
        for _ in 0..<500 {
            var data = block.data
            for _ in 0...random.number(0...3) {
                let start = random.number(0...data.count - 1)
                let count = min(data.count - start, random.number(1...20))
                switch random.number(0...2) {
                case 0: data.replaceSubrange(start..<start + count, with: random.bytes(count))
                case 1: data.removeSubrange(start..<start + count)
                default: data.insert(contentsOf: random.bytes(count), at: start)
                }
                if data.isEmpty { data = [0] }
            }
            try? Self.readAll(data, block.layouts)
        }
    }

    @Test func randomBytesNeverTrap() {
        var random = SeededRandom(seed: 30)
        for _ in 0..<2_000 {
            let data = [0x4C, 0x42, 2] + random.bytes(random.number(0...80))
            try? Self.readAll(data, [.unparsed])
        }
    }

    /// Whatever the number of rows says, memory is only had for what the bytes can hold.
    @Test func rowCountBeyondTheBytesIsRefusedAtOnce() {
        var builder = BatchBuilder()
        builder.add(line: "one", at: 1)
        var encoder = BlockEncoder()
        let encoded = encoder.encode(builder.batch, rows: [0])
        #expect(encoded.data[3] == 1)
        var writer = ByteWriter()
        writer.varint(1 << 26)
        let data = encoded.data[..<3] + writer.bytes + encoded.data[4...]
        #expect(throws: BlockError.self) {
            _ = try Block(data: Array(data), layouts: encoded.layouts)
        }
    }

    @Test func layoutsThatAreNotTheBlocksAreRefused() {
        let block = Self.block(seed: 40, rows: 10)
        #expect(throws: BlockError.invalid("layout count")) {
            _ = try Block(data: block.data, layouts: block.layouts + [.unparsed])
        }
        #expect(throws: BlockError.invalid("header")) {
            _ = try Block(data: Array("SQLite format 3".utf8), layouts: [])
        }
        #expect(throws: BlockError.truncated) { _ = try Block(data: [], layouts: []) }
    }

    private static func block(seed: UInt64, rows: Int) -> EncodedBlock {
        var builder = BatchBuilder(offset: 12_345)
        var random = RandomBatches(seed: seed)
        let some = random.batch(rows: rows)
        for row in some.rows.indices {
            builder.add(
                some.values(row), some.layouts[Int(some.rows[row].layout)],
                at: some.rows[row].timestamp, severity: some.rows[row].severity,
                terminator: random.random.pick([[0x0A], [0x0D, 0x0A]]),
                gap: Int64(random.random.number(0...9)))
        }
        // Every layout is there, and a time that is rendered, so that all kinds of columns are.
        let time = some.rows[0].timestamp
        for layout in RandomBatches.layouts {
            let values = layout.fields.map { Array("\($0.name) 数".utf8) }
            builder.add(values, layout, at: time)
        }
        let batch = builder.batch
        var encoder = BlockEncoder()
        return encoder.encode(batch, rows: Array(batch.rows.indices))
    }

    private static func readAll(_ data: [UInt8], _ layouts: [Layout]) throws(BlockError) {
        let block = try Block(data: data, layouts: layouts)
        let rows = Array(0..<block.rowCount)
        _ = try block.times()
        _ = try block.severities()
        _ = try block.flags()
        _ = try block.utcOffsets()
        _ = try block.ordinals()
        _ = try block.batch(rows: rows)
        _ = try block.texts(rows: rows)
        for (number, layout) in layouts.enumerated() {
            for field in layout.fields.indices {
                let all = RowSet(all: block.rowCount)
                _ = try block.forEachValue(layout: number, field: field, among: all) {
                    $0.first == 0x61
                }
            }
        }
    }
}
