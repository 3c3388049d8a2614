internal import Glibc

/// Quantiles of numbers: exact up to 1024 values, then DDSketch with a relative error of 1 %.
///
/// Memory is at most 16 KiB while exact, then at most twice 2048 bins. A quantile is the value of
/// the nearest rank: the smallest value such that at least that share of all is not above it.
/// Positive values that lie in the lowest bins of a spread of more than 10^17 are counted in the
/// last bin kept, and so are negative ones nearest to zero. Sketches merged in any order give what
/// one sketch of all values gives. Source: Masson, Rim, Lee: DDSketch (VLDB 2019).
package struct QuantileSketch: Sendable {
    private static let exactLimit = 1024

    private var values: [(value: Double, count: Int)] = []
    private var positive = Bins()
    private var negative = Bins()
    private var zeros = 0
    private var total = 0
    private var lowest = Double.infinity
    private var highest = -Double.infinity
    /// Whether quantiles are values that were added.
    package private(set) var isExact = true

    /// Makes a sketch that has seen nothing.
    package init() {}

    /// Takes `count` equal values in; what is not finite, and a count below 1, is ignored.
    package mutating func add(_ value: Double, count: Int = 1) {
        guard value.isFinite, count > 0 else { return }
        total = saturatingSum(total, count)
        lowest = min(lowest, value)
        highest = max(highest, value)
        guard isExact else { return record(value, count) }
        values.append((value, count))
        if total > Self.exactLimit { approximate() }
    }

    /// Takes in all that `other` has seen.
    package mutating func merge(_ other: QuantileSketch) {
        if other.isExact {
            for entry in other.values { add(entry.value, count: entry.count) }
            return
        }
        if isExact { approximate() }
        positive.merge(other.positive)
        negative.merge(other.negative)
        zeros = saturatingSum(zeros, other.zeros)
        total = saturatingSum(total, other.total)
        lowest = min(lowest, other.lowest)
        highest = max(highest, other.highest)
    }

    /// The value below or at which the share `q` of all lies; nil when there are none.
    ///
    /// `q` below 0 counts as 0 (the smallest), above 1 as 1 (the largest).
    package func quantile(_ q: Double) -> Double? {
        guard total > 0, !q.isNaN else { return nil }
        // The factor keeps 0.07 × 100, which is a little above 7, at rank 7.
        let share = max(0, min(1, q)) * (1 - 1e-12)
        let rank = max(1, min(total, Int((share * Double(total)).rounded(.up))))
        if isExact { return exactValue(rank) }
        if rank == 1 { return lowest }
        if rank == total { return highest }
        return max(lowest, min(highest, approximateValue(rank)))
    }

    private func exactValue(_ rank: Int) -> Double? {
        var seen = 0
        for entry in values.sorted(by: { $0.value < $1.value }) {
            seen += entry.count
            if seen >= rank { return entry.value }
        }
        return nil
    }

    private func approximateValue(_ rank: Int) -> Double {
        if rank <= negative.total {
            return -negative.value(ofRank: negative.total - rank + 1)
        }
        let rest = rank - negative.total
        return rest <= zeros ? 0 : positive.value(ofRank: rest - zeros)
    }

    private mutating func approximate() {
        isExact = false
        for entry in values { record(entry.value, entry.count) }
        values = []
    }

    private mutating func record(_ value: Double, _ count: Int) {
        if value > 0 {
            positive.add(value, count)
        } else if value < 0 {
            negative.add(-value, count)
        } else {
            zeros = saturatingSum(zeros, count)
        }
    }
}

/// Counts of positive numbers by the rounded-up logarithm to the base γ = (1 + α) / (1 − α).
private struct Bins: Sendable {
    private static let limit = 2048
    private static let accuracy = 0.01
    private static let gamma = (1 + accuracy) / (1 - accuracy)
    private static let scale = 1 / log(gamma)

    private var counts: [Int] = []
    /// The exponent that `counts[0]` stands for.
    private var first = 0
    private(set) var total = 0

    mutating func add(_ value: Double, _ count: Int) {
        // Finite positive doubles have exponents from -37 300 to 35 500.
        add(count, exponent: Int((log(value) * Self.scale).rounded(.up)))
    }

    mutating func merge(_ other: Bins) {
        // The highest first: it decides what lies below the last bin kept.
        for index in other.counts.indices.reversed() where other.counts[index] > 0 {
            add(other.counts[index], exponent: other.first + index)
        }
    }

    func value(ofRank rank: Int) -> Double {
        var seen = 0
        for (index, count) in counts.enumerated() {
            seen = saturatingSum(seen, count)
            if seen >= rank {
                return 2 * exp(Double(first + index) / Self.scale) / (1 + Self.gamma)
            }
        }
        return 0
    }

    private mutating func add(_ count: Int, exponent: Int) {
        total = saturatingSum(total, count)
        if counts.isEmpty { first = exponent }
        if exponent >= first + counts.count { extend(upTo: exponent) }
        if exponent < first { extend(downTo: exponent) }
        let index = max(0, exponent - first)
        counts[index] = saturatingSum(counts[index], count)
    }

    private mutating func extend(upTo exponent: Int) {
        let newFirst = max(first, exponent - Self.limit + 1)
        if newFirst > first {
            let dropped = min(counts.count, newFirst - first)
            let folded = counts[..<dropped].reduce(0, saturatingSum)
            counts.removeFirst(dropped)
            first = newFirst
            if folded > 0 {
                if counts.isEmpty { counts.append(0) }
                counts[0] = saturatingSum(counts[0], folded)
            }
        }
        let missing = exponent - first + 1 - counts.count
        if missing > 0 { counts.append(contentsOf: repeatElement(0, count: missing)) }
    }

    private mutating func extend(downTo exponent: Int) {
        let newFirst = max(exponent, first + counts.count - Self.limit)
        guard newFirst < first else { return }
        counts.insert(contentsOf: repeatElement(0, count: first - newFirst), at: 0)
        first = newFirst
    }
}

/// The sum of two counts, at most `Int.max`.
func saturatingSum(_ left: Int, _ right: Int) -> Int {
    let sum = left.addingReportingOverflow(right)
    return sum.overflow ? .max : sum.partialValue
}
