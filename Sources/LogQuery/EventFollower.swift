package import LogModel
package import LogStore

/// The events of a search that come into the store from now on, whichever process puts them there.
///
/// Asked again and again: a look at days whose files are unchanged costs two `stat` a day, at others
/// it reads the blocks that were added since the one before. What is new is known by generation and
/// offset, so that merging blocks and compaction give nothing twice. An event that grows (a stack
/// trace that was still being written) comes once, when it first matches; only one whose last line
/// had no end comes again when it has grown.
///
/// Holds about 100 bytes for each generation of each day, and what a search holds while it gives
/// events.
package final class EventFollower {
    private let search: Search
    private var looks: [Day: Look] = [:]
    /// Events behind what had been seen that the caller has shown already, by identity.
    private var shown: [String: Given] = [:]
    /// The days that the look under way still has to come to; nil between looks.
    private var ahead: ArraySlice<Day>?
    private var current: News?
    /// Days that were looked at and are gone.
    private var gone: Set<Day> = []

    /// How far a day had come when it was last looked at.
    private struct Look {
        var state: DayState?
        var lastBlock: Int64 = 0
        /// By generation, where events begin that are new, but for what is in `given`.
        var ends: [String: Int64] = [:]
        /// By generation, the open event that was given, or was there from the beginning.
        var given: [String: Given] = [:]

        /// What was taken back behind a writer that was stopped comes again, and is not new: ends
        /// stay.
        mutating func advance(to reach: Partition.Reach) {
            lastBlock = reach.lastBlock
            for (generation, open) in reach.open {
                ends[generation] = max(ends[generation] ?? .min, open.lowerBound)
            }
        }
    }

    /// An event that may come again, longer.
    private struct Given {
        let offset: Int64
        let length: Int64
        /// Whether it is not to be given again when it has grown.
        let isWhole: Bool

        init(offset: Int64, length: Int64, isWhole: Bool) {
            (self.offset, self.length, self.isWhole) = (offset, length, isWhole)
        }

        init(_ event: Event) {
            self.init(
                offset: event.offset, length: Int64(event.length),
                isWhole: !event.terminator.isEmpty)
        }

        /// Whether the event has nothing new to it.
        func covers(_ event: Event) -> Bool {
            offset == event.offset && (isWhole || length == Int64(event.length))
        }
    }

    /// What came to a day.
    private struct News {
        let day: Day
        let state: DayState
        let reach: Partition.Reach
        let events: EventCursor
        /// By generation, open events that are among them.
        var open: [String: Given] = [:]
    }

    /// Begins behind what the store has now; `request.order` and `limit` count for nothing.
    ///
    /// Costs opening each day of the window and a row for each of its files.
    package init(_ request: SearchRequest, in store: Store) throws(SearchError) {
        var request = request
        (request.order, request.limit) = (.oldest, nil)
        search = try Search(request, in: store)
        do { try search.noteMissingDays() } catch { throw .store(error) }
        for day in try days() {
            var look = Look(state: store.state(of: day))
            do {
                let partition = try store.partition(day)
                let reach = try partition.inOneMoment { () throws(StoreError) in
                    try partition.reach()
                }
                look.advance(to: reach)
                for (generation, open) in reach.open where !open.isEmpty {
                    look.given[generation] = Given(
                        offset: open.lowerBound, length: open.upperBound &- open.lowerBound,
                        isWhole: false)
                }
            } catch {
                search.note(error, opening: day)
            }
            looks[day] = look
        }
    }

    /// Days that could not be read, each once.
    package var failures: [StoreError] { search.failures }

    /// Tells of an event that a search made after this follower has shown, so that it is left out.
    package func leaveOut(_ event: Event) {
        // What the follower began behind does not come anyway, and may be a whole store.
        let look = looks[Day(of: event.timestamp)]
        let end = look?.ends[event.source.generation] ?? .min
        if event.offset >= end, !isKnown(event) { shown[event.uid] = Given(event) }
    }

    /// The next event that came, in the order of time within a day; nil when there are no more for
    /// now, and the next call looks again.
    package func next() throws(SearchError) -> Event? {
        var days: ArraySlice<Day>
        if let ahead { days = ahead } else { days = try self.days()[...] }
        while true {
            while let event = current?.events.next() {
                note(event)
                let wasShown = shown.removeValue(forKey: event.uid)?.covers(event) ?? false
                if !wasShown, !isKnown(event) { return event }
            }
            finish()
            guard let day = days.popFirst() else { break }
            current = news(of: day)
            ahead = days
        }
        ahead = nil
        // A day that stays damaged is found to be so at each of its changes.
        search.dropRepeatedFailures()
        return nil
    }

    private func days() throws(SearchError) -> [Day] {
        do {
            let days = try search.store.days(in: search.times)
            let gone = Set(looks.keys).subtracting(days)
            if gone != self.gone { try search.noteMissingDays() }
            self.gone = gone
            return days
        } catch {
            throw .store(error)
        }
    }

    // MARK: One day

    /// What came to a day since the last look; nil if it did not change.
    private func news(of day: Day) -> News? {
        let last = looks[day]
        guard let state = search.store.state(of: day) else { return nil }
        // A file changed a moment ago may change again without its time being another.
        if state == last?.state, state.isSettled { return nil }
        search.noteDamagedPart(of: day)
        do {
            let partition = try search.store.partition(day)
            let (candidates, reach) = try partition.inOneMoment { () throws(StoreError) in
                var seen = last?.lastBlock ?? 0
                // Fewer than there were: a new file, behind one that was damaged.
                if try partition.reach(of: []).lastBlock < seen { seen = 0 }
                let candidates = try search.candidates(of: partition, after: seen)
                let generations = Set(candidates.map(\.source.generation))
                return (candidates, try partition.reach(of: generations))
            }
            let (ends, given) = (last?.ends ?? [:], last?.given ?? [:])
            let added = candidates.filter {
                $0.reference.endOffset > ends[$0.source.generation] ?? .min
            }
            let events = EventCursor(search, BlockCursor(search, added)) {
                (rows, block, candidate) throws(BlockError) in
                let generation = candidate.source.generation
                return try Self.new(
                    rows, of: block, at: candidate.reference, from: ends[generation] ?? .min,
                    but: given[generation].flatMap { $0.isWhole ? $0.offset : nil })
            }
            return News(day: day, state: state, reach: reach, events: events)
        } catch {
            search.note(error, opening: day)
            looks[day, default: Look()].state = state
            return nil
        }
    }

    /// The rows that begin at `end` or behind it, but for the one at `given`.
    private static func new(
        _ rows: RowSet, of block: Block, at reference: Partition.BlockReference, from end: Int64,
        but given: Int64?
    ) throws(BlockError) -> RowSet {
        let place = reference.firstOffset..<max(reference.firstOffset, reference.endOffset)
        if place.lowerBound >= end, given.map(place.contains) != true { return rows }
        let offsets = try block.fileOffsets()
        var new = RowSet(count: rows.count)
        for row in rows where offsets[row] >= end && offsets[row] != given { new.insert(row) }
        return new
    }

    private func note(_ event: Event) {
        let generation = event.source.generation
        guard let open = current?.reach.open[generation], !open.isEmpty,
            open.lowerBound == event.offset
        else { return }
        current?.open[generation] = Given(event)
    }

    /// Whether the event was given, or was there from the beginning.
    private func isKnown(_ event: Event) -> Bool {
        looks[Day(of: event.timestamp)]?.given[event.source.generation]?.covers(event) ?? false
    }

    /// Notes how far the day was when its news were read, all of which have been given.
    private func finish() {
        guard let news = current else { return }
        var look = looks.removeValue(forKey: news.day) ?? Look()
        look.state = news.state
        look.advance(to: news.reach)
        for (generation, open) in news.reach.open {
            if let event = news.open[generation] {
                look.given[generation] = event
            } else if let old = look.given[generation], old.offset < open.lowerBound {
                look.given[generation] = nil
            }
        }
        looks[news.day] = look
        current = nil
    }
}
