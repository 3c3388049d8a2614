package import LogModel

/// Tables for other programs.
extension ResultTable {
    /// JSON Lines, an object a row with a member a column, in the columns' order.
    ///
    /// Whole numbers and sizes (in bytes), other numbers, shares (0 to 1) and durations (in seconds)
    /// are numbers, times RFC 3339 in UTC with nanoseconds, what a row does not have `null`.
    package func json() -> [UInt8] {
        var writer = JSONWriter()
        for row in rows {
            writer.beginObject()
            for (column, value) in zip(columns, row) {
                writer.key(column.name)
                value.write(to: &writer)
            }
            writer.endObject()
            writer.endLine()
        }
        return writer.bytes
    }

    /// A table with a header (RFC 4180); values as in JSON, but times in `zone`, and nothing for none.
    ///
    /// The header is left out where the rows go on those of a table before.
    package func csv(zone: Zone, hasHeader: Bool = true) -> [UInt8] {
        var writer = CSVWriter()
        if hasHeader {
            for column in columns { writer.field(column.name) }
            writer.endRow()
        }
        for row in rows {
            for value in row { writer.field(value.plainText(zone: zone).span) }
            writer.endRow()
        }
        return writer.bytes
    }
}

extension ResultTable.Value {
    func write(to writer: inout JSONWriter) {
        switch self {
        case .none: writer.null()
        case .text(let bytes): writer.string(bytes.span)
        case .integer(let number), .bytes(let number): writer.integer(number)
        case .number(let number), .duration(let number), .share(let number): writer.number(number)
        case .time: writer.string(plainText(zone: .utc).span)
        }
    }

    /// The value with all its figures and no unit; what is not finite is empty.
    func plainText(zone: Zone) -> [UInt8] {
        switch self {
        case .none: return []
        case .text(let bytes): return bytes
        case .integer(let number), .bytes(let number): return Array(String(number).utf8)
        case .number(let number), .duration(let number), .share(let number):
            guard number.isFinite else { return [] }
            let text = Array(number.description.utf8)
            return text.suffix(2).elementsEqual(".0".utf8) ? text.dropLast(2) : text
        case .time(let time):
            var text: [UInt8] = []
            RFC3339.append(time, zone: zone, to: &text)
            return text
        }
    }
}
