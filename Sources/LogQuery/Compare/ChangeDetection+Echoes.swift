extension ChangeDetection {
    /// The changes that stand for themselves, each with its echoes.
    ///
    /// The most specific come first, and of those the strongest. A change is an echo when most of
    /// its surplus is events of changes before it, or when it is no change any more without those.
    func withoutEchoes(_ changes: [DetectedChange]) -> [DetectedChange] {
        var kept: [DetectedChange] = []
        let ordered = changes.sorted {
            ($0.feature.kind.rank, -$0.strength, $0.feature.kind.lane, $0.feature.code)
                < ($1.feature.kind.rank, -$1.strength, $1.feature.kind.lane, $1.feature.code)
        }
        for change in ordered {
            if let cause = cause(of: change, among: kept) {
                kept[cause].echoes.append(change)
            } else {
                kept.append(change)
            }
        }
        return withoutForeignEchoes(kept)
    }

    private func cause(of change: DetectedChange, among kept: [DetectedChange]) -> Int? {
        let own = Set(change.feature.cells)
        var explained: Set<Int> = []
        var nearest: (index: Int, shared: Double)?
        for (index, other) in kept.enumerated()
        where other.feature.component == change.feature.component
            && other.isRise == change.isRise
        {
            explained.formUnion(other.feature.cells)
            let shared = abs(excess(of: own.intersection(other.feature.cells), change))
            if shared > nearest?.shared ?? 0 { nearest = (index, shared) }
        }
        if let nearest {
            let shared = abs(excess(of: own.intersection(explained), change))
            if shared >= Self.echoShare * abs(change.excess)
                || !isChange(change, without: explained)
            {
                return nearest.index
            }
        }
        return displacement(of: change, among: kept)
    }

    /// How many more events than usual the cells have; the factor is that of the whole change.
    private func excess(of cells: Set<Int>, _ change: DetectedChange) -> Double {
        let factor = change.expected / Double(max(1, change.feature.good))
        return cells.reduce(0) {
            $0 + Double(tally.badCounts[$1]) - Double(tally.goodCounts[$1]) * factor
        }
    }

    /// Whether the feature's counts still differ when the events of `cells` are left out everywhere.
    private func isChange(_ change: DetectedChange, without cells: Set<Int>) -> Bool {
        guard let component = components[change.feature.component] else { return true }
        var rest = change.feature
        rest.cells.removeAll { cells.contains($0) }
        rest.good = rest.cells.reduce(0) { $0 + tally.goodCounts[$1] }
        rest.bad = rest.cells.reduce(0) { $0 + tally.badCounts[$1] }
        var factor = component.factor
        // By now all messages are known that changed: what is left is the usual traffic itself.
        if change.feature.kind.rank > WindowComparison.Kind.message.rank {
            let good = component.good - cells.reduce(0) { $0 + tally.goodCounts[$1] }
            let bad = component.bad - cells.reduce(0) { $0 + tally.badCounts[$1] }
            factor = totalFactor(good: good, bad: bad)
        }
        let tested = test(rest, factor: factor, dispersion: component.dispersion)
        return tested.isRise == change.isRise && isLarge(tested)
            && tested.pValue <= request.falseDiscoveryRate
    }

    /// The changes without those whose events have exceptions that another component has more of: a
    /// server that logs what its application threw names no cause of its own.
    private func withoutForeignEchoes(_ changes: [DetectedChange]) -> [DetectedChange] {
        let excesses = changes.map { $0.isRise ? excessByException($0) : [:] }
        let causes = foreignCauses(changes, excesses)
        var result: [DetectedChange] = []
        for (index, change) in changes.enumerated() where causes[index] == nil {
            var change = change
            for (echo, other) in changes.enumerated() where causes[echo] == index {
                change.echoes.append(other)
                change.echoes += other.echoes
            }
            result.append(change)
        }
        return result
    }

    /// For each change that is an echo of another component's, the index of that one.
    private func foreignCauses(
        _ changes: [DetectedChange], _ excesses: [[Int32: Double]]
    ) -> [Int: Int] {
        var sums: [Int32: [Int32: Double]] = [:]
        for (index, excess) in excesses.enumerated() {
            let component = changes[index].feature.component
            for (code, count) in excess { sums[code, default: [:]][component, default: 0] += count }
        }
        var causes: [Int: Int] = [:]
        for (index, change) in changes.enumerated() {
            let own = change.feature.component
            let foreign = excesses[index].filter { code, count in
                let greatest = sums[code]?.max { ($0.value, $1.key) < ($1.value, $0.key) }
                return count > 0 && greatest?.key != own
            }
            guard foreign.values.reduce(0, +) >= Self.echoShare * change.excess else { continue }
            let others = changes.indices.filter { changes[$0].feature.component != own }
            func shared(_ other: Int) -> Double {
                foreign.keys.reduce(0) { $0 + (excesses[other][$1] ?? 0) }
            }
            causes[index] = others.max { (shared($0), $1) < (shared($1), $0) }
        }
        // What is an echo itself is no cause.
        return causes.filter { causes[$0.value] == nil }
    }

    /// How much of a change's surplus must be events of others.
    private static let echoShare = 0.6

    private func excessByException(_ change: DetectedChange) -> [Int32: Double] {
        var cells: [Int32: Set<Int>] = [:]
        for cell in change.feature.cells {
            let code = tally.cells[cell][WindowComparison.Kind.exception.lane]
            if code >= 0 { cells[code, default: []].insert(cell) }
        }
        return cells.mapValues { excess(of: $0, change) }
    }

    /// A status or level that is rarer because another one of its component took its place.
    private func displacement(of change: DetectedChange, among kept: [DetectedChange]) -> Int? {
        guard !change.isRise, [.status, .level].contains(change.feature.kind) else { return nil }
        let rises = kept.indices.filter {
            kept[$0].isRise && kept[$0].feature.component == change.feature.component
        }
        let gained = rises.reduce(0) { $0 + kept[$1].excess }
        return gained >= -change.excess * Self.echoShare
            ? rises.max { kept[$0].strength < kept[$1].strength } : nil
    }
}

extension WindowComparison.Kind {
    /// How specific it is: a level or a host says less than a message.
    var rank: Int {
        switch self {
        case .service: 0
        case .message, .exception, .status: 1
        case .path, .logger: 2
        case .level: 3
        case .host: 4
        }
    }

    var isCoarse: Bool { self == .status || self == .level || self == .host }
}
