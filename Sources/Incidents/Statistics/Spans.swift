/// Lengths of time, of which mean and median are told; nanoseconds.
package struct Spans: Equatable, Sendable {
    private var values: [Int64] = []

    package init(_ values: [Int64] = []) { self.values = values }

    /// Adds one that is known.
    package mutating func add(_ span: Int64?) {
        if let span { values.append(span) }
    }

    package var count: Int { values.count }

    /// Nil where there are none.
    package var mean: Double? {
        values.isEmpty ? nil : values.reduce(0.0) { $0 + Double($1) } / Double(values.count)
    }

    /// The middle one, or the mean of the two in the middle; nil where there are none.
    package var median: Double? {
        guard !values.isEmpty else { return nil }
        let sorted = values.sorted()
        let (low, high) = (sorted[(sorted.count - 1) / 2], sorted[sorted.count / 2])
        return (Double(low) + Double(high)) / 2
    }
}
