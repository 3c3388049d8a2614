package import LogModel

/// Where a fault is looked for, and how the draft of its record is written.
package struct DraftRequest: Sendable {
    package enum Place: Sendable, Equatable {
        /// The worst of the last 24 hours of the store, counted from its newest event.
        case newest
        /// The one at a moment, or the nearest to it within two hours.
        case around(Int64)
        /// The worst of a window; nanoseconds since 1970 UTC.
        case within(Range<Int64>)
    }

    package var place: Place
    /// Only events that match are looked at; empty for all.
    package var query = ""
    /// The zone in which times of the query are read, and times of the draft are written.
    package var zone: Zone
    package var now: Int64
    package var language: Language

    package init(_ place: Place, zone: Zone, now: Int64, language: Language) {
        (self.place, self.zone, self.now, self.language) = (place, zone, now, language)
    }
}

extension Int64 {
    static let second: Int64 = 1_000_000_000
    static let minute = 60 * second
    static let hour = 60 * minute
}

extension Range<Int64> {
    /// The range with so much more on both sides, as far as numbers go.
    func widened(by margin: Int64) -> Range<Int64> { widened(margin, margin) }

    func widened(_ before: Int64, _ after: Int64) -> Range<Int64> {
        let start = lowerBound.subtractingReportingOverflow(before)
        let end = upperBound.addingReportingOverflow(after)
        let (from, to) = (
            start.overflow ? .min : start.partialValue, end.overflow ? .max : end.partialValue
        )
        return from < to ? from..<to : self
    }

    var length: Int64 {
        let (length, isOver) = upperBound.subtractingReportingOverflow(lowerBound)
        return isOver ? .max : length
    }
}
