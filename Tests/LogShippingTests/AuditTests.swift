import LogModel
import LogStore
import SQLite
import StoreFixtures
import Testing

@testable import LogShipping

/// A store is compared with the files that it was made from, whole and spoiled.
@Suite struct AuditTests {
    private let bench = IngestBench()

    /// In pieces that end within events.
    private func audit(_ name: String) throws -> AuditedFile {
        try Audit(Store(directory: bench.store), pieceBytes: 10_007).check(bench.directory(name))
    }

    private static let day = Day(name: "2026-10-02")!

    /// Takes a file in in three steps, and gives the blocks of its day by their place.
    private func takeInThrice() throws -> [Partition.BlockReference] {
        for step in 0..<3 {
            bench.directory.append(
                IngestBench.log(step * 300..<(step + 1) * 300), to: "app.log")
            try bench.ingest(["app.log"])
        }
        return try Store(directory: bench.store).partition(Self.day)
            .blocks(Partition.Criteria()).sorted { $0.firstOffset < $1.firstOffset }
    }

    private func change(_ sql: String, of day: Day = Self.day) throws {
        let connection = try Connection(
            bench.store + "/partitions/\(day.name).db", mode: .readWrite)
        try connection.execute(sql)
    }

    @Test func whatWasTakenInWholeIsIndexedWhole() throws {
        let text = IngestBench.log(0..<2_000, daysApart: 3)
        bench.directory.write(text, to: "app.log")
        try bench.ingest(["app.log"])
        let audited = try audit("app.log")
        #expect(audited.holds)
        #expect(audited.size == Int64(text.utf8.count))
        #expect(audited.indexed == audited.size)
        #expect(audited.pending == 0)
        #expect(audited.skipped.isEmpty)
    }

    @Test func aCompressedFileIsComparedByItsContent() throws {
        let text = IngestBench.log(0..<2_000)
        bench.directory.write(gzip(text), to: "app.log.gz")
        try bench.ingest(["app.log.gz"])
        let audited = try audit("app.log.gz")
        #expect(audited.holds)
        #expect(audited.size == Int64(text.utf8.count))
        #expect(audited.indexed == audited.size)
    }

    @Test func whatWasWrittenSinceIsPending() throws {
        bench.directory.write(IngestBench.log(0..<100), to: "app.log")
        try bench.ingest(["app.log"])
        bench.directory.append(
            "2026-11-01 00:01:40.200 [main] INFO  c.e.Job - one\n", to: "app.log")
        let audited = try audit("app.log")
        #expect(audited.holds)
        #expect(audited.pending == 51)
        #expect(audited.indexed == audited.size - 51)
    }

    @Test func anUnknownFileIsPendingWhole() throws {
        bench.directory.write(IngestBench.log(0..<10), to: "app.log")
        try bench.ingest(["app.log"])
        bench.directory.write("nothing known\n", to: "other.log")
        let audited = try audit("other.log")
        #expect(audited.generation == nil)
        #expect(audited.holds)
        #expect(audited.pending == 14)
    }

    /// Lines of 52 bytes, of which every third is left out, the last one too.
    @Test func whatIsLeftOutCountsAsExcluded() throws {
        var text = ""
        for number in 100..<199 {
            let name = number % 3 == 0 ? "health" : "orders"
            text += "2026-11-01 10:00:00.\(number) [main] INFO  c.e.J - \(name)\n"
        }
        #expect(text.utf8.count == 99 * 52)
        bench.directory.write(text, to: "app.log")
        try bench.ingest(["app.log"]) { options in
            options.admits = { text in !text.contains { $0 == UInt8(ascii: "h") } }
        }
        let audited = try audit("app.log")
        #expect(audited.holds)
        #expect(audited.skipped == [.excluded: 33 * 52])
        #expect(audited.indexed == 66 * 52)
        #expect(audited.findings.isEmpty)
    }

