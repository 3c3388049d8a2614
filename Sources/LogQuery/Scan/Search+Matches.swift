internal import LogStore

extension Search {
    /// The times that matching events can have: from the first to the last of the named blocks,
    /// within the window. Nil where there are none.
    func extent() throws(SearchError) -> ClosedRange<Int64>? {
        // The scan that comes after it notes all this as well.
        let (statistics, failures) = (statistics, failures)
        defer { (self.statistics, self.failures) = (statistics, failures) }
        let extents = try shareBlocks(from: Int64.max...Int64.max) { _, extent, candidates in
            for candidate in candidates {
                let reference = candidate.reference
                let isFirst = extent.lowerBound == .max
                extent =
                    min(
                        extent.lowerBound, reference.firstTime)...max(
                        isFirst ? .min : extent.upperBound, reference.lastTime)
            }
        }
        let found = extents.filter { $0.lowerBound != .max }
        guard let first = found.map(\.lowerBound).min(), let last = found.map(\.upperBound).max()
        else { return nil }
        let start = max(first, times.lowerBound)
        return start...max(start, min(last, times.upperBound - 1))
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

    /// Gives `body` the matching rows of a block, if there are any; what it throws is noted.
    func give<Part>(
        _ candidate: BlockCursor.Candidate, to part: inout Part,
        _ body: (inout Part, BlockMatches) throws(BlockError) -> Void
    ) {
        guard let matches = blockMatches(candidate) else { return }
        let reference = candidate.reference
        statistics.events += matches.count
        let wasOpen = matches.block.isOpen
        do {
            try body(&part, matches)
        } catch {
            failures.append(
                matches.block.failure
                    ?? .damaged(
                        path: candidate.partition.path, reason: "block \(reference.id): \(error)"))
        }
        if !wasOpen, matches.block.isOpen { statistics.noteDecoding(of: reference) }
    }
}
