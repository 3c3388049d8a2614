package import LogModel
package import LogStore

// Asking a search about copies of events, whether its store still has them or not.
extension Search {
    /// The rows of a batch, of 256 layouts at most, that the search would find if they were stored.
    package func rows(
        of batch: EventBatch, from source: EventSource
    ) throws(BlockError) -> [Int] {
        let own = predicate.resolved(for: source)
        if case .none = own { return [] }
        let block = try Block(encoding: batch, rows: Array(batch.rows.indices))
        var evaluator = BlockEvaluator(block, source: source)
        let inWindow = try evaluator.rows(.times(times), among: RowSet(all: block.rowCount))
        return try evaluator.rows(own.resolved(for: block.layouts), among: inWindow).indices
    }
}
