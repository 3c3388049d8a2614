internal import LogModel
package import LogStore

/// Counts the events of both windows by what they have.
struct ComparisonReader {
    let request: ComparisonRequest
    let store: Store
    private(set) var tally: ComparisonTally
    private(set) var failures: [StoreError] = []
    private(set) var goodEvents = 0
    private(set) var badEvents = 0

    init(_ request: ComparisonRequest, in store: Store) {
        self.request = request
        self.store = store
        tally = ComparisonTally(bad: request.bad, good: request.good)
    }

    /// Reads both windows, on as many threads as the machine runs at once.
    mutating func read() throws(SearchError) {
        goodEvents = try read(request.good, isBad: false)
        badEvents = try read(request.bad, isBad: true)
        tally.groupMessages()
    }

    private mutating func read(_ times: Range<Int64>, isBad: Bool) throws(SearchError) -> Int {
        let search = try search(times)
        let empty = ComparisonTally(bad: request.bad, good: request.good)
        let parts = try search.scan {
            empty
        } _: { (part: inout ComparisonTally, matches) throws(BlockError) in
            let rows = try ComparedRows(matches, &part)
            for (cell, time) in zip(rows.cells, try matches.times()) {
                if isBad { part.addBad(cell, at: time) } else { part.addGood(cell, at: time) }
            }
        }
        for part in parts { tally.merge(part) }
        failures += search.failures
        return search.statistics.events
    }

    /// The identity of the first event that has a value, of those from `time` on in the bad window.
    mutating func example(
        _ kind: WindowComparison.Kind, _ code: Int32, component: Int32, from time: Int64
    ) throws(SearchError) -> String? {
        let end = min(request.bad.upperBound, time + max(10_000_000_000, tally.bucketWidth))
        guard time < end else { return nil }
        var found: String?
        try search(time..<end).run { event in
            let cell = ComparedRows.cell(of: event, &tally)
            if cell[0] == component, cell[kind.lane] == code { found = event.uid }
            return found == nil
        }
        return found
    }

    private func search(_ times: Range<Int64>) throws(SearchError) -> Search {
        try request.search(times, in: store)
    }
}

extension ComparisonRequest {
    /// A search for the events that count, within some times; pipes are an error.
    package func search(_ times: Range<Int64>, in store: Store) throws(SearchError) -> Search {
        var request = SearchRequest(query: query, now: now)
        request.conditions = conditions
        request.times = times
        request.zone = zone
        request.order = .oldest
        let search = try Search(request, in: store)
        guard !search.isPiped else {
            throw .query(
                QueryError(
                    problem: "what is compared are events, not what pipes make of them",
                    query: query, range: 0..<query.utf8.count,
                    help: "leave out what stands behind the first '|'"))
        }
        return search
    }
}
