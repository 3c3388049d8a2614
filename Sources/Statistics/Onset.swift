internal import Glibc

/// A stretch of a count series in which the rate differs from the usual one.
package struct RateChange: Equatable, Sendable {
    /// The buckets of the stretch; its lower bound is the onset.
    package var buckets: Range<Int>
    /// The mean count a bucket within it.
    package var rate: Double
    /// The logarithm of how much likelier the counts are with the change than without.
    package var logLikelihoodRatio: Double
}

/// The likeliest stretch in which counts a bucket rose above `usual`, or fell below it; nil when no
/// stretch did.
///
/// For a given changed rate, the stretch of the greatest likelihood is that of the greatest sum of
/// scores `count · ln(rate / usual) − (rate − usual)`: one pass of Page's cumulative sum (1954). The
/// rate is fitted to the stretch and the pass repeated, from several first guesses, as in
/// Kulldorff's scan statistic (1997). A usual rate below half an event in the whole series counts as
/// that. Costs some fifty passes over the series.
package func onset(counts: [Int], usual: Double, isRise: Bool) -> RateChange? {
    onset(counts: counts, usual: Array(repeating: usual, count: counts.count), isRise: isRise)
}

/// The same where the usual rate has a value for each bucket: what changes is the ratio to it.
package func onset(counts: [Int], usual: [Double], isRise: Bool) -> RateChange? {
    let least = 0.5 / Double(max(1, counts.count))
    guard !counts.isEmpty, counts.count == usual.count, usual.allSatisfy(\.isFinite) else {
        return nil
    }
    let series = CountSeries(counts: counts, usual: usual.map { max($0, least) })
    var best: RateChange?
    var guess = isRise ? 2.0 : 0.5
    for _ in 0..<16 {
        if let found = series.fitted(guess, isRise),
            found.logLikelihoodRatio > best?.logLikelihoodRatio ?? 0
        {
            best = found
        }
        guess *= isRise ? 3 : 1.0 / 3
        if guess > max(series.highestRatio * 3, 6) || guess < 1.0 / 1000 { break }
    }
    return best
}

/// All stretches in which the rate changed that are at least so likely, in the order of time.
///
/// The likeliest is found first, then the likeliest in what is left on both sides of it.
package func rateChanges(
    counts: [Int], usual: [Double], isRise: Bool, leastLikelihood: Double
) -> [RateChange] {
    guard let found = onset(counts: counts, usual: usual, isRise: isRise),
        found.logLikelihoodRatio >= leastLikelihood
    else { return [] }
    func changes(in part: Range<Int>) -> [RateChange] {
        rateChanges(
            counts: Array(counts[part]), usual: Array(usual[part]), isRise: isRise,
            leastLikelihood: leastLikelihood
        ).map { change in
            var change = change
            let buckets = change.buckets
            change.buckets =
                buckets.lowerBound + part.lowerBound..<buckets.upperBound
                + part.lowerBound
            return change
        }
    }
    return changes(in: 0..<found.buckets.lowerBound) + [found]
        + changes(in: found.buckets.upperBound..<counts.count)
}

/// Counts a bucket, and what is usual in each.
private struct CountSeries {
    let counts: [Int]
    let usual: [Double]

    var highestRatio: Double {
        zip(counts, usual).reduce(0) { max($0, Double($1.0) / $1.1) }
    }

    /// Fits stretch and ratio to each other until neither changes.
    func fitted(_ guess: Double, _ isRise: Bool) -> RateChange? {
        var ratio = guess
        var found: RateChange?
        for _ in 0..<8 {
            guard let buckets = greatestStretch(ratio) else { return found }
            let sum = Double(buckets.reduce(0) { $0 + counts[$1] })
            let expected = buckets.reduce(0) { $0 + usual[$1] }
            let fitted = max(sum / expected, 1.0 / 1000)
            guard isRise ? fitted > 1 : fitted < 1 else { return found }
            let likelihood = sum * log(fitted) - (fitted - 1) * expected
            let isSettled = found?.buckets == buckets
            found = RateChange(
                buckets: buckets, rate: sum / Double(buckets.count), logLikelihoodRatio: likelihood)
            if isSettled { return found }
            ratio = fitted
        }
        return found
    }

    /// The stretch with the greatest sum of scores; nil when no sum is above 0.
    private func greatestStretch(_ ratio: Double) -> Range<Int>? {
        let weight = log(ratio)
        var (sum, start, greatest) = (0.0, 0, 0.0)
        var best: Range<Int>?
        for (bucket, count) in counts.enumerated() {
            if sum <= 0 { (sum, start) = (0, bucket) }
            sum += Double(count) * weight - (ratio - 1) * usual[bucket]
            if sum > greatest { (greatest, best) = (sum, start..<bucket + 1) }
        }
        return best
    }
}
