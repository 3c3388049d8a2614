package import LogStore

extension ComparisonRequest {
    private static let hour: Int64 = 3_600_000_000_000
    private static let day = 24 * hour

    /// What to compare the bad window with when nobody says, and why that.
    ///
    /// Traffic depends on the time of day most, and an hour tells more about what is usual than the
    /// few minutes of a fault. Of the three days before and the hour before, the first that was not
    /// much worse than the others: faults come again at the same hour. Costs up to eight counts.
    package func usualWindow(
        in store: Store
    ) throws(SearchError) -> (times: Range<Int64>, choice: String) {
        let margin = max(0, Self.hour - (bad.upperBound &- bad.lowerBound)) / 2
        let base = Self.moved(bad, by: -margin, margin)
        let what = margin > 0 ? "the hour around the same time " : "the same time "
        var candidates = (1...3).map { days in
            (
                Self.moved(base, by: -days * Self.day, -days * Self.day),
                what + (days == 1 ? "a day earlier" : "\(days) days earlier")
            )
        }
        let end = bad.lowerBound &- Self.hour / 4
        let before = end &- Self.hour..<end
        candidates.append((before, "the hour up to a quarter of an hour before"))
        var known: [(times: Range<Int64>, what: String, errors: Double)] = []
        for (times, what) in candidates {
            let events = try count("", times, store)
            guard events > 0 else { continue }
            let errors = try count("level:>=ERROR", times, store)
            known.append((times, what, Double(errors) / Double(events)))
        }
        let least = known.map(\.errors).min() ?? 0
        guard let index = known.firstIndex(where: { $0.errors <= least * 1.5 + 0.005 }) else {
            return (before, "no earlier time has events")
        }
        let reason = index > 0 ? ", with fewer errors than nearer ones" : ""
        return (known[index].times, known[index].what + reason)
    }

    private static func moved(
        _ window: Range<Int64>, by start: Int64, _ end: Int64
    ) -> Range<Int64> {
        let from = window.lowerBound.addingReportingOverflow(start)
        let to = window.upperBound.addingReportingOverflow(end)
        guard !from.overflow, !to.overflow, from.partialValue < to.partialValue else {
            return window
        }
        return from.partialValue..<to.partialValue
    }

    private func count(
        _ condition: String, _ times: Range<Int64>, _ store: Store
    ) throws(SearchError) -> Int {
        var counted = self
        let own = query.isEmpty || condition.isEmpty ? query : "(" + query + ") "
        counted.query = own + condition
        return try counted.search(times, in: store).count()
    }
}