    @Test func whatIsOlderThanTheStartCountsAsBeforeStart() throws {
        let text = IngestBench.log(0..<2_400)
        bench.directory.write(text, to: "app.log")
        // 2026-10-02 00:30 UTC.
        try bench.ingest(["app.log"]) { $0.notBefore = 1_790_901_000_000_000_000 }
        let audited = try audit("app.log")
        #expect(audited.holds)
        let skipped = Int64(IngestBench.log(0..<1_800).utf8.count)
        #expect(audited.skipped == [.beforeStart: skipped])
        #expect(audited.indexed == audited.size - skipped)
    }

    @Test func aLostBlockIsMissingBetweenTheEventsAroundIt() throws {
        let blocks = try takeInThrice()
        let lost = blocks[1]
        try change("DELETE FROM block WHERE id = \(lost.id)")
        let audited = try audit("app.log")
        let found = try #require(audited.findings.first)
        #expect(!audited.holds)
        #expect(audited.findings.count == 1)
        #expect(found.kind == .missing)
        #expect(found.bytes == lost.firstOffset..<lost.endOffset)
        #expect(found.after == blocks[0].lastTime)
        #expect(found.before == blocks[2].firstTime)
        #expect(audited.missing == lost.endOffset - lost.firstOffset)
        #expect(audited.indexed + audited.missing == audited.size)
    }

    /// A day and a line of another one; a block that is lost besides is missing all the same.
    @Test func whatWasRemovedIsAccountedFor() throws {
        let text = IngestBench.log(0..<900, daysApart: 3)
        bench.directory.write(text, to: "app.log")
        try bench.ingest(["app.log"])
        let store = try Store(directory: bench.store)
        let days = try store.days()
        let maintenance = try Maintenance(directory: bench.store)
        let removed = try maintenance.remove(days[0], because: .expired).rawBytesRemoved
        let source = try #require(try store.partition(days[1]).allSources().values.first)
        let offsets = try store.partition(days[1]).blocks(Partition.Criteria()).map(\.firstOffset)
        var target = DayTarget.asItIs
        target.purged = [source.generation: Set(offsets.prefix(1))]
        let purged = try maintenance.rewrite(days[1], to: target)?.rawBytesRemoved
        let audited = try audit("app.log")
        #expect(audited.holds)
        #expect(removed > 15_000 && purged != nil)
        #expect(audited.removed == [.expired: removed, .purged: purged ?? 0])
        #expect(audited.indexed + removed + (purged ?? 0) == audited.size)
        #expect(audited.findings.isEmpty)
        try change("DELETE FROM block WHERE id = (SELECT max(id) FROM block)", of: days[2])
        let spoiled = try audit("app.log")
        #expect(!spoiled.holds)
        #expect(spoiled.missing > 0)
        #expect(spoiled.indexed + spoiled.missing + removed + (purged ?? 0) == spoiled.size)
    }

    /// A shorter copy has less of what was removed, and it is not known how much.
    @Test func aBeginningOfWhatWasRemovedHolds() throws {
        let text = IngestBench.log(0..<900, daysApart: 3)
        bench.directory.write(text, to: "app.log")
        try bench.ingest(["app.log"])
        let day = try #require(try Store(directory: bench.store).days().first)
        _ = try Maintenance(directory: bench.store).remove(day, because: .expired)
        bench.directory.write(Array(text.utf8.prefix(30_000)), to: "app.log")
        let audited = try audit("app.log")
        #expect(audited.holds)
        #expect(audited.removed[.expired] == audited.size - audited.indexed)
    }

