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
        var file: FileEvents
        do { file = try FileEvents(generation, in: store) } catch { throw .store(error) }
        var shown: [Event] = []
        var last = Int64.min
        for offset in wanted.keys.sorted() {
            let around: [Event]
            do {
                around = try file.events(around: offset, before: before, after: after)
            } catch {
                throw .store(error)
            }
            for var event in around where event.offset > last {
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
}

/// What tells neighbours from matches.
package enum ContextMark {
    static let attribute = "logq.context"
    static let value = Event.Value.text(Array("neighbour".utf8))

    /// Whether the event is there as a neighbour only.
    package static func isNeighbour(_ event: Event) -> Bool { event.attribute(attribute) != nil }
}

/// The events of one file in the store, over all of its days, by offset.
struct FileEvents {
    private var blocks: [(partition: Partition, reference: Partition.BlockReference)] = []
    /// The offsets of the rows of blocks that were asked for last, sorted.
    private var known: [Int: [Place]] = [:]
    private var ready: [Int: Block] = [:]

    private struct Place {
        let offset: Int64
        let block: Int
        let row: Int
    }

    init(_ generation: String, in store: Store) throws(StoreError) {
        for day in try store.days() {
            let partition = try store.partition(day)
            for reference in try partition.blocks(ofGeneration: generation, in: .min..<Int64.max) {
                blocks.append((partition, reference))
            }
        }
        blocks.sort { $0.reference.firstOffset < $1.reference.firstOffset }
    }

    /// The event at `offset` with the events before and after it.
    mutating func events(
        around offset: Int64, before: Int, after: Int
    ) throws(StoreError) -> [Event] {
        guard
            let home = blocks.firstIndex(where: {
                $0.reference.firstOffset <= offset && offset < $0.reference.endOffset
            })
        else { return [] }
        var span = home...home
        while true {
            let places = try places(span)
            guard let center = places.firstIndex(where: { $0.offset >= offset }) else { return [] }
            let range = max(0, center - before)..<min(places.count, center + after + 1)
            let wider = widened(
                span, around: places[range], missesBefore: center < before,
                missesAfter: places.count <= center + after)
            if wider == span {
                forget(outside: span)
                var events: [Event] = []
                for place in places[range] { events.append(try event(at: place)) }
                return events
            }
            span = wider
        }
    }

    /// The blocks to look at when those of `span` are not enough: a further one where rows are
    /// missing, and those that overlap, as the blocks of two days do around midnight.
    private func widened(
        _ span: ClosedRange<Int>, around places: ArraySlice<Place>, missesBefore: Bool,
        missesAfter: Bool
    ) -> ClosedRange<Int> {
        var low = max(0, span.lowerBound - (missesBefore ? 1 : 0))
        var high = min(blocks.count - 1, span.upperBound + (missesAfter ? 1 : 0))
        guard let first = places.first?.offset, let last = places.last?.offset else { return span }
        for (index, block) in blocks.enumerated()
        where block.reference.firstOffset <= last && block.reference.endOffset > first {
            low = min(low, index)
            high = max(high, index)
        }
        return low...high
    }

    /// The places of all rows of some blocks, in the order of the file.
    private mutating func places(_ range: ClosedRange<Int>) throws(StoreError) -> [Place] {
        var places: [Place] = []
        for index in range {
            if known[index] == nil { try load(index) }
            places += known[index] ?? []
        }
        return places.sorted { $0.offset < $1.offset }
    }

    private mutating func load(_ index: Int) throws(StoreError) {
        let (partition, reference) = blocks[index]
        let block = try partition.block(reference)
        do {
            let batch = try block.batch(rows: Array(0..<block.rowCount))
            known[index] = batch.rows.enumerated().map {
                Place(offset: $1.offset, block: index, row: $0)
            }
            ready[index] = block
        } catch {
            throw .damaged(path: partition.path, reason: "block \(reference.id): \(error)")
        }
    }

    private mutating func forget(outside range: ClosedRange<Int>) {
        known = known.filter { range.contains($0.key) }
        ready = ready.filter { range.contains($0.key) }
    }

    private func event(at place: Place) throws(StoreError) -> Event {
        let (partition, reference) = blocks[place.block]
        guard let block = ready[place.block] else { return Event() }
        do {
            return try block.batch(rows: [place.row])
                .event(at: 0, source: try partition.source(reference.source))
        } catch let error as StoreError {
            throw error
        } catch {
            throw .damaged(path: partition.path, reason: "block \(reference.id): \(error)")
        }
    }
}
