package import LogModel
package import LogStore

/// The events of a search that come into the store from now on, whichever process puts them there.
///
/// Asked again and again: a call that finds the days' files unchanged costs two `stat` a day, one that
/// does not reads the blocks with events behind those already seen. Compaction and the rewriting of
/// blocks give nothing twice, as what has been seen is known by generation and offset. An event that
/// grows (a stack trace that was still being written) comes once: when it first matches.
package final class EventFollower {
    private let search: Search
    private var states: [Day: DayState] = [:]
    private var seen: [Source: Seen] = [:]
    /// Events behind what had been seen that the caller has shown already, by identity.
    private var shown: Set<String> = []

    private struct Source: Hashable {
        let day: Day
        let generation: String
    }

    /// How far a source has been seen in a day.
    private struct Seen {
        var end: Int64
        /// The last event, which may come again, longer, if it has not been given yet.
        var lastOffset: Int64
        var isLastGiven: Bool
    }

    /// Begins behind what the store has now; `request.order` and `limit` count for nothing.
    ///
    /// Costs the summaries of all blocks of the window's days.
    package init(_ request: SearchRequest, in store: Store) throws(SearchError) {
        search = try Search(request, in: store)
        for day in try days() {
            states[day] = store.state(of: day)
            do {
                let partition = try store.partition(day)
                for block in try partition.blocks(Partition.Criteria()) {
                    let source = try partition.source(block.source)
                    advance(
                        Source(day: day, generation: source.generation), to: block.endOffset,
                        last: block.endOffset, isGiven: true)
                }
            } catch {
                search.failures.append(error)
            }
        }
    }

    /// Days that could not be read, each once.
    package var failures: [StoreError] { search.failures }

    /// Tells of an event that a search made after this follower has shown, so that it is left out.
    package func leaveOut(_ event: Event) {
        // What the follower began behind does not come anyway, and may be a whole store.
        let day = Day(of: event.timestamp)
        let source = Source(day: day, generation: event.source.generation)
        if isNew(event.offset, source) { shown.insert(event.uid) }
    }

    /// The matching events that came since the last call, in the order of their time.
    package func newEvents() throws(SearchError) -> [Event] {
        var events: [Event] = []
        for day in try days() {
            let state = search.store.state(of: day)
            // A file changed a moment ago may change again without its time being another.
            if let state, state == states[day], state.isSettled { continue }
            states[day] = state
            // In the order of offsets, as that is how far a source counts as seen.
            for candidate in search.candidates(of: day).sorted(by: {
                $0.reference.firstOffset < $1.reference.firstOffset
            }) {
                add(candidate, of: day, to: &events)
            }
        }
        dropRepeatedFailures()
        events.removeAll { shown.remove($0.uid) != nil }
        return events.sorted { ($0.timestamp, $0.offset) < ($1.timestamp, $1.offset) }
    }

    /// A day that stays damaged is found to be so at each of its changes.
    private func dropRepeatedFailures() {
        guard search.failures.count > 1 else { return }
        var known: Set<String> = []
        search.failures.removeAll { !known.insert($0.description).inserted }
    }

    private func days() throws(SearchError) -> [Day] {
        do { return try search.store.days(in: search.times) } catch { throw .store(error) }
    }

    private func add(_ candidate: BlockCursor.Candidate, of day: Day, to events: inout [Event]) {
        let key = Source(day: day, generation: candidate.source.generation)
        let end = candidate.reference.endOffset
        if let known = seen[key], end <= known.end { return }
        guard let found = search.matches(candidate), found.block.rowCount > 0 else { return }
        do {
            let last = found.block.rowCount - 1
            let batch = try found.block.batch(rows: found.rows.indices)
            for row in batch.rows.indices where isNew(batch.rows[row].offset, key) {
                events.append(batch.event(at: row, source: candidate.source))
            }
            let lastOffset = try found.block.batch(rows: [last]).rows.first?.offset ?? end
            advance(key, to: end, last: lastOffset, isGiven: found.rows.contains(last))
        } catch {
            search.failures.append(
                .damaged(path: candidate.partition.path, reason: "\(error)"))
        }
    }

    private func isNew(_ offset: Int64, _ key: Source) -> Bool {
        guard let known = seen[key] else { return true }
        return offset >= known.end || offset == known.lastOffset && !known.isLastGiven
    }

    private func advance(_ key: Source, to end: Int64, last: Int64, isGiven: Bool) {
        if let known = seen[key], known.end >= end { return }
        seen[key] = Seen(end: end, lastOffset: last, isLastGiven: isGiven)
    }
}
