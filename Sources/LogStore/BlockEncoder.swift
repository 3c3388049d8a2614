internal import LogModel

/// What one block says of itself without being decoded: the planner skips blocks by it.
package struct BlockSummary: Sendable, Equatable {
    package var firstTime: Int64 = .max
    package var lastTime: Int64 = .min
    /// The first byte of the first event and the byte after the last one, in the source's file.
    package var firstOffset: Int64 = .max
    package var endOffset: Int64 = 0
    package var events = 0
    package var rawBytes = 0
    /// Bit `n` is set when an event has severity number `n`.
    package var severities: Int64 = 0
    package var hasInvalidUTF8 = false
    /// SHA-256 of the original bytes of the events, one behind the other in the order of the rows.
    package var digest: [UInt8] = []
}

/// A block ready to be stored.
struct EncodedBlock: Sendable {
    var summary: BlockSummary
    /// The layouts that its rows use, in the order of the block's own numbers.
    var layouts: [Layout]
    var data: [UInt8]
    /// The block's distinct terms, packed, in no order.
    var terms: [UInt64]
    /// Hashes of the terms that are not among these, but in an `IdentifierIndex`.
    var identifiers: [UInt64] = []
}

/// Packs events of one source and one day into a block.
///
/// # The format of a block
///
/// ```
/// "LB" 2            magic and version
/// varint            rows
/// varint            number of layouts; their descriptors stand in the partition
/// zigzag            time of the first row, nanoseconds
/// varint            time scale: 1, 1000, 1000000 or 1000000000 nanoseconds
/// zigzag            file offset of the first row
/// varint            number of columns, then for each its encoding byte
///                   (bit 7: compressed), varint raw length, varint stored length
/// frames            the columns' bodies, the one with the fewest bytes first (`FrameOrder`)
/// ```
///
/// Columns, in this order: time deltas (zigzag varints, in units of the scale, to the row before);
/// offset gaps (zigzag varint: row's offset less the end of the row before); lengths need not be
/// stored, they follow from the values; layout numbers (a byte a row);
/// severities; flags; UTC offsets (zigzag varints); line terminators (a column as below); then for
/// each layout, for each of its fields, a column (`Column`) of the rows that have the layout. The
/// first six are constants (one value) where all rows agree. Compression is zstd; a body under 48
/// bytes, or one that does not shrink, stays as it is.
struct BlockEncoder: ~Copyable {
    private let effort: Effort
    private let compressor: Compressor
    var terms = TermSet()
    private var writer = ByteWriter()
    private var directory = ByteWriter()
    private var frames: [UInt8] = []
    private var frameLengths: [Int] = []
    private var columnCount = 0

    enum Effort: CaseIterable {
        /// For taking in: one way to store a column, found by its kind and its first values.
        case fast
        /// For compaction: every way is tried; identifiers are apart from the other terms.
        case thorough
        /// For the archive: every way is tried, zstd tries harder, and there are no terms.
        ///
        /// Blocks of a GiB of logs, with 12 to 20 s of CPU to make them of compacted ones:
        ///
        /// | level | 0.5 MiB a block | 1 MiB | 2 MiB | 4 MiB |
        /// |---|---|---|---|---|
        /// | 5 | 7.9 % of raw | 7.1 % | 6.7 %, 11.8 s | 6.4 % |
        /// | 7 | | | 6.6 %, 15.1 s | |
        /// | 9 | | | 6.6 %, 18.5 s | |
        /// | 12; 15; 17 | | | 6.5 %, 30 s; 6.5 %, 60 s; 6.4 %, 110 s | |
        ///
        /// Reading costs the same at all levels, and less the larger the blocks are: to look for a
        /// word in all of them takes 0.86, 0.75, 0.64 and 0.61 s of CPU.
        case archive

        /// Compaction at level 9 would save 1 % of a day for two fifths more CPU.
        var compressionLevel: Int32 {
            switch self {
            case .fast: 3
            case .thorough: 5
            case .archive: 7
            }
        }

        /// Original text of a full block.
        ///
        /// Larger ones would make smaller files, and more to decode for a hit: in compaction 512 KiB;
        /// in the archive, where most queries read all blocks of their days, 2 MiB.
        var blockBytes: Int { self == .archive ? 1 << 21 : 1 << 19 }

        var hasTerms: Bool { self != .archive }

        /// Whether every way to store a column is tried.
        var triesAll: Bool { self != .fast }
    }

    init(_ effort: Effort = .fast) {
        self.effort = effort
        compressor = Compressor(level: effort.compressionLevel)
    }

