package import LogModel
package import LogStore

/// The matching rows of one block, whose columns are read as they are asked for.
///
/// A block that matches as a whole by its summary is not even read until something of it is wanted.
package struct BlockMatches {
    /// Where the events come from.
    package let source: EventSource
    /// The matching rows, in the order of the file.
    package let rows: RowSet
    package let count: Int
    /// Where the block begins in its file: rows of one source are in order by this, then their number.
    package let firstOffset: Int64
    let block: BlockHandle
    let search: Search

    /// The times of the matching rows, in row order; nanoseconds since 1970 UTC.
    package func times() throws(BlockError) -> [Int64] {
        let times = try block.open().times()
        return isWhole ? times : rows.indices.map { times[$0] }
    }

    /// The matching events whole. Slow: rebuilds every original.
    package func events() throws(BlockError) -> [Event] {
        let batch = try block.open().batch(rows: rows.indices)
        return (0..<batch.rows.count).map { batch.event(at: $0, source: source) }
    }

    var isWhole: Bool { count == rows.count }

    /// For each of the matching rows whether `predicate` accepts it too.
    func rows(with predicate: Predicate) throws(BlockError) -> [Bool] {
        let resolved = predicate.resolved(for: source)
        if case .all = resolved { return Array(repeating: true, count: count) }
        if case .none = resolved { return Array(repeating: false, count: count) }
        var evaluator = BlockEvaluator(try block.open(), source: source)
        let accepted = try evaluator.rows(resolved, among: rows)
        return rows.map { accepted.contains($0) }
    }
}

extension Search {
    /// Gives the matching rows of each block to `body`, on as many threads as the machine runs at once.
    ///
    /// Each thread has a part of its own; the caller merges them. Which thread gets a block, and in
    /// which order, is not said. A block that cannot be read is noted among the failures, the part
    /// then has what `body` made of it until then.
    package func scan<Part: Sendable>(
        _ makePart: @escaping @Sendable () -> Part,
        _ body: @escaping @Sendable (inout Part, BlockMatches) throws(BlockError) -> Void
    ) throws(SearchError) -> [Part] {
        try shareBlocks(from: makePart()) { search, part, candidates in
            for candidate in candidates { search.give(candidate, to: &part, body) }
        }
    }
}

/// A block that is read when it is first needed.
final class BlockHandle {
    private let partition: Partition
    private let reference: Partition.BlockReference
    private var block: Block?
    /// Why reading failed, in the store's words.
    private(set) var failure: StoreError?

    init(_ reference: Partition.BlockReference, in partition: Partition, block: Block? = nil) {
        self.reference = reference
        self.partition = partition
        self.block = block
    }

    var isOpen: Bool { block != nil }

    /// What the block's layouts are, which takes no reading of it.
    func layouts() throws(BlockError) -> [Layout] {
        if let block { return block.layouts }
        do { return try partition.layouts(of: reference) } catch {
            failure = error
            throw .invalid("layouts")
        }
    }

    func open() throws(BlockError) -> Block {
        if let block { return block }
        do {
            let opened = try partition.block(reference)
            guard opened.rowCount == reference.events else {
                throw BlockError.invalid("number of rows")
            }
            block = opened
            return opened
        } catch let error as BlockError {
            throw error
        } catch let error as StoreError {
            failure = error
            throw .invalid("content")
        } catch {
            throw .invalid("content")
        }
    }
}
