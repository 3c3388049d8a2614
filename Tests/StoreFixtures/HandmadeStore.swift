package import LogModel
internal import LogStore

/// A store in a temporary directory that is filled batch by batch.
package final class HandmadeStore {
    package let directory = TemporaryDirectory()
    private var writer: StoreWriter?
    private var generations: [String: Generation] = [:]
    private var encoder = BatchEncoder()

    package init() throws { writer = try StoreWriter(directory: directory("store")) }

    package var path: String { directory("store") }

    /// Stores one batch, which gives a block a day; to be seen by readers it must be committed.
    @discardableResult
    package func add(
        _ batch: EventBatch, from source: EventSource, commits: Bool = true
    ) throws -> Int {
        guard let writer else { return 0 }
        let generation = try generation(of: source, writer)
        var source = source
        source.generation = generation.name
        let end = batch.rows.map { $0.offset + Int64($0.length) }.max() ?? 0
        let added = try writer.insert(
            encoder.encode(batch), from: source,
            progress: GenerationProgress(
                generation: generation.id, checkpoint: Checkpoint(position: end, guardHash: []),
                openOffset: end,
                openDay: nil, lastTime: batch.rows.last?.timestamp ?? 0))
        if commits { try writer.commit() }
        return added
    }

    package func commit() throws { try writer?.commit() }

    /// Ends writing, so that another writer may come.
    package func close() { writer = nil }

    private func generation(of source: EventSource, _ writer: StoreWriter) throws -> Generation {
        if let known = generations[source.path] { return known }
        let added = try writer.add(
            Generation(
                name: source.path, head: Array(source.path.utf8), host: source.host,
                service: source.service, environment: source.environment, path: source.path,
                format: "", zone: "UTC", fallbackTime: 0, observed: source.observedTimestamp))
        generations[source.path] = added
        return added
    }
}
