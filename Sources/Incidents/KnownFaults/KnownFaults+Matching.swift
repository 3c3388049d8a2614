package import LogModel
package import LogQuery
package import LogStore

/// A known fault that shows in a window.
package struct FaultMatch: Sendable {
    package let fault: KnownFault
    /// The patterns that found something, the one that found most first, with their events.
    package let patterns: [(query: String, events: Int)]
    /// How many events they found together.
    package let events: Int
    /// How many there were in as long a window before; nil where that would begin before all time.
    package let before: Int?
    /// What part they are of others, where the fault asks for that.
    package let share: Double?
    /// The first of the events, and the times of the first and of the last.
    package let example: Event
    package let first: Int64
    package let last: Int64

    /// The pattern that found most.
    package var pattern: String { patterns.first?.query ?? "" }

    /// A query that finds all of the events.
    package var query: String {
        guard patterns.count > 1 else { return pattern }
        return patterns.map { "(\($0.query))" }.joined(separator: " OR ")
    }
}

/// The known faults that show in a window, and what could not be read of it.
package struct FaultMatches: Sendable {
    package let matches: [FaultMatch]
    package let failures: [StoreError]
}

extension KnownFaults {
    /// The faults that show in a window, as `search` has them.
    package func matches(
        in store: Store, times: Range<Int64>, zone: Zone
    ) throws(SearchError) -> [FaultMatch] {
        try search(store, times: times, zone: zone).matches
    }

    /// The faults that show in a window; first those that have risen most against the window before.
    ///
    /// All patterns are looked for in one pass, and those of what was found in a second one, over as long a window
    /// before.
    package func search(
        _ store: Store, times: Range<Int64>, zone: Zone
    ) throws(SearchError) -> FaultMatches {
        let found = try Self.tally(faults, in: store, times: times, zone: zone)
        var failures = found.failures
        let shown = found.rows.filter(\.isShown)
        var before: [FaultRow] = []
        if let earlier = Self.window(before: times), !shown.isEmpty {
            let tally = try Self.tally(shown.map(\.fault), in: store, times: earlier, zone: zone)
            before = tally.rows
            for failure in tally.failures
            where !failures.contains(where: { $0.description == failure.description }) {
                failures.append(failure)
            }
        }
        let matches = shown.enumerated().compactMap { index, row in
            row.match(before: index < before.count ? before[index].tally.events : nil)
        }
        return FaultMatches(
            matches: matches.sorted { ($1.rise, $0.first) < ($0.rise, $1.first) },
            failures: failures)
    }

    /// The window of the same length that ends where this one begins.
    private static func window(before times: Range<Int64>) -> Range<Int64>? {
        let (length, isOver) = times.upperBound.subtractingReportingOverflow(times.lowerBound)
        let (start, isBefore) = times.lowerBound.subtractingReportingOverflow(length)
        return isOver || isBefore || times.lowerBound == .min ? nil : start..<times.lowerBound
    }

    private static func tally(
        _ faults: [KnownFault], in store: Store, times: Range<Int64>, zone: Zone
    ) throws(SearchError) -> (rows: [FaultRow], failures: [StoreError]) {
        let now = Clock.now()
        var filters: [Filter] = []
        var groups: [Range<Int>] = []
        for fault in faults {
            let queries = fault.patterns
            for part in [queries, fault.share.map { [$0.query] } ?? []] {
                let start = filters.count
                for query in part { filters.append(try filter(query, now, zone)) }
                groups.append(start..<filters.count)
            }
        }
        var request = SearchRequest(query: "", now: now)
        (request.times, request.zone) = (times, zone)
        let search = try Search(anyOf: filters, request, in: store)
        let tallies = try search.tally(groups)
        let rows = faults.enumerated().map { index, fault in
            FaultRow(fault: fault, tally: tallies[index * 2], others: tallies[index * 2 + 1])
        }
        return (rows, search.failures)
    }

    private static func filter(
        _ query: String, _ now: Int64, _ zone: Zone
    ) throws(SearchError) -> Filter {
        do { return try Filter(query: query, knownAttributes: [], now: now, zone: zone) } catch {
            throw .query(error)
        }
    }
}

/// What was found of a fault.
private struct FaultRow {
    let fault: KnownFault
    let tally: FilterTally
    /// The events of which it is a share.
    let others: FilterTally

    private var share: Double? {
        guard fault.share != nil, others.events > 0 else { return nil }
        return Double(tally.events) / Double(others.events)
    }

    var isShown: Bool {
        guard tally.events >= fault.least else { return false }
        guard let least = fault.share?.least else { return true }
        return (share ?? 0) >= least
    }

    func match(before: Int?) -> FaultMatch? {
        guard let example = tally.first, let times = tally.times else { return nil }
        let patterns = zip(fault.patterns, tally.counts).filter { $0.1 > 0 }
            .sorted { $0.1 > $1.1 }.map { (query: $0.0, events: $0.1) }
        return FaultMatch(
            fault: fault, patterns: patterns, events: tally.events, before: before, share: share,
            example: example, first: times.lowerBound, last: times.upperBound)
    }
}

extension FaultMatch {
    /// How many times as many events there are as before, as if there had been one more before.
    package var rise: Double { Double(events) / Double(1 + (before ?? 0)) }
}