    /// Rows must be of one day; their order is kept.
    mutating func encode(_ batch: borrowing EventBatch, rows: [Int]) -> EncodedBlock {
        begin()
        let used = Set(rows.map { batch.rows[$0].layout }).sorted()
        var summary = summarise(batch, rows)
        writeHeader(batch, rows, layouts: used.count)
        writeStandardColumns(batch, rows, layouts: used)
        for layout in used {
            let own = used.count == 1 ? rows : rows.filter { batch.rows[$0].layout == layout }
            writeFields(of: batch.layouts[Int(layout)], batch, own)
        }
        summary.events = rows.count
        writer.varint(columnCount)
        let data = writer.bytes + directory.bytes + framesInOrder()
        var block = EncodedBlock(
            summary: summary, layouts: used.map { batch.layouts[Int($0)] }, data: data,
            terms: [])
        if effort == .thorough { block.identifiers = terms.takeIdentifiers() }
        block.terms = terms.terms
        return block
    }

    private mutating func begin() {
        terms.removeAll()
        writer.bytes.removeAll(keepingCapacity: true)
        directory.bytes.removeAll(keepingCapacity: true)
        frames.removeAll(keepingCapacity: true)
        frameLengths.removeAll(keepingCapacity: true)
        columnCount = 0
    }

    func summarise(_ batch: borrowing EventBatch, _ rows: [Int]) -> BlockSummary {
        var summary = BlockSummary()
        for index in rows {
            let row = batch.rows[index]
            summary.firstTime = min(summary.firstTime, row.timestamp)
            summary.lastTime = max(summary.lastTime, row.timestamp)
            summary.firstOffset = min(summary.firstOffset, row.offset)
            summary.endOffset = max(summary.endOffset, row.offset + Int64(row.length))
            summary.rawBytes += Int(row.length)
            summary.severities |= 1 << Int64(row.severity & 31)
            if row.flags.contains(.isInvalidUTF8) { summary.hasInvalidUTF8 = true }
        }
        summary.digest = batch.digest(ofRows: rows)
        return summary
    }

    private mutating func writeHeader(
        _ batch: borrowing EventBatch, _ rows: [Int], layouts: Int
    ) {
        writer.bytes += [0x4C, 0x42, 2]
        writer.varint(rows.count)
        writer.varint(layouts)
    }

    private mutating func writeStandardColumns(
        _ batch: borrowing EventBatch, _ rows: [Int], layouts: [UInt16]
    ) {
        let first = batch.rows[rows[0]]
        let scale = Self.timeScale(batch, rows)
        writer.zigzag(first.timestamp)
        writer.varint(UInt64(scale))
        writer.zigzag(first.offset)

        var times = ByteWriter()
        var gaps = ByteWriter()
        var previousTime = first.timestamp
        var end = first.offset
        var hasGaps = false
        for index in rows {
            let row = batch.rows[index]
            times.zigzag((row.timestamp - previousTime) / scale)
            previousTime = row.timestamp
            gaps.zigzag(row.offset - end)
            if row.offset != end { hasGaps = true }
            end = row.offset + Int64(row.length)
        }
        append(.text, times.bytes)
        append(hasGaps ? .text : .constant, hasGaps ? gaps.bytes : [])
        let numbers = Dictionary(
            uniqueKeysWithValues: layouts.enumerated().map { ($1, UInt8(truncatingIfNeeded: $0)) })
        appendBytes(rows.map { numbers[batch.rows[$0].layout] ?? 0 })
        appendBytes(rows.map { batch.rows[$0].severity })
        appendBytes(rows.map { batch.rows[$0].flags.rawValue })
        appendOffsets(rows.map { batch.rows[$0].utcOffset })
        appendTerminators(batch, rows)
    }

    private mutating func appendBytes(_ values: [UInt8]) {
        let isConstant = values.allSatisfy { $0 == values[0] }
        append(isConstant ? .constant : .text, isConstant ? [values[0]] : values)
    }

    private mutating func appendOffsets(_ values: [Int32]) {
        var body = ByteWriter()
        let isConstant = values.allSatisfy { $0 == values[0] }
        for value in isConstant ? [values[0]] : values { body.zigzag(Int64(value)) }
        append(isConstant ? .constant : .text, body.bytes)
    }

    private mutating func appendTerminators(_ batch: borrowing EventBatch, _ rows: [Int]) {
        var column = ColumnBuilder(triesDictionary: true)
        batch.bytes.withUnsafeBufferPointer { bytes in
            for index in rows {
                let row = batch.rows[index]
                let end = Int(row.start) + Int(row.length)
                column.append(
                    UnsafeBufferPointer(rebasing: bytes[end - Int(row.terminatorLength)..<end]))
            }
        }
        append(column.finish())
    }

    /// The coarsest unit that all times are multiples of, counted from the first.
    private static func timeScale(_ batch: borrowing EventBatch, _ rows: [Int]) -> Int64 {
        let first = batch.rows[rows[0]].timestamp
        var scale: Int64 = 1_000_000_000
        for index in rows {
            while (batch.rows[index].timestamp - first) % scale != 0 { scale /= 1000 }
        }
        return scale
    }

