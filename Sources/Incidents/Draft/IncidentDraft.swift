internal import LogModel
package import LogQuery
package import LogStore
internal import Presentation

/// A proposal for a fault record, from what the logs say alone.
package struct IncidentDraft: Sendable {
    package private(set) var incident = Incident()
    /// The lines that the sentences rest on, with the numbers under which these name them.
    package private(set) var pins: [Pin] = []
    package private(set) var measurement: Measurement
    /// What changed first, the likeliest cause first.
    package private(set) var findings: [Finding] = []
    /// What was deployed or restarted within the hour before, and while the fault lasted.
    package private(set) var deployments: [Finding] = []
    /// Known faults that match and have risen, those of the first finding's service first, of these what
    /// showed before the fault.
    package private(set) var knownFaults: [Finding] = []
    /// What is not known, by the field that says nothing for it.
    package private(set) var remarks: [IncidentField: String] = [:]
    /// What is known to be missing in the logs.
    package private(set) var gaps: [String] = []
    /// Past records that have most in common with this one.
    package private(set) var similar: [SimilarIncident] = []
    package let fault: Fault
    package private(set) var failures: [StoreError] = []

    /// Drafts a record of a fault that was found.
    ///
    /// Costs the reading of the fault's time and the hour before it, a count for each sentence, and a look at
    /// each line that is pinned.
    package init(
        _ fault: Fault, _ request: DraftRequest, in store: Store, known: KnownFaults? = nil
    ) throws(SearchError) {
        self.fault = fault
        let changes = try ChangeSearch(fault, request, in: store)
        let impact = try ImpactSearch(fault, request, in: store)
        let deployed = try DeploymentSearch(fault, request, in: store)
        measurement = try Measurement(
            store, times: fault.times.widened(by: 10 * .minute), at: request.now)
        failures = changes.failures + impact.failures + deployed.failures
        (findings, deployments) = (changes.findings, deployed.findings)
        if let known { try match(known, request, in: store) }
        try pin(impact, request, in: store)
        fill(impact, changes, DraftText(request))
    }

    // MARK: Pins

    private static let pinnedFindings = 6

    private mutating func pin(
        _ impact: ImpactSearch, _ request: DraftRequest, in store: Store
    ) throws(SearchError) {
        let pinning = Pinning(store, zone: request.zone)
        for index in findings.indices.prefix(Self.pinnedFindings) {
            findings[index].pins = try pin(findings[index], pinning)
        }
        incident.impact = impact.claims
        for (index, query) in impact.evidence.enumerated() where !query.isEmpty {
            incident.impact[index].pins = try pin(
                query, note: impact.claims[index].text, request, pinning)
        }
        for index in deployments.indices {
            deployments[index].pins = try pin(deployments[index], pinning)
        }
        for index in knownFaults.indices {
            knownFaults[index].pins = try pin(knownFaults[index], pinning)
        }
        failures += pinning.failures
    }

    /// The number of the pin of the oldest event that a query finds.
    private mutating func pin(
        _ query: String, note: String, _ request: DraftRequest, _ pinning: Pinning
    ) throws(SearchError) -> [Int] {
        var ask = SearchRequest(query: query, now: request.now)
        (ask.zone, ask.order) = (request.zone, .oldest)
        return add(try pinning.pins(ask, limit: 1, note: note).pins.first)
    }

    /// The number of the pin that shows a finding; none where its line is gone meanwhile.
    private mutating func pin(
        _ finding: Finding, _ pinning: Pinning
    ) throws(SearchError) -> [Int] {
        guard let uid = finding.example else { return [] }
        if let known = pins.first(where: { $0.event.uid == uid }) { return [known.number] }
        var found = try pinning.pin(uid: uid, query: finding.query, note: finding.note)
        found?.finding.matched = finding.events
        return add(found)
    }

    /// Gives a pin its number, or that of the pin of the same event.
    private mutating func add(_ pin: Pin?) -> [Int] {
        guard var pin else { return [] }
        if let known = pins.first(where: { $0.event.uid == pin.event.uid }) {
            return [known.number]
        }
        pin.number = pins.count + 1
        pins.append(pin)
        return [pin.number]
    }

    // MARK: The record

    private mutating func fill(
        _ impact: ImpactSearch, _ changes: ChangeSearch, _ text: DraftText
    ) {
        incident.started = fault.times.lowerBound
        if !fault.isOngoing { incident.resolved = fault.times.upperBound }
        addServices()
        incident.scope = text.scope(incident, impact.edge)
        incident.title = text.title(changes.first, fault)
        incident.description = text.description(self)
        remarks = text.unknown(self)
        gaps = measurement.missing.map { $0.text(in: text.language, zone: text.zone) }
    }
}

