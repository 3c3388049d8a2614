package import LogModel
internal import LogStore

/// How much of a window some alternative filters find.
package struct FilterTally: Sendable {
    /// How many events any of them finds.
    package fileprivate(set) var events = 0
    /// How many each of them finds.
    package fileprivate(set) var counts: [Int]
    /// The time of the first of the events, and of the last; nanoseconds since 1970 UTC.
    package fileprivate(set) var times: ClosedRange<Int64>?
    /// The first of the events.
    package fileprivate(set) var first: Event?

    fileprivate init(filters: Int) { counts = Array(repeating: 0, count: filters) }

    /// Of events at one time the first is that of the lesser file, so that it is always the same one.
    fileprivate mutating func add(_ other: FilterTally) {
        events += other.events
        for index in counts.indices { counts[index] += other.counts[index] }
        if let times = other.times { note(times) }
        if let event = other.first { note(event) }
    }

    fileprivate mutating func note(_ event: Event) {
        if let first, Self.order(first) <= Self.order(event) { return }
        first = event
    }

    fileprivate mutating func note(_ span: ClosedRange<Int64>) {
        let known = times ?? span
        times =
            min(known.lowerBound, span.lowerBound)...max(known.upperBound, span.upperBound)
    }

    private static func order(_ event: Event) -> (Int64, String, Int64) {
        (event.timestamp, event.source.generation, event.offset)
    }
}

extension Search {
    /// What each group of the filters of a search `anyOf` finds; a group is a range of their numbers.
    ///
    /// One pass: the index names the blocks of each filter, a block is read once, and only for those that name it.
    /// Rare words cost a look into the index of each day. Blocks are shared out among as many threads as the
    /// machine runs at once; what cannot be read is among the failures.
    package func tally(_ groups: [Range<Int>]) throws(SearchError) -> [FilterTally] {
        let demands = zip(conditionFilters, conditions).map { BlockConditions($0, $1) }
        let parts = try shareBlocks(from: TallyPart(groups)) { search, part, candidates in
            for candidate in candidates {
                part.open(candidate.partition, search, demands)
                part.take(candidate, search)
            }
        }
        var tallies = groups.map { FilterTally(filters: $0.count) }
        for part in parts {
            for index in tallies.indices { tallies[index].add(part.tallies[index]) }
        }
        return tallies
    }
}

/// What one thread has counted.
private struct TallyPart: Sendable {
    let groups: [Range<Int>]
    var tallies: [FilterTally]
    private var day: Day?
    /// The filters for which a block of the day has to be read, by its number.
    private var filters: [Int64: Set<Int>] = [:]

    init(_ groups: [Range<Int>]) {
        self.groups = groups
        tallies = groups.map { FilterTally(filters: $0.count) }
    }

    mutating func open(_ partition: Partition, _ search: Search, _ demands: [BlockConditions]) {
        if day == partition.day { return }
        (day, filters) = (partition.day, [:])
        for (number, demand) in demands.enumerated() {
            do {
                for block in try search.named(partition, by: demand) {
                    filters[block.id, default: []].insert(number)
                }
            } catch { search.failures.append(error) }
        }
    }

    mutating func take(_ candidate: BlockCursor.Candidate, _ search: Search) {
        guard let wanted = filters[candidate.reference.id] else { return }
        let handle = BlockHandle(candidate.reference, in: candidate.partition)
        do {
            let block = TalliedBlock(candidate, handle, search, layouts: try handle.layouts())
            for (number, group) in groups.enumerated() {
                let asked = group.filter(wanted.contains)
                if !asked.isEmpty { try block.add(asked, of: group, to: &tallies[number]) }
            }
        } catch {
            let reference = candidate.reference
            search.failures.append(
                handle.failure
                    ?? .damaged(
                        path: candidate.partition.path, reason: "block \(reference.id): \(error)"))
        }
        if handle.isOpen { search.statistics.noteDecoding(of: candidate.reference) }
    }
}

/// A block of which several filters want something; read when the first of them has to look at it.
private final class TalliedBlock {
    private let candidate: BlockCursor.Candidate
    private let handle: BlockHandle
    private let search: Search
    private let layouts: [Layout]
    private var evaluator: BlockEvaluator?
    private var window: RowSet?

    init(
        _ candidate: BlockCursor.Candidate, _ handle: BlockHandle, _ search: Search,
        layouts: [Layout]
    ) {
        (self.candidate, self.handle, self.search) = (candidate, handle, search)
        self.layouts = layouts
    }

    func add(_ asked: [Int], of group: Range<Int>, to tally: inout FilterTally) throws(BlockError) {
        var hits: RowSet?
        for number in asked {
            guard let rows = try rows(search.conditions[number]), !rows.isEmpty else { continue }
            tally.counts[number - group.lowerBound] += rows.population
            if hits == nil { hits = rows } else { hits?.formUnion(rows) }
        }
        guard let hits else { return }
        tally.events += hits.population
        let times = try handle.open().times()
        var (first, last) = (0, 0)
        for (place, row) in hits.enumerated() {
            if place == 0 || times[row] < times[first] { first = row }
            if place == 0 || times[row] > times[last] { last = row }
        }
        tally.note(times[first]...times[last])
        if let known = tally.first, known.timestamp < times[first] { return }
        tally.note(try handle.open().batch(rows: [first]).event(at: 0, source: candidate.source))
    }

    /// The rows of the window that a predicate accepts; nil where the source or the layouts decide that
    /// there are none.
    private func rows(_ predicate: Predicate) throws(BlockError) -> RowSet? {
        let resolved = predicate.resolved(for: candidate.source).resolved(for: layouts)
        if case .none = resolved { return nil }
        let block = try handle.open()
        var evaluator = self.evaluator ?? BlockEvaluator(block, source: candidate.source)
        self.evaluator = nil
        defer { self.evaluator = evaluator }
        if window == nil {
            let all = RowSet(all: block.rowCount)
            window =
                search.covers(candidate.reference)
                ? all : try evaluator.rows(.times(search.times), among: all)
        }
        return try evaluator.rows(resolved, among: window ?? RowSet(count: block.rowCount))
    }
}
