package import LogModel
internal import LogStore

/// `context`: each event with its neighbours in the same file, in the order of the file.
///
/// Neighbourhoods that touch are one; between others the neighbours begin anew. Events that are
/// there as neighbours only have the attribute `logq.context`. What is held: the matches, up to
/// `mostMatches`, and the blocks around those of one file.
final class ContextSink: PipeSink {
    static let mostMatches = 10_000

    private let before: Int
    private let after: Int
    private let store: Store
    private let fault: QueryError
    private var matches: [Event] = []
    private var days: GenerationDays?
    private let next: any PipeSink

    init(before: Int, after: Int, store: Store, fault: QueryError, next: any PipeSink) {
        self.before = before
        self.after = after
        self.store = store
        self.fault = fault
        self.next = next
    }

    func take(_ row: PipeRow) throws(SearchError) -> Bool {
        guard case .event(let event) = row else { return true }
        matches.append(event)
        guard matches.count <= Self.mostMatches else { throw .query(fault) }
        return true
    }

    func finish() throws(SearchError) {
        var order: [String] = []
        var byFile: [String: [Event]] = [:]
        for event in matches {
            if byFile[event.source.generation] == nil { order.append(event.source.generation) }
            byFile[event.source.generation, default: []].append(event)
        }
        files: for generation in order {
            guard let events = byFile[generation] else { continue }
            for event in try neighbourhood(events, of: generation) {
                guard try next.take(.event(event)) else { break files }
            }
        }
        try next.finish()
    }

    /// The events of one file with their neighbours, by offset.
    private func neighbourhood(
        _ events: [Event], of generation: String
    ) throws(SearchError) -> [Event] {
        let wanted = Dictionary(events.map { ($0.offset, $0) }, uniquingKeysWith: { $1 })
        var file = try file(generation)
        var shown: [Event] = []
        var last = Int64.min
        for offset in wanted.keys.sorted() {
            let around: [FileEvents.Found]
            do {
                around = try file.events(around: offset, before: before, after: after)
            } catch {
                throw .store(error)
            }
            for var event in around.lazy.map(\.event) where event.offset > last {
                last = event.offset
                if let match = wanted[event.offset] {
                    shown.append(match)
                } else {
                    event.attributes.append((name: ContextMark.attribute, value: ContextMark.value))
                    shown.append(event)
                }
            }
        }
        return shown
    }

    private func file(_ generation: String) throws(SearchError) -> FileEvents {
        do throws(StoreError) {
            let known: GenerationDays
            if let days { known = days } else { known = try GenerationDays(of: store) }
            days = known
            if let failure = known.failures.first { throw failure }
            return try FileEvents(generation, on: known.days(of: generation), in: store)
        } catch {
            throw .store(error)
        }
    }
}

/// What tells neighbours from matches.
package enum ContextMark {
    static let attribute = "logq.context"
    static let value = Event.Value.text(Array("neighbour".utf8))

    /// Whether the event is there as a neighbour only.
    package static func isNeighbour(_ event: Event) -> Bool { event.attribute(attribute) != nil }
}
