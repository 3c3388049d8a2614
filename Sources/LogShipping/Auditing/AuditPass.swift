internal import Glibc
internal import LogModel
internal import LogStore

/// One comparison of a file with what the store has of its generation at one moment.
final class AuditPass {
    private struct StoredBlock {
        let day: Day
        let reference: Partition.BlockReference
        var bytes: Range<Int64> {
            let first = reference.firstOffset
            return first..<max(first, reference.endOffset)
        }
    }

    private let store: Store
    private let path: String
    let generation: Generation
    private let days: [Day]
    private var states: [Day: DayState] = [:]
    private var partitions: [Day: Partition] = [:]
    private var blocks: ArraySlice<StoredBlock> = []
    /// Blocks that reach into the piece at hand, and their events where memory allows.
    private var active: [(block: StoredBlock, batch: EventBatch?)] = []
    private var coverage = Coverage()
    private var audited: AuditedFile
    /// Up to where bytes have to be in an event, or be skipped.
    private var end: Int64 = 0

    /// Days held open, and blocks kept decoded.
    private static let mostOpen = 32

    /// Notes what the catalogue knows of generation `id`, then opens its days.
    ///
    /// In this order, as the days are committed first: they have all that the catalogue knows of.
    init(
        _ store: Store, _ id: Int64, _ daysByGeneration: [String: [Day]], _ path: String
    ) throws(IngestError) {
        self.store = store
        self.path = path
        audited = AuditedFile(path: path)
        do throws(StoreError) {
            (generation, audited.skipped) = try Self.known(id, in: store)
            for removal in try store.removals(ofGeneration: generation.name) {
                audited.removed[removal.reason, default: 0] += removal.bytes
            }
        } catch {
            throw .store(error)
        }
        audited.generation = generation
        days = daysByGeneration[generation.name] ?? []
        list()
    }

    /// A generation and what is skipped of it, of the same commit.
    private static func known(
        _ id: Int64, in store: Store
    ) throws(StoreError) -> (Generation, [SkipReason: Int64]) {
        var known = try store.generation(id: id)
        while let before = known {
            let skipped = try store.skipped(generation: id)
            known = try store.generation(id: id)
            if known == before { return (before, skipped) }
        }
        throw .damaged(
            path: StoreLayout.catalog(store.directory), reason: "generation \(id) is missing")
    }

    private func list() {
        var found: [StoredBlock] = []
        for day in days {
            states[day] = store.state(of: day)
            do throws(StoreError) {
                let partition = try partition(day)
                for reference in try partition.blocks(
                    ofGeneration: generation.name, in: 0..<generation.position)
                {
                    found.append(StoredBlock(day: day, reference: reference))
                }
                let removed = try partition.removedEvents().counts[generation.name] ?? [:]
                for (reason, count) in removed {
                    audited.removed[reason, default: 0] += count.bytes
                }
            } catch {
                note(error)
            }
        }
        blocks = found.sorted { $0.reference.firstOffset < $1.reference.firstOffset }[...]
    }

    private func partition(_ day: Day) throws(StoreError) -> Partition {
        if let open = partitions[day] { return open }
        if partitions.count >= Self.mostOpen { partitions = [:] }
        let opened = try store.partition(day, isSnapshot: true)
        partitions[day] = opened
        return opened
    }

    /// Whether the store has changed since in what this was about.
    func isOutdated() throws(IngestError) -> Bool {
        do throws(StoreError) {
            if try store.generation(id: generation.id) != generation { return true }
            return days.contains { store.state(of: $0) != states[$0] }
        } catch {
            throw .store(error)
        }
    }

    // MARK: The file

    func run(pieceBytes: Int, _ progress: (Int64) -> Void) throws(IngestError) -> AuditedFile {
        do throws(ReadError) {
            try compare(try ByteSource(path), pieceBytes, progress)
        } catch {
            throw .read(error)
        }
        return audited
    }

    private func compare(
        _ source: ByteSource, _ pieceBytes: Int, _ progress: (Int64) -> Void
    ) throws(ReadError) {
        // An open event that is left out is counted as skipped only when it is complete.
        let read = generation.openDay == nil ? generation.openOffset : generation.position
        if !source.isCompressed { audited.size = source.fileSize }
        var position: Int64 = 0
        var piece: [UInt8] = []
        while position < read {
            piece.removeAll(keepingCapacity: true)
            let wanted = Int(min(Int64(pieceBytes), read - position))
            while piece.count < wanted {
                let more = try source.next(upTo: min(1 << 18, wanted - piece.count))
                if more.isEmpty { break }
                piece += more
            }
            if piece.isEmpty { break }
            compare(piece, at: position)
            position += Int64(piece.count)
            progress(source.fileBytesRead)
        }
        end = min(position, read)
        if source.isCompressed {
            audited.size = position
            while case let more = try source.next(), !more.isEmpty {
                audited.size += Int64(more.count)
            }
        }
        audited.warning = source.warning
        finish(read: read)
    }

