import LogModel
import StoreFixtures
import Testing

@testable import LogStore

/// A store with a writer and one generation, which is filled with lines.
struct StoreWriterFixture {
    static let day: Int64 = 86_400_000_000_000
    /// 2026-11-20, noon.
    static let noon: Int64 = 20_777 * day + day / 2

    let directory = TemporaryDirectory()
    var path: String { directory("store") }

    static func generation(_ name: String = "g") -> Generation {
        Generation(
            name: name, head: Array(name.utf8), host: "web-1", service: "node", environment: "",
            path: "/logs/\(name).log", format: "f", zone: "UTC", fallbackTime: 7, observed: 8)
    }

    static func progress(
        _ generation: Generation, _ position: Int64, openOffset: Int64? = nil,
        openDay: Day? = nil, lastTime: Int64 = noon
    ) -> GenerationProgress {
        GenerationProgress(
            generation: generation.id,
            checkpoint: Checkpoint(position: position, guardHash: [UInt8(position & 255)]),
            openOffset: openOffset ?? position, openDay: openDay, lastTime: lastTime)
    }

    /// Inserts lines that begin at `offset`, all at noon; with `isOpen` the last one may still grow.
    ///
    /// Returns where they end.
    @discardableResult
    static func insert(
        _ lines: [String], into writer: StoreWriter, _ generation: Generation, at offset: Int64,
        isOpen: Bool = false, isLive: Bool = false, time: Int64 = noon
    ) throws -> Int64 {
        var builder = BatchBuilder(offset: offset)
        for line in lines { builder.add(line: line, at: time) }
        var encoder = BatchEncoder()
        var source = EventSource(host: "web-1", service: "node", path: generation.path)
        source.generation = generation.name
        let last = builder.batch.rows.last?.offset ?? offset
        _ = try writer.insert(
            encoder.encode(builder.batch), from: source,
            progress: progress(
                generation, builder.offset, openOffset: isOpen ? last : nil,
                openDay: isOpen ? Day(of: time) : nil), isLive: isLive)
        return builder.offset
    }

    /// All stored lines, day by day, source by source, in the order of their offsets.
    static func lines(in directory: String) throws -> [String] {
        let store = try Store(directory: directory)
        return try store.days().flatMap { day -> [String] in
            let partition = try store.partition(day)
            return try partition.blocks(Partition.Criteria())
                .sorted { ($0.source, $0.firstOffset) < ($1.source, $1.firstOffset) }
                .flatMap { reference -> [String] in
                    let block = try partition.block(reference)
                    let batch = try block.batch(rows: Array(0..<block.rowCount))
                    return batch.rows.indices.map {
                        String(decoding: batch.original($0).dropLast(), as: UTF8.self)
                    }
                }
        }
    }
}
