import LogModel
import SQLite
import StoreFixtures
import Testing

@testable import LogStore

@Suite struct LiveBlocksTests {
    private typealias Fixture = StoreWriterFixture
    private let fixture = StoreWriterFixture()
    private var path: String { fixture.path }

    private func partition() throws -> Partition {
        try Store(directory: path).partition(Day(of: Fixture.noon))
    }

    /// The day's blocks by offset, and how many of them are live.
    private func blocks() throws -> (all: [Partition.BlockReference], live: Int) {
        let partition = try partition()
        return (
            try partition.blocks(Partition.Criteria()).sorted { $0.firstOffset < $1.firstOffset },
            try partition.liveBlocks().count
        )
    }

    /// The lines of the blocks that a query for `word` reads.
    private func lines(reading word: String) throws -> [String] {
        var criteria = Partition.Criteria()
        criteria.terms = .occurrence(of: Array(word.utf8), openStart: false, openEnd: false)
        let partition = try partition()
        return try partition.blocks(criteria).sorted { $0.firstOffset < $1.firstOffset }
            .flatMap { reference -> [String] in
                let batch = try partition.batch(of: reference)
                return batch.rows.indices.map {
                    String(decoding: batch.original($0).dropLast(), as: UTF8.self)
                }
            }
    }

    @Test func smallBlocksAreReadByEveryQueryUntilTheyAreMany() throws {
        let writer = try StoreWriter(directory: path)
        let generation = try writer.add(Fixture.generation())
        var end: Int64 = 0
        for number in 0..<31 {
            end = try Fixture.insert(
                ["line \(number)"], into: writer, generation, at: end, isLive: true)
            try writer.commit()
        }
        #expect(try blocks().all.count == 31)
        #expect(try blocks().live == 31)
        #expect(try lines(reading: "absent").count == 31)
        // Summaries count.
        var criteria = Partition.Criteria()
        criteria.terms = .term(Array("line".utf8))
        criteria.times = Fixture.noon + 1..<Int64.max
        #expect(try partition().blocks(criteria).isEmpty)
        end = try Fixture.insert(["line 31"], into: writer, generation, at: end, isLive: true)
        try writer.commit()
        // Too small for an index.
        #expect(try blocks().all.count == 1)
        #expect(try blocks().live == 1)
        #expect(try Fixture.lines(in: path) == (0..<32).map { "line \($0)" })
        let long = String(repeating: "word ", count: 25_000)
        end = try Fixture.insert([long], into: writer, generation, at: end, isLive: true)
        end = try Fixture.insert([long], into: writer, generation, at: end, isLive: true)
        #expect(try Fixture.insert(["more"], into: writer, generation, at: end, isLive: true) > end)
        try writer.commit()
        #expect(try blocks().live == 3 + 1)
        end += 5
        _ = try Fixture.insert([long], into: writer, generation, at: end, isLive: true)
        try writer.commit()
        #expect(try blocks().all.count == 1)
        #expect(try blocks().live == 0)
        #expect(try lines(reading: "absent").isEmpty)
        #expect(try lines(reading: "more").count == 36)
    }

    @Test func aLargeBlockComesBehindTheLiveOnesBeforeIt() throws {
        let writer = try StoreWriter(directory: path)
        let generation = try writer.add(Fixture.generation())
        var end = try Fixture.insert(["a"], into: writer, generation, at: 0, isLive: true)
        end = try Fixture.insert(["b"], into: writer, generation, at: end, isLive: true)
        let long = String(repeating: "word ", count: 30_000)
        end = try Fixture.insert([long], into: writer, generation, at: end, isLive: true)
        end = try Fixture.insert(["c"], into: writer, generation, at: end, isLive: true)
        // Taken in by someone else.
        end = try Fixture.insert(["d"], into: writer, generation, at: end)
        try writer.commit()
        let found = try blocks()
        #expect(found.all.map(\.id) == found.all.map(\.id).sorted())
        #expect(found.all.map(\.events) == [2, 1, 1, 1])
        #expect(found.live == 0)
        #expect(try lines(reading: "b") == ["a", "b"])
    }

