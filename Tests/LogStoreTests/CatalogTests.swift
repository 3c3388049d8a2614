import LogModel
import SQLite
import StoreFixtures
import Testing

@testable import LogStore

@Suite struct CatalogTests {
    private typealias Fixture = StoreWriterFixture
    private let fixture = StoreWriterFixture()
    private var path: String { fixture.path }

    private static func advance(_ writer: StoreWriter, _ progress: GenerationProgress) throws {
        var encoder = BatchEncoder()
        _ = try writer.insert(
            encoder.encode(EventBatch()), from: EventSource(host: "", service: "", path: ""),
            progress: progress)
    }

    private func positions() throws -> [Int64] {
        let connection = try Connection(path + "/catalog.db", mode: .readOnly)
        let row = try Statement("SELECT position FROM checkpoint ORDER BY 1", on: connection)
        var positions: [Int64] = []
        while try row.step() { positions.append(row.integer(0)) }
        return positions
    }

    @Test func checkpointsAreAMebibyteApartAndTheNewestIsKept() throws {
        let writer = try StoreWriter(directory: path)
        let generation = try writer.add(Fixture.generation())
        for position in stride(from: Int64(100_000), through: 2_500_000, by: 100_000) {
            try Self.advance(writer, Fixture.progress(generation, position))
            try writer.commit()
        }
        #expect(try positions() == [1_100_000, 2_200_000, 2_500_000])
        for (upTo, expected) in [
            (1_099_999, nil), (1_100_000, 1_100_000), (2_400_000, 2_200_000),
            (9_000_000, 2_500_000),
        ] as [(Int64, Int64?)] {
            let checkpoint = try writer.checkpoint(of: generation, upTo: upTo)
            #expect(checkpoint?.position == expected)
            if let expected { #expect(checkpoint?.guardHash == [UInt8(expected & 255)]) }
        }
    }

    @Test func nothingLeadsBackBehindTheStoredPosition() throws {
        let writer = try StoreWriter(directory: path)
        let generation = try writer.add(Fixture.generation())
        var late = Fixture.progress(
            generation, 3_000_000, openOffset: 2_900_000, openDay: Day(number: 5), lastTime: 50)
        late.seenSize = 4_000_000
        late.skipped = [.excluded: 70]
        try Self.advance(writer, late)
        var early = Fixture.progress(generation, 2_000_000, lastTime: 20)
        early.skipped = [.excluded: 10]
        try Self.advance(writer, early)
        try writer.commit()
        let stored = try #require(try writer.generation(id: generation.id))
        #expect((stored.position, stored.openOffset, stored.openDay) == (3_000_000, 2_900_000, 5))
        #expect((stored.lastTime, stored.seenSize) == (50, 4_000_000))
        #expect(try positions() == [3_000_000])
        let store = try Store(directory: path)
        #expect(try store.skipped(generation: generation.id) == [.excluded: 70])
        // The open event came again, and nothing behind it.
        try Self.advance(writer, Fixture.progress(generation, 3_000_000, lastTime: 60))
        try writer.commit()
        let closed = try #require(try writer.generation(id: generation.id))
        #expect((closed.openOffset, closed.openDay, closed.lastTime) == (3_000_000, nil, 60))
        #expect(closed.seenSize == 4_000_000)
    }

    @Test func aShippersNotesAreKeptByPathAndGeneration() throws {
        let writer = try StoreWriter(directory: path)
        let file = FollowedFile(
            path: "/a", source: "control", generation: 3, size: 10, readAt: 20,
            bytesPerSecond: 1.5, error: "", inode: 7, device: 8)
        var other = FollowedFile(path: "/b", source: "node", error: "permission denied")
        writer.note([other, file])
        writer.note(
            Recognition(generation: 3, path: "/a", firstSeen: 1, lastSeen: 1, reason: "new"))
        let store = try Store(directory: path)
        // Not before the commit, which needs no events.
        #expect(try store.followedFiles().isEmpty && store.recognitions().isEmpty)
        try writer.commit()
        #expect(try store.followedFiles() == [file, other])
        #expect(try writer.followedFiles() == [file, other])
        other.size = 5
        writer.note([other])
        writer.forget(paths: ["/a", "/never"])
        let again = Recognition(
            generation: 3, path: "/a", firstSeen: 9, lastSeen: 9, reason: "same 1024 bytes")
        writer.note(again)
        try writer.commit()
        #expect(try store.followedFiles() == [other])
        var expected = again
        expected.firstSeen = 1
        #expect(try store.recognitions() == [expected])
    }

    @Test func rollbackKeepsWhatAShipperNoted() throws {
        let writer = try StoreWriter(directory: path)
        let generation = try writer.add(Fixture.generation())
        writer.note([FollowedFile(path: "/a", source: "s")])
        writer.mark(generation.id, missingSince: 4)
        writer.rollback()
        try writer.commit()
        let store = try Store(directory: path)
        #expect(try store.followedFiles().map(\.path) == ["/a"])
        #expect(try store.generations().first?.missingSince == 4)
    }

    @Test func theShippersStateIsOneRowWrittenAtOnce() throws {
        let writer = try StoreWriter(directory: path)
        let store = try Store(directory: path)
        #expect(try store.shipperState() == nil)
        for state in ["running", "stopped"] {
            let state = ShipperState(process: 12, started: 1, state: state, changed: 2)
            try writer.note(state)
            #expect(try store.shipperState() == state)
        }
    }

    @Test func oneShipperRunsOnAStore() throws {
        let writer = try StoreWriter(directory: path)
        let store = try Store(directory: path)
        #expect(!store.isShipperRunning())
        var lock: ShipperLock? = try ShipperLock(directory: path)
        #expect(store.isShipperRunning())
        let error = #expect(throws: StoreError.self) { try ShipperLock(directory: path) }
        #expect(error?.description.hasPrefix("another 'logq ship' is at work on") == true)
        _ = lock
        lock = nil
        #expect(!store.isShipperRunning())
        _ = try ShipperLock(directory: path)
        _ = writer
    }

    /// What was seen of a generation, and the gap in a window from 100 to 200.
    @Test(
        arguments: [
            // Position 1000, last event at 90.
            (1_500, 150, nil, 500, 90..<151, false), (1_000, 150, nil, nil, 0..<1, false),
            (1_500, nil, nil, nil, 0..<1, false), (1_500, 80, nil, nil, 0..<1, false),
            (1_000, nil, 120, 0, 90..<121, true), (1_500, nil, 120, 500, 90..<121, true),
            (1_500, 150, 120, 500, 90..<151, true), (1_000, 150, 120, 0, 90..<121, true),
            (0, nil, 99, nil, 0..<1, true), (0, nil, 100, 0, 90..<101, true),
            (1_500, .max, nil, 500, 90..<Int64.max, false),
        ] as [(Int64, Int64?, Int64?, Int64?, Range<Int64>, Bool)])
    func gapsFollowFromWhatWasSeen(
        seen: Int64, missing: Int64?, cut: Int64?, bytes: Int64?, times: Range<Int64>, isCut: Bool
    ) throws {
        let writer = try StoreWriter(directory: path)
        let generation = try writer.add(Fixture.generation())
        var progress = Fixture.progress(generation, 1_000, lastTime: 90)
        progress.seenSize = seen
        try Self.advance(writer, progress)
        writer.mark(generation.id, missingSince: missing)
        writer.mark(generation.id, cutAt: cut)
        try writer.commit()
        let gaps = try Store(directory: path).gaps(in: 100..<200)
        #expect(gaps.map(\.missingBytes) == (bytes.map { [$0] } ?? []))
        guard let gap = gaps.first else { return }
        #expect(gap.times == times)
        #expect(gap.isCut == isCut)
        // Another file has the content.
        writer.mark(generation.id, missingSince: nil)
        writer.mark(generation.id, cutAt: nil)
        try writer.commit()
        #expect(try Store(directory: path).gaps(in: 100..<200).isEmpty)
    }
}
