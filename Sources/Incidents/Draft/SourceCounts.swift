internal import LogModel
internal import LogQuery
internal import LogStore

/// One service on one host.
package struct SourceName: Hashable, Comparable, Sendable {
    package let service: String
    package let host: String

    package static func < (left: SourceName, right: SourceName) -> Bool {
        (left.service, left.host) < (right.service, right.host)
    }
}

/// Events, errors and durations of each service on each host, in buckets of time.
///
/// An error is an event of the level ERROR or above, which requests with a status from 500 on are.
struct SourceCounts: Sendable {
    /// The bounds in seconds of the classes of durations, which go on to 100 s and beyond.
    static let durationBounds = [
        0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100,
    ]

    struct Series: Sendable {
        var events: [Int]
        var errors: [Int]
        /// For each class of durations the requests in each bucket; empty where none had one.
        var requests: [[Int]] = []

        init(buckets: Int) {
            events = Array(repeating: 0, count: buckets)
            errors = events
        }
    }

    let times: Range<Int64>
    let width: Int64
    let buckets: Int
    private(set) var series: [SourceName: Series] = [:]

    /// Buckets of `width` nanoseconds over `times`, at most a million; they are whole seconds long and
    /// begin with one, as `times` does then.
    init(_ times: Range<Int64>, width: Int64) {
        let times = times.clamped(to: Self.limits)
        let fraction = (times.lowerBound % .second + .second) % .second
        self.times = times.lowerBound - fraction..<times.upperBound
        let least = Swift.max(1, width, self.times.length / 1_000_000)
        self.width = (least + .second - 1) / .second * .second
        buckets = Int(Swift.max(0, self.times.length - 1) / self.width) + 1
    }

    /// Times that far apart can be subtracted.
    static let limits: Range<Int64> = -4_000_000_000_000_000_000..<4_000_000_000_000_000_000

    func start(of bucket: Int) -> Int64 { times.lowerBound + Int64(bucket) * width }

    /// Counts what matches in the window: reads times, levels and durations alone.
    mutating func read(
        _ request: DraftRequest, in store: Store, failures: inout [StoreError]
    ) throws(SearchError) {
        let empty = self
        let search = try request.search("", in: times, of: store)
        let parts = try search.scan {
            empty
        } _: { (part: inout SourceCounts, matches) throws(BlockError) in
            try part.add(matches)
        }
        for part in parts { merge(part) }
        failures += search.failures
    }

    private mutating func add(_ matches: BlockMatches) throws(BlockError) {
        let name = SourceName(service: matches.source.service, host: matches.source.host)
        var own = series.removeValue(forKey: name) ?? Series(buckets: buckets)
        let places = try matches.times().map { time in
            Swift.min(buckets - 1, Swift.max(0, Int((time - times.lowerBound) / width)))
        }
        for place in places { own.events[place] += 1 }
        for (place, level) in zip(places, try matches.severities()) where level >= Severity.error {
            own.errors[place] += 1
        }
        try addDurations(matches, places, to: &own)
        series[name] = own
    }

    private func addDurations(
        _ matches: BlockMatches, _ places: [Int], to own: inout Series
    ) throws(BlockError) {
        let durations = try matches.values(of: .named(FieldName.duration))
        guard durations.codes.contains(where: { $0 >= 0 }) else { return }
        if own.requests.isEmpty {
            let none = Array(repeating: 0, count: buckets)
            own.requests = Array(repeating: none, count: Self.durationBounds.count + 1)
        }
        let classes = durations.values.map { value -> Int? in
            guard let seconds = value.seconds else { return nil }
            return Self.durationBounds.firstIndex { seconds < $0 } ?? Self.durationBounds.count
        }
        for (place, code) in zip(places, durations.codes) where code >= 0 {
            if let number = classes[Int(code)] { own.requests[number][place] += 1 }
        }
    }

    private mutating func merge(_ other: SourceCounts) {
        for (name, added) in other.series {
            var own = series.removeValue(forKey: name) ?? Series(buckets: buckets)
            Self.add(added.events, to: &own.events)
            Self.add(added.errors, to: &own.errors)
            if own.requests.isEmpty {
                own.requests = added.requests
            } else {
                for (number, counts) in added.requests.enumerated() {
                    Self.add(counts, to: &own.requests[number])
                }
            }
            series[name] = own
        }
    }

    private static func add(_ counts: [Int], to sums: inout [Int]) {
        for (place, count) in counts.enumerated() where count > 0 { sums[place] += count }
    }
}

extension FieldReference {
    static func named(_ name: String) -> FieldReference {
        FieldReference(name: name, written: name, type: .any)
    }
}

extension Event.Value {
    fileprivate var seconds: Double? {
        switch self {
        case .number(let number): number
        case .integer(let number): Double(number)
        case .text, .list: nil
        }
    }
}

extension DraftRequest {
    /// A search for events that match the request's query and another one.
    func search(
        _ condition: String, in times: Range<Int64>, of store: Store
    ) throws(SearchError) -> Search {
        var comparison = ComparisonRequest(query: query, bad: times, good: times, now: now)
        comparison.zone = zone
        if !condition.isEmpty {
            comparison.query = query.isEmpty ? condition : "(" + query + ") " + condition
        }
        return try comparison.search(times, in: store)
    }
}
