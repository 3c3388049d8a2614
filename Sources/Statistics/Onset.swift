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
    guard !counts.isEmpty, usual.isFinite else { return nil }
    let usual = max(usual, 0.5 / Double(counts.count))
    let highest = Double(counts.reduce(0, max))
    var best: RateChange?
    var guess = isRise ? usual * 2 : usual / 2
    for _ in 0..<16 {
        if let found = fitted(counts, usual, guess, isRise),
            found.logLikelihoodRatio > best?.logLikelihoodRatio ?? 0
        {
            best = found
        }
        guess *= isRise ? 3 : 1.0 / 3
        if guess > max(highest * 3, usual * 6) || guess < usual / 1000 { break }
    }
    return best
}

/// Fits stretch and rate to each other until neither changes.
private func fitted(
    _ counts: [Int], _ usual: Double, _ guess: Double, _ isRise: Bool
) -> RateChange? {
    var rate = guess
    var found: RateChange?
    for _ in 0..<8 {
        guard let buckets = greatestStretch(counts, usual, rate) else { return found }
        let sum = Double(buckets.reduce(0) { $0 + counts[$1] })
        let mean = max(sum / Double(buckets.count), usual / 1000)
        guard isRise ? mean > usual : mean < usual else { return found }
        let likelihood = sum * log(mean / usual) - (mean - usual) * Double(buckets.count)
        let isSettled = found?.buckets == buckets
        found = RateChange(buckets: buckets, rate: mean, logLikelihoodRatio: likelihood)
        if isSettled { return found }
        rate = mean
    }
    return found
}

/// The stretch with the greatest sum of scores; nil when no sum is above 0.
private func greatestStretch(_ counts: [Int], _ usual: Double, _ rate: Double) -> Range<Int>? {
    let weight = log(rate / usual)
    let cost = rate - usual
    var (sum, start, greatest) = (0.0, 0, 0.0)
    var best: Range<Int>?
    for (bucket, count) in counts.enumerated() {
        if sum <= 0 { (sum, start) = (0, bucket) }
        sum += Double(count) * weight - cost
        if sum > greatest { (greatest, best) = (sum, start..<bucket + 1) }
    }
    return best
}
