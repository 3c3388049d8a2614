import LogModel
import StoreFixtures
import Testing

@testable import LogStore

/// Sources that are followed, in random steps, against the lines that they must have.
@Suite struct LiveStoreModelTests {
    private typealias Fixture = StoreWriterFixture

    private struct Source {
        var generation: Generation
        /// What was written to the file, and how many of its lines the store was given.
        var lines: [String] = []
        var ends: [Int64] = [0]
        var given = 0
        var isOpen = false

        mutating func write(_ line: String) {
            lines.append(line)
            ends.append((ends.last ?? 0) + Int64(line.utf8.count) + 1)
        }
    }

    private struct Model {
        var random: SeededRandom
        var writer: StoreWriter
        var sources: [Source] = []
        var committed: [Source] = []
        let path: String

        init(seed: UInt64, path: String) throws {
            random = SeededRandom(seed: seed)
            writer = try StoreWriter(directory: path)
            self.path = path
            for number in 0..<3 {
                sources.append(Source(generation: try writer.add(Fixture.generation("g\(number)"))))
            }
            committed = sources
        }

        mutating func step() throws {
            switch random.number(0...19) {
            case 0: rollback()
            case 1:
                rollback()
                writer.release()
                _ = try writer.acquire(timeout: 1)
            case 2 where random.isTrue(oneIn: 8):
                try commit()
                #expect(try writer.compact().problems.isEmpty)
            case 3 where random.isTrue(oneIn: 4): try crash()
            case 4...10: try commit()
            default: try insert(random.number(0...2))
            }
        }

        private mutating func insert(_ number: Int) throws {
            var source = sources[number]
            if source.isOpen {
                // As a shipper does: what it took for the whole line goes on.
                let stored = try #require(try writer.generation(id: source.generation.id))
                guard stored.openOffset == source.ends[source.given - 1] else { return }
                _ = try writer.takeBackOpenEvent(of: stored)
                source.given -= 1
                source.isOpen = false
            }
            let count = random.number(1...6)
            let size = random.pick([1, 1, 1, 1, 1, 1, 1, 1, 100, 10_000])
            while source.lines.count < source.given + count {
                source.write(
                    "\(number)w\(source.lines.count) " + String(repeating: "- ", count: size))
            }
            let isOpen = random.isTrue(oneIn: 3)
            let new = source.lines[source.given..<source.given + count]
            try Fixture.insert(
                Array(new), into: writer, source.generation, at: source.ends[source.given],
                isOpen: isOpen, isLive: !random.isTrue(oneIn: 20))
            source.given += count
            source.isOpen = isOpen
            sources[number] = source
        }

        private mutating func commit() throws {
            try writer.commit()
            committed = sources
        }

        private mutating func rollback() {
            writer.rollback()
            forgetUncommitted()
        }

        /// The files have what was written to them all the same.
        private mutating func forgetUncommitted() {
            for number in sources.indices {
                sources[number].given = committed[number].given
                sources[number].isOpen = committed[number].isOpen
            }
        }

        /// The days are committed, the catalogue is not; then the process ends.
        private mutating func crash() throws {
            try writer.commitDaysAlone()
            writer.rollback()
            writer.release()
            _ = try writer.acquire(timeout: 1)
            forgetUncommitted()
        }

        private static func word(_ line: [UInt8]) -> String {
            String(decoding: line.prefix { $0 != 0x20 }, as: UTF8.self)
        }

        func check() throws {
            let partition = try Store(directory: path).partition(Day(of: Fixture.noon))
            let blocks = try partition.blocks(Partition.Criteria())
                .sorted { ($0.source, $0.firstOffset) < ($1.source, $1.firstOffset) }
            for (block, next) in zip(blocks, blocks.dropFirst()) where block.source == next.source {
                #expect(block.endOffset <= next.firstOffset)
            }
            #expect(try partition.liveBlocks().isSubset(of: blocks.map(\.id)))
            #expect(DayCheck(partition.day, in: path).run().problems == [])
            for source in committed {
                let own = try blocks.filter {
                    try partition.source($0.source).generation == source.generation.name
                }
                var words: [String] = []
                for block in own {
                    let batch = try partition.batch(of: block)
                    words += batch.rows.indices.map { Self.word(batch.original($0)) }
                }
                // After a half commit days have more than the catalogue knows, and less only of
                // what was open.
                let count = source.given - (source.isOpen ? 1 : 0)
                let expected = source.lines.prefix(count).map { Self.word(Array($0.utf8)) }
                #expect(Array(words.prefix(count)) == expected)
                #expect(Set(words).count == words.count)
                guard let word = expected.last.map({ Array($0.utf8) }) else { continue }
                var criteria = Partition.Criteria()
                criteria.terms = .occurrence(of: word, openStart: false, openEnd: false)
                let named = try partition.blocks(criteria)
                #expect(
                    try named.contains { block in
                        let batch = try partition.batch(of: block)
                        return batch.rows.indices.contains {
                            batch.original($0).starts(with: word)
                        }
                    })
            }
        }
    }

    @Test(arguments: UInt64(1)...6)
    func followedSourcesHaveTheirLinesOnceAndInOrder(seed: UInt64) throws {
        let fixture = StoreWriterFixture()
        var model = try Model(seed: seed, path: fixture.path)
        for step in 0..<200 {
            try model.step()
            if step % 50 == 49, !model.committed.allSatisfy({ $0.given == 0 }) {
                try model.check()
            }
        }
    }
}
