internal import Statistics

/// What is usual in a series of counts, from the counts themselves.
enum UsualRates {
    /// How many buckets make a bin, and how many bins on both sides tell what is usual in one.
    private static let bin = 10
    private static let neighbours = 6

    /// The usual count in each bucket: the median of the bins around it, so that what lasts less
    /// than an hour does not move it; the mean where most of them have none.
    ///
    /// Bins before the first event and behind the last are not looked at: there was no source yet.
    static func traffic(_ counts: [Int]) -> [Double] {
        var usual = Array(repeating: 0.0, count: counts.count)
        guard let first = counts.firstIndex(where: { $0 > 0 }),
            let last = counts.lastIndex(where: { $0 > 0 })
        else { return usual }
        let bins = stride(from: first, through: last, by: bin).map { start in
            let part = counts[start..<min(start + bin, last + 1)]
            return Double(part.reduce(0, +)) / Double(part.count)
        }
        for index in bins.indices {
            let near = bins[max(0, index - neighbours)..<min(bins.count, index + neighbours + 1)]
            let middle = near.sorted()[near.count / 2]
            let value = middle > 0 ? middle : near.reduce(0, +) / Double(near.count)
            let start = first + index * bin
            for bucket in start..<min(start + bin, last + 1) { usual[bucket] = value }
        }
        return usual
    }

    /// The usual count of events that are a share of the traffic, and the stretches with more.
    ///
    /// The share is first a robust mean, then that of all time outside the stretches found. The likelihoods are divided by how much more the counts vary than
    /// Poisson's outside the stretches.
    static func rises(
        _ counts: [Int], traffic: [Double], leastLikelihood: Double
    ) -> (usual: [Double], changes: [RateChange]) {
        var share = quietShare(counts, traffic)
        var usual: [Double] = []
        var changes: [RateChange] = []
        for _ in 0..<2 {
            usual = traffic.map { $0 * share }
            changes = rateChanges(
                counts: counts, usual: usual, isRise: true, leastLikelihood: leastLikelihood)
            let outside = outside(changes, counts.count)
            let sum = outside.reduce(0.0) { $0 + traffic[$1] }
            if sum > 0 { share = outside.reduce(0.0) { $0 + Double(counts[$1]) } / sum }
        }
        let quiet = outside(changes, counts.count)
        let scale = dispersion(of: quiet.map { counts[$0] }, expected: quiet.map { usual[$0] })
        return (usual, changes.map { $0.divided(by: scale) })
    }

    private static func outside(_ changes: [RateChange], _ count: Int) -> [Int] {
        var isInside = Array(repeating: false, count: count)
        for change in changes { for bucket in change.buckets { isInside[bucket] = true } }
        return isInside.indices.filter { !isInside[$0] }
    }

    /// The share over all bins, each with at most what the median makes likely: a flood
    /// counts little, and what is rare is not taken for absent.
    private static func quietShare(_ counts: [Int], _ traffic: [Double]) -> Double {
        let bins = stride(from: 0, to: counts.count, by: bin).map { start in
            let part = start..<min(start + bin, counts.count)
            return (
                count: part.reduce(0.0) { $0 + Double(counts[$1]) },
                traffic: part.reduce(0.0) { $0 + traffic[$1] }
            )
        }.filter { $0.traffic > 0 }
        let sum = bins.reduce(0) { $0 + $1.traffic }
        guard sum > 0 else { return 0 }
        let share = bins.map { $0.count / $0.traffic }.sorted()[bins.count / 2]
        let capped = bins.reduce(0.0) { total, bin in
            let likely = share * bin.traffic
            return total + min(bin.count, likely + 3 * likely.squareRoot() + 1)
        }
        return capped / sum
    }
}

extension RateChange {
    fileprivate func divided(by scale: Double) -> RateChange {
        var change = self
        change.logLikelihoodRatio /= scale
        return change
    }
}
