import LogModel
import SQLite
import StoreFixtures
import Testing

@testable import LogStore

/// `PRAGMA max_page_count` makes SQLite say that the disk is full.
@Suite struct FullDiskTests {
    private typealias Fixture = StoreWriterFixture
    private let fixture = StoreWriterFixture()
    private var path: String { fixture.path }

    private static func block(_ words: Int) -> EncodedBlock {
        var random = SeededRandom(seed: 1)
        var builder = BatchBuilder()
        let line = (0..<words).map { _ in String(random.next(), radix: 36) }.joined(separator: " ")
        builder.add(line: line, at: Fixture.noon)
        var encoder = BlockEncoder()
        return encoder.encode(builder.batch, rows: [0])
    }

    @Test func aPartitionGoesOnAfterTheDiskWasFull() throws {
        let directory = TemporaryDirectory()
        let writer = try PartitionWriter(day: Day(of: Fixture.noon), path: directory("day.db"))
        let source = EventSource(host: "h", service: "s", path: "p", generation: "g")
        let large = Self.block(4_000)
        try writer.add(large, from: source)
        try writer.commit()
        let pages = try #require(try writer.connection.integer("PRAGMA page_count"))
        // From a failure at once to one when the terms are written, at the commit.
        var failures = 0
        for limit in pages...pages + 40 {
            _ = try writer.connection.integer("PRAGMA max_page_count = \(limit)")
            do throws(StoreError) {
                try writer.add(large, from: source)
                try writer.advance("g", to: 10, openOffset: 10)
                try writer.commit()
                break
            } catch {
                guard case .full = error else {
                    Issue.record("\(error)")
                    return
                }
            }
            failures += 1
            writer.rollback()
            #expect(try writer.position(of: "g") == 0)
        }
        #expect(failures > 4)
        let partition = try Partition(day: Day(of: Fixture.noon), path: directory("day.db"))
        #expect(try partition.totals().events == 2)
        #expect(
            try Connection(directory("day.db"), mode: .readOnly)
                .integer("SELECT position FROM progress") == 10)
    }

    @Test func aFileThatCannotBeMadeLeavesNoDraft() throws {
        let directory = TemporaryDirectory()
        let error = #expect(throws: StoreError.self) {
            try StoreFile.openForWriting(
                directory("missing/day.db"), kind: .partition, schema: Partition.schema)
        }
        #expect(error?.description.contains("missing/day.db.new") == true)
    }

    /// A writer was killed, and the shared memory beside its log cannot be written.
    @Test func aLogIsReadWithoutWritingSharedMemory() throws {
        let directory = TemporaryDirectory()
        let file = directory("day.db")
        let writer = try PartitionWriter(day: Day(of: Fixture.noon), path: file)
        try writer.add(
            Self.block(10), from: EventSource(host: "h", service: "s", path: "p"))
        try writer.commit()
        // As a killed writer leaves it: nothing is checkpointed.
        let copy = directory("copy.db")
        for ending in ["", "-wal"] {
            directory.write(TemporaryDirectory.read(file + ending), to: "copy.db" + ending)
        }
        directory.write([0, 0, 0], to: "copy.db-shm")
        let connection = try Connection(copy, mode: .readOnlyShared)
        #expect(try connection.integer("SELECT count(*) FROM block") == 1)
        #expect(TemporaryDirectory.read(copy + "-shm") == [0, 0, 0])
    }
}
