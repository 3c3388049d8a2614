package import LogModel
package import LogStore

/// Which days have events of which contents of files.
package struct GenerationDays: Sendable {
    private var days: [String: [Day]] = [:]
    /// Days that could not be opened, and may have some.
    package private(set) var failures: [StoreError] = []

    /// Opens each day of the store once and reads its sources: some hundred microseconds a day.
    package init(of store: Store) throws(StoreError) {
        for day in try store.days() {
            do {
                let sources = try store.partition(day).allSources().values
                for generation in Set(sources.lazy.map(\.generation)) {
                    days[generation, default: []].append(day)
                }
            } catch {
                if !store.isRemoved(day) { failures.append(error) }
            }
        }
    }

    /// The days of a content, in order.
    package func days(of generation: String) -> [Day] { days[generation] ?? [] }
}

/// The events of one content of a file in the store, over all of its days, by offset.
package struct FileEvents {
    private var blocks: [(partition: Partition, reference: Partition.BlockReference)] = []
    /// The offsets of the rows of blocks that were asked for last, sorted.
    private var known: [Int: [Place]] = [:]
    private var ready: [Int: Block] = [:]

    /// An event, and how its bytes are put together.
    package struct Found {
        package let event: Event
        package let layout: Layout
    }

    private struct Place {
        let offset: Int64
        let block: Int
        let row: Int
    }

    /// Costs a look at the summaries of all blocks of the days, which stay open.
    package init(
        _ generation: String, on days: some Sequence<Day>, in store: Store
    ) throws(StoreError) {
        for day in days where !store.isRemoved(day) {
            let partition = try store.partition(day)
            for reference in try partition.blocks(ofGeneration: generation, in: .min..<Int64.max) {
                blocks.append((partition, reference))
            }
        }
        blocks.sort { $0.reference.firstOffset < $1.reference.firstOffset }
    }

    /// The event at `offset`, or else the next one, with the events before and after it.
    ///
    /// Costs decoding the blocks that they are in.
    package mutating func events(
        around offset: Int64, before: Int, after: Int
    ) throws(StoreError) -> [Found] {
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
                var events: [Found] = []
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
            known[index] = try block.fileOffsets().enumerated().map {
                Place(offset: $1, block: index, row: $0)
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

    private func event(at place: Place) throws(StoreError) -> Found {
        let (partition, reference) = blocks[place.block]
        let source = try partition.source(reference.source)
        do {
            guard let batch = try ready[place.block]?.batch(rows: [place.row]),
                let row = batch.rows.first, batch.layouts.indices.contains(Int(row.layout))
            else { throw BlockError.invalid("row \(place.row)") }
            return Found(
                event: batch.event(at: 0, source: source), layout: batch.layouts[Int(row.layout)])
        } catch {
            throw .damaged(path: partition.path, reason: "block \(reference.id): \(error)")
        }
    }
}
