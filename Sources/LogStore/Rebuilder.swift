internal import LogModel

/// Puts the original bytes of rows together again from their columns.
struct Rebuilder {
    private let block: Block
    private let layoutNumbers: [UInt8]
    private let ordinals: [UInt32]
    private let times: [Int64]
    private let utcOffsets: [Int32]
    /// By layout, by field.
    private let columns: [[Column]]

    init(_ block: Block) throws(BlockError) {
        self.block = block
        layoutNumbers = try block.layoutNumbers()
        ordinals = try block.ordinals()
        times = try block.times()
        utcOffsets = try block.utcOffsets()
        var columns: [[Column]] = []
        for (number, layout) in block.layouts.enumerated() {
            var own: [Column] = []
            for field in layout.fields.indices {
                own.append(try block.column(layout: number, field: field))
            }
            columns.append(own)
        }
        self.columns = columns
    }

    func texts(_ rows: [Int]) throws(BlockError) -> RowTexts {
        var texts = RowTexts()
        texts.rows = rows
        texts.ends.reserveCapacity(rows.count)
        texts.bytes.reserveCapacity(rows.count * 256)
        for row in rows {
            appendText(of: row, to: &texts.bytes)
            texts.ends.append(UInt32(texts.bytes.count))
            texts.bytes.append(0x0A)
        }
        return texts
    }

    func batch(_ rows: [Int]) throws(BlockError) -> EventBatch {
        var batch = EventBatch()
        batch.layouts = block.layouts
        let severities = try block.severities()
        let flags = try block.flags()
        let terminators = try block.terminatorColumn()
        let fileOffsets = try self.fileOffsets(terminators)
        for row in rows {
            let layout = Int(layoutNumbers[row])
            var entry = EventBatch.Row()
            entry.start = UInt32(batch.bytes.count)
            entry.firstCapture = UInt32(batch.captures.count)
            appendCaptured(row, layout, to: &batch)
            let textEnd = batch.bytes.count
            append(terminators, ordinal: row, row: row, nil, to: &batch.bytes)
            entry.terminatorLength = UInt32(batch.bytes.count - textEnd)
            entry.length = UInt32(batch.bytes.count) - entry.start
            appendFieldsOutside(row, layout, firstCapture: Int(entry.firstCapture), to: &batch)
            entry.layout = UInt16(layout)
            entry.severity = severities[row]
            entry.flags = EventBatch.Flags(rawValue: flags[row])
            entry.utcOffset = utcOffsets[row]
            entry.timestamp = times[row]
            entry.offset = fileOffsets[row]
            batch.rows.append(entry)
        }
        return batch
    }

    /// Offsets follow from the lengths of the rows before; only gaps between them are stored.
    private func fileOffsets(_ terminators: Column) throws(BlockError) -> [Int64] {
        let (first, gaps) = try block.offsets()
        var offsets: [Int64] = []
        offsets.reserveCapacity(block.rowCount)
        var end = first
        for row in 0..<block.rowCount {
            end = end &+ gaps[row]
            offsets.append(end)
            end = end &+ Int64(length(of: row) + length(terminators, ordinal: row, row: row, nil))
        }
        return offsets
    }

    private func length(of row: Int) -> Int {
        let number = Int(layoutNumbers[row])
        let layout = block.layouts[number]
        return layout.pieces.reduce(0) { length, piece in
            switch piece {
            case .literal(let literal): length + literal.count
            case .field(let field):
                length
                    + self.length(
                        columns[number][field], ordinal: Int(ordinals[row]), row: row,
                        layout.fields[field].format)
            }
        }
    }

    private func length(
        _ column: Column, ordinal: Int, row: Int, _ format: TimestampFormat?
    ) -> Int {
        switch column.storage {
        case .constant(let value): return value.count
        case .dictionary(let values, let codes): return values.range(Int(codes[ordinal])).count
        case .text(let values): return values.range(ordinal).count
        case .time:
            var scratch: [UInt8] = []
            append(column, ordinal: ordinal, row: row, format, to: &scratch)
            return scratch.count
        }
    }

    private func appendText(of row: Int, to bytes: inout [UInt8]) {
        let number = Int(layoutNumbers[row])
        let layout = block.layouts[number]
        for piece in layout.pieces {
            switch piece {
            case .literal(let literal): bytes.append(contentsOf: literal)
            case .field(let field):
                append(
                    columns[number][field], ordinal: Int(ordinals[row]), row: row,
                    layout.fields[field].format, to: &bytes)
            }
        }
    }

    private func appendCaptured(_ row: Int, _ number: Int, to batch: inout EventBatch) {
        let layout = block.layouts[number]
        let first = batch.captures.count
        for _ in layout.fields { batch.captures.append(EventBatch.Capture(0, 0)) }
        for piece in layout.pieces {
            switch piece {
            case .literal(let literal): batch.bytes.append(contentsOf: literal)
            case .field(let field):
                let start = batch.bytes.count
                append(
                    columns[number][field], ordinal: Int(ordinals[row]), row: row,
                    layout.fields[field].format, to: &batch.bytes)
                batch.captures[first + field] = EventBatch.Capture(start, batch.bytes.count)
            }
        }
    }

    private func appendFieldsOutside(
        _ row: Int, _ number: Int, firstCapture: Int, to batch: inout EventBatch
    ) {
        let layout = block.layouts[number]
        let inPieces = layout.fieldsInPieces
        for field in layout.fields.indices where !inPieces.contains(field) {
            let start = batch.bytes.count
            append(
                columns[number][field], ordinal: Int(ordinals[row]), row: row,
                layout.fields[field].format, to: &batch.bytes)
            batch.captures[firstCapture + field] = EventBatch.Capture(start, batch.bytes.count)
        }
    }

    @inline(__always)
    private func append(
        _ column: Column, ordinal: Int, row: Int, _ format: TimestampFormat?,
        to bytes: inout [UInt8]
    ) {
        switch column.storage {
        case .constant(let value): bytes.append(contentsOf: value)
        case .dictionary(let values, let codes):
            bytes.append(contentsOf: values[Int(codes[ordinal])])
        case .text(let values): bytes.append(contentsOf: values[ordinal])
        case .time(let exceptions):
            if let written = exceptions[ordinal] {
                bytes.append(contentsOf: written)
            } else {
                format?.render(
                    seconds: times[row].flooredDivision(by: 1_000_000_000),
                    nanoseconds: Int(times[row].flooredRemainder(by: 1_000_000_000)),
                    offset: Int(utcOffsets[row]), into: &bytes)
            }
        }
    }
}
