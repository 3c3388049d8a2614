import Glibc
import LogModel
import SQLite
import StoreFixtures
import Testing

@testable import LogStore

@Suite struct CompactionTests {
    private let directory = TemporaryDirectory()
    private var path: String { directory("store") }
    private static let noon: Int64 = (20_777 * 2 + 1) * 43_200_000_000_000
    private static let source = EventSource(
        host: "web-1", service: "node", path: "/logs/node.log", generation: "g",
        observedTimestamp: 5)

    private static func generation(_ writer: StoreWriter, _ name: String = "g") throws -> Generation
    {
        try writer.add(
            Generation(
                name: name, head: Array(name.utf8), host: "web-1", service: "node", environment: "",
                path: "p", format: "f", zone: "UTC", fallbackTime: 7, observed: 8))
    }

    private static func insert(
        _ batch: EventBatch, into writer: StoreWriter, _ generation: Generation,
        from source: EventSource = source, openOffset: Int64? = nil
    ) throws -> Int {
        var encoder = BatchEncoder()
        let end = batch.rows.map { $0.offset + Int64($0.length) }.max() ?? 0
        return try writer.insert(
            encoder.encode(batch), from: source,
            progress: GenerationProgress(
                generation: generation.id,
                checkpoint: Checkpoint(position: end, guardHash: [1]),
                openOffset: openOffset ?? end,
                openDay: openOffset == nil ? nil : Day(of: Self.noon), lastTime: 0))
    }

    private static func batch(_ lines: [String], offset: Int64 = 0) -> EventBatch {
        var builder = BatchBuilder(offset: offset)
        for (index, line) in lines.enumerated() {
            builder.add(line: line, at: noon + Int64(index), severity: UInt8(index % 25))
        }
        return builder.batch
    }

    /// All that there is of each event, by its source and place, and how far the days are.
    private static func content(of directory: String) throws -> [String] {
        let store = try Store(directory: directory)
        return try store.days().flatMap { day -> [String] in
            let partition = try store.partition(day)
            var rows: [String] = []
            for reference in try partition.blocks(Partition.Criteria()) {
                let source = try partition.source(reference.source)
                let block = try partition.block(reference)
                let batch = try block.batch(rows: Array(0..<block.rowCount))
                for index in batch.rows.indices {
                    let row = batch.rows[index]
                    rows.append(
                        "\(day.name) \(source.path) \(source.generation) \(row.offset) "
                            + "\(row.timestamp) \(row.utcOffset) \(row.severity) "
                            + "\(row.flags.rawValue) \(batch.original(index)) "
                            + "\(batch.values(index)) \(batch.layouts[Int(row.layout)])")
                }
            }
            let progress = try Statement(
                "SELECT generation, position, open_offset FROM progress ORDER BY 1",
                on: partition.connection)
            while try progress.step() {
                rows.append("\(progress.text(0)) \(progress.integer(1)) \(progress.integer(2))")
            }
            return rows.sorted()
        }
    }

    /// The lines of the day's blocks that pass a condition on their terms.
    private static func lines(in directory: String, having terms: TermFilter) throws -> [String] {
        let store = try Store(directory: directory)
        var criteria = Partition.Criteria()
        criteria.terms = terms
        return try store.days().flatMap { day -> [String] in
            let partition = try store.partition(day)
            return try partition.blocks(criteria).flatMap { reference -> [String] in
                let block = try partition.block(reference)
                let texts = try block.texts(rows: Array(0..<block.rowCount))
                return texts.rows.indices.map {
                    String(decoding: texts.bytes[texts.range($0)], as: UTF8.self)
                }
            }
        }
    }

    private static func files(in directory: String) throws -> [String] {
        let handle = try #require(opendir(directory + "/partitions"))
        defer { closedir(handle) }
        var names: [String] = []
        while let entry = readdir(handle) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted()
    }

    @Test func everyEventStaysAsItWas() throws {
        for seed in UInt64(1)...12 {
            let directory = TemporaryDirectory()
            var random = RandomBatches(seed: seed)
            let writer = try StoreWriter(directory: directory("s"))
            for name in ["a", "b"] {
                let generation = try Self.generation(writer, name)
                var source = Self.source
                (source.path, source.generation) = ("/logs/" + name, name)
                var offset: Int64 = 0
                for _ in 0..<random.random.number(1...6) {
                    var batch = random.batch(rows: random.random.number(1...300))
                    let first = batch.rows.map(\.offset).min() ?? 0
                    for row in batch.rows.indices { batch.rows[row].offset += offset - first }
                    offset = batch.rows.map { $0.offset + Int64($0.length) }.max() ?? 0
                    _ = try Self.insert(batch, into: writer, generation, from: source)
                    try writer.commit()
                }
            }
            let before = try Self.content(of: directory("s"))
            let report = try writer.compact()
            #expect(report.problems.isEmpty, "seed \(seed)")
            #expect(report.days > 0 && report.blocksAfter <= report.blocksBefore)
            #expect(try Self.content(of: directory("s")) == before, "seed \(seed)")
            let again = try writer.compact()
            #expect(again.days == 0, "seed \(seed)")
            #expect(again.unchangedDays == report.days + report.unchangedDays, "seed \(seed)")
        }
    }

