internal import Glibc
internal import Statistics

/// A value of one kind within a component, and the cells whose events have it.
struct ComparedFeature: Sendable {
    let kind: WindowComparison.Kind
    let component: Int32
    let code: Int32
    var cells: [Int] = []
    var good = 0
    var bad = 0
}

/// A feature whose counts differ, with what the test said.
struct DetectedChange: Sendable {
    let feature: ComparedFeature
    /// How many events the bad window would have, had nothing but traffic changed.
    let expected: Double
    /// The logarithm of the plain ratio of the rates, and of that against other traffic.
    let logRatio: Double
    let relativeLogRatio: Double
    let pValue: Double
    /// How much likelier the counts are with the change than without, by its logarithm.
    let strength: Double
    var q = 1.0
    /// Where the change begins in the bad window, and the rate in events a bucket from there on.
    var onset = 0
    var rate = 0.0
    var echoes: [DetectedChange] = []

    var isRise: Bool { relativeLogRatio > 0 }
    var excess: Double { Double(feature.bad) - expected }

    var sign: WindowComparison.Sign {
        if isRise { return feature.good == 0 ? .new : .up }
        return feature.bad == 0 ? .gone : .down
    }
}

/// Tests every feature of a tally.
///
/// The rate of a component's usual traffic is the median of its features' ratios, as sequencing
/// counts are normalised (Anders and Huber, DESeq, 2010): an error that floods a component, or a
/// message that is gone, does not move it. A feature is tested as a rate in time and as a rate
/// against that traffic, and the weaker of the two results counts. What counts vary within the good
/// window beyond Poisson's makes the tests harder.
struct ChangeDetection {
    /// A component's usual traffic in the bad window over that in the good one, by time.
    struct Component {
        var good = 0
        var bad = 0
        var factor = 1.0
        /// The same ratio of all its events.
        var total = 1.0
        var dispersion = 1.0
        var goodParts = Array(repeating: 0, count: ComparisonTally.partCount)
    }

    /// Counts below this tell nothing about how bursty they are.
    private static let fewestForDispersion = 16
    /// From here on, a count of a feature says no more about the traffic than another's.
    private static let greatestWeight = 5.0

    let tally: ComparisonTally
    let request: ComparisonRequest
    let goodLength: Double
    let badLength: Double
    private(set) var components: [Int32: Component] = [:]
    private(set) var features: [ComparedFeature] = []

    init(_ tally: ComparisonTally, _ request: ComparisonRequest) {
        self.tally = tally
        self.request = request
        goodLength = Double(request.good.upperBound - request.good.lowerBound) / 1e9
        badLength = Double(request.bad.upperBound - request.bad.lowerBound) / 1e9
        gather()
        measureComponents()
    }

    /// The changes that are sure and large enough and stand for themselves, each with its echoes, and
    /// how many features were tested.
    ///
    /// The false-discovery rate is controlled twice: over all features, and then as if the echoes
    /// had not been found, since a cause with twenty echoes must not make room for chance.
    func changes() -> (found: [DetectedChange], tests: Int) {
        let tested = features.filter { $0.good + $0.bad >= request.fewestEvents }.map(test)
        var found: [DetectedChange] = []
        for (change, rate) in zip(tested, falseDiscoveryRates(tested.map(\.pValue)))
        where rate <= request.falseDiscoveryRate && isLarge(change) {
            var change = change
            change.q = rate
            found.append(change)
        }
        addOnsets(&found)
        let folded = withoutEchoes(found)
        // What was not found, and the echoes, stay tests: with p-values of 1.
        let others = Array(repeating: 1.0, count: tested.count - folded.count)
        let rates = falseDiscoveryRates(folded.map(\.pValue) + others)
        var kept: [DetectedChange] = []
        for (change, rate) in zip(folded, rates) where rate <= request.falseDiscoveryRate {
            var change = change
            change.q = rate
            kept.append(change)
        }
        return (kept, tested.count)
    }

    // MARK: Counts

    private mutating func gather() {
        var numbers: [SIMD4<Int32>: Int] = [:]
        for (number, cell) in tally.cells.enumerated() {
            for kind in WindowComparison.Kind.allCases where cell[kind.lane] >= 0 {
                let key = SIMD4(Int32(kind.lane), cell[0], cell[kind.lane], 0)
                let index = numbers[key] ?? features.count
                if index == features.count {
                    numbers[key] = index
                    features.append(
                        ComparedFeature(kind: kind, component: cell[0], code: cell[kind.lane]))
                }
                features[index].cells.append(number)
                features[index].good += tally.goodCounts[number]
                features[index].bad += tally.badCounts[number]
            }
        }
    }

    private mutating func measureComponents() {
        for feature in features where feature.kind == .service {
            var component = Component()
            component.good = feature.good
            component.bad = feature.bad
            component.goodParts = parts(of: feature)
            components[feature.component] = component
        }
        for (number, component) in components {
            // Messages and paths part a component the finest, and each event has at most one.
            let own = features.filter {
                $0.component == number && ($0.kind == .message || $0.kind == .path)
            }
            var measured = component
            measured.factor = factor(own)
            measured.total = totalFactor(good: component.good, bad: component.bad)
            measured.dispersion = dispersion(own, component)
            components[number] = measured
        }
    }

