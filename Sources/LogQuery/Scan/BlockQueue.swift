internal import LogStore
internal import Synchronization

extension Search {
    /// The blocks that the index names, day by day.
    func namedBlocks() throws(SearchError) -> [BlockQueue.Block] {
        if let knownBlocks { return knownBlocks }
        var blocks: [BlockQueue.Block] = []
        for day in try daysInOrder() {
            guard let (_, named) = named(day) else { continue }
            blocks += named.map { (day, $0) }
        }
        knownBlocks = blocks
        return blocks
    }

    /// The times that matching events can have: from the first to the last of the named blocks,
    /// within the window. Nil where there are none.
    func extent() throws(SearchError) -> ClosedRange<Int64>? {
        let blocks = try namedBlocks()
        guard let first = blocks.map(\.reference.firstTime).min(),
            let last = blocks.map(\.reference.lastTime).max()
        else { return nil }
        let start = max(first, times.lowerBound)
        return start...max(start, min(last, times.upperBound - 1))
    }

    func drain<Part>(
        _ queue: BlockQueue, _ part: inout Part,
        _ body: (inout Part, BlockMatches) throws(BlockError) -> Void
    ) {
        var partitions: [Day: Partition] = [:]
        while let (day, reference) = queue.next() {
            do {
                let partition: Partition
                if let known = partitions[day] {
                    partition = known
                } else {
                    partition = try store.partition(day)
                    partitions[day] = partition
                }
                let source = try partition.source(reference.source)
                let candidate = BlockCursor.Candidate(
                    reference: reference, partition: partition, source: source,
                    predicate: predicate.resolved(for: source).resolved(
                        for: try partition.layouts(of: reference)))
                guard let matches = blockMatches(candidate) else { continue }
                give(matches, reference, in: partition, to: &part, body)
            } catch {
                failures.append(error)
            }
        }
    }

    /// The matching rows of one block; nil where there are none, or it is damaged.
    func blockMatches(_ candidate: BlockCursor.Candidate) -> BlockMatches? {
        let reference = candidate.reference
        let rows: RowSet
        let handle: BlockHandle
        switch candidate.predicate {
        case .none: return nil
        case .all where covers(reference):
            rows = RowSet(all: reference.events)
            handle = BlockHandle(reference, in: candidate.partition)
        default:
            guard let found = matches(candidate), !found.rows.isEmpty else { return nil }
            rows = found.rows
            handle = BlockHandle(reference, in: candidate.partition, block: found.block)
        }
        return BlockMatches(
            source: candidate.source, rows: rows, count: rows.population,
            firstOffset: reference.firstOffset, block: handle, search: self)
    }

    private func give<Part>(
        _ matches: BlockMatches, _ reference: Partition.BlockReference, in partition: Partition,
        to part: inout Part, _ body: (inout Part, BlockMatches) throws(BlockError) -> Void
    ) {
        statistics.events += matches.count
        let wasOpen = matches.block.isOpen
        do {
            try body(&part, matches)
        } catch {
            failures.append(
                matches.block.failure
                    ?? .damaged(path: partition.path, reason: "block \(reference.id): \(error)"))
        }
        if !wasOpen, matches.block.isOpen {
            statistics.blocksDecoded += 1
            statistics.rawBytesDecoded += reference.rawBytes
        }
    }
}

/// Blocks that several threads take one by one.
final class BlockQueue: Sendable {
    typealias Block = (day: Day, reference: Partition.BlockReference)

    let blocks: [Block]
    private let taken = Atomic<Int>(0)

    init(_ blocks: [Block]) { self.blocks = blocks }

    func next() -> Block? {
        let index = taken.add(1, ordering: .relaxed).oldValue
        return index < blocks.count ? blocks[index] : nil
    }
}
