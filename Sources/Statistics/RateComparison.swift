internal import Glibc

/// How likely two counts differ at least this much when both come from the same rate; two-sided.
///
/// Given their sum, one of two Poisson counts is binomial with the share of its exposure: the exact
/// conditional test (Przyborowski and Wilenski 1940), the smaller tail doubled. Exposures are times,
/// or totals of which the counts are shares; one that is not positive gives 1. `dispersion` is how
/// much more the counts vary than Poisson's, at least 1: both are divided by it (quasi-likelihood,
/// McCullagh and Nelder 1989, 9.3). Costs about √count steps; beyond 10^8 events the normal
/// approximation is used.
package func twoRatePValue(
    countA: Int, exposureA: Double, countB: Int, exposureB: Double, dispersion: Double = 1
) -> Double {
    guard exposureA > 0, exposureB > 0, (exposureA + exposureB).isFinite else { return 1 }
    let scale = max(1, dispersion.isFinite ? dispersion : 1)
    let a = Double(max(0, countA)) / scale
    let b = Double(max(0, countB)) / scale
    guard a + b > 0 else { return 1 }
    let share = exposureA / (exposureA + exposureB)
    return min(1, 2 * min(upperTail(a, of: a + b, share), upperTail(b, of: a + b, 1 - share)))
}

/// The natural logarithm of the rate of A over that of B, shrunk towards 0.
///
/// Half an event more is counted on each side, spread by exposure, so that few events make no large
/// effect and none at all no infinite one (Anscombe 1948's correction for logarithms of counts).
package func shrunkenLogRatio(
    countA: Int, exposureA: Double, countB: Int, exposureB: Double
) -> Double {
    guard exposureA > 0, exposureB > 0, (exposureA + exposureB).isFinite else { return 0 }
    let share = exposureA / (exposureA + exposureB)
    let a = (Double(max(0, countA)) + share) / exposureA
    let b = (Double(max(0, countB)) + 1 - share) / exposureB
    return log(a / b)
}

/// How much more counts vary than Poisson's with the given expectations: Pearson's χ² over its
/// degrees of freedom, at least 1.
///
/// The expectations are scaled to the sum of the counts. Fewer than two places with an expectation
/// give 1; counts without their place are left out.
package func dispersion(of counts: [Int], expected: [Double]) -> Double {
    let pairs = zip(counts, expected).filter { $0.1 > 0 && $0.1.isFinite }
    let sum = pairs.reduce(0) { $0 + Double($1.0) }
    let scale = sum / pairs.reduce(0) { $0 + $1.1 }
    guard pairs.count > 1, sum > 0, scale.isFinite else { return 1 }
    let pearson = pairs.reduce(0.0) { total, pair in
        let mean = pair.1 * scale
        return total + (Double(pair.0) - mean) * (Double(pair.0) - mean) / mean
    }
    return max(1, pearson / Double(pairs.count - 1))
}

/// P(X ≥ `count`) for a binomial X of `total` trials, continued to counts that are not whole.
private func upperTail(_ count: Double, of total: Double, _ share: Double) -> Double {
    guard count > 0 else { return 1 }
    guard total <= 1e8 else { return normalUpperTail(count, of: total, share) }
    return incompleteBeta(share, count, total - count + 1)
}

private func normalUpperTail(_ count: Double, of total: Double, _ share: Double) -> Double {
    let deviation = (total * share * (1 - share)).squareRoot()
    return 0.5 * erfc((count - 0.5 - total * share) / deviation / 2.0.squareRoot())
}

/// The regularised incomplete beta function: its continued fraction by Lentz's method
/// (Numerical Recipes, third edition, 6.4).
private func incompleteBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
    guard x > 0 else { return 0 }
    guard x < 1 else { return 1 }
    // The fraction converges fast on this side of the mean only.
    guard x <= (a + 1) / (a + b + 2) else { return 1 - incompleteBeta(1 - x, b, a) }
    let front = logGamma(a + b) - logGamma(a) - logGamma(b) + a * log(x) + b * log1p(-x)
    return exp(front) / a * betaFraction(x, a, b)
}

private func betaFraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
    let tiny = 1e-300
    var (c, d) = (1.0, 1 / nonZero(1 - (a + b) * x / (a + 1), tiny))
    var value = d
    for step in 1...100_000 {
        let m = Double(step)
        for term in [
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ] {
            d = 1 / nonZero(1 + term * d, tiny)
            c = nonZero(1 + term / c, tiny)
            value *= c * d
        }
        if abs(c * d - 1) < 1e-14 { break }
    }
    return value
}

private func nonZero(_ value: Double, _ tiny: Double) -> Double { abs(value) < tiny ? tiny : value }

/// Not `lgamma`, which writes a sign that all threads share.
private func logGamma(_ value: Double) -> Double {
    var sign: Int32 = 0
    return lgamma_r(value, &sign)
}
