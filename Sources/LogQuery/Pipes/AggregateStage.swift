internal import LogModel
internal import LogStore

/// A stage that reads all rows and then gives its own: `stats`, `top`, `rare`, `timechart`,
/// `patterns`.
///
/// A value, so that each thread feeds one of its own; they are merged before the rows are made.
struct AggregateStage: Sendable {
    private enum Form: Sendable {
        case stats
        case top(limit: Int)
        case rare(limit: Int)
        case timechart(Timechart)
        case patterns(limit: Int)
    }

    private let form: Form
    /// One of the two, by the form.
    private(set) var groups: Aggregation?
    private var top: TopCount?
    private var patterns: PatternCount?

    /// Nil for stages of other kinds. `span` is that of a timechart which names none.
    init?(_ stage: Stage, zone: Zone, span: Int64) {
        switch stage.kind {
        case .stats(let stats):
            form = .stats
            groups = Aggregation(stats.keys, stats.aggregates, zone: zone)
        case .top(let top) where !top.isRare:
            form = .top(limit: top.limit)
            self.top = TopCount(top.keys, zone: zone)
        case .top(let top):
            form = .rare(limit: top.limit)
            groups = Aggregation(top.keys, [.countAll], zone: zone)
        case .timechart(let chart):
            form = .timechart(chart)
            let time = GroupKey(field: .time, bin: .time(chart.span ?? span))
            let keys = [time] + (chart.key.map { [$0] } ?? [])
            groups = Aggregation(keys, [chart.aggregate], zone: zone)
        case .patterns(let limit):
            form = .patterns(limit: limit)
            patterns = PatternCount()
        default: return nil
        }
    }

    mutating func add(_ batch: some RowBatch) throws(BlockError) {
        try groups?.add(batch)
        try top?.add(batch)
        try patterns?.add(batch)
    }

    mutating func merge(_ other: AggregateStage) {
        if let others = other.groups { groups?.merge(others) }
        if let others = other.top { top?.merge(others) }
        if let others = other.patterns { patterns?.merge(others) }
    }

    /// Whether the figures are incomplete, more than approximate.
    var isOverfull: Bool { groups?.isOverfull ?? patterns?.isOverfull ?? false }

    /// The rows of the result, in its order.
    func rows() -> (rows: [[Event.Value?]], notes: [String]) {
        if case .top(let limit) = form, let top { return top.rows(limit) }
        if case .patterns(let limit) = form, let patterns { return patterns.rows(limit) }
        guard let groups else { return ([], []) }
        if case .rare(let limit) = form { return Self.rare(groups, limit) }
        return (Self.sorted(groups), groups.notes)
    }

    /// By the keys where time bins come first, else by the first function, the greatest first.
    private static func sorted(_ groups: Aggregation) -> [[Event.Value?]] {
        let width = groups.keys.count
        let isByKey = groups.keys.first?.bin != nil
        let others = groups.groups.firstIndex { $0 == nil }
        var rows = groups.groups.indices.filter { $0 != others }.map {
            groups.keyValues(of: $0) + groups.results(of: $0)
        }
        rows.sort { first, second in
            if !isByKey, let order = order(first[width], second[width], isDescending: true) {
                return order
            }
            for index in 0..<width {
                if let order = order(first[index], second[index]) { return order }
            }
            return false
        }
        if let others { rows.append(groups.keyValues(of: others) + groups.results(of: others)) }
        return rows
    }

    private static func rare(
        _ groups: Aggregation, _ limit: Int
    ) -> (rows: [[Event.Value?]], notes: [String]) {
        var total = 0
        var found: [(count: Int, values: [Event.Value?])] = []
        for (group, count) in groups.counts.enumerated() where groups.groups[group] != nil {
            let values = groups.keyValues(of: group)
            guard values.allSatisfy({ $0 != nil }) else { continue }
            total += count
            found.append((count, values))
        }
        found.sort { first, second in
            if first.count != second.count { return first.count < second.count }
            for (left, right) in zip(first.values, second.values) {
                if let order = order(left, right) { return order }
            }
            return false
        }
        let rows = found.prefix(limit).map { entry in
            entry.values + [
                .integer(Int64(entry.count)), .number(Double(entry.count) / Double(max(1, total))),
            ]
        }
        return (Array(rows), groups.notes)
    }

    /// Whether the first value comes before the second; nil where they are the same. None is last.
    static func order(
        _ first: Event.Value?, _ second: Event.Value?, isDescending: Bool = false
    ) -> Bool? {
        guard let first, let second else {
            return (first == nil) == (second == nil) ? nil : second == nil
        }
        if first.precedes(second) { return !isDescending }
        return second.precedes(first) ? isDescending : nil
    }
}
