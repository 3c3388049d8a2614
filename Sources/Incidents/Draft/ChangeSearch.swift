internal import LogModel
internal import LogQuery
internal import LogStore

/// What changed first when a fault began.
struct ChangeSearch {
    /// So much before the fault is compared with what is usual, too: what leads to it may begin earlier.
    private static let lead = 5 * Int64.minute
    private static let usual = Int64.hour
    /// Effects show in the logs before their cause where that waits for a timeout.
    private static let together = Int64.minute
    private static let most = 10

    private(set) var findings: [Finding] = []
    private(set) var failures: [StoreError] = []
    /// The change that comes first, as it stands in the comparison.
    private(set) var first: WindowComparison.Change?

    /// Compares the fault with the hour before it, or another usual window where that has no events.
    init(
        _ fault: Fault, _ request: DraftRequest, in store: Store
    ) throws(SearchError) {
        let lead = Swift.min(Self.lead, fault.times.length)
        let bad = fault.times.widened(lead, 0)
        let before = bad.lowerBound - Self.usual..<bad.lowerBound
        var comparison = ComparisonRequest(
            query: request.query, bad: bad, good: before, now: request.now)
        comparison.zone = request.zone
        if try request.search("", in: before, of: store).count() == 0 {
            comparison.good = try comparison.usualWindow(in: store).times
        }
        let answer = try WindowComparison.run(comparison, in: store)
        failures = answer.failures
        let ordered = Self.ordered(answer.changes.map(\.telling))
        first = ordered.first
        let isHourBefore = comparison.good == before
        let text = DraftText(request)
        let queries = DraftQuery(request)
        for change in ordered.prefix(Self.most) {
            let query = queries.text(DraftQuery.conditions(of: change), in: bad)
            let count = try request.count(query, of: store)
            let events = count > 0 ? count : change.bad
            var example = change.example
            if example == nil { example = try request.first(query, of: store) }
            findings.append(
                Finding(
                    text.sentence(change, events: events, isHourBefore: isHourBefore),
                    at: text.clock(change.onset), query: query, events: events, onset: change.onset,
                    service: change.service,
                    example: example))
        }
    }

    /// Those that began together with the first, causes before effects; then the others in the order in
    /// which they began, what tells no cause last.
    ///
    /// The order of the comparison is kept where nothing else is said.
    static func ordered(_ changes: [WindowComparison.Change]) -> [WindowComparison.Change] {
        let rises = changes.filter { $0.sign.isRise && $0.kind != .level && $0.kind != .host }
        let names = Set(changes.map(\.service))
        guard let start = rises.map(\.onset).min() else { return changes }
        let early = rises.filter { $0.onset - start <= together }
        let late = rises.filter { $0.onset - start > together }
        let rest = changes.filter { !$0.sign.isRise || $0.kind == .level || $0.kind == .host }
        var ranked: [WindowComparison.Change] = []
        for rank in 0...2 { ranked += early.filter { $0.rank(among: names) == rank } }
        return ranked + late + rest
    }
}

extension WindowComparison.Change {
    /// Of a service that had no events before, the first new message instead: it says more.
    fileprivate var telling: WindowComparison.Change {
        guard kind == .service, sign.isRise else { return self }
        let messages = echoes.filter { $0.kind == .message && $0.sign.isRise }
        return messages.min { ($0.onset, -$0.bad) < ($1.onset, -$1.bad) } ?? self
    }

    /// What a service says of itself tells a cause; what it says of another service, or of its
    /// upstream, an effect; and so does what it answers.
    fileprivate func rank(among services: Set<String>) -> Int {
        guard kind == .message || kind == .exception else { return 2 }
        let text = String(decoding: value, as: UTF8.self).lowercased()
        let others = services.filter { $0 != service && !$0.isEmpty }
        let words = text.split { !$0.isLetter && !$0.isNumber && $0 != "-" && $0 != "_" }
        let namesAnother = words.contains { word in
            word == "upstream" || word == "upstreams" || others.contains(String(word))
        }
        return namesAnother ? 1 : 0
    }
}

extension DraftRequest {
    /// How many events a query finds that has its times in itself.
    func count(_ query: String, of store: Store) throws(SearchError) -> Int {
        var ask = SearchRequest(query: query, now: now)
        ask.zone = zone
        return try Search(ask, in: store).count()
    }

    /// The identity of the oldest event that such a query finds.
    func first(_ query: String, of store: Store) throws(SearchError) -> String? {
        var ask = SearchRequest(query: query, now: now)
        (ask.zone, ask.order, ask.limit) = (zone, .oldest, 1)
        var found: String?
        try Search(ask, in: store).run { event in
            found = event.uid
            return false
        }
        return found
    }

    /// The first row of the table that a query with pipes gives, as whole numbers.
    func numbers(_ query: String, of store: Store) throws(SearchError) -> [Int] {
        var ask = SearchRequest(query: query, now: now)
        ask.zone = zone
        let table = try PipedSearch(Search(ask, in: store)).table()
        return (table.rows.first ?? []).map { value in
            switch value {
            case .integer(let number): Int(number)
            case .number(let number): Int(exactly: number.rounded()) ?? 0
            default: 0
            }
        }
    }
}
