package import LogModel
package import LogStore

/// A block with events that a search finds, or may find.
package struct SelectedBlock {
    let candidate: BlockCursor.Candidate
    package var reference: Partition.BlockReference { candidate.reference }
    package var source: EventSource { candidate.source }
    /// Whether all events of the block are found; nothing has to be looked at for that.
    package let isWhole: Bool
}

/// What a search finds block by block, for those who want whole files and not events by their time.
extension Search {
    /// The blocks of an open day that summaries and terms do not rule out, in no order.
    package func selection(of partition: Partition) throws(StoreError) -> [SelectedBlock] {
        try candidates(of: partition).map { candidate in
            guard case .all = candidate.predicate else {
                return SelectedBlock(candidate: candidate, isWhole: false)
            }
            return SelectedBlock(candidate: candidate, isWhole: covers(candidate.reference))
        }
    }

    /// The events of a block, the very lines that were taken in, and the rows that the search finds.
    package func events(
        of block: SelectedBlock
    ) throws(StoreError) -> (batch: EventBatch, rows: [Int]) {
        let candidate = block.candidate
        let batch = try candidate.partition.batch(of: candidate.reference)
        guard !block.isWhole else { return (batch, Array(batch.rows.indices)) }
        let before = failures.count
        let found = matches(candidate)
        if failures.count > before { throw failures.removeLast() }
        guard let found, found.rows.count == batch.rows.count else {
            throw .changed(path: candidate.partition.path)
        }
        return (batch, found.rows.indices)
    }
}