    private mutating func writeFields(
        of layout: Layout, _ batch: borrowing EventBatch, _ rows: [Int]
    ) {
        if effort.hasTerms { addTerms(of: layout, batch, rows) }
        for (index, field) in layout.fields.enumerated() {
            let column = gather(field, index, batch, rows)
            if effort.hasTerms { addTerms(of: column, layout, index, batch, rows) }
            append(column)
        }
    }

    func gather(
        _ field: Field, _ index: Int, _ batch: borrowing EventBatch, _ rows: [Int]
    ) -> Column {
        if field.kind == .timestamp, let format = field.format,
            let exceptions = Self.timeExceptions(format, index, batch, rows)
        {
            return Column(storage: .time(exceptions: exceptions))
        }
        let isUnique =
            field.kind == .body || field.kind == .stackTrace || field.kind == .original
            || field.kind == .timestamp
        var column = ColumnBuilder(
            triesDictionary: effort.triesAll || !isUnique,
            trialRows: effort.triesAll ? 4096 : 256)
        batch.bytes.withUnsafeBufferPointer { bytes in
            for row in rows {
                let capture = batch.captures[Int(batch.rows[row].firstCapture) + index]
                column.append(
                    UnsafeBufferPointer(rebasing: bytes[Int(capture.start)..<Int(capture.end)]))
            }
        }
        return column.finish()
    }

    /// The times that rendering would not give back as they were written; nil when these are many.
    private static func timeExceptions(
        _ format: TimestampFormat, _ index: Int, _ batch: borrowing EventBatch, _ rows: [Int]
    ) -> [Int: [UInt8]]? {
        var exceptions: [Int: [UInt8]] = [:]
        return batch.bytes.withUnsafeBufferPointer { bytes in
            for (position, row) in rows.enumerated() {
                let capture = batch.captures[Int(batch.rows[row].firstCapture) + index]
                let written = UnsafeBufferPointer(
                    rebasing: bytes[Int(capture.start)..<Int(capture.end)])
                let time = batch.rows[row].timestamp
                let isRendered = format.renders(
                    written, seconds: time.flooredDivision(by: 1_000_000_000),
                    nanoseconds: Int(time.flooredRemainder(by: 1_000_000_000)),
                    offset: Int(batch.rows[row].utcOffset))
                if !isRendered {
                    exceptions[position] = Array(written)
                    if exceptions.count > 16 + rows.count / 8 { return nil }
                }
            }
            return exceptions
        }
    }

    private mutating func append(_ column: Column) {
        var (encoding, body) = column.encoded()
        let start = frames.count
        var isCompressed = pack(body.bytes, body.sections)
        if effort.triesAll, let values = column.valuesToSplit,
            let split = SplitTextEncoder.encode(values)
        {
            let end = frames.count
            let isSplitCompressed = pack(split.bytes, split.sections)
            // A dictionary is faster to query.
            let limit = end - start - (encoding == .dictionary ? (end - start) / 16 : 0)
            if frames.count - end < limit {
                frames.removeSubrange(start..<end)
                (encoding, body, isCompressed) = (.split, split, isSplitCompressed)
            } else {
                frames.removeLast(frames.count - end)
            }
        }
        note(encoding, body.bytes.count, isCompressed, from: start)
    }

    private mutating func append(_ encoding: Column.Encoding, _ body: [UInt8]) {
        let start = frames.count
        note(encoding, body.count, pack(body, []), from: start)
    }

    /// Adds a body to the frames, compressed if that makes it smaller; returns whether it did.
    private mutating func pack(_ body: [UInt8], _ sections: [Int]) -> Bool {
        let start = frames.count
        if body.count >= 48 {
            let length = body.withUnsafeBufferPointer {
                compressor.compress($0, sections: sections, into: &frames)
            }
            if length < body.count { return true }
            frames.removeLast(frames.count - start)
        }
        frames += body
        return false
    }

    /// Tells the directory of the last frame.
    private mutating func note(
        _ encoding: Column.Encoding, _ rawLength: Int, _ isCompressed: Bool, from start: Int
    ) {
        columnCount += 1
        directory.byte(encoding.rawValue | (isCompressed ? 0x80 : 0))
        directory.varint(rawLength)
        directory.varint(frames.count - start)
        frameLengths.append(frames.count - start)
    }

    private func framesInOrder() -> [UInt8] {
        var starts: [Int] = []
        var start = 0
        for length in frameLengths {
            starts.append(start)
            start += length
        }
        var ordered: [UInt8] = []
        ordered.reserveCapacity(frames.count)
        for column in FrameOrder.columns(storedLengths: frameLengths) {
            ordered += frames[starts[column]..<starts[column] + frameLengths[column]]
        }
        return ordered
    }
}
