internal import LogModel

/// Puts the original bytes of rows together again from their columns.
///
/// Column by column, not row by row: lengths first, then every piece of a layout is copied for all
/// rows before the next one, so that what is decided once a column is not decided once a row.
/// About 2 GB/s of original text.
struct Rebuilder {
    private let block: Block
    private let ordinals: [UInt32]

    init(_ block: Block) throws(BlockError) {
        self.block = block
        ordinals = try block.ordinals()
    }

    /// The texts of `rows` without terminators, a newline behind each.
    func texts(_ rows: [Int]) throws(BlockError) -> RowTexts {
        let parts = try pieces(of: rows)
        var texts = RowTexts()
        texts.rows = rows
        var assembly = Assembly(rows: rows.count, parts: parts, separator: 1)
        texts.bytes = assembly.assemble()
        texts.ends = assembly.cursors
        // Each text's place is followed by one free byte.
        for end in texts.ends { texts.bytes[Int(end)] = 0x0A }
        return texts
    }

    /// The events of `rows` as the parser made them: originals, terminators, captures.
    func batch(_ rows: [Int]) throws(BlockError) -> EventBatch {
        var batch = EventBatch()
        batch.layouts = block.layouts
        let numbers = try block.layoutNumbers()
        let terminators = try terminators(of: rows)
        let parts = try pieces(of: rows) + [terminators]
        var firstCapture: UInt32 = 0
        var firsts: [UInt32] = []
        for row in rows {
            firsts.append(firstCapture)
            firstCapture += UInt32(block.layouts[Int(numbers[row])].fields.count)
        }
        batch.captures = Array(
            repeating: EventBatch.Capture(0, 0), count: Int(firstCapture))
        var assembly = Assembly(rows: rows.count, parts: parts, separator: 0)
        batch.bytes = assembly.assemble { slot, field, range in
            batch.captures[Int(firsts[slot]) + field] =
                EventBatch.Capture(range.lowerBound, range.upperBound)
        }
        try addRows(rows, numbers, firsts, assembly, terminators, to: &batch)
        try addFieldsOutside(rows, numbers, firsts, to: &batch)
        return batch
    }

    private func addRows(
        _ rows: [Int], _ numbers: [UInt8], _ firsts: [UInt32], _ assembly: Assembly,
        _ terminators: Assembly.Part, to batch: inout EventBatch
    ) throws(BlockError) {
        let severities = try block.severities()
        let flags = try block.flags()
        let times = try block.times()
        let utcOffsets = try block.utcOffsets()
        let offsets = try fileOffsets()
        for (slot, row) in rows.enumerated() {
            var entry = EventBatch.Row()
            entry.start = assembly.starts[slot]
            entry.length = assembly.cursors[slot] - assembly.starts[slot]
            entry.terminatorLength = UInt32(terminators.length(slot))
            entry.layout = UInt16(numbers[row])
            entry.severity = severities[row]
            entry.flags = EventBatch.Flags(rawValue: flags[row])
            entry.firstCapture = firsts[slot]
            entry.utcOffset = utcOffsets[row]
            entry.timestamp = times[row]
            entry.offset = offsets[row]
            batch.rows.append(entry)
        }
    }

    /// Fields that are not part of the original stand behind it.
    private func addFieldsOutside(
        _ rows: [Int], _ numbers: [UInt8], _ firsts: [UInt32], to batch: inout EventBatch
    ) throws(BlockError) {
        for (number, layout) in block.layouts.enumerated() {
            let inPieces = layout.fieldsInPieces
            guard inPieces.count < layout.fields.count else { continue }
            let slots = rows.indices.filter { Int(numbers[rows[$0]]) == number }
            for field in layout.fields.indices where !inPieces.contains(field) {
                let part = try part(number, field, slots, rows)
                for (index, slot) in slots.enumerated() {
                    let start = batch.bytes.count
                    batch.bytes += part.value(index)
                    batch.captures[Int(firsts[slot]) + field] =
                        EventBatch.Capture(start, batch.bytes.count)
                }
            }
        }
    }

    /// Offsets follow from the lengths of the rows before; only gaps between them are stored.
    func fileOffsets() throws(BlockError) -> [Int64] {
        let rows = Array(0..<block.rowCount)
        let terminators = try terminators(of: rows)
        let assembly = Assembly(
            rows: rows.count, parts: try pieces(of: rows) + [terminators], separator: 0)
        let (first, gaps) = try block.offsets()
        var offsets: [Int64] = []
        offsets.reserveCapacity(rows.count)
        var end = first
        for row in rows {
            end = end &+ gaps[row]
            offsets.append(end)
            end = end &+ Int64(assembly.lengths[row])
        }
        return offsets
    }

    /// The pieces of all layouts for `rows`, in the order in which they are to be put together.
    private func pieces(of rows: [Int]) throws(BlockError) -> [Assembly.Part] {
        let numbers = try block.layoutNumbers()
        var parts: [Assembly.Part] = []
        for (number, layout) in block.layouts.enumerated() {
            let slots =
                block.layouts.count == 1
                ? Array(rows.indices) : rows.indices.filter { Int(numbers[rows[$0]]) == number }
            if slots.isEmpty { continue }
            for piece in layout.pieces {
                switch piece {
                case .literal(let bytes):
                    parts.append(Assembly.Part(slots: slots, field: nil, values: .same(bytes)))
                case .field(let field):
                    parts.append(try part(number, field, slots, rows))
                }
            }
        }
        return parts
    }

    /// Terminators are one column over all rows, whatever their layouts.
    private func terminators(of rows: [Int]) throws(BlockError) -> Assembly.Part {
        let values = Self.values(try block.terminatorColumn(), at: rows.map { UInt32($0) })
        return Assembly.Part(slots: Array(rows.indices), field: nil, values: values)
    }

