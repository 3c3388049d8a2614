internal import LogModel
internal import LogStore

/// Matching rows of several blocks, waiting to be put in order.
///
/// Holds a few words a hit and the blocks that hits are in; events are made in slices.
struct Merge {
    private struct Hit {
        let time: Int64
        let block: UInt32
        let row: UInt32
    }

    private struct Source {
        let block: Block
        let source: EventSource
        let bytesPerRow: Int
        var waiting: Int
    }

    /// Events made at once: at most this many, of about this many bytes.
    private static let sliceRows = 1024
    private static let sliceBytes = 8 << 20

    private var waiting: [Hit] = []
    private var ready: ArraySlice<Hit> = []
    private var blocks: [UInt32: Source] = [:]
    /// By block: the source and the place in it, which decide between equal times.
    private var places: [(source: Int64, offset: Int64)] = []
    private let isNewest: Bool

    init(order: SearchRequest.Order) { isNewest = order == .newest }

    mutating func add(
        _ rows: RowSet, of block: Block, from source: EventSource, times: [Int64],
        _ reference: Partition.BlockReference
    ) {
        let number = UInt32(places.count)
        places.append((reference.source, reference.firstOffset))
        let count = rows.population
        blocks[number] = Source(
            block: block, source: source,
            bytesPerRow: reference.rawBytes / max(1, block.rowCount), waiting: count)
        waiting.reserveCapacity(waiting.count + count)
        for row in rows {
            waiting.append(Hit(time: times[row], block: number, row: UInt32(row)))
        }
    }

    /// Makes ready what comes before everything that later blocks can hold.
    ///
    /// `next` and the blocks after it have nothing beyond `next`'s edge; of those with events at the
    /// edge itself, `next` is the first by source and place, so that hits at the edge that come
    /// before it come before all of them.
    mutating func release(before next: Partition.BlockReference?) {
        guard !waiting.isEmpty else { return }
        var released: [Hit] = []
        if let next {
            let edge = isNewest ? next.lastTime : next.firstTime
            let place = (next.source, next.firstOffset)
            var rest: [Hit] = []
            for hit in waiting {
                let own = places[Int(hit.block)]
                let isReady =
                    hit.time == edge
                    ? (isNewest ? own > place : own < place) : isNewest == (hit.time > edge)
                if isReady {
                    released.append(hit)
                } else {
                    rest.append(hit)
                }
            }
            waiting = rest
        } else {
            swap(&released, &waiting)
        }
        let isNewest = isNewest
        let places = places
        released.sort { first, second in
            if first.time != second.time { return isNewest == (first.time > second.time) }
            let left = places[Int(first.block)]
            let right = places[Int(second.block)]
            return isNewest
                ? (left.source, left.offset, first.row) > (right.source, right.offset, second.row)
                : (left.source, left.offset, first.row) < (right.source, right.offset, second.row)
        }
        ready = released[...]
    }

    /// The next events that are ready, or nil when there are none; at most `limit`.
    mutating func next(limit: Int, failures: inout [StoreError]) -> [Event]? {
        guard !ready.isEmpty else { return nil }
        var count = 0
        var bytes = 0
        while count < min(ready.count, limit, Self.sliceRows), bytes < Self.sliceBytes {
            bytes += blocks[ready[ready.startIndex + count].block]?.bytesPerRow ?? 0
            count += 1
        }
        let slice = ready.prefix(count)
        ready = ready.dropFirst(count)
        let events = materialise(Array(slice), &failures)
        for hit in slice {
            blocks[hit.block]?.waiting -= 1
            if blocks[hit.block]?.waiting == 0 { blocks[hit.block] = nil }
        }
        return events
    }

    /// Rebuilds the events of each block together, then puts them in the order of `hits`.
    private func materialise(_ hits: [Hit], _ failures: inout [StoreError]) -> [Event] {
        var places: [UInt32: [Int]] = [:]
        for (place, hit) in hits.enumerated() { places[hit.block, default: []].append(place) }
        var events: [Event?] = Array(repeating: nil, count: hits.count)
        for (number, places) in places {
            guard let entry = blocks[number] else { continue }
            do {
                let batch = try entry.block.batch(rows: places.map { Int(hits[$0].row) })
                for (index, place) in places.enumerated() {
                    events[place] = batch.event(at: index, source: entry.source)
                }
            } catch {
                failures.append(.damaged(path: entry.source.path, reason: "\(error)"))
            }
        }
        return events.compactMap { $0 }
    }
}
