package import LogModel

/// One stored block, decoded column by column as a query asks for them.
///
/// Used by one thread. Every accessor throws `BlockError` on damage; none traps on any bytes.
package final class Block {
    package let layouts: [Layout]
    package let rowCount: Int
    private let content: BlockContent
    private var directory: [Frame] = []
    private let firstTime: Int64
    private let timeScale: Int64
    private let firstOffset: Int64
    private let decompressor: Decompressor

    private var cachedTimes: [Int64]?
    private var cachedLayoutNumbers: [UInt8]?
    private var cachedOrdinals: [UInt32]?
    private var cachedUTCOffsets: [Int32]?
    private var cachedSeverities: [UInt8]?
    private var cachedFlags: [UInt8]?
    private var cachedColumns: [Int: Column] = [:]
    private var cachedMembers: [Int: Members] = [:]

    private struct Frame {
        let encoding: Column.Encoding
        let isCompressed: Bool
        let rawLength: Int
        let storedLength: Int
        var start = 0
    }

    private enum Standard {
        static let times = 0
        static let gaps = 1
        static let layouts = 2
        static let severities = 3
        static let flags = 4
        static let utcOffsets = 5
        static let terminators = 6
        static let count = 7
    }

    package convenience init(data: [UInt8], layouts: [Layout]) throws(BlockError) {
        try self.init(BlockContent(data), layouts: layouts, decompressor: Decompressor())
    }

    init(
        _ content: BlockContent, layouts: [Layout], decompressor: Decompressor
    ) throws(BlockError) {
        self.content = content
        self.decompressor = decompressor
        self.layouts = layouts
        let header = try Self.readHeader(content)
        guard header.layoutCount == layouts.count else { throw .invalid("layout count") }
        let columns = Standard.count + layouts.reduce(0) { $0 + $1.fields.count }
        guard header.frames.count == columns else { throw .invalid("column count") }
        // Every row has at least a byte among the times: a damaged count must not ask for memory.
        guard header.rows <= header.frames[Standard.times].rawLength else {
            throw .invalid("row count")
        }
        rowCount = header.rows
        firstTime = header.firstTime
        timeScale = header.scale
        firstOffset = header.firstOffset
        directory = header.frames
    }

    private struct Header {
        var rows = 0
        var layoutCount = 0
        var firstTime: Int64 = 0
        var scale: Int64 = 1
        var firstOffset: Int64 = 0
        var frames: [Frame] = []
    }

    private static func readHeader(_ content: BlockContent) throws(BlockError) -> Header {
        do {
            return try content.withHead { bytes -> Header in
                var reader = ByteReader(bytes)
                guard try reader.byte() == 0x4C, try reader.byte() == 0x42,
                    try reader.byte() == 2
                else { throw BlockError.invalid("header") }
                var header = Header()
                header.rows = try reader.count(limit: 1 << 26)
                header.layoutCount = try reader.count(limit: 256)
                header.firstTime = try reader.zigzag()
                header.scale = Int64(try reader.count(limit: 1_000_000_000))
                header.firstOffset = try reader.zigzag()
                header.frames = try readFrames(&reader, end: content.count)
                return header
            }
        } catch BlockError.truncated where !content.isWhole {
            // So many columns that their directory takes more than the beginning.
            return try readHeader(try content.whole())
        } catch let error as BlockError {
            throw error
        } catch {
            throw .invalid("header")
        }
    }

    private static func readFrames(
        _ reader: inout ByteReader, end: Int
    ) throws(BlockError) -> [Frame] {
        let count = try reader.count(limit: 1 << 16)
        var frames: [Frame] = []
        frames.reserveCapacity(min(count, 256))
        for _ in 0..<count {
            let code = try reader.byte()
            guard let encoding = Column.Encoding(rawValue: code & 0x7F) else {
                throw .invalid("encoding")
            }
            let frame = Frame(
                encoding: encoding, isCompressed: code & 0x80 != 0,
                rawLength: try reader.count(limit: 1 << 30), storedLength: try reader.count())
            guard frame.isCompressed || frame.rawLength == frame.storedLength,
                frame.storedLength <= end
            else { throw .truncated }
            frames.append(frame)
        }
        var start = reader.position
        for column in FrameOrder.columns(storedLengths: frames.map(\.storedLength)) {
            frames[column].start = start
            start += frames[column].storedLength
        }
        guard start <= end else { throw .truncated }
        return frames
    }

    private func body(_ frame: Frame) throws(BlockError) -> [UInt8] {
        let range = frame.start..<frame.start + frame.storedLength
        return try content.withBytes(range) { (bytes) throws(BlockError) in
            frame.isCompressed
                ? try decompressor.decompress(bytes, count: frame.rawLength) : Array(bytes)
        }
    }
}

// MARK: - What every row has