    @Test func smallBlocksBecomeOneAndItsFileStandsAlone() throws {
        let writer = try StoreWriter(directory: path)
        let generation = try Self.generation(writer)
        var offset: Int64 = 0
        for number in 0..<20 {
            let batch = Self.batch(["order \(number)1234567 paid", "by 用户"], offset: offset)
            offset = batch.rows.map { $0.offset + Int64($0.length) }.max() ?? 0
            _ = try Self.insert(batch, into: writer, generation)
            try writer.commit()
        }
        var seen: Int64 = 0
        let report = try writer.compact { seen = $0 }
        #expect(report.days == 1)
        #expect((report.blocksBefore, report.blocksAfter, report.events) == (20, 1, 40))
        #expect(report.rawBytes == Int(offset) && seen == offset)
        #expect(report.bytesAfter <= report.bytesBefore)
        #expect(try Self.files(in: path) == ["2026-11-20.db", "2026-11-20.sha256"])
        #expect(try Self.lines(in: path, having: .term(Array("paid".utf8))).count == 40)
        #expect(try Self.lines(in: path, having: .term(Array("71234567".utf8))).count == 40)
        #expect(try Self.lines(in: path, having: .term(Array("99999999".utf8))).isEmpty)
        #expect(try Self.lines(in: path, having: .term(Array("unpaid".utf8))).isEmpty)
        let both = TermFilter.all([.term(Array("71234567".utf8)), .term(Array("unpaid".utf8))])
        #expect(try Self.lines(in: path, having: both).isEmpty)
        let one = TermFilter.either([.term(Array("71234567".utf8)), .term(Array("unpaid".utf8))])
        #expect(try Self.lines(in: path, having: one).count == 40)
    }

    @Test func takingInGoesOnBehindACompaction() throws {
        let writer = try StoreWriter(directory: path)
        let generation = try Self.generation(writer)
        let first = Self.batch(["one 1111111", "two 2222222"])
        _ = try Self.insert(first, into: writer, generation, openOffset: first.rows[1].offset)
        try writer.commit()
        #expect(try writer.compact().days == 1)
        // What the day has is dropped; the open event is taken back and comes longer.
        #expect(try Self.insert(Self.batch(["one 1111111"]), into: writer, generation) == 0)
        var open = generation
        (open.openOffset, open.openDay) = (first.rows[1].offset, Day(of: Self.noon).number)
        #expect(try writer.takeBackOpenEvent(of: open) == 1)
        let longer = Self.batch(["two 3333333", "three"], offset: first.rows[1].offset)
        #expect(try Self.insert(longer, into: writer, generation) == 2)
        try writer.commit()
        func lines(_ word: String) throws -> [String] {
            try Self.lines(in: path, having: .term(Array(word.utf8))).sorted()
        }
        #expect(try lines("1111111") == ["one 1111111"])
        #expect(try lines("3333333") == ["three", "two 3333333"])
        #expect(try lines("2222222") == [])
        #expect(try writer.compact().blocksAfter == 1)
        #expect(try lines("1111111") == ["one 1111111", "three", "two 3333333"])
        #expect(try lines("2222222") == [])
        #expect(try lines("three") == ["one 1111111", "three", "two 3333333"])
    }

    @Test func aReaderKeepsItsAnswerAndADayInUseIsLeft() throws {
        let writer = try StoreWriter(directory: path)
        let generation = try Self.generation(writer)
        _ = try Self.insert(Self.batch(["one"]), into: writer, generation)
        try writer.commit()
        _ = try writer.compact()
        // A compacted day may be replaced below a reader.
        let store = try Store(directory: path)
        let day = try #require(try store.days().first)
        let reader = try store.partition(day)
        let references = try reader.blocks(Partition.Criteria())
        let draft = path + "/partitions/2026-11-20.db.new"
        _ = try PartitionWriter(
            day: day, draft: draft, copying: path + "/partitions/2026-11-20.db")
        try StoreFile.replace(path + "/partitions/2026-11-20.db", by: draft)
        #expect(try reader.block(references[0]).rowCount == 1)
        #expect(try store.partition(day).blocks(Partition.Criteria()).isEmpty)
    }

    @Test func aDayThatASearchHasOpenStaysAsItWas() throws {
        let writer = try StoreWriter(directory: path)
        let generation = try Self.generation(writer)
        _ = try Self.insert(Self.batch(["one"]), into: writer, generation)
        try writer.commit()
        let before = try Self.content(of: path)
        let store = try Store(directory: path)
        let reader = try store.partition(Day(of: Self.noon))
        #expect(try reader.totals().events == 1)
        let report = try writer.compact()
        #expect(report.days == 0 && report.problems.count == 1)
        #expect(try Self.content(of: path) == before)
        #expect(try !Self.files(in: path).contains { $0.contains(".new") })
    }

    @Test func whatAnInterruptedCompactionLeftIsRemoved() throws {
        let writer = try StoreWriter(directory: path)
        let generation = try Self.generation(writer)
        _ = try Self.insert(Self.batch(["one"]), into: writer, generation)
        try writer.commit()
        for ending in ["", "-journal", "-wal"] {
            let name = path + "/partitions/2026-11-20.db.new" + ending
            let descriptor = open(name, O_CREAT | O_WRONLY, 0o600)
            write(descriptor, "half", 4)
            close(descriptor)
        }
        let before = try Self.content(of: path)
        #expect(try writer.compact().problems.isEmpty)
        #expect(try Self.files(in: path) == ["2026-11-20.db", "2026-11-20.sha256"])
        #expect(try Self.content(of: path) == before)
    }

    @Test func aDamagedDayIsNamedAndTheOthersAreMerged() throws {
        let writer = try StoreWriter(directory: path)
        let generation = try Self.generation(writer)
        _ = try Self.insert(Self.batch(["one"]), into: writer, generation)
        try writer.commit()
        let damaged = path + "/partitions/2026-11-19.db"
        close(open(damaged, O_CREAT | O_WRONLY, 0o600))
        let report = try writer.compact()
        #expect(report.days == 1)
        #expect(report.problems.count == 1)
    }
}
