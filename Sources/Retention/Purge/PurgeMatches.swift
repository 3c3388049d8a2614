internal import LogModel
package import LogQuery
package import LogStore

/// What of one day a purge removes: the matching events by their identity, and a digest of their lines.
package struct PurgeMatches: Sendable {
    package let day: Day
    package private(set) var sources: [PurgeReceipt.Source] = []
    /// SHA-256 over the original lines, terminators included, by generation and offset.
    package private(set) var lines: [UInt8] = []
    /// By generation, where the events begin.
    package private(set) var offsets: [String: Set<Int64>] = [:]

    package var events: Int { sources.reduce(0) { $0 + $1.events } }
    package var bytes: Int64 { sources.reduce(0) { $0 + $1.bytes } }

    /// Finds them. Costs decoding the blocks that have any; memory is a block, and about 40 bytes for
    /// each event.
    ///
    /// Throws where a part of the day cannot be read: it might have more of them.
    package init(of search: Search, on day: Day) throws(StoreError) {
        self.day = day
        let known = search.failures.count
        var digest = Digest()
        var found: [PurgeReceipt.Source] = []
        var offsets: [String: Set<Int64>] = [:]
        search.scan(day) { (matches) throws(BlockError) in
            let batch = try matches.batch()
            if found.last?.generation != matches.source.generation {
                found.append(PurgeReceipt.Source(matches.source))
            }
            let last = found.count - 1
            var own: [Int64] = []
            batch.bytes.withUnsafeBytes { bytes in
                for row in batch.rows {
                    let text = Int(row.start)..<Int(row.start) + Int(row.length)
                    digest.update(UnsafeRawBufferPointer(rebasing: bytes[text]))
                    found[last].add(row)
                    own.append(row.offset)
                }
            }
            offsets[matches.source.generation, default: []].formUnion(own)
        }
        lines = digest.finish()
        (sources, self.offsets) = (found, offsets)
        if search.failures.count > known { throw search.failures[known] }
    }

    /// The events that a receipt names, without their digest.
    init(_ entry: PurgeReceipt.Entry, in partition: Partition) throws(StoreError) {
        day = entry.day
        for source in entry.sources {
            var own: Set<Int64> = []
            for range in source.ranges {
                for block in try partition.blocks(ofGeneration: source.generation, in: range) {
                    let rows = try partition.batch(of: block).rows
                    own.formUnion(rows.lazy.map(\.offset).filter(range.contains))
                }
            }
            if !own.isEmpty { offsets[source.generation] = own }
        }
    }

    package var isEmpty: Bool { offsets.isEmpty }
}

extension PurgeReceipt.Source {
    init(_ source: EventSource) {
        self.init(
            generation: source.generation, host: source.host, service: source.service,
            path: source.path)
    }

    /// Events that lie one behind the other make one range.
    mutating func add(_ row: EventBatch.Row) {
        let end = row.offset &+ Int64(row.length)
        events += 1
        bytes += Int64(row.length)
        if let last = ranges.last, last.upperBound == row.offset, end >= row.offset {
            ranges[ranges.count - 1] = last.lowerBound..<end
        } else if end >= row.offset {
            ranges.append(row.offset..<end)
        }
    }
}