    /// The values of a field for the rows in `slots`, all of which have the layout.
    private func part(
        _ layout: Int, _ field: Int, _ slots: [Int], _ rows: [Int]
    ) throws(BlockError) -> Assembly.Part {
        let column = try block.column(layout: layout, field: field)
        let own = slots.map { ordinals[rows[$0]] }
        var values = Self.values(column, at: own)
        if case .time(let exceptions) = column.storage {
            let format = block.layouts[layout].fields[field].format
            let rendered = try times(slots.map { rows[$0] }, own, exceptions, format)
            values = .indexed(rendered, slots.indices.map { UInt32($0) })
        }
        return Assembly.Part(slots: slots, field: field, values: values)
    }

    private static func values(_ column: Column, at ordinals: [UInt32]) -> Assembly.Values {
        switch column.storage {
        case .constant(let value): .same(value)
        case .dictionary(let strings, let codes):
            .indexed(strings, ordinals.map { UInt32(codes[Int($0)]) })
        case .text(let strings): .indexed(strings, ordinals)
        case .time: .same([])
        }
    }

    private func times(
        _ rows: [Int], _ ordinals: [UInt32], _ exceptions: [Int: [UInt8]],
        _ format: TimestampFormat?
    ) throws(BlockError) -> ByteStrings {
        let times = try block.times()
        let utcOffsets = try block.utcOffsets()
        var rendered = ByteStrings()
        rendered.bytes.reserveCapacity(rows.count * 32)
        rendered.ends.reserveCapacity(rows.count)
        for (row, ordinal) in zip(rows, ordinals) {
            if !exceptions.isEmpty, let written = exceptions[Int(ordinal)] {
                rendered.bytes += written
            } else {
                let time = times[row]
                format?.render(
                    seconds: time.flooredDivision(by: 1_000_000_000),
                    nanoseconds: Int(time.flooredRemainder(by: 1_000_000_000)),
                    offset: Int(utcOffsets[row]), into: &rendered.bytes)
            }
            rendered.ends.append(UInt32(rendered.bytes.count))
        }
        return rendered
    }
}

/// Texts that are put together from parts, part by part.
private struct Assembly {
    /// Where each text begins, and while assembling, how far it is; at the end where it ends.
    private(set) var starts: [UInt32]
    private(set) var cursors: [UInt32]
    private(set) var lengths: [UInt32]
    private let parts: [Part]
    private let total: Int

    enum Values {
        case same([UInt8])
        /// For each slot of the part, in order, the index of its string.
        case indexed(ByteStrings, [UInt32])
    }

    struct Part {
        let slots: [Int]
        var field: Int?
        let values: Values

        func length(_ index: Int) -> Int {
            switch values {
            case .same(let bytes): bytes.count
            case .indexed(let strings, let indices): strings.range(Int(indices[index])).count
            }
        }

        func value(_ index: Int) -> ArraySlice<UInt8> {
            switch values {
            case .same(let bytes): bytes[...]
            case .indexed(let strings, let indices): strings[Int(indices[index])]
            }
        }
    }

    /// Works out the lengths; every text is followed by `separator` bytes that stay as they are.
    init(rows: Int, parts: [Part], separator: UInt32) {
        self.parts = parts
        var lengths = Array(repeating: UInt32(0), count: rows)
        for part in parts {
            switch part.values {
            case .same(let bytes):
                let count = UInt32(bytes.count)
                for slot in part.slots { lengths[slot] += count }
            case .indexed(let strings, let indices):
                for (slot, index) in zip(part.slots, indices) {
                    lengths[slot] += UInt32(strings.range(Int(index)).count)
                }
            }
        }
        var starts: [UInt32] = []
        starts.reserveCapacity(rows)
        var total: UInt32 = 0
        for length in lengths {
            starts.append(total)
            total += length + separator
        }
        self.starts = starts
        self.lengths = lengths
        self.total = Int(total)
        cursors = starts
    }

    /// Copies the parts to their places; tells `capture` where each field came to stand.
    mutating func assemble(
        _ capture: ((_ slot: Int, _ field: Int, _ range: Range<Int>) -> Void)? = nil
    ) -> [UInt8] {
        let total = total
        let bytes = [UInt8](unsafeUninitializedCapacity: total) { buffer, initialized in
            // Every byte is written below but the separators, which the caller fills.
            buffer.initialize(repeating: 0)
            initialized = total
            for part in parts { copy(part, into: buffer, capture) }
        }
        return bytes
    }

    /// The lengths add up to the buffer's size, so every copy ends within it.
    private mutating func copy(
        _ part: Part, into buffer: UnsafeMutableBufferPointer<UInt8>,
        _ capture: ((Int, Int, Range<Int>) -> Void)?
    ) {
        guard let base = buffer.baseAddress else { return }
        func place(_ slot: Int, _ source: UnsafePointer<UInt8>?, _ count: Int) {
            let start = Int(cursors[slot])
            if let source { (base + start).update(from: source, count: count) }
            cursors[slot] += UInt32(count)
            if let capture, let field = part.field { capture(slot, field, start..<start + count) }
        }
        switch part.values {
        case .same(let bytes):
            bytes.withUnsafeBufferPointer { bytes in
                for slot in part.slots { place(slot, bytes.baseAddress, bytes.count) }
            }
        case .indexed(let strings, let indices):
            strings.bytes.withUnsafeBufferPointer { bytes in
                for (slot, index) in zip(part.slots, indices) {
                    let range = strings.range(Int(index))
                    place(slot, bytes.baseAddress.map { $0 + range.lowerBound }, range.count)
                }
            }
        }
    }
}