    @Test func whatIsStoredTwiceIsDoubled() throws {
        let block = try takeInThrice()[1]
        try change(
            """
            INSERT INTO block SELECT 99, source, first_time, last_time, first_offset, end_offset,
                events, raw_bytes, severities, invalid_utf8, layouts, digest, state
                FROM block
                WHERE id = \(block.id);
            INSERT INTO content SELECT 99, data FROM content WHERE block = \(block.id)
            """)
        let audited = try audit("app.log")
        let found = try #require(audited.findings.first)
        #expect(audited.findings.count == 1)
        #expect(found.kind == .doubled)
        #expect(found.bytes == block.firstOffset..<block.endOffset)
        #expect(audited.doubled == Int64(found.bytes.count))
        #expect(
            found.places == [block.id, 99].map { AuditedFile.Place(day: Self.day, block: $0) })
        #expect(audited.indexed == audited.size)
        #expect(audited.missing == 0)
    }

    @Test func anotherByteIsDifferent() throws {
        _ = try takeInThrice()
        var text = TemporaryDirectory.read(bench.directory("app.log"))
        let place = 25_000
        text[place] ^= 1
        bench.directory.write(text, to: "app.log")
        let audited = try audit("app.log")
        let found = try #require(audited.findings.first)
        #expect(audited.findings.count == 1)
        #expect(found.kind == .different)
        #expect(found.bytes.lowerBound == 25_000)
        #expect(text[Int(found.bytes.upperBound) - 1] == 0x0A)
        #expect(audited.different == Int64(found.bytes.count))
        #expect(audited.missing == 0)
    }

    @Test func aBeginningOfWhatIsKnownHolds() throws {
        let text = IngestBench.log(0..<2_000)
        bench.directory.write(text, to: "app.log")
        try bench.ingest(["app.log"])
        bench.directory.write(Array(text.utf8.prefix(50_000)), to: "copy.log")
        let audited = try audit("copy.log")
        #expect(audited.generation != nil)
        #expect(audited.holds)
        #expect(audited.size == 50_000)
        #expect(audited.indexed == 50_000)
    }

    /// The second file, and its day, are new since the audit began.
    @Test func whatCameSinceTheAuditBeganIsFound() throws {
        bench.directory.write(IngestBench.log(0..<100), to: "app.log")
        try bench.ingest(["app.log"])
        let audit = Audit(try Store(directory: bench.store))
        #expect(try audit.check(bench.directory("app.log")).holds)
        bench.directory.write(
            "2026-11-20 10:00:00.000 [main] INFO  c.e.Job - new\n", to: "new.log")
        try bench.ingest(["new.log"])
        let audited = try audit.check(bench.directory("new.log"))
        #expect(audited.holds)
        #expect(audited.indexed == 51)
    }

    /// Runs of random lengths, some left out, some twice: the sums are those of counting each byte.
    @Test(arguments: 1...40) func sumsAreThoseOfCountingBytes(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let size = 1_000
        var counts = [Int](repeating: 0, count: size)
        var runs: [Coverage.Run] = []
        for _ in 0..<random.number(0...30) {
            let start = random.number(0...size - 1)
            let end = min(size, start + random.number(1...100))
            for place in start..<end { counts[place] += 1 }
            let place = AuditedFile.Place(day: Day(number: 1), block: Int64(runs.count))
            runs.append(
                Coverage.Run(
                    bytes: Int64(start)..<Int64(end), firstTime: 1, lastTime: 2, place: place))
        }
        var coverage = Coverage()
        var position = 0
        while position < size {
            let end = min(size, position + random.number(1...300))
            let range = Int64(position)..<Int64(end)
            coverage.advance(to: Int64(end), runs.filter { $0.bytes.overlaps(range) })
            position = end
        }
        coverage.finish()
        #expect(coverage.indexed == Int64(counts.count { $0 > 0 }))
        #expect(coverage.holes == Int64(counts.count { $0 == 0 }))
        #expect(coverage.doubled == Int64(counts.reduce(0) { $0 + max(0, $1 - 1) }))
        let named = coverage.findings.filter { $0.kind == .missing }
        #expect(named.reduce(0) { $0 + $1.bytes.count } == Int(coverage.holes))
    }
}
