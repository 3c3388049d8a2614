package import LogModel

/// Makes batches by hand, event by event, as a parser would.
package struct BatchBuilder {
    package private(set) var batch = EventBatch()
    /// Where the next event begins in its file.
    package private(set) var offset: Int64

    package init(offset: Int64 = 0) { self.offset = offset }

    /// Adds an event whose text follows from `layout` and the bytes of its fields.
    package mutating func add(
        _ values: [[UInt8]], _ layout: Layout, at time: Int64, severity: UInt8 = 0,
        flags: EventBatch.Flags = [], utcOffset: Int32 = 0, terminator: [UInt8] = [0x0A],
        gap: Int64 = 0
    ) {
        var row = EventBatch.Row()
        row.start = UInt32(batch.bytes.count)
        row.layout = batch.index(of: layout)
        row.firstCapture = UInt32(batch.captures.count)
        var captures = Array(repeating: EventBatch.Capture(0, 0), count: layout.fields.count)
        var outside = Set(layout.fields.indices)
        for piece in layout.pieces {
            switch piece {
            case .literal(let literal): batch.bytes += literal
            case .field(let field):
                captures[field] = append(values[field])
                outside.remove(field)
            }
        }
        let text = Array(batch.bytes[Int(row.start)...])
        batch.bytes += terminator
        row.length = UInt32(batch.bytes.count) - row.start
        row.terminatorLength = UInt32(terminator.count)
        for field in outside.sorted() { captures[field] = append(values[field]) }
        row.severity = severity
        row.flags = flags
        if !text.withUnsafeBufferPointer({ UTF8Bytes.isValid($0) }) {
            row.flags.insert(.isInvalidUTF8)
        }
        row.utcOffset = utcOffset
        row.timestamp = time
        offset += gap
        row.offset = offset
        offset += Int64(row.length)
        batch.rows.append(row)
        batch.captures += captures
    }

    /// Adds an event that no parser fits.
    package mutating func add(line: String, at time: Int64, severity: UInt8 = 0) {
        add([Array(line.utf8)], .unparsed, at: time, severity: severity, flags: .isUnparsed)
    }

    private mutating func append(_ value: [UInt8]) -> EventBatch.Capture {
        let start = batch.bytes.count
        batch.bytes += value
        return EventBatch.Capture(start, batch.bytes.count)
    }
}

extension EventBatch {
    /// The original bytes of a row, with its terminator.
    package func original(_ row: Int) -> [UInt8] {
        let row = rows[row]
        return Array(bytes[Int(row.start)..<Int(row.start + row.length)])
    }

    /// The captured bytes of each field of a row.
    package func values(_ row: Int) -> [[UInt8]] {
        let layout = layouts[Int(rows[row].layout)]
        let first = Int(rows[row].firstCapture)
        return layout.fields.indices.map { field in
            let capture = captures[first + field]
            return Array(bytes[Int(capture.start)..<Int(capture.end)])
        }
    }
}