    /// The median of the features' ratios, each weighing as much as it is known, with one vote for
    /// no change; 1 when less than half of them are within a factor of two of it.
    private func factor(_ features: [ComparedFeature]) -> Double {
        var votes: [(ratio: Double, weight: Double)] = [(0, 1)]
        for feature in features where feature.good > 0 && feature.bad > 0 {
            let (good, bad) = (Double(feature.good), Double(feature.bad))
            let ratio = shrunkenLogRatio(
                countA: feature.bad, exposureA: badLength, countB: feature.good,
                exposureB: goodLength)
            votes.append((ratio, min(Self.greatestWeight, good * bad / (good + bad))))
        }
        votes.sort { $0.ratio < $1.ratio }
        let half = votes.reduce(0) { $0 + $1.weight } / 2
        var sum = 0.0
        let middle = votes.first { vote in
            sum += vote.weight
            return sum >= half
        }
        // Features that go their own ways each say nothing about the traffic.
        let agreeing = votes.reduce(0) { total, vote in
            abs(vote.ratio - (middle?.ratio ?? 0)) <= log(2) ? total + vote.weight : total
        }
        return agreeing >= half ? exp(middle?.ratio ?? 0) : 1
    }

    private func dispersion(_ features: [ComparedFeature], _ component: Component) -> Double {
        let measured = features.filter { $0.good >= Self.fewestForDispersion }
            .map { dispersion($0, component) }
        return measured.isEmpty ? 1 : measured.reduce(0, +) / Double(measured.count)
    }

    private func dispersion(_ feature: ComparedFeature, _ component: Component) -> Double {
        Statistics.dispersion(
            of: parts(of: feature), expected: component.goodParts.map(Double.init))
    }

    private func parts(of feature: ComparedFeature) -> [Int] {
        var sums = Array(repeating: 0, count: ComparisonTally.partCount)
        for cell in feature.cells where tally.goodCounts[cell] > 0 {
            for part in sums.indices {
                sums[part] += Int(tally.parts[cell * sums.count + part])
            }
        }
        return sums
    }

    // MARK: Tests

    private func test(_ feature: ComparedFeature) -> DetectedChange {
        // A component as a whole is compared in time only: it is the traffic.
        guard feature.kind != .service, let component = components[feature.component] else {
            return test(feature, factor: 1, dispersion: 1)
        }
        var dispersion = component.dispersion
        if feature.good >= Self.fewestForDispersion {
            dispersion = max(dispersion, self.dispersion(feature, component))
        }
        // Statuses, levels and hosts part all events of a component in a few.
        let factor = feature.kind.isCoarse ? component.total : component.factor
        return test(feature, factor: factor, dispersion: dispersion)
    }

    /// The rate of some events in the bad window over that in the good one.
    func totalFactor(good: Int, bad: Int) -> Double {
        (Double(bad) + 0.5) / badLength / ((Double(good) + 0.5) / goodLength)
    }

    /// Tests a feature against time, and against other traffic that changed by `factor`.
    func test(
        _ feature: ComparedFeature, factor: Double, dispersion: Double
    ) -> DetectedChange {
        let plain = outcome(feature, badLength, dispersion)
        let relative = outcome(feature, badLength * factor, dispersion)
        let weaker = abs(plain.logRatio) < abs(relative.logRatio) ? plain : relative
        let agree = plain.logRatio * relative.logRatio > 0
        return DetectedChange(
            feature: feature, expected: weaker.expected, logRatio: plain.logRatio,
            relativeLogRatio: agree ? weaker.logRatio : 0,
            pValue: max(plain.pValue, relative.pValue),
            strength: min(plain.likelihood, relative.likelihood) / dispersion)
    }

    private struct Outcome {
        let expected: Double
        let logRatio: Double
        let pValue: Double
        let likelihood: Double
    }

    /// The comparison of a feature's counts when the bad window had the exposure `bad`.
    private func outcome(
        _ feature: ComparedFeature, _ bad: Double, _ dispersion: Double
    ) -> Outcome {
        Outcome(
            expected: Double(feature.good) / goodLength * bad,
            logRatio: shrunkenLogRatio(
                countA: feature.bad, exposureA: bad, countB: feature.good, exposureB: goodLength),
            pValue: twoRatePValue(
                countA: feature.bad, exposureA: bad, countB: feature.good,
                exposureB: goodLength, dispersion: dispersion),
            likelihood: likelihood(feature, bad))
    }

    /// The logarithm of the likelihood of two rates over that of one.
    private func likelihood(_ feature: ComparedFeature, _ exposure: Double) -> Double {
        let share = exposure / (exposure + goodLength)
        let (bad, good) = (Double(feature.bad), Double(feature.good))
        let total = bad + good
        return (bad > 0 ? bad * log(bad / (total * share)) : 0)
            + (good > 0 ? good * log(good / (total * (1 - share))) : 0)
    }

    func isLarge(_ change: DetectedChange) -> Bool {
        let feature = change.feature
        if feature.kind == .service, change.sign == .up || change.sign == .down { return false }
        guard abs(change.relativeLogRatio) >= log(request.smallestRatio) else { return false }
        let events = change.isRise ? Double(feature.bad) : change.expected
        return events >= Double(request.fewestEvents)
    }

    private func addOnsets(_ changes: inout [DetectedChange]) {
        let series = tally.series(of: changes.map(\.feature.cells))
        for index in changes.indices {
            let usual = changes[index].expected / Double(tally.bucketCount)
            let found = onset(counts: series[index], usual: usual, isRise: changes[index].isRise)
            guard let found else { continue }
            changes[index].onset = found.buckets.lowerBound
            changes[index].rate = found.rate
        }
    }
}
