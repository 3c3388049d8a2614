internal import LogModel

/// The buckets that a timeline shows.
struct TimelineWindow {
    let bins: TimeBins
    /// What was asked for; an end that is open is where the data end.
    let times: Range<Int64>

    static let mostBuckets = 100_000

    /// Where the buckets begin, given the starts of those that have data.
    func starts(data: [Int64]) throws(TooManyBuckets) -> [Int64] {
        let start = times.lowerBound == .min ? data.min() : bins.start(of: times.lowerBound)
        let end = times.upperBound == .max ? data.max() : times.upperBound - 1
        guard let start, let end, start <= end else { return [] }
        let length = end.subtractingReportingOverflow(start)
        let expected = length.overflow ? Int64.max : length.partialValue / bins.span
        guard expected < Self.mostBuckets else { throw TooManyBuckets(buckets: expected) }
        var starts = [start]
        while starts.count < 2 * Self.mostBuckets {
            let next = bins.next(after: starts[starts.count - 1])
            if next > end { break }
            starts.append(next)
        }
        return starts
    }
}

struct TooManyBuckets: Error {
    let buckets: Int64
}

extension AggregateStage {
    /// The most series that are shown apart.
    static let mostSeries = 10

    var timelineNotes: [String] { groups?.notes ?? [] }

    /// The result as values over time: a series for each value of the key, or one.
    func timeline(
        of chart: Timechart, in window: TimelineWindow
    ) throws(TooManyBuckets) -> ResultTimeline {
        let aggregation = chart.key == nil ? groups : groups.map(Self.withFewSeries)
        var points: [(time: Int64, name: [UInt8], value: Double)] = []
        if let aggregation {
            for group in aggregation.groups.indices {
                let keys = aggregation.keyValues(of: group)
                guard case .integer(let time) = keys.first else { continue }
                let value = aggregation.results(of: group).first?.flatMap(\.number) ?? 0
                let name = keys.count > 1 ? keys[1]?.bytes ?? Self.none : []
                points.append((time, name, value))
            }
        }
        let starts = try window.starts(data: points.map(\.time))
        let index = Dictionary(
            starts.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        var series: [[UInt8]: [Double]] = [:]
        for point in points {
            guard let bucket = index[point.time] else { continue }
            series[point.name, default: Array(repeating: 0, count: starts.count)][bucket] =
                point.value
        }
        if chart.key == nil, series.isEmpty {
            series[[]] = Array(repeating: 0, count: starts.count)
        }
        let isEven = zip(starts, starts.dropFirst()).allSatisfy { $1 - $0 == window.bins.span }
        return ResultTimeline(
            start: starts.first ?? 0, span: window.bins.span, starts: isEven ? [] : starts,
            series: Self.ordered(series), valueName: chart.aggregate.name)
    }

    private static let none = Array("(none)".utf8)
    private static let other = Array("(other)".utf8)

    /// The greatest first, by the sum of their values; the others last.
    private static func ordered(
        _ series: [[UInt8]: [Double]]
    ) -> [(name: [UInt8], values: [Double])] {
        let sums = series.mapValues { $0.reduce(0, +) }
        return series.map { (name: $0.key, values: $0.value) }.sorted { first, second in
            if (first.name == other) != (second.name == other) { return second.name == other }
            let (left, right) = (sums[first.name] ?? 0, sums[second.name] ?? 0)
            return left != right ? left > right : first.name.lexicographicallyPrecedes(second.name)
        }
    }

    /// Merges all but the series with the most rows into one, `(other)`.
    private static func withFewSeries(_ groups: Aggregation) -> Aggregation {
        var counts: [[UInt8]: Int] = [:]
        var names: [Int: [UInt8]] = [:]
        for (group, key) in groups.groups.enumerated() {
            guard key != nil else { continue }
            var name: [UInt8] = []
            KeyCoding.append(groups.keyValues(of: group)[1], to: &name)
            names[group] = name
            counts[name, default: 0] += groups.counts[group]
        }
        guard counts.count > mostSeries else { return groups }
        let kept = counts.sorted { first, second in
            first.value != second.value
                ? first.value > second.value : first.key.lexicographicallyPrecedes(second.key)
        }.prefix(mostSeries).map(\.key)
        return groups.regrouped { keys in
            var name: [UInt8] = []
            KeyCoding.append(keys[1], to: &name)
            return kept.contains(name) ? keys : [keys[0], .text(other)]
        }
    }
}