extension Block {
    /// Nanoseconds since 1970 UTC, by row.
    package func times() throws(BlockError) -> [Int64] {
        if let cachedTimes { return cachedTimes }
        var times = try varints(Standard.times)
        times.withUnsafeMutableBufferPointer { times in
            var time = firstTime
            for row in times.indices {
                time = time &+ times[row] &* timeScale
                times[row] = time
            }
        }
        cachedTimes = times
        return times
    }

    /// Severity numbers, by row.
    package func severities() throws(BlockError) -> [UInt8] {
        if let cachedSeverities { return cachedSeverities }
        let values = try rowBytes(Standard.severities)
        cachedSeverities = values
        return values
    }

    package func flags() throws(BlockError) -> [UInt8] {
        if let cachedFlags { return cachedFlags }
        let values = try rowBytes(Standard.flags)
        cachedFlags = values
        return values
    }

    /// The layout of each row, as an index into `layouts`.
    package func layoutNumbers() throws(BlockError) -> [UInt8] {
        if let cachedLayoutNumbers { return cachedLayoutNumbers }
        let values = try rowBytes(Standard.layouts)
        guard values.allSatisfy({ Int($0) < layouts.count }) else { throw .invalid("layout") }
        cachedLayoutNumbers = values
        return values
    }

    /// The place of each row among the rows of its layout: the index into that layout's columns.
    package func ordinals() throws(BlockError) -> [UInt32] {
        if let cachedOrdinals { return cachedOrdinals }
        var counts = Array(repeating: UInt32(0), count: layouts.count)
        let ordinals = try layoutNumbers().map { number -> UInt32 in
            defer { counts[Int(number)] += 1 }
            return counts[Int(number)]
        }
        cachedOrdinals = ordinals
        return ordinals
    }

    package func utcOffsets() throws(BlockError) -> [Int32] {
        if let cachedUTCOffsets { return cachedUTCOffsets }
        let values = try varints(Standard.utcOffsets).map { Int32(truncatingIfNeeded: $0) }
        cachedUTCOffsets = values
        return values
    }

    private func rowBytes(_ index: Int) throws(BlockError) -> [UInt8] {
        let values = try body(directory[index])
        if directory[index].encoding == .constant {
            guard let value = values.first else { throw .truncated }
            return Array(repeating: value, count: rowCount)
        }
        guard values.count == rowCount else { throw .truncated }
        return values
    }

    private func varints(_ index: Int) throws(BlockError) -> [Int64] {
        let bytes = try body(directory[index])
        let isConstant = directory[index].encoding == .constant
        do {
            return try bytes.withUnsafeBufferPointer { buffer in
                var reader = ByteReader(buffer)
                if isConstant {
                    let value = bytes.isEmpty ? 0 : try reader.zigzag()
                    return Array(repeating: value, count: rowCount)
                }
                var values: [Int64] = []
                values.reserveCapacity(rowCount)
                for _ in 0..<rowCount { values.append(try reader.zigzag()) }
                return values
            }
        } catch let error as BlockError {
            throw error
        } catch {
            throw .truncated
        }
    }
}

// MARK: - Columns

extension Block {
    /// The column of `layouts[layout].fields[field]`, over the rows of that layout.
    func column(layout: Int, field: Int) throws(BlockError) -> Column {
        var index = Standard.count + field
        for earlier in layouts[..<layout] { index += earlier.fields.count }
        return try column(at: index, rows: try rowCount(of: layout))
    }

    private func column(at index: Int, rows: Int) throws(BlockError) -> Column {
        if let cached = cachedColumns[index] { return cached }
        let frame = directory[index]
        let bytes = try body(frame)
        let column: Column
        do {
            column = try bytes.withUnsafeBufferPointer {
                try Column.decode(frame.encoding, $0, rows: rows)
            }
        } catch let error as BlockError {
            throw error
        } catch {
            throw .invalid("column")
        }
        cachedColumns[index] = column
        return column
    }

    private func rowCount(of layout: Int) throws(BlockError) -> Int {
        try members(ofLayout: layout).rows?.count ?? rowCount
    }

