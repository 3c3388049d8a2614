internal import LogModel
internal import LogQuery
internal import LogStore

/// What a fault did: requests that failed or were slow, their paths and clients, errors, silence.
struct ImpactSearch {
    private(set) var claims: [ImpactClaim] = []
    /// For each claim a query for events that show it; empty where there is none.
    private(set) var evidence: [String] = []
    private(set) var failures: [StoreError] = []
    /// The figures of the service that the clients see, for the scope.
    private(set) var edge: Edge?

    struct Edge {
        var service: String
        var failed: Int
        var requests: Int
        var clients: Int
        /// From how many seconds on requests count; nil where those with a status from 500 on do.
        var slowness: Double?
    }

    private static let mostPaths = 5

    private let fault: Fault
    private let request: DraftRequest
    private let store: Store
    private let text: DraftText
    private let queries: DraftQuery

    init(_ fault: Fault, _ request: DraftRequest, in store: Store) throws(SearchError) {
        (self.fault, self.request, self.store) = (fault, request, store)
        (text, queries) = (DraftText(request), DraftQuery(request))
        var edges: [Edge] = []
        for service in fault.services {
            if let edge = try requests(of: service) { edges.append(edge) }
        }
        edge = edges.max { ($0.clients, $0.failed) < ($1.clients, $1.failed) }
        if let edge { try addClientsAndPaths(edge) }
        for service in fault.services where !edges.contains(where: { $0.service == service }) {
            try addErrors(of: service)
        }
        for sign in fault.signs where sign.kind == .silence { addSilence(sign) }
    }

    private mutating func add(_ claim: String, _ query: String, shown: String) {
        claims.append(ImpactClaim(claim, query: query))
        evidence.append(shown)
    }

    /// How many requests of a service failed, or else were slow; nil for one without any.
    private mutating func requests(of service: String) throws(SearchError) -> Edge? {
        let own = DraftQuery.exactly("service", service)
        let signs = fault.signs.filter { $0.source.service == service }
        var found: Edge?
        for bound in [nil] + signs.compactMap(\.slowness).prefix(1) {
            let bad = Self.condition(bound)
            let query =
                queries.text([own], in: fault.times)
                + " | stats count(\(bad)) as failed, count(status:*) as requests"
            let numbers = try request.numbers(query, of: store)
            guard numbers.count == 2, numbers[0] > 0 else { continue }
            let clients = try request.numbers(clientQuery(service, bound), of: store).first
            let edge = Edge(
                service: service, failed: numbers[0], requests: numbers[1],
                clients: clients ?? 0, slowness: bound)
            let shown = queries.text([own, bad], in: fault.times)
            add(text.requests(edge), query, shown: shown)
            found = found ?? edge
        }
        return found
    }

    /// The condition of requests that the fault hit.
    private static func condition(_ slowness: Double?) -> String {
        slowness.map { "took:>=" + DraftText.seconds($0) } ?? "status:>=500"
    }

    private func clientQuery(_ service: String, _ slowness: Double?) -> String {
        let own = DraftQuery.exactly("service", service)
        return queries.text([own, Self.condition(slowness)], in: fault.times) + " | stats dc(ip)"
    }

    private mutating func addClientsAndPaths(_ edge: Edge) throws(SearchError) {
        if edge.clients > 0 {
            add(text.clients(edge), clientQuery(edge.service, edge.slowness), shown: "")
        }
        let own = DraftQuery.exactly("service", edge.service)
        let conditions = [own, Self.condition(edge.slowness)]
        for path in try worstPaths(conditions).prefix(Self.mostPaths) {
            let query = queries.text(conditions + DraftQuery.path(path), in: fault.times)
            let count = try request.count(query, of: store)
            if count > 0 { add(text.path(path, count, edge), query, shown: query) }
        }
    }

    /// Methods and paths, what varies in them masked, by how many requests the conditions find.
    private mutating func worstPaths(_ conditions: [String]) throws(SearchError) -> [String] {
        let search = try request.search(
            conditions.joined(separator: " "), in: fault.times, of: store)
        let parts = try search.scan {
            [[UInt8]: Int]()
        } _: { (counts: inout [[UInt8]: Int], matches) throws(BlockError) in
            let paths = try EventFeatures.paths(matches)
            for path in paths where !path.isEmpty { counts[path, default: 0] += 1 }
        }
        failures += search.failures
        var counts: [[UInt8]: Int] = [:]
        for part in parts { counts.merge(part) { $0 + $1 } }
        return counts.sorted { left, right in
            left.value != right.value
                ? left.value > right.value : left.key.lexicographicallyPrecedes(right.key)
        }.map { String(decoding: $0.key, as: UTF8.self) }
    }

    private mutating func addErrors(of service: String) throws(SearchError) {
        let query = queries.text(
            [DraftQuery.exactly("service", service), "level:>=ERROR"], in: fault.times)
        let count = try request.count(query, of: store)
        let usual = fault.signs.filter { $0.source.service == service && $0.kind == .errors }
            .reduce(0) { $0 + $1.usual }
        guard count > 0 else { return }
        add(text.errors(service, count, usual: usual), query, shown: query)
    }

    private mutating func addSilence(_ sign: FaultSign) {
        let query = queries.text(
            [
                DraftQuery.exactly("service", sign.source.service),
                DraftQuery.exactly("host", sign.source.host),
            ], in: sign.times)
        add(text.silence(sign), query, shown: "")
    }
}

extension Fault {
    /// The services that it shows in, those with the strongest signs first.
    package var services: [String] { Self.unique(signs.map(\.source.service)) }

    /// The hosts that it shows on, in the order of their names.
    package var hosts: [String] { Self.unique(signs.map(\.source.host).sorted()) }

    /// The names without empty ones and repetitions.
    static func unique(_ names: [String]) -> [String] {
        var seen: Set<String> = []
        return names.filter { !$0.isEmpty && seen.insert($0).inserted }
    }
}
