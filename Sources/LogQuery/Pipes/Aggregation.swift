internal import LogModel
internal import LogStore

/// Groups of rows and the functions over them, fed batch by batch.
///
/// Several can be fed apart and merged. Memory: at most `limit` groups; rows of further groups count
/// in one group more, the others.
struct Aggregation: Sendable {
    let keys: [GroupKey]
    let aggregates: [Aggregate]
    private let bins: [TimeBins?]
    private let limit: Int
    private var ids: [[UInt8]: Int32] = [:]
    /// The key of each group; nil for that of the others.
    private(set) var groups: [[UInt8]?] = []
    private var others: Int32?
    private(set) var counts: [Int] = []
    /// The conditions of `count(FILTER)`, and for each how many rows of each group meet it.
    private let conditions: [Int]
    private var conditional: [[Int]]
    private let slots: [Slot]
    private var accumulators: [any Accumulator]
    private var scratch: [UInt8] = []

    /// Groups that are kept exactly, and how many where each has a sketch of some kilobytes.
    static let mostGroups = 200_000
    static let mostSketches = 20_000

    /// Functions that share their state: `p50(took)` and `p99(took)` do.
    private struct Slot: Hashable {
        enum Kind: Hashable { case moments, quantiles, distinct, extremes, ends, values }
        let kind: Kind
        let field: FieldReference
    }

    init(
        _ keys: [GroupKey], _ aggregates: [Aggregate], zone: Zone, limit: Int? = nil
    ) {
        self.keys = keys
        self.aggregates = aggregates
        bins = keys.map {
            guard case .time(let span) = $0.bin else { return nil }
            return TimeBins(span: span, zone: zone)
        }
        conditions = aggregates.compactMap(\.condition)
        conditional = conditions.map { _ in [] }
        var slots: [Slot] = []
        for slot in aggregates.compactMap(Self.slot) where !slots.contains(slot) {
            slots.append(slot)
        }
        self.slots = slots
        accumulators = slots.map(Self.accumulator)
        let hasSketches = slots.contains { [.quantiles, .distinct, .values].contains($0.kind) }
        self.limit = limit ?? (hasSketches ? Self.mostSketches : Self.mostGroups)
        if keys.isEmpty { _ = id(of: []) }
    }

    private static func slot(of aggregate: Aggregate) -> Slot? {
        guard let field = aggregate.field else { return nil }
        let kind: Slot.Kind
        switch aggregate.function {
        case .count: return nil
        case .sum, .average, .deviation: kind = .moments
        case .quantile: kind = .quantiles
        case .distinct: kind = .distinct
        case .minimum, .maximum: kind = .extremes
        case .first, .last: kind = .ends
        case .values: kind = .values
        }
        return Slot(kind: kind, field: field)
    }

    private static func accumulator(_ slot: Slot) -> any Accumulator {
        switch slot.kind {
        case .moments: ValueAccumulator<Moments>(slot.field.type)
        case .quantiles: ValueAccumulator<Quantiles>(slot.field.type)
        case .distinct: ValueAccumulator<DistinctValues>(slot.field.type)
        case .extremes: ValueAccumulator<Extremes>(slot.field.type)
        case .values: ValueAccumulator<ValueList>(slot.field.type)
        case .ends: EndAccumulator()
        }
    }

    // MARK: Feeding

    mutating func add(_ batch: some RowBatch) throws(BlockError) {
        if try addCounts(of: batch) { return }
        let local = try BatchGroups(keys, of: batch, bins: bins)
        var ids: [Int32] = []
        ids.reserveCapacity(local.counts.count)
        for (group, count) in local.counts.enumerated() {
            guard count > 0 || keys.isEmpty else {
                ids.append(0)
                continue
            }
            _ = local.key(of: group, into: &scratch)
            let id = id(of: scratch)
            counts[Int(id)] += count
            ids.append(id)
        }
        for (index, condition) in conditions.enumerated() {
            let meets = try batch.rows(meeting: condition)
            for (row, isMet) in meets.enumerated() where isMet {
                let group = local.codes.isEmpty ? 0 : Int(local.codes[row])
                conditional[index][Int(ids[group])] += 1
            }
        }
        for (index, slot) in slots.enumerated() {
            let column = try batch.values(of: slot.field)
            try accumulators[index].add(batch, column, groups: ids, codes: local.codes)
        }
    }

