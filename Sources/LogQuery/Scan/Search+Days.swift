package import LogModel
package import LogStore

extension Search {
    /// Another search of the same store.
    package func again(_ request: SearchRequest) throws(SearchError) -> Search {
        try Search(request, in: store)
    }

    /// The days that can have matching events, in order; missing ones are among the failures then.
    package func days() throws(SearchError) -> [Day] { try daysInOrder().sorted() }

    /// Gives the matching rows of a day's blocks to `body`, by generation and in the order of its file.
    ///
    /// What cannot be read is among the failures. The day is open as a snapshot until this returns.
    package func scan(
        _ day: Day, _ body: (BlockMatches) throws(BlockError) -> Void
    ) {
        noteDamagedPart(of: day)
        do {
            let partition = try store.partition(day, isSnapshot: true)
            let blocks = try candidates(of: partition).sorted {
                ($0.source.generation, $0.reference.firstOffset, $0.reference.id)
                    < ($1.source.generation, $1.reference.firstOffset, $1.reference.id)
            }
            var nothing: Void = ()
            for block in blocks {
                give(block, to: &nothing) { (_, matches) throws(BlockError) in try body(matches) }
            }
        } catch {
            failures.append(error)
        }
    }
}

extension BlockMatches {
    /// The matching rows with their original bytes.
    package func batch() throws(BlockError) -> EventBatch {
        try block.open().batch(rows: rows.indices)
    }
}
