internal import LogModel
internal import LogQuery
internal import LogStore
internal import Presentation

/// What a purge would remove, for the person who is asked.
struct PurgePreview {
    private(set) var events = 0
    private(set) var failures: [StoreError] = []
    private var parts = Part()
    private var samples: [Event] = []
    private let zone: Zone

    private static let sampleCount = 3
    private static let mostNames = 8

    private struct Part: Sendable {
        var times = Int64.max...Int64.max
        var hosts: Set<String> = []
        var services: Set<String> = []
        var days: Set<Day> = []

        mutating func add(_ matches: BlockMatches) throws(BlockError) {
            hosts.insert(matches.source.host)
            services.insert(matches.source.service)
            for time in try matches.times() { add(time) }
        }

        private mutating func add(_ time: Int64) {
            let isFirst = times.lowerBound == .max
            times = min(times.lowerBound, time)...max(isFirst ? .min : times.upperBound, time)
            days.insert(Day(of: time))
        }

        mutating func merge(_ other: Part) {
            hosts.formUnion(other.hosts)
            services.formUnion(other.services)
            days.formUnion(other.days)
            guard other.times.lowerBound != .max else { return }
            let isFirst = times.lowerBound == .max
            let end = max(isFirst ? .min : times.upperBound, other.times.upperBound)
            times = min(times.lowerBound, other.times.lowerBound)...end
        }
    }

    /// Runs the search: one that has not been run.
    init(_ search: Search, _ request: SearchRequest) throws {
        zone = request.zone
        for part in try search.scan(
            { Part() }, { (part, matches) throws(BlockError) in try part.add(matches) })
        {
            parts.merge(part)
        }
        events = search.statistics.events
        failures = search.failures
        guard events > 0 else { return }
        var first = request
        first.limit = Self.sampleCount
        let listing = try search.again(first)
        try listing.run {
            samples.append($0)
            return true
        }
    }

    func show() {
        for failure in failures { CommandLineTool.report(failure.description) }
        guard events > 0 else { return Standard.error("nothing matches\n") }
        let days = parts.days.count
        let span = RFC3339.clockTexts(
            parts.times.lowerBound, parts.times.upperBound, joinedBy: "to", zone: zone)
        var text =
            "\(HumanUnits.count(Int64(events))) event\(events == 1 ? "" : "s") in \(days) "
            + "day\(days == 1 ? "" : "s"), \(span)\n"
        text += Self.line("hosts", parts.hosts) + Self.line("services", parts.services)
        var lines = EventLine(
            zone: zone, painter: Painter(isEnabled: false), unfolds: false, highlights: { _ in [] })
        var bytes: [UInt8] = []
        for event in samples { lines.append(event, to: &bytes) }
        text += String(decoding: bytes, as: UTF8.self)
        if events > samples.count { text += "…\n" }
        Standard.error(text)
    }

    private static func line(_ name: String, _ values: Set<String>) -> String {
        let shown = values.sorted().prefix(mostNames).map { SafeText.escaped($0) }
        let hidden = values.count - shown.count
        return "\(name): \(shown.joined(separator: ", "))"
            + (hidden > 0 ? " and \(hidden) more\n" : "\n")
    }
}
