import Glibc
import LogModel
import StoreFixtures
import Testing

@testable import LogStore

@Suite struct MaintenanceTests {
    private typealias Fixture = StoreWriterFixture
    private let fixture = Fixture()
    private var path: String { fixture.path }
    private let day = Day(of: Fixture.noon)

    /// What a query for `word` has to read, in the order of the file.
    private func lines(having word: String) throws -> [String] {
        var criteria = Partition.Criteria()
        criteria.terms = .term(Array(word.utf8))
        let partition = try Store(directory: path).partition(day)
        return try partition.blocks(criteria).sorted { $0.firstOffset < $1.firstOffset }
            .flatMap { reference in
                let batch = try partition.batch(of: reference)
                return batch.rows.indices.map {
                    String(decoding: batch.original($0).dropLast(), as: UTF8.self)
                }
            }
    }

    /// One block with an error, a warning and a debug line, of the severities 17, 13 and 5.
    private func makeThreeLevels() throws {
        let writer = try StoreWriter(directory: path)
        let generation = try writer.add(Fixture.generation())
        var builder = BatchBuilder()
        for (line, severity) in [("error 7654321", 17), ("warning", 13), ("debug", 5)] {
            builder.add(line: line, at: Fixture.noon, severity: UInt8(severity))
        }
        var encoder = BatchEncoder()
        var source = EventSource(host: "web-1", service: "node", path: "/logs/g.log")
        source.generation = "g"
        _ = try writer.insert(
            encoder.encode(builder.batch), from: source,
            progress: Fixture.progress(generation, builder.offset))
        try writer.commit()
    }

    private static let byLevel = DayTarget { _, _ in
        var placements = SeverityPlacements(.archived)
        placements[17] = .indexed
        placements[5] = .removed
        return placements
    }