    /// Calls `body` with each distinct value of a column and the rows of the block that have it:
    /// one call for a constant, a call a dictionary entry, a call a row otherwise.
    ///
    /// What a query asks of a field is asked once per distinct value this way.
    package func forEachValue(
        layout: Int, field: Int, among rows: RowSet,
        _ body: (UnsafeBufferPointer<UInt8>) -> Bool
    ) throws(BlockError) -> RowSet {
        let column = try column(layout: layout, field: field)
        let members = try members(ofLayout: layout)
        var hits = RowSet(count: rowCount)
        switch column.storage {
        case .constant(let value):
            guard value.withUnsafeBufferPointer(body) else { return hits }
            hits = members.all
            hits.formIntersection(rows)
        case .dictionary(let values, let codes):
            let verdicts = values.bytes.withUnsafeBufferPointer { bytes in
                (0..<values.count).map {
                    body(UnsafeBufferPointer(rebasing: bytes[values.range($0)]))
                }
            }
            guard verdicts.contains(true) else { return hits }
            if !verdicts.contains(false) {
                hits = members.all
            } else if members.rows == nil {
                hits = RowSet(codes: codes, accepted: verdicts)
            } else {
                for (ordinal, code) in codes.enumerated() where verdicts[Int(code)] {
                    hits.insert(members.row(ordinal))
                }
            }
            hits.formIntersection(rows)
        case .text(let values):
            values.bytes.withUnsafeBufferPointer { bytes in
                for ordinal in 0..<values.count {
                    let row = members.row(ordinal)
                    guard rows.contains(row) else { continue }
                    let text = UnsafeBufferPointer(rebasing: bytes[values.range(ordinal)])
                    if body(text) { hits.insert(row) }
                }
            }
        case .time:
            let batch = try batch(rows: rows.indices)
            let numbers = try layoutNumbers()
            batch.bytes.withUnsafeBufferPointer { bytes in
                for (position, row) in rows.indices.enumerated() where Int(numbers[row]) == layout {
                    let first = Int(batch.rows[position].firstCapture)
                    let capture = batch.captures[first + field]
                    let text = bytes[Int(capture.start)..<Int(capture.end)]
                    if body(UnsafeBufferPointer(rebasing: text)) { hits.insert(row) }
                }
            }
        }
        return hits
    }

    /// The values of a column for a search over all of them at once; nil for times.
    ///
    /// `rows` tells which rows of the block have value number `i` of `texts`.
    package func values(
        layout: Int, field: Int
    ) throws(BlockError) -> (texts: ByteStrings, rows: ValueRows)? {
        switch try column(layout: layout, field: field).storage {
        case .constant(let value):
            return (ByteStrings(value), .all)
        case .dictionary(let values, let codes): return (values, .coded(codes))
        case .text(let values): return (values, .one)
        case .time: return nil
        }
    }

    /// Which rows of a layout have a value of a column.
    package enum ValueRows {
        /// All of them: the column is constant.
        case all
        /// Each row has the value of its code.
        case coded([UInt16])
        /// The row with the value's own number.
        case one
    }

    /// The rows of one layout.
    package struct Members {
        package let all: RowSet
        /// By place among the rows of the layout; nil where these are all rows.
        @usableFromInline package let rows: [Int]?

        /// The row of the block that has this place among the rows of the layout.
        @inlinable
        package func row(_ ordinal: Int) -> Int { rows?[ordinal] ?? ordinal }
    }

    package func members(ofLayout layout: Int) throws(BlockError) -> Members {
        if layouts.count == 1 { return Members(all: RowSet(all: rowCount), rows: nil) }
        if let cached = cachedMembers[layout] { return cached }
        var all = RowSet(count: rowCount)
        var rows: [Int] = []
        for (row, number) in try layoutNumbers().enumerated() where Int(number) == layout {
            all.insert(row)
            rows.append(row)
        }
        let members = Members(all: all, rows: rows)
        cachedMembers[layout] = members
        return members
    }

    /// Whether a field's text is rendered from the time of its event.
    package func isTime(layout: Int, field: Int) throws(BlockError) -> Bool {
        if case .time = try column(layout: layout, field: field).storage { true } else { false }
    }

    /// Whether some times of a field are written otherwise than they are rendered.
    package func hasTimeExceptions(layout: Int, field: Int) throws(BlockError) -> Bool {
        guard case .time(let exceptions) = try column(layout: layout, field: field).storage else {
            return false
        }
        return !exceptions.isEmpty
    }

    /// Terminators of all rows, one column whatever the layouts.
    private func terminators() throws(BlockError) -> Column {
        try column(at: Standard.terminators, rows: rowCount)
    }

    /// The events of `rows`, as the parser made them.
    ///
    /// `captures` and bytes are rebuilt; costs about 1 GB/s of original text.
    package func batch(rows: [Int]) throws(BlockError) -> EventBatch {
        let builder = try Rebuilder(self)
        return try builder.batch(rows)
    }

    /// The original text of `rows` without terminators, a newline after each.
    package func texts(rows: [Int]) throws(BlockError) -> RowTexts {
        let builder = try Rebuilder(self)
        return try builder.texts(rows)
    }

    func offsets() throws(BlockError) -> (first: Int64, gaps: [Int64]) {
        (firstOffset, try varints(Standard.gaps))
    }

    /// Where each row begins in its file. As dear as the lengths of all texts, since it follows
    /// from them.
    package func fileOffsets() throws(BlockError) -> [Int64] {
        let builder = try Rebuilder(self)
        return try builder.fileOffsets()
    }

    func terminatorColumn() throws(BlockError) -> Column { try terminators() }
}

/// The originals of some rows in one buffer.
package struct RowTexts {
    package var bytes: [UInt8] = []
    /// The rows, and where each one's text ends (the newline after it not counted).
    package var rows: [Int] = []
    package var ends: [UInt32] = []

    package func range(_ index: Int) -> Range<Int> {
        (index == 0 ? 0 : Int(ends[index - 1]) + 1)..<Int(ends[index])
    }
}
