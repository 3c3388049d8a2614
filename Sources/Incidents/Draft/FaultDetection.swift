internal import Statistics

/// Finds faults in counts by the minute, and their times in counts by the second.
///
/// A sign of a fault is a stretch of one source with many more errors or slow requests than usual,
/// or without events. Signs at the same time are one fault.
struct FaultDetection {
    /// Below this a stretch may be chance: there are some thousands of stretches to choose from.
    private static let leastLikelihood = 20.0
    static let leastRatio = 3.0
    private static let fewestEvents = 5.0
    /// A silence that is told would usually have had so many events, and has so small a share of them.
    private static let fewestMissing = 40.0
    private static let shortestSilence = 3
    private static let greatestRest = 0.25
    /// The share of the requests that is slow at most when all is well.
    private static let usuallySlow = 0.05

    let counts: SourceCounts
    private(set) var series: [SignSeries] = []

    /// The counts of one kind of one source, with what is usual, and where they are not as usual.
    struct SignSeries {
        let source: SourceName
        let kind: FaultSign.Kind
        let slowness: Double?
        let usual: [Double]
        let changes: [RateChange]
    }

    init(_ counts: SourceCounts) {
        self.counts = counts
        for (name, own) in counts.series.sorted(by: { $0.key < $1.key }) { add(name, own) }
    }

    private mutating func add(_ source: SourceName, _ own: SourceCounts.Series) {
        let traffic = UsualRates.traffic(own.events)
        addRises(source, .errors, own.errors, traffic, nil)
        if let bound = Self.slowBound(own) {
            addRises(
                source, .slowness, own.slow(from: bound), traffic,
                SourceCounts.durationBounds[bound])
        }
        let falls = rateChanges(
            counts: own.events, usual: traffic, isRise: false,
            leastLikelihood: Self.fewestMissing / 2)
        let silences = falls.filter { change in
            let usual = change.buckets.reduce(0) { $0 + traffic[$1] }
            let count = change.rate * Double(change.buckets.count)
            return change.buckets.count >= Self.shortestSilence && usual >= Self.fewestMissing
                && count <= usual * Self.greatestRest
        }
        series.append(
            SignSeries(
                source: source, kind: .silence, slowness: nil, usual: traffic, changes: silences))
    }

    private mutating func addRises(
        _ source: SourceName, _ kind: FaultSign.Kind, _ own: [Int], _ traffic: [Double],
        _ slowness: Double?
    ) {
        let (usual, changes) = UsualRates.rises(
            own, traffic: traffic, leastLikelihood: Self.leastLikelihood)
        let large = changes.filter { change in
            let expected = change.buckets.reduce(0) { $0 + usual[$1] }
            let count = change.rate * Double(change.buckets.count)
            return change.logLikelihoodRatio >= Self.leastLikelihood
                && count >= expected * Self.leastRatio && count - expected >= Self.fewestEvents
        }
        series.append(
            SignSeries(
                source: source, kind: kind, slowness: slowness, usual: usual, changes: large))
    }

    /// The class of durations from which on requests are slow: about twice what one in twenty takes,
    /// in the middle one of sixteen parts of the time.
    private static func slowBound(_ own: SourceCounts.Series) -> Int? {
        let buckets = own.events.count
        let bounds = (0..<16).compactMap { part -> Int? in
            let range = part * buckets / 16..<(part + 1) * buckets / 16
            let counts = own.requests.map { $0[range].reduce(0, +) }
            let all = counts.reduce(0, +)
            guard all > 0 else { return nil }
            var above = all
            return counts.firstIndex { count in
                above -= count
                return Double(above) <= Double(all) * usuallySlow
            }
        }.sorted()
        guard !bounds.isEmpty else { return nil }
        let bound = bounds[bounds.count / 2] + 1
        return bound < SourceCounts.durationBounds.count ? bound : nil
    }

    // MARK: Faults

    /// All faults, the strongest first.
    func faults() -> [Fault] {
        var faults: [Fault] = []
        for sign in signs().sorted(by: { ($0.weight, $1.source) > ($1.weight, $0.source) }) {
            if let index = faults.firstIndex(where: { $0.covers(sign) }) {
                faults[index].add(sign)
            } else {
                faults.append(Fault(sign))
            }
        }
        return faults.sorted { $0.weight > $1.weight }
    }

    private func signs() -> [FaultSign] {
        series.flatMap { own in
            own.changes.map { change in
                FaultSign(
                    source: own.source, kind: own.kind, times: times(change.buckets, counts),
                    count: Int((change.rate * Double(change.buckets.count)).rounded()),
                    usual: change.buckets.reduce(0) { $0 + own.usual[$1] },
                    likelihood: change.logLikelihoodRatio, slowness: own.slowness)
            }
        }
    }

    func times(_ buckets: Range<Int>, _ counts: SourceCounts) -> Range<Int64> {
        counts.start(of: buckets.lowerBound)..<counts.start(of: buckets.upperBound)
    }
}

extension SourceCounts.Series {
    /// The requests of a class of durations and those above, in each bucket.
    func slow(from bound: Int) -> [Int] {
        var sums = Array(repeating: 0, count: events.count)
        for counts in requests.dropFirst(bound + 1) {
            for (place, count) in counts.enumerated() { sums[place] += count }
        }
        return sums
    }

    func counts(_ sign: FaultSign) -> [Int] {
        switch sign.kind {
        case .errors: return errors
        case .silence: return events
        case .slowness:
            let bound = SourceCounts.durationBounds.firstIndex { $0 == sign.slowness }
            return bound.map(slow) ?? events.map { _ in 0 }
        }
    }
}