    @Test func eventsGoWhereTheirSeverityBelongs() throws {
        try makeThreeLevels()
        let maintenance = try Maintenance(directory: path)
        let plan = try #require(try Store(directory: path).change(of: day, to: Self.byLevel))
        #expect(plan.blocksBefore == 1 && plan.rawBytes == 28)
        let change = try #require(try maintenance.rewrite(day, to: Self.byLevel))
        #expect(
            [change.eventsIndexed, change.eventsArchived, change.eventsRemoved] == [1, 1, 1])
        #expect(change.rawBytesRemoved == 6 && change.blocksAfter == 2)
        #expect(try lines(having: "7654321") == ["error 7654321", "warning"])
        #expect(try lines(having: "nothing") == ["warning"])
        #expect(try Store(directory: path).change(of: day, to: Self.byLevel) == nil)
        #expect(try maintenance.rewrite(day, to: Self.byLevel) == nil)
        #expect(try Store(directory: path).change(of: day, to: .asItIs) == nil)
        let removed = try Store(directory: path).partition(day).removedEvents()
        #expect(removed.counts == ["g": [.expired: .init(events: 1, bytes: 6)]])
    }

    @Test func archivedEventsCanBeIndexedAgain() throws {
        try makeThreeLevels()
        let maintenance = try Maintenance(directory: path)
        let archived = DayTarget { _, _ in SeverityPlacements(.archived) }
        #expect(try maintenance.rewrite(day, to: archived)?.eventsArchived == 3)
        #expect(try lines(having: "nothing") == ["error 7654321", "warning", "debug"])
        #expect(try maintenance.rewrite(day, to: .asItIs) == nil)
        #expect(try maintenance.rewrite(day, to: .indexed)?.eventsIndexed == 3)
        #expect(try lines(having: "nothing") == [])
        #expect(try lines(having: "warning") == ["error 7654321", "warning", "debug"])
    }

    @Test func eventsGoByName() throws {
        try makeThreeLevels()
        let maintenance = try Maintenance(directory: path)
        var target = DayTarget.asItIs
        target.purged = ["g": [14, 999], "other": [0]]
        let change = try #require(try maintenance.rewrite(day, to: target))
        #expect(change.eventsRemoved == 1 && change.rawBytesRemoved == 8)
        #expect(try Fixture.lines(in: path) == ["error 7654321", "debug"])
        #expect(try maintenance.rewrite(day, to: .asItIs) == nil)
        let removed = try Store(directory: path).partition(day).removedEvents()
        #expect(removed.counts == ["g": [.purged: .init(events: 1, bytes: 8)]])
    }

    @Test func aDayOfWhichNothingIsLeftGoes() throws {
        try makeThreeLevels()
        let all = DayTarget { _, _ in SeverityPlacements(.removed) }
        let change = try #require(try Maintenance(directory: path).rewrite(day, to: all))
        #expect(change.eventsRemoved == 3 && change.rawBytesRemoved == 28)
        let store = try Store(directory: path)
        #expect(try store.days() == [])
        #expect(try store.missingDays(in: .min..<Int64.max) == [])
        let removals = try store.removals(in: day.start..<day.end)
        #expect(removals.map(\.events) == [3] && removals.map(\.bytes) == [28])
        #expect(removals[0].reason == .expired && removals[0].generation == "g")
        #expect(try store.removals(in: day.end..<day.end + 1) == [])
    }

    @Test func aFileThatIsGoneUntoldIsMissingUntilTheDayIsRemoved() throws {
        try makeThreeLevels()
        let store = try Store(directory: path)
        #expect(try store.missingDays(in: .min..<Int64.max) == [])
        for ending in ["", "-wal", "-shm"] {
            unlink(path + "/partitions/2026-11-20.db" + ending)
        }
        #expect(try store.missingDays(in: .min..<Int64.max) == [day])
        #expect(try store.missingDays(in: day.end..<Int64.max) == [])
        #expect(try Maintenance(directory: path).remove(day, because: .expired).eventsRemoved == 0)
        #expect(try store.missingDays(in: .min..<Int64.max) == [])
        #expect(try store.removals(in: day.start..<day.end).map(\.generation) == [""])
    }

    /// A crash between the renaming and the catalogue, and one between the catalogue and the end.
    @Test(arguments: [false, true]) func aRemovalThatWasCutShortIsFinished(isNoted: Bool) throws {
        try makeThreeLevels()
        let file = path + "/partitions/2026-11-20.db"
        let aside = file + ".removed.77.size"
        _ = try Maintenance(directory: path).rewrite(day, to: .indexed)
        if isNoted {
            #expect(link(file, file + ".copy") == 0)
            #expect(rename(file, aside) == 0)
            _ = try Maintenance(directory: path)
            #expect(rename(file + ".copy", aside) == 0)
        } else {
            #expect(rename(file, aside) == 0)
        }
        _ = try Maintenance(directory: path)
        #expect(access(aside, F_OK) != 0)
        let store = try Store(directory: path)
        #expect(try store.missingDays(in: .min..<Int64.max) == [])
        let removals = try store.removals(in: day.start..<day.end)
        #expect(removals.map(\.time) == [77] && removals.map(\.events) == [3])
        #expect(removals[0].reason == .size)
    }

    private func manifest() throws -> Manifest {
        try Manifest(reading: Manifest.path(path, day))
    }

    @Test func aDayThatIsAsItShouldBeHasItsManifest() throws {
        try makeThreeLevels()
        let maintenance = try Maintenance(directory: path)
        #expect(try maintenance.rewrite(day, to: .indexed) != nil)
        let first = try manifest()
        #expect(first.events == 3 && first.rawBytes == 28 && first.blocks == 1)
        #expect(try first.version == Store(directory: path).partition(day).version().text)
        #expect(try maintenance.rewrite(day, to: .indexed) == nil)
        #expect(try manifest() == first)
        // As after a crash between the file and its manifest.
        #expect(unlink(Manifest.path(path, day)) == 0)
        #expect(try maintenance.rewrite(day, to: .indexed) == nil)
        #expect(try manifest().sum == first.sum)
        _ = try maintenance.remove(day, because: .expired)
        #expect(access(Manifest.path(path, day), F_OK) != 0)
    }

    /// A writer that opens a day changes its file, though it may add nothing.
    @Test func aDayThatAWriterOpenedIsSettledAgain() throws {
        try makeThreeLevels()
        _ = try Maintenance(directory: path).rewrite(day, to: .indexed)
        let writer = try StoreWriter(directory: path)
        let generation = try #require(try writer.candidates(head: [0x67], host: "web-1").first)
        try Fixture.insert(["known"], into: writer, generation, at: 0)
        try writer.commit()
        writer.closePartitions()
        writer.release()
        let file = path + "/partitions/2026-11-20.db"
        #expect(StoreFile.isInLogMode(file))
        #expect(try Maintenance(directory: path).rewrite(day, to: .indexed) == nil)
        #expect(!StoreFile.isInLogMode(file))
        #expect(try FileDigest.of(file).sum == manifest().sum)
    }

    /// Late events make the day again; their removal adds to what is known of it.
    @Test func aDayMayComeBackAndGoAgain() throws {
        for _ in 0..<2 {
            let writer = try StoreWriter(directory: path)
            var generation = try writer.candidates(head: [0x67], host: "web-1").first
            if generation == nil { generation = try writer.add(Fixture.generation()) }
            let known = try #require(generation)
            try Fixture.insert(["late"], into: writer, known, at: known.position)
            try writer.commit()
            writer.release()
            _ = try Maintenance(directory: path).remove(day, because: .expired)
        }
        let removals = try Store(directory: path).removals(ofGeneration: "g")
        #expect(removals.map(\.events) == [1, 1] && removals.map(\.bytes) == [5, 5])
    }

    /// Random days rewritten to random targets have what a plain model says, again and again.
    @Test(arguments: UInt64(1)...6) func randomTargetsGiveWhatAModelSays(seed: UInt64) throws {
        var batches = RandomBatches(seed: seed)
        let writer = try StoreWriter(directory: path)
        let generation = try writer.add(Fixture.generation())
        var source = EventSource(host: "web-1", service: "node", path: "/logs/g.log")
        source.generation = "g"
        var model: [Int64: (line: [UInt8], severity: UInt8, format: String, day: Day)] = [:]
        var offset: Int64 = 0
        for round in 0..<6 {
            var batch = batches.batch(rows: batches.random.number(1...200))
            for row in batch.rows.indices {
                batch.rows[row].offset = offset
                offset += max(1, Int64(batch.rows[row].length))
                let own = batch.rows[row]
                model[own.offset] = (
                    batch.original(row), own.severity, batch.layouts[Int(own.layout)].format,
                    Day(of: own.timestamp)
                )
            }
            if round > 0 { _ = try writer.acquire(timeout: 5) }
            var encoder = BatchEncoder()
            _ = try writer.insert(
                encoder.encode(batch), from: source,
                progress: Fixture.progress(generation, offset))
            try writer.commit()
            writer.closePartitions()
            writer.release()
            try rewriteAtRandom(&batches.random, &model)
        }
    }

    private func rewriteAtRandom(
        _ random: inout SeededRandom,
        _ model: inout [Int64: (line: [UInt8], severity: UInt8, format: String, day: Day)]
    ) throws {
        let maintenance = try Maintenance(directory: path)
        let removed = UInt8(random.number(0...40))
        let archived = random.number(0...3)
        var target = DayTarget { _, format in
            let isArchived = format.utf8.count % 4 < archived
            var placements = SeverityPlacements(isArchived ? .archived : .indexed)
            placements[removed] = .removed
            return placements
        }
        let purged = Set(model.keys.filter { _ in random.number(0...9) == 0 })
        target.purged = ["g": purged]
        // As in the summaries of blocks.
        model = model.filter { $0.value.severity & 31 != removed & 31 && !purged.contains($0.key) }
        for day in try maintenance.days() {
            _ = try maintenance.rewrite(day, to: target)
        }
        target.purged = [:]
        var found: [Int64: [UInt8]] = [:]
        let store = try Store(directory: path)
        for day in try store.days() {
            let partition = try store.partition(day)
            for reference in try partition.blocks(Partition.Criteria()) {
                let batch = try partition.batch(of: reference)
                for row in batch.rows.indices {
                    let offset = batch.rows[row].offset
                    #expect(found.updateValue(batch.original(row), forKey: offset) == nil)
                    let format = batch.layouts[Int(batch.rows[row].layout)].format
                    #expect(reference.isArchived == (format.utf8.count % 4 < archived))
                }
            }
            #expect(try Store(directory: path).change(of: day, to: target) == nil)
            #expect(DayCheck(day, in: path).run().problems == [])
        }
        #expect(Set(found.keys).symmetricDifference(model.keys) == [])
        for (offset, line) in found {
            #expect(line == model[offset]?.line, "at \(offset)")
        }
    }
}
