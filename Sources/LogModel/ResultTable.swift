/// What a query with pipes gives as a table: typed columns, and rows of values.
///
/// How values are shown is for `Presentation`; here they keep their units.
package struct ResultTable: Sendable {
    /// One cell.
    package enum Value: Sendable, Equatable {
        /// The row has no such value.
        case none
        case text([UInt8])
        case integer(Int64)
        case number(Double)
        /// Nanoseconds since 1970 UTC.
        case time(Int64)
        /// Seconds.
        case duration(Double)
        case bytes(Int64)
        /// A part of a whole, 0 to 1.
        case share(Double)
    }

    package struct Column: Sendable, Equatable {
        package var name: String
        /// Whether the values are numbers, times, durations or sizes: shown to the right.
        package var isNumeric: Bool
        /// Whether a terminal shows a bar beside each value, the largest a full one.
        package var hasBars = false

        package init(name: String, isNumeric: Bool) {
            self.name = name
            self.isNumeric = isNumeric
        }
    }

    package var columns: [Column]
    /// Each row has a value for each column.
    package var rows: [[Value]]
    /// What a reader must know of the figures, such as `dc(user) is approximate, ±0.8 %`.
    package var notes: [String]

    package init(columns: [Column], rows: [[Value]] = [], notes: [String] = []) {
        self.columns = columns
        self.rows = rows
        self.notes = notes
    }
}

/// Values over time in buckets: what `timechart` gives.
package struct ResultTimeline: Sendable {
    /// Where the first bucket begins, nanoseconds since 1970 UTC.
    package var start: Int64
    /// The length of a bucket in nanoseconds: bucket `i` begins at `start + i * span`.
    package var span: Int64
    /// Where each bucket begins, where they are not all of one length: days and parts of days in a
    /// zone whose clocks changed meanwhile. Empty otherwise.
    package var starts: [Int64]
    /// Stacked, in order; a single series has no name. All have as many values as there are buckets.
    package var series: [(name: [UInt8], values: [Double])]
    /// What the values are: `count`, `p95(took)`.
    package var valueName: String
    package var notes: [String]

    package init(
        start: Int64, span: Int64, starts: [Int64] = [],
        series: [(name: [UInt8], values: [Double])], valueName: String, notes: [String] = []
    ) {
        self.start = start
        self.span = span
        self.starts = starts
        self.series = series
        self.valueName = valueName
        self.notes = notes
    }

    package var bucketCount: Int { series.first?.values.count ?? 0 }

    /// Where bucket `index` begins.
    package func start(of index: Int) -> Int64 {
        starts.indices.contains(index) ? starts[index] : start &+ Int64(index) &* span
    }
}
