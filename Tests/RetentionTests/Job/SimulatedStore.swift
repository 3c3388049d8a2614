import LogModel
import StoreFixtures

@testable import LogStore

/// An event of a simulated store; its line has its number in it as a word that no other one has.
struct SimulatedEvent: Sendable {
    let number: Int
    let host: String
    let service: String
    let format: String
    let severity: UInt8
    let time: Int64

    var word: String { "u" + String(1_000_000 + number).dropFirst() }
    var line: String { "\(word) \(service) 订单 took \(number % 97) ms" }
    var day: Day { Day(of: time) }
}

/// A store that gets events day after day, each source as one file that grows.
final class SimulatedStore {
    static let day: Int64 = 86_400_000_000_000

    private let directory = TemporaryDirectory(inMemory: true)
    private var files: [String: (generation: Generation, end: Int64)] = [:]
    var path: String { directory("store") }

    /// Where a stored event is.
    enum Place { case taken, indexed, archived }

    func add(_ events: [SimulatedEvent]) throws {
        let writer = try StoreWriter(directory: path)
        for (name, events) in Dictionary(grouping: events, by: { $0.host + "-" + $0.service }) {
            guard let first = events.first else { continue }
            let file = try files[name] ?? (Self.generation(name, first, writer), 0)
            var builder = BatchBuilder(offset: file.end)
            for event in events {
                let layout = Layout(
                    format: event.format, pieces: [.field(0)],
                    fields: [Field(FieldName.body, .body)])
                builder.add(
                    [Array(event.line.utf8)], layout, at: event.time, severity: event.severity)
            }
            files[name] = (file.generation, builder.offset)
            try Self.insert(builder, file.generation, writer)
        }
        try writer.commit()
    }

    private static func generation(
        _ name: String, _ event: SimulatedEvent, _ writer: StoreWriter
    ) throws -> Generation {
        try writer.add(
            Generation(
                name: name, head: Array(name.utf8), host: event.host, service: event.service,
                environment: "", path: "/logs/\(name).log", format: event.format, zone: "UTC",
                fallbackTime: 0, observed: 0))
    }

    private static func insert(
        _ builder: BatchBuilder, _ generation: Generation, _ writer: StoreWriter
    ) throws {
        var encoder = BatchEncoder()
        var source = EventSource(
            host: generation.host, service: generation.service, path: generation.path)
        source.generation = generation.name
        let end = builder.offset
        _ = try writer.insert(
            encoder.encode(builder.batch), from: source,
            progress: GenerationProgress(
                generation: generation.id, checkpoint: Checkpoint(position: end, guardHash: []),
                openOffset: end, openDay: nil, lastTime: 0))
    }

    /// All lines with their places, read from the blocks.
    func places(of day: Day) throws -> [String: Place] {
        let partition = try Store(directory: path).partition(day)
        var found: [String: Place] = [:]
        for block in try partition.blocks(Partition.Criteria()) {
            let batch = try partition.batch(of: block)
            for row in batch.rows.indices {
                let line = String(decoding: batch.original(row).dropLast(), as: UTF8.self)
                found[line] =
                    switch block.state {
                    case .taken: .taken
                    case .compacted: .indexed
                    case .archived: .archived
                    }
            }
        }
        return found
    }

    /// The lines that a search for a word has to read.
    func lines(of day: Day, having word: String) throws -> Set<String> {
        let partition = try Store(directory: path).partition(day)
        var criteria = Partition.Criteria()
        criteria.terms = .term(Array(word.utf8))
        var lines: Set<String> = []
        for block in try partition.blocks(criteria) {
            let batch = try partition.batch(of: block)
            for row in batch.rows.indices {
                lines.insert(String(decoding: batch.original(row).dropLast(), as: UTF8.self))
            }
        }
        return lines
    }

    /// How many events were removed of each day, with it or from it.
    func removedEvents() throws -> [Day: Int] {
        let store = try Store(directory: path)
        var counts: [Day: Int] = [:]
        for removal in try store.removals(in: .min..<Int64.max) where removal.events > 0 {
            counts[removal.day, default: 0] += removal.events
        }
        for day in try store.days() {
            for reasons in try store.partition(day).removedEvents().counts.values {
                for count in reasons.values { counts[day, default: 0] += count.events }
            }
        }
        return counts
    }
}