    private func compare(_ piece: [UInt8], at start: Int64) {
        let range = start..<start + Int64(piece.count)
        while let block = blocks.first, block.bytes.lowerBound < range.upperBound {
            active.append((block, nil))
            blocks.removeFirst()
        }
        var runs: [Coverage.Run] = []
        for index in active.indices {
            let batch = active[index].batch ?? decode(active[index].block)
            compare(batch, of: active[index].block, with: piece, in: range, &runs)
            // What reaches beyond the piece is needed again.
            let isKept = index < Self.mostOpen
            active[index].batch = isKept ? batch : nil
        }
        active.removeAll { $0.block.bytes.upperBound <= range.upperBound }
        coverage.advance(to: range.upperBound, runs)
    }

    /// The events of a block; none where it is damaged.
    private func decode(_ block: StoredBlock) -> EventBatch {
        do throws(StoreError) {
            return try partition(block.day).batch(of: block.reference)
        } catch {
            note(error)
            return EventBatch()
        }
    }

    private func note(_ error: StoreError) {
        if !audited.unreadable.contains(where: { $0.description == error.description }) {
            audited.unreadable.append(error)
        }
    }

    private func compare(
        _ batch: EventBatch, of block: StoredBlock, with piece: [UInt8], in range: Range<Int64>,
        _ runs: inout [Coverage.Run]
    ) {
        let place = AuditedFile.Place(day: block.day, block: block.reference.id)
        var run: Coverage.Run?
        for row in batch.rows {
            guard row.offset < range.upperBound, row.offset >= 0 else { continue }
            let bytes = row.offset..<row.offset &+ Int64(row.length)
            guard bytes.upperBound > range.lowerBound else { continue }
            if let from = firstDifference(batch, row, bytes.clamped(to: range), piece, range) {
                coverage.differ(
                    from..<bytes.clamped(to: range).upperBound, at: row.timestamp, place)
            }
            if var longer = run, longer.bytes.upperBound == bytes.lowerBound {
                longer.bytes = longer.bytes.lowerBound..<bytes.upperBound
                longer.lastTime = row.timestamp
                run = longer
                continue
            }
            if let run { runs.append(run) }
            run = Coverage.Run(
                bytes: bytes, firstTime: row.timestamp, lastTime: row.timestamp, place: place)
        }
        if let run { runs.append(run) }
    }

    /// The offset of the first byte in which an event and the file differ.
    private func firstDifference(
        _ batch: EventBatch, _ row: EventBatch.Row, _ bytes: Range<Int64>, _ piece: [UInt8],
        _ range: Range<Int64>
    ) -> Int64? {
        let from = Int(row.start) + Int(bytes.lowerBound - row.offset)
        let there = Int(bytes.lowerBound - range.lowerBound)
        guard from + bytes.count <= batch.bytes.count else { return bytes.lowerBound }
        let isSame = batch.bytes.withUnsafeBytes { own in
            piece.withUnsafeBytes { file in
                guard let own = own.baseAddress, let file = file.baseAddress else { return true }
                return memcmp(own + from, file + there, bytes.count) == 0
            }
        }
        if isSame { return nil }
        let index = (0..<bytes.count).first { batch.bytes[from + $0] != piece[there + $0] }
        return bytes.lowerBound + Int64(index ?? 0)
    }

    // MARK: The sums

    private func finish(read: Int64) {
        coverage.finish()
        audited.indexed = coverage.indexed
        audited.doubled = coverage.doubled
        audited.different = coverage.different
        audited.findings = coverage.findings
        let openReason = leaveOutRemovedOpenEvent()
        let explained = audited.explainedBytes
        // Of a file that ends before the place that is read, it is not known how much of it that is.
        let expected = end < read ? min(explained, coverage.holes) : explained
        audited.missing = coverage.holes - expected
        if audited.missing == 0 { audited.findings.removeAll { $0.kind == .missing } }
        if expected < explained {
            var left = expected
            audited.skipped = Self.part(audited.skipped, SkipReason.allCases, &left)
            audited.removed = Self.part(audited.removed, RemovalReason.allCases, &left)
        }
        let open = max(0, min(audited.size, generation.position) - read)
        if open > 0, let openReason {
            audited.removed[openReason, default: 0] += open
        } else if open > 0 {
            audited.skipped[.excluded, default: 0] += open
        }
        audited.pending = max(0, audited.size - generation.position)
    }

    /// Takes the open event, if it was removed, off what was removed before the place that is read;
    /// returns why it was.
    private func leaveOutRemovedOpenEvent() -> RemovalReason? {
        guard let bytes = generation.openRemoved, generation.openDay == nil else { return nil }
        let reason = RemovalReason.allCases.reversed().first { audited.removed[$0] ?? 0 >= bytes }
        if let reason { audited.removed[reason, default: 0] -= bytes }
        return reason
    }

    /// As much of what is explained as lies in the part of the content that a file has.
    private static func part<Reason>(
        _ explained: [Reason: Int64], _ reasons: [Reason], _ left: inout Int64
    ) -> [Reason: Int64] {
        var part: [Reason: Int64] = [:]
        for reason in reasons {
            let share = min(left, explained[reason] ?? 0)
            if share > 0 { part[reason] = share }
            left -= share
        }
        return part
    }
}