    @Test func theOpenEventIsABlockOfItsOwnAndGoesWithoutTouchingOthers() throws {
        let writer = try StoreWriter(directory: path)
        var generation = try writer.add(Fixture.generation())
        let end = try Fixture.insert(
            ["one", "two", "thr"], into: writer, generation, at: 0, isOpen: true, isLive: true)
        try writer.commit()
        #expect(try blocks().all.map(\.events) == [2, 1])
        let first = try blocks().all[0].id
        generation = try #require(try writer.generation(id: generation.id))
        #expect((generation.position, generation.openOffset) == (end, 8))
        #expect(try writer.takeBackOpenEvent(of: generation) == 1)
        try Fixture.insert(["three"], into: writer, generation, at: 8, isLive: true)
        try writer.commit()
        #expect(try blocks().all.first?.id == first)
        #expect(try Fixture.lines(in: path) == ["one", "two", "three"])
        #expect(try blocks().live == 2)
    }

    @Test func whatIsTakenBackOutOfALiveBlockLeavesALiveBlock() throws {
        let writer = try StoreWriter(directory: path)
        var generation = try writer.add(Fixture.generation())
        try Fixture.insert(["one", "two"], into: writer, generation, at: 0, isLive: true)
        try writer.commit()
        (generation.position, generation.openOffset) = (8, 4)
        generation.openDay = Day(of: Fixture.noon).number
        #expect(try writer.takeBackOpenEvent(of: generation) == 1)
        try writer.commit()
        #expect(try lines(reading: "absent") == ["one"])
    }

    @Test func tooMuchLiveTextOfADayIsIndexedTheLargestSourceFirst() throws {
        var live = LiveBlocks()
        for source in Int64(1)...100 {
            live.add(source, bytes: 160_000)
            #expect(live.largestToIndex == nil)
        }
        live.add(50, bytes: 90_000)
        #expect(live.largestToIndex == nil)
        live.add(7, bytes: 700_000)
        #expect(live.largestToIndex == 7)
        live.remove(7)
        #expect(live.largestToIndex == nil)
        let writer = try StoreWriter(directory: path)
        var sources: [Generation] = []
        for number in 0..<130 {
            sources.append(try writer.add(Fixture.generation("g\(number)")))
            try Fixture.insert(["a"], into: writer, sources[number], at: 0, isLive: true)
        }
        try writer.commit()
        writer.release()
        #expect(try blocks().live == 130)
        // As if each had more; 16 MiB are 129 of them.
        try Connection(path + "/partitions/2026-11-20.db", mode: .readWrite)
            .execute("UPDATE block SET raw_bytes = 130000")
        _ = try writer.acquire(timeout: 0)
        try Fixture.insert(["b"], into: writer, sources[3], at: 2, isLive: true)
        try writer.commit()
        #expect(try blocks().all.count == 130)
        #expect(try blocks().live == 129)
        #expect(try lines(reading: "b").count == 131)
        #expect(try lines(reading: "absent").count == 129)
    }

    @Test(arguments: [false, true])
    func aBlockThatIsMergedUnderAReaderGivesItsEvents(isSnapshot: Bool) throws {
        let writer = try StoreWriter(directory: path)
        let generation = try writer.add(Fixture.generation())
        var end: Int64 = 0
        for number in 0..<31 {
            end = try Fixture.insert(
                ["a \(number)", "b \(number)"], into: writer, generation, at: end, isLive: true)
        }
        try writer.commit()
        let named = try blocks().all
        end = try Fixture.insert(["last"], into: writer, generation, at: end, isLive: true)
        try writer.commit()
        #expect(try blocks().all.count == 1)
        // Another thread's search has its snapshot from after the merge.
        let reader = try Store(directory: path)
            .partition(Day(of: Fixture.noon), isSnapshot: isSnapshot)
        for (number, reference) in named.enumerated() {
            let block = try reader.block(reference)
            let batch = try block.batch(rows: Array(0..<block.rowCount))
            #expect(
                batch.rows.indices.map { String(decoding: batch.original($0), as: UTF8.self) }
                    == ["a \(number)\n", "b \(number)\n"])
        }
    }

    @Test func compactionLeavesNothingLive() throws {
        let writer = try StoreWriter(directory: path)
        let generation = try writer.add(Fixture.generation())
        var end: Int64 = 0
        for number in 0..<40 {
            end = try Fixture.insert(
                ["line \(number)"], into: writer, generation, at: end, isLive: true)
            try writer.commit()
        }
        #expect(try writer.compact().days == 1)
        #expect(try blocks().all.count == 1)
        #expect(try blocks().live == 0)
        #expect(try writer.compact().unchangedDays == 1)
        try Fixture.insert(["behind it"], into: writer, generation, at: end, isLive: true)
        try writer.commit()
        #expect(try lines(reading: "12345678901") == ["behind it"])
        #expect(try writer.compact().days == 1)
        #expect(try lines(reading: "behind").count == 41)
    }
}
