internal import LogModel
internal import LogQuery
internal import LogStore

/// What was deployed or restarted shortly before a fault, and while it lasted.
struct DeploymentSearch {
    /// What a line says happened.
    enum Kind: Int, Sendable {
        /// A web application was deployed.
        case deployment
        /// A release tag was logged by what started with it.
        case release
        /// An application of Spring Boot started.
        case application
        /// A server started, or began to listen.
        case server

        fileprivate var condition: String {
            switch self {
            case .deployment: #"msg:Deployment\ of\ web\ application\ *\ has\ finished*"#
            case .release: #"msg:/release[0-9][0-9A-Za-z._-]* *(started|starting|deployed)/i"#
            case .application: #"msg:/^Started [A-Za-z0-9_.$]+ in [0-9.]+ s/"#
            case .server:
                #"(msg:Server\ startup\ in* OR msg:Starting\ ProtocolHandler* OR msg:"start worker processes")"#
            }
        }

        fileprivate static let all: [Kind] = [.deployment, .release, .application, .server]
    }

    private struct Group: Hashable {
        let kind: Kind
        let name: String
        let host: String
        let service: String
        /// Whether it was before the fault began.
        let isBefore: Bool
    }

    private static let before = Int64.hour
    private static let mostEvents = 5_000
    private static let most = 8

    private(set) var findings: [Finding] = []
    private(set) var failures: [StoreError] = []

    private let request: DraftRequest
    private let store: Store

    init(_ fault: Fault, _ request: DraftRequest, in store: Store) throws(SearchError) {
        (self.request, self.store) = (request, store)
        let times = fault.times.widened(Self.before, 0)
        var found: [Group: (count: Int, last: Int64, example: String)] = [:]
        for kind in Kind.all {
            try forEach(kind, in: times) { event in
                let group = Group(
                    kind: kind, name: Self.name(event.body, kind), host: event.source.host,
                    service: event.source.service,
                    isBefore: event.timestamp < fault.times.lowerBound)
                found[group] = ((found[group]?.count ?? 0) + 1, event.timestamp, event.uid)
            }
        }
        // Of one host the tag of a release says more than that a server started.
        let ordered = found.sorted { left, right in
            left.key.kind != right.key.kind
                ? left.key.kind.rawValue < right.key.kind.rawValue
                : (left.value.last, left.key.host) > (right.value.last, right.key.host)
        }.prefix(Self.most).sorted { $0.value.last < $1.value.last }
        let text = DraftText(request)
        let queries = DraftQuery(request)
        let early = times.lowerBound..<fault.times.lowerBound
        for (group, events) in ordered {
            let query = queries.text(
                [
                    DraftQuery.exactly("service", group.service),
                    DraftQuery.exactly("host", group.host), Self.condition(group),
                ], in: group.isBefore ? early : fault.times)
            findings.append(
                Finding(
                    text.deployment(
                        group.kind, group.name, host: group.host, service: group.service,
                        count: events.count, isBefore: group.isBefore),
                    at: text.clock(events.last), query: query, events: events.count,
                    onset: events.last,
                    service: group.service, example: events.example))
        }
    }

    private static func condition(_ group: Group) -> String {
        switch group.kind {
        case .deployment: #"msg:Deployment\ of\ web\ application\ *"# + literal(group.name) + "*"
        case .release: "msg:*" + literal(group.name) + "*"
        case .application, .server: group.kind.condition
        }
    }

    private static func literal(_ text: String) -> String {
        TextPattern(parts: [text]).description
    }

    private mutating func forEach(
        _ kind: Kind, in times: Range<Int64>, _ body: (Event) -> Void
    ) throws(SearchError) {
        let search = try request.search(kind.condition, in: times, of: store)
        var left = Self.mostEvents
        try search.run { event in
            body(event)
            left -= 1
            return left > 0
        }
        failures += search.failures
    }

    /// What was deployed: the name in brackets, the release's tag, the application.
    private static func name(_ body: [UInt8], _ kind: Kind) -> String {
        let text = String(decoding: body.prefix(400), as: UTF8.self)
        switch kind {
        case .deployment:
            guard let open = text.firstIndex(of: "["),
                let close = text[open...].firstIndex(of: "]")
            else { return "" }
            return String(text[text.index(after: open)..<close])
        case .release:
            let words = text.split { $0 == " " || $0 == "," || $0 == "\t" }
            return words.first { $0.lowercased().hasPrefix("release") }.map(String.init) ?? ""
        case .application:
            return text.split(separator: " ").dropFirst().first.map(String.init) ?? ""
        case .server: return ""
        }
    }
}
