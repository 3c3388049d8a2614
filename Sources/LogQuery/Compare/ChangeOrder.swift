/// Puts changes in the order in which they began.
struct ChangeOrder {
    /// The length of a bucket, in which onsets are counted, in nanoseconds.
    let bucketWidth: Int64

    /// Times closer than this many mean gaps between events cannot be told apart.
    private static let gaps = 3.0
    private static let longestGap = 60.0

    /// The first of each component in the order in which they began, then the rest in that order.
    ///
    /// Those whose onsets cannot be told apart are ordered by how much they tell, components by how
    /// much all of their changes do. A level or a host stands among the rest: it names no cause.
    func ordered(_ changes: [DetectedChange]) -> [DetectedChange] {
        let evidence = Dictionary(grouping: changes, by: \.feature.component)
            .mapValues { $0.reduce(0) { $0 + weight($1) } }
        var seen: Set<Int32> = []
        var firsts: [DetectedChange] = []
        var others: [DetectedChange] = []
        for together in inTime(changes) {
            var own: [DetectedChange] = []
            for change in together {
                let isSpecific = change.feature.kind.rank < WindowComparison.Kind.level.rank
                if isSpecific, seen.insert(change.feature.component).inserted {
                    own.append(change)
                } else {
                    others.append(change)
                }
            }
            firsts += own.sorted {
                (evidence[$0.feature.component] ?? 0) > (evidence[$1.feature.component] ?? 0)
            }
        }
        return firsts + others
    }

    /// By onset, in groups of those whose onsets cannot be told apart.
    private func inTime(_ changes: [DetectedChange]) -> [[DetectedChange]] {
        var rest = changes.sorted {
            ($0.onset, $0.feature.component, $0.feature.code)
                < ($1.onset, $1.feature.component, $1.feature.code)
        }
        var result: [[DetectedChange]] = []
        while let first = rest.first {
            let end = Double(first.onset) + slack(first)
            let together = rest.filter { Double($0.onset) - slack($0) <= end }
            rest.removeAll { Double($0.onset) - slack($0) <= end }
            result.append(together.sorted { weight($0) > weight($1) })
        }
        return result
    }

    /// What never occurred before tells twice as much, and what is missing half: it is missing
    /// because of something else more often than not.
    private func weight(_ change: DetectedChange) -> Double {
        switch change.sign {
        case .new: change.strength * 2
        case .up: change.strength
        case .gone, .down: change.strength / 2
        }
    }

    /// By how many buckets an onset is uncertain: the wait for an event is exponential.
    private func slack(_ change: DetectedChange) -> Double {
        let longest = Self.longestGap * 1e9 / Double(bucketWidth)
        guard change.rate > 0 else { return max(1, longest) }
        return max(1, min(longest, Self.gaps / change.rate))
    }
}