    /// Where only the rows of each value of one field are counted, no row is looked at by itself.
    private mutating func addCounts(of batch: some RowBatch) throws(BlockError) -> Bool {
        guard keys.count == 1, conditions.isEmpty, slots.isEmpty, keys[0].bin == nil,
            let values = try batch.counts(of: keys[0].field)
        else { return false }
        for (value, count) in values where count > 0 {
            scratch.removeAll(keepingCapacity: true)
            KeyCoding.append(value, to: &scratch)
            counts[Int(id(of: scratch))] += count
        }
        return true
    }

    private mutating func id(of key: [UInt8]) -> Int32 {
        if let known = ids[key] { return known }
        if ids.count >= limit { return othersID() }
        let id = addGroup(key)
        ids[key] = id
        return id
    }

    private mutating func addGroup(_ key: [UInt8]?) -> Int32 {
        groups.append(key)
        counts.append(0)
        for index in conditional.indices { conditional[index].append(0) }
        for index in accumulators.indices { accumulators[index].grow(to: groups.count) }
        return Int32(groups.count - 1)
    }

    /// Takes over the groups of another aggregation of the same kind.
    mutating func merge(_ other: Aggregation) { merge(other) { $0 } }

    /// The same with other keys; groups whose keys become one are merged.
    func regrouped(_ keys: ([Event.Value?]) -> [Event.Value?]) -> Aggregation {
        var result = self
        result.removeGroups()
        result.merge(self) { key in
            var changed: [UInt8] = []
            for value in keys(KeyCoding.values(of: key)) { KeyCoding.append(value, to: &changed) }
            return changed
        }
        return result
    }

    private mutating func removeGroups() {
        ids = [:]
        groups = []
        others = nil
        counts = []
        conditional = conditions.map { _ in [] }
        accumulators = slots.map(Self.accumulator)
    }

    private mutating func merge(_ other: Aggregation, _ changed: ([UInt8]) -> [UInt8]) {
        var ids: [Int32] = []
        for key in other.groups { ids.append(key.map { id(of: changed($0)) } ?? othersID()) }
        for (group, id) in ids.enumerated() { counts[Int(id)] += other.counts[group] }
        for (index, counts) in other.conditional.enumerated() {
            for (group, id) in ids.enumerated() { conditional[index][Int(id)] += counts[group] }
        }
        for index in accumulators.indices {
            accumulators[index].merge(other.accumulators[index], ids: ids)
        }
    }

    private mutating func othersID() -> Int32 {
        if let others { return others }
        let id = addGroup(nil)
        others = id
        return id
    }

    // MARK: Results

    /// Whether there were more groups than are kept.
    var isOverfull: Bool { others != nil }

    func results(of group: Int) -> [Event.Value?] {
        aggregates.map { aggregate in
            if let slot = Self.slot(of: aggregate), let index = slots.firstIndex(of: slot) {
                return accumulators[index].result(of: group, aggregate.function)
            }
            let index = aggregate.condition.flatMap { conditions.firstIndex(of: $0) }
            return .integer(Int64(index.map { conditional[$0][group] } ?? counts[group]))
        }
    }

    /// The values of the keys; a text for the group of the others.
    func keyValues(of group: Int) -> [Event.Value?] {
        if let key = groups[group] { return KeyCoding.values(of: key) }
        return keys.indices.map { $0 == 0 ? .text(Array("(other)".utf8)) : nil }
    }

    /// What must be said of the figures.
    var notes: [String] {
        var notes = aggregates.compactMap { aggregate -> String? in
            guard let slot = Self.slot(of: aggregate), let index = slots.firstIndex(of: slot),
                let text = accumulators[index].inexactness
            else { return nil }
            return "\(aggregate.name) is approximate: \(text)"
        }
        if isOverfull {
            notes.append(
                "more than \(limit) groups: the rest is in (other), and the figures of the groups "
                    + "may be too low")
        }
        return notes
    }
}
