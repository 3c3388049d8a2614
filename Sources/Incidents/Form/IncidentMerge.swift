/// Two changes of one record, made of the same revision by two people, put together field by field.
///
/// What only one of them changed is taken. Lists whose items stand for themselves (services, steps, actions, …) are merged
/// item by item. A field that both changed, and not in the same way, is a conflict: there `merged` has mine, and
/// nothing that the other wrote is taken for granted.
package struct IncidentMerge: Equatable, Sendable {
    package let merged: Incident
    /// The fields that both changed differently.
    package let conflicts: [IncidentField]
    /// The fields that the other changed.
    package let theirs: [IncidentField]

    /// Without a `base` (it was purged) each field that differs is a conflict.
    package init(base: Incident?, mine: Incident, theirs: Incident) {
        var merged = theirs
        var conflicts: [IncidentField] = []
        let changedByMe = base.map { mine.fields(differingFrom: $0) }
        let changedByThem = base.map { theirs.fields(differingFrom: $0) }
        for field in mine.fields(differingFrom: theirs) {
            if let changedByMe, !changedByMe.contains(field) { continue }
            let isMineAlone = changedByThem.map { !$0.contains(field) } ?? false
            merged.take(field, from: mine)
            if isMineAlone { continue }
            guard let base, merged.merge(field, base: base, mine: mine, theirs: theirs) else {
                conflicts.append(field)
                continue
            }
        }
        (self.merged, self.conflicts) = (merged, conflicts)
        self.theirs = changedByThem ?? mine.fields(differingFrom: theirs)
    }
}

extension Incident {
    /// Merges a field that both sides changed; false where only a person can.
    fileprivate mutating func merge(
        _ field: IncidentField, base: Incident, mine: Incident, theirs: Incident
    ) -> Bool {
        func list<Item: Hashable>(_ path: WritableKeyPath<Incident, [Item]>) -> ListMerge<Item> {
            ListMerge(
                base: base[keyPath: path], mine: mine[keyPath: path], theirs: theirs[keyPath: path])
        }
        switch field.shape {
        // Each of the five whys asks about the one before.
        case .lines where field == .whys: return false
        case .lines(let path): return set(path, list(path).items)
        case .impact: return set(\.impact, list(\.impact).items)
        case .actions: return set(\.actions, list(\.actions).items)
        case .related: return set(\.related, list(\.related).items)
        case .steps:
            let merge = list(\.steps)
            guard merge.items != nil else { return false }
            steps = merge.kept
            for step in merge.added { insert(step) }
            return true
        case .line, .text, .time, .type, .severity, .status: return false
        }
    }

    private mutating func set<Item>(
        _ path: WritableKeyPath<Incident, [Item]>, _ items: [Item]?
    ) -> Bool {
        guard let items else { return false }
        self[keyPath: path] = items
        return true
    }
}

/// Two changes of a list whose items stand for themselves.
private struct ListMerge<Item: Hashable> {
    /// Theirs, without what I removed.
    let kept: [Item]
    /// What I added and they did not.
    let added: [Item]
    /// Both; nil where they cannot be put together: an item that both took out while items came in may be
    /// one that both changed, and a new order is none of its items.
    let items: [Item]?

    init(base: [Item], mine: [Item], theirs: [Item]) {
        let sets = [Set(base), Set(mine), Set(theirs)]
        let removed = sets[0].subtracting(sets[1])
        kept = theirs.filter { !removed.contains($0) }
        added = mine.filter { !sets[0].contains($0) && !sets[2].contains($0) }
        let isUnique = zip(sets, [base, mine, theirs]).allSatisfy { $0.count == $1.count }
        let isInOrder = mine.filter(sets[0].contains) == base.filter(sets[1].contains)
        let removedByBoth = removed.subtracting(sets[2])
        let isUntouched = removedByBoth.isEmpty || sets[1] == sets[2]
        guard isUnique, isInOrder, isUntouched else {
            items = nil
            return
        }
        var items = kept
        var place = 0
        for item in mine {
            if let index = items.firstIndex(of: item) {
                place = index + 1
            } else if added.contains(item) {
                items.insert(item, at: place)
                place += 1
            }
        }
        self.items = items
    }
}
