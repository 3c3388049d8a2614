internal import LogModel

/// Blocks of one source that lie one behind the other in its file, to be written anew together.
struct BlockGroup: Sendable {
    var blocks: [Partition.BlockReference]
    /// Those that events of these blocks may have.
    let placements: Set<Placement>
    /// Whether events may have to go by name.
    let isPurged: Bool
    /// Whether every block is as the target wants it.
    var isWritten: Bool

    var source: Int64 { blocks[0].source }
    var rawBytes: Int { blocks.reduce(0) { $0 + $1.rawBytes } }
    var events: Int { blocks.reduce(0) { $0 + $1.events } }

    /// Original text that is put together.
    private var limit: Int {
        let effort: BlockEncoder.Effort = placements.contains(.archived) ? .archive : .thorough
        return effort.blockBytes
    }

    func takes(_ other: BlockGroup) -> Bool {
        source == other.source && placements == other.placements && isPurged == other.isPurged
            && rawBytes + other.rawBytes <= limit + limit / 8
    }

    func estimate(into change: inout DayChange) {
        if placements.count > 1, placements.contains(.removed) {
            change.eventsPartlyRemoved += events
        }
        // Shares of a raw byte on disk, as measured (docs/benchmarks.md).
        if placements == [.removed] {
            change.eventsRemoved += events
            change.rawBytesRemoved += Int64(rawBytes)
        } else if placements.contains(.archived) {
            change.eventsArchived += events
            change.bytesAfter += Int64(rawBytes) * 66 / 1000
        } else {
            change.eventsIndexed += events
            change.bytesAfter += Int64(rawBytes) * 91 / 1000
        }
    }
}

/// Finds out where the blocks of a day belong, and which are written anew together.
struct BlockSorter {
    private let partition: Partition
    private let target: DayTarget
    private let purged: [String: [Int64]]

    init(_ partition: Partition, _ target: DayTarget) {
        self.partition = partition
        self.target = target
        purged = target.purged.mapValues { $0.sorted() }
    }

    func groups(
        _ blocks: [Partition.BlockReference]
    ) throws(StoreError) -> [BlockGroup] {
        var groups: [BlockGroup] = []
        for block in blocks.sorted(by: {
            ($0.source, $0.firstOffset, $0.id) < ($1.source, $1.firstOffset, $1.id)
        }) {
            let single = try group(of: block)
            if let last = groups.last, last.takes(single) {
                groups[groups.count - 1].blocks.append(block)
                groups[groups.count - 1].isWritten = last.isWritten && single.isWritten
            } else {
                groups.append(single)
            }
        }
        return groups
    }

    private func group(of block: Partition.BlockReference) throws(StoreError) -> BlockGroup {
        let placements = try placements(of: block)
        let isPurged = try isPurged(block)
        let isWritten =
            switch block.state {
            case .taken: false
            case .compacted: placements == [.indexed] && !isPurged
            case .archived: placements == [.archived] && !isPurged
            }
        return BlockGroup(
            blocks: [block], placements: placements, isPurged: isPurged, isWritten: isWritten)
    }

    private func placements(
        of block: Partition.BlockReference
    ) throws(StoreError) -> Set<Placement> {
        guard let placements = target.placements else {
            return [block.isArchived ? .archived : .indexed]
        }
        let source = try partition.source(block.source)
        var found: Set<Placement> = []
        for layout in try partition.layouts(of: block) {
            found.formUnion(
                placements(source, layout.format).placements(of: block.severities))
        }
        return found
    }

    private func isPurged(_ block: Partition.BlockReference) throws(StoreError) -> Bool {
        guard !purged.isEmpty,
            let offsets = purged[try partition.source(block.source).generation]
        else { return false }
        let index = offsets.partitioningIndex { $0 >= block.firstOffset }
        return index < offsets.count && offsets[index] < block.endOffset
    }
}

extension Array {
    /// The first index whose element is in the second part, where all elements of the first come
    /// before those of the second.
    fileprivate func partitioningIndex(where isInSecond: (Element) -> Bool) -> Int {
        var range = 0..<count
        while !range.isEmpty {
            let middle = range.lowerBound + range.count / 2
            range =
                isInSecond(self[middle])
                ? range.lowerBound..<middle : middle + 1..<range.upperBound
        }
        return range.lowerBound
    }
}

