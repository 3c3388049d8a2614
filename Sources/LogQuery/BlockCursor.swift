internal import LogModel
internal import LogStore

/// The blocks that a search has to look at, in its order; days are opened as they are reached.
///
/// What cannot be read is noted with the search, and the rest goes on.
struct BlockCursor {
    /// A block that the day's summaries and terms do not rule out, and what is left to test in it.
    struct Candidate {
        let reference: Partition.BlockReference
        let partition: Partition
        let source: EventSource
        /// The search's predicate with all that the source decides put in; never `.none`.
        let predicate: Predicate
    }

    private let search: Search
    private var days: ArraySlice<Day>
    private var candidates: ArraySlice<Candidate> = []

    init(_ search: Search) throws(SearchError) {
        self.search = search
        days = try search.daysInOrder()[...]
    }

    /// Goes over these alone, which are in order.
    init(_ search: Search, _ candidates: [Candidate]) {
        self.search = search
        days = []
        self.candidates = candidates[...]
    }

    /// The block that `next` gives, if it is one of the same day as the last.
    var upcoming: Partition.BlockReference? { candidates.first?.reference }

    mutating func next() -> Candidate? {
        while candidates.isEmpty {
            guard let day = days.popFirst() else { return nil }
            candidates = search.candidates(of: day)[...]
        }
        return candidates.popFirst()
    }
}

extension Search {
    /// The days of the window in the order of the search.
    func daysInOrder() throws(SearchError) -> [Day] {
        do {
            let days = try store.days()
            let wanted = days.filter { $0.end > times.lowerBound && $0.start < times.upperBound }
            statistics.days = days.count
            statistics.daysInWindow = wanted.count
            try noteMissingDays()
            return request.order == .newest ? wanted.reversed() : wanted
        } catch {
            throw .store(error)
        }
    }

    /// The day's blocks in order; none of a day that cannot be opened.
    func candidates(of day: Day) -> [BlockCursor.Candidate] {
        noteDamagedPart(of: day)
        do {
            let partition = try store.partition(day)
            try noteRemovals(from: partition)
            return try candidates(of: partition)
        } catch {
            note(error, opening: day)
            return []
        }
    }

    /// The blocks of an open day in order; those that came after the one with the number `earlier`.
    func candidates(
        of partition: Partition, after earlier: Int64 = 0
    ) throws(StoreError) -> [BlockCursor.Candidate] {
        candidates(inOrder(try named(partition, after: earlier))[...], of: partition)
    }

    func noteDamagedPart(of day: Day) {
        if let path = store.damagedPart(of: day) {
            failures.append(.damaged(path: path, reason: "set aside earlier"))
        }
    }

    /// The blocks of a day that its index and summaries do not rule out.
    func named(
        _ partition: Partition, after earlier: Int64 = 0
    ) throws(StoreError) -> [Partition.BlockReference] {
        let found = try named(partition, by: demands, after: earlier)
        statistics.blocksNamed += found.count
        return found
    }

    /// The same for other demands than the search's own.
    func named(
        _ partition: Partition, by demands: BlockConditions, after earlier: Int64 = 0
    ) throws(StoreError) -> [Partition.BlockReference] {
        var criteria = Partition.Criteria()
        criteria.after = earlier
        criteria.times = times.clamped(to: demands.times)
        criteria.severities = demands.severities
        criteria.terms = demands.terms
        return try partition.blocks(criteria)
    }

    private func inOrder(_ blocks: [Partition.BlockReference]) -> [Partition.BlockReference] {
        switch request.order {
        case .newest:
            blocks.sorted {
                ($0.lastTime, $0.source, $0.firstOffset) > ($1.lastTime, $1.source, $1.firstOffset)
            }
        case .oldest:
            blocks.sorted {
                ($0.firstTime, $0.source, $0.firstOffset)
                    < ($1.firstTime, $1.source, $1.firstOffset)
            }
        }
    }

    /// Leaves out the blocks of which the source and the layouts alone say that nothing matches.
    func candidates(
        _ blocks: ArraySlice<Partition.BlockReference>, of partition: Partition
    ) -> [BlockCursor.Candidate] {
        var known: [Int64: (source: EventSource, predicate: Predicate)?] = [:]
        var candidates: [BlockCursor.Candidate] = []
        for reference in blocks {
            if known[reference.source] == nil {
                known[reference.source] = .some(resolved(reference.source, of: partition))
            }
            guard case (let source, let own)?? = known[reference.source],
                let predicate = resolved(own, for: reference, of: partition)
            else { continue }
            candidates.append(
                BlockCursor.Candidate(
                    reference: reference, partition: partition, source: source,
                    predicate: predicate))
        }
        return candidates
    }

    private func resolved(
        _ source: Int64, of partition: Partition
    ) -> (source: EventSource, predicate: Predicate)? {
        do {
            let source = try partition.source(source)
            return (source, predicate.resolved(for: source))
        } catch {
            failures.append(error)
            return nil
        }
    }

    private func resolved(
        _ predicate: Predicate, for reference: Partition.BlockReference, of partition: Partition
    ) -> Predicate? {
        do {
            let resolved = try predicate.resolved(for: partition.layouts(of: reference))
            if case .none = resolved { return nil }
            return resolved
        } catch {
            failures.append(error)
            return nil
        }
    }
}
