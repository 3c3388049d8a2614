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

    /// Walks all days of the search's window, or each `shares`th of them.
    init(_ search: Search, share: Int = 0, of shares: Int = 1) throws(SearchError) {
        self.search = search
        let days = try search.daysInOrder()
        self.days = days.indices.filter { $0 % shares == share }.map { days[$0] }[...]
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
    func daysInOrder() throws(SearchError) -> [Day] {
        do {
            statistics.days = try store.days().count
            let days = try store.days(in: times)
            statistics.daysInWindow = days.count
            return request.order == .newest ? days.reversed() : days
        } catch {
            throw .store(error)
        }
    }

    /// The day's blocks in order; none of a day that cannot be opened.
    func candidates(of day: Day) -> [BlockCursor.Candidate] {
        guard let (partition, blocks) = named(day) else { return [] }
        return resolved(inOrder(blocks), of: partition)
    }

    /// The blocks of a day that its summaries and terms do not rule out; a day that cannot be read is
    /// noted, and gives nil.
    func named(_ day: Day) -> (partition: Partition, blocks: [Partition.BlockReference])? {
        if let path = store.damagedPart(of: day) {
            failures.append(.damaged(path: path, reason: "set aside earlier"))
        }
        do {
            let partition = try store.partition(day)
            return (partition, try named(partition))
        } catch {
            failures.append(error)
            return nil
        }
    }

    private func named(_ partition: Partition) throws(StoreError) -> [Partition.BlockReference] {
        var criteria = Partition.Criteria()
        criteria.times = times
        criteria.severities = demands.severities
        criteria.terms = demands.terms
        let found = try partition.blocks(criteria)
        statistics.blocks += try partition.totals().blocks
        statistics.blocksNamed += found.count
        return found
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

    /// Leaves out the blocks of which the source alone says that nothing matches.
    private func resolved(
        _ blocks: [Partition.BlockReference], of partition: Partition
    ) -> [BlockCursor.Candidate] {
        var known: [Int64: (source: EventSource, predicate: Predicate)?] = [:]
        var candidates: [BlockCursor.Candidate] = []
        for reference in blocks {
            if known[reference.source] == nil {
                known[reference.source] = .some(resolved(reference.source, of: partition))
            }
            guard case (let source, let predicate)?? = known[reference.source] else { continue }
            if case .none = predicate { continue }
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
}