/// What became of a group.
struct RewrittenBlocks: Sendable {
    var indexed: [EncodedBlock] = []
    var archived: [EncodedBlock] = []
    var removed: [RemovalReason: RemovedEvents.Count] = [:]
}

/// Makes blocks of blocks; one for each thread that does.
final class BlockRewriter {
    private let day: Day
    private let path: String
    private let target: DayTarget
    private var partition: Partition?
    private var encoder = BlockEncoder(.thorough)
    private var archiver = BlockEncoder(.archive)

    init(day: Day, path: String, target: DayTarget) {
        self.day = day
        self.path = path
        self.target = target
    }

    func rewrite(_ group: BlockGroup) throws(StoreError) -> RewrittenBlocks {
        var result = RewrittenBlocks()
        if group.placements == [.removed], !group.isPurged {
            result.removed[.expired] = .init(events: group.events, bytes: Int64(group.rawBytes))
            return result
        }
        let partition = try open()
        let batch = try partition.batch(of: group.blocks)
        let source = try partition.source(group.source)
        let rows = sort(batch, group, source)
        for rows in rows.indexed.flatMap({ Self.pieces($0, of: batch, for: .thorough) }) {
            result.indexed.append(encoder.encode(batch, rows: rows))
        }
        for rows in rows.archived.flatMap({ Self.pieces($0, of: batch, for: .archive) }) {
            result.archived.append(archiver.encode(batch, rows: rows))
        }
        result.removed = rows.removed
        return result
    }

    /// Rows whose layouts are placed differently go apart: a block's summary tells its layouts and its
    /// severities, and not which of them belong together.
    private struct SortedRows {
        var indexed: [[Int]]
        var archived: [[Int]]
        var removed: [RemovalReason: RemovedEvents.Count] = [:]
    }

    private func sort(
        _ batch: borrowing EventBatch, _ group: BlockGroup, _ source: EventSource
    ) -> SortedRows {
        let (kinds, kindOfLayout) = kinds(of: batch.layouts, group, source)
        let purged = group.isPurged ? target.purged[source.generation] ?? [] : []
        let none = kinds.map { _ in [Int]() }
        var rows = SortedRows(indexed: none, archived: none)
        for index in batch.rows.indices {
            let row = batch.rows[index]
            if !purged.isEmpty, purged.contains(row.offset) {
                rows.removed[.purged, default: .init()].add(row)
                continue
            }
            let kind = kindOfLayout[Int(row.layout)]
            switch kinds[kind][row.severity] {
            case .indexed: rows.indexed[kind].append(index)
            case .archived: rows.archived[kind].append(index)
            case .removed: rows.removed[.expired, default: .init()].add(row)
            }
        }
        return rows
    }

    /// The ways in which layouts are placed, and which each layout has.
    private func kinds(
        of layouts: [Layout], _ group: BlockGroup, _ source: EventSource
    ) -> (kinds: [SeverityPlacements], ofLayouts: [Int]) {
        // Without a target blocks of one placement are together.
        let own = SeverityPlacements(group.placements.first ?? .indexed)
        var kinds: [SeverityPlacements] = []
        let ofLayouts = layouts.map { layout in
            let kind = target.placements?(source, layout.format) ?? own
            if let known = kinds.firstIndex(of: kind) { return known }
            kinds.append(kind)
            return kinds.count - 1
        }
        return (kinds, ofLayouts)
    }

    /// Rows of a block each: as much text as fits, and no more layouts than a block can have.
    private static func pieces(
        _ rows: [Int], of batch: borrowing EventBatch, for effort: BlockEncoder.Effort
    ) -> [[Int]] {
        let limit = effort.blockBytes + effort.blockBytes / 8
        var pieces: [[Int]] = []
        var piece: [Int] = []
        var size = 0
        for row in rows {
            let length = Int(batch.rows[row].length)
            if !piece.isEmpty, size + length > limit {
                pieces.append(piece)
                (piece, size) = ([], 0)
            }
            piece.append(row)
            size += length
        }
        if !piece.isEmpty { pieces.append(piece) }
        return pieces.flatMap { BatchEncoder.pieces($0, of: batch) }
    }

    private func open() throws(StoreError) -> Partition {
        if let partition { return partition }
        let opened = try Partition(day: day, path: path)
        partition = opened
        return opened
    }
}
