internal import LogModel

/// A timeline's buckets laid out in the columns of a picture.
///
/// Buckets that are more than the columns are put together, in round lengths of local time where
/// possible: added up if that has a meaning, else the highest stands for all. Buckets that are few
/// become wide bars.
struct TimeColumns {
    /// Where the first column begins, and how much time one is.
    let start: Int64
    let span: Int64
    let count: Int
    /// The cells from one column to the next, of which the last stays empty if `hasGap`.
    let cells: Int
    let hasGap: Bool
    /// The values of each series, a value a column.
    let series: [[Double]]
    /// Whether several buckets share a column.
    let isMerged: Bool
    /// Where the time ends.
    let end: Int64

    private static let widestBar = 8

    /// Lays out `timeline` in at most `width` cells (at least one).
    init(_ timeline: ResultTimeline, width: Int, zone: Zone) {
        let width = max(1, width)
        let buckets = timeline.bucketCount
        let bucketSpan = max(1, timeline.span)
        end = timeline.start(of: buckets - 1) &+ bucketSpan
        if buckets <= width {
            (start, span, count) = (timeline.start, bucketSpan, buckets)
        } else {
            (start, span) = Self.merging(timeline, into: width, zone: zone)
            let last = timeline.start(of: buckets - 1)
            count = max(1, min(width, Int((last &- start) / span) + 1))
        }
        isMerged = buckets > width
        cells = count == 0 ? 1 : max(1, min(Self.widestBar, width / count))
        hasGap = cells >= 3
        let (origin, columnSpan, columns, isMerged) = (start, span, count, isMerged)
        series = timeline.series.map { series in
            guard isMerged else {
                let values = series.values.prefix(columns).map(Self.drawn)
                return values + repeatElement(0, count: columns - values.count)
            }
            var merged = [Double](repeating: 0, count: columns)
            for (index, value) in series.values.enumerated() {
                let place = (timeline.start(of: index) &- origin) / columnSpan
                let column = max(0, min(columns - 1, Int(truncatingIfNeeded: place)))
                let value = Self.drawn(value)
                merged[column] =
                    timeline.isAdditive ? merged[column] + value : max(merged[column], value)
            }
            return merged
        }
    }

    /// What cannot be drawn as a bar is none.
    private static func drawn(_ value: Double) -> Double {
        value.isFinite ? max(0, min(value, 1e300)) : 0
    }

    /// Where columns begin and how long they are so that at most `width` hold all buckets.
    private static func merging(
        _ timeline: ResultTimeline, into width: Int, zone: Zone
    ) -> (start: Int64, span: Int64) {
        let buckets = timeline.bucketCount
        let bucketSpan = max(1, timeline.span)
        let last = timeline.start(of: buckets - 1)
        for span in TimeSpans.round where span % bucketSpan == 0 {
            let start = TimeSpans.floor(timeline.start, to: span, in: zone)
            // A bucket that straddles a column's end would be counted in the wrong one.
            let isAligned = (timeline.start &- start) % bucketSpan == 0
            if isAligned, (last &- start) / span < Int64(width) { return (start, span) }
        }
        let together = Int64((buckets + width - 1) / width)
        return (timeline.start, max(1, bucketSpan &* together))
    }

    /// The cells that all columns take.
    var width: Int { count * cells }

    /// The sum of all series in each column.
    var totals: [Double] {
        var totals = [Double](repeating: 0, count: count)
        for values in series {
            for (index, value) in values.enumerated() { totals[index] += value }
        }
        return totals
    }

    /// Where a column begins.
    func start(of column: Int) -> Int64 { start &+ Int64(column) &* span }
}

extension ResultTimeline {
    /// Whether values of several buckets or series may be added: counts and sums, not percentiles.
    package var isAdditive: Bool {
        valueName == "count" || valueName.hasPrefix("count(") || valueName.hasPrefix("sum(")
    }
}
