package import LogModel
internal import LogStore

/// The events of a search one by one, in its order; blocks are read when their events are due.
///
/// Memory is bounded by the blocks that overlap in time. Whoever wants no more lets go of it.
package final class EventCursor {
    private let search: Search
    private var blocks: BlockCursor
    private var merge: Merge
    private var ready: ArraySlice<Event> = []
    private var remaining: Int
    /// Few events at first: those who want only the first ones need not wait for a thousand.
    private var sliceLimit = 128
    private let choose: Choice?

    /// Which of the matching rows of a block are wanted.
    typealias Choice = (RowSet, Block, BlockCursor.Candidate) throws(BlockError) -> RowSet

    init(_ search: Search, _ blocks: BlockCursor, choose: Choice? = nil) {
        self.search = search
        self.blocks = blocks
        self.choose = choose
        merge = Merge(order: search.request.order)
        // Stages need all events; what they give is limited behind them.
        remaining = (search.isPiped ? nil : search.request.limit) ?? Int.max
    }

    /// The next event, or nil at the end or the request's limit.
    package func next() -> Event? {
        while ready.isEmpty {
            guard remaining > 0, fill() else { return nil }
        }
        search.statistics.events += 1
        return ready.popFirst()
    }

    /// Makes the next slice of events, for which it reads as many blocks as that takes.
    private func fill() -> Bool {
        while true {
            let limit = min(remaining, sliceLimit)
            if let events = merge.next(limit: limit, failures: &search.failures) {
                remaining -= events.count
                sliceLimit = min(sliceLimit * 2, 1024)
                ready = events[...]
                return true
            }
            guard let candidate = blocks.next() else { return false }
            if let found = wanted(of: candidate),
                let times = search.times(of: found.block, candidate)
            {
                merge.add(
                    found.rows, of: found.block, from: candidate.source, times: times,
                    candidate.reference)
            }
            merge.release(before: blocks.upcoming)
        }
    }

    /// The rows of a block to be given; nil where there are none.
    private func wanted(of candidate: BlockCursor.Candidate) -> (rows: RowSet, block: Block)? {
        guard var found = search.matches(candidate), !found.rows.isEmpty else { return nil }
        guard let choose else { return found }
        do {
            found.rows = try choose(found.rows, found.block, candidate)
        } catch {
            search.noteDamage(to: candidate.reference, of: candidate.partition, "\(error)")
            return nil
        }
        return found.rows.isEmpty ? nil : found
    }
}

extension Search {
    /// The search's events, to be taken one by one.
    package func events() throws(SearchError) -> EventCursor {
        EventCursor(self, try BlockCursor(self))
    }
}
