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

    fileprivate init(_ search: Search) throws(SearchError) {
        self.search = search
        blocks = try BlockCursor(search)
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
            if let found = search.matches(candidate), !found.rows.isEmpty,
                let times = search.times(of: found.block, candidate)
            {
                merge.add(
                    found.rows, of: found.block, from: candidate.source, times: times,
                    candidate.reference)
            }
            merge.release(before: blocks.upcoming)
        }
    }
}

extension Search {
    /// The search's events, to be taken one by one.
    package func events() throws(SearchError) -> EventCursor { try EventCursor(self) }
}