extension IncidentDraft {
    /// Those whose warnings and errors changed, in the order of the findings, then those with other signs;
    /// and the hosts of both.
    private mutating func addServices() {
        var (services, hosts) = ([String](), fault.hosts)
        for finding in findings {
            let shown = pins.filter { finding.pins.contains($0.number) }
            guard let pin = shown.first, pin.event.severityNumber >= Severity.warn else { continue }
            services.append(finding.service)
            hosts.append(pin.place.host)
        }
        incident.services = Fault.unique(services + fault.services)
        incident.hosts = Fault.unique(hosts.sorted())
    }
}

// MARK: Known faults

extension IncidentDraft {
    /// A known fault must have so many times the events of as long a time before.
    private static let leastRise = 3
    private static let mostKnownFaults = 3

    /// The ten minutes before, in which warnings of what is to come may match.
    private static func lead(_ times: Range<Int64>) -> Range<Int64> {
        let (start, isOver) = times.lowerBound.subtractingReportingOverflow(600_000_000_000)
        return (isOver ? .min : start)..<times.lowerBound
    }

    private mutating func match(
        _ known: KnownFaults, _ request: DraftRequest, in store: Store
    ) throws(SearchError) {
        let lead = Self.lead(fault.times)
        let early = try risen(known, in: lead, request, store)
        let during = try risen(known, in: fault.times, request, store)
        let first = findings.first?.service
        let warned = early.filter { $0.example.source.service == first }.map(\.fault.name)
        let ordered =
            warned.compactMap { name in during.first { $0.fault.name == name } }
            + during.filter {
                $0.example.source.service == first && !warned.contains($0.fault.name)
            } + during.filter { $0.example.source.service != first }
        let only = early.filter { match in
            warned.contains(match.fault.name)
                && !during.contains { $0.fault.name == match.fault.name }
        }
        incident.type = (only + ordered).lazy.compactMap(\.fault.type).first
        let all = only.map { ($0, lead) } + ordered.map { ($0, fault.times) }
        knownFaults = all.prefix(Self.mostKnownFaults).map { finding($0, in: $1, request) }
    }

    private mutating func risen(
        _ known: KnownFaults, in times: Range<Int64>, _ request: DraftRequest, _ store: Store
    ) throws(SearchError) -> [FaultMatch] {
        let found = try known.search(store, times: times, zone: request.zone)
        failures += found.failures
        return found.matches.filter { $0.events >= Self.leastRise * ($0.before ?? 0) }
    }

    private func finding(
        _ match: FaultMatch, in times: Range<Int64>, _ request: DraftRequest
    ) -> Finding {
        let text = DraftText(request)
        let early = text.say(", in the ten minutes before the fault", "（故障前十分钟内）")
        var finding = Finding(
            text.known(match) + (times.upperBound == fault.times.lowerBound ? early : ""),
            query: DraftQuery(request).text(["(" + match.query + ")"], in: times),
            events: match.events, onset: match.first, service: match.example.source.service,
            example: match.example.uid)
        finding.details = text.details(of: match.fault)
        return finding
    }
}

// MARK: Similar records

extension IncidentDraft {
    private static let mostSimilar = 3
    /// Records with less in common are not named.
    private static let leastShared = 3

    /// Adds the past records that have most in common with the title, the services and the first
    /// findings, with what they say of their cause and what was done.
    package mutating func addSimilar(
        in records: IncidentStore, _ request: DraftRequest
    ) throws(IncidentError) {
        var asked = Incident()
        (asked.title, asked.services) = (incident.title, incident.services)
        asked.type = incident.type
        asked.description = findings.prefix(3).map(\.text).joined(separator: "\n")
        similar = try records.similar(to: asked, limit: Self.mostSimilar)
            .filter { $0.shared.count >= Self.leastShared }
        guard !similar.isEmpty else { return }
        let text = DraftText(request)
        incident.description += text.similar(similar)
        remarks[.related] =
            text.say("similar: ", "相似：")
            + similar.map(\.id.description).joined(separator: ", ")
    }
}
