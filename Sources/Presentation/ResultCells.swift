package import LogModel

/// Cells of a piped query's answer as text for people, and rows as JSON and CSV.
package struct ResultCells {
    private let zone: Zone

    package init(zone: Zone) { self.zone = zone }

    /// The cell as a person reads it; what a log says is made safe for a terminal.
    package func text(_ value: ResultTable.Value) -> [UInt8] {
        switch value {
        case .none: return Array("-".utf8)
        case .text(let text):
            var safe: [UInt8] = []
            SafeText.append(text.span, to: &safe)
            return safe
        case .integer(let integer): return Array(HumanUnits.count(integer).utf8)
        case .number(let number): return Array(Self.short(number).utf8)
        case .time(let time): return local(time)
        case .duration(let seconds): return Array(HumanUnits.duration(seconds: seconds).utf8)
        case .bytes(let count): return Array(HumanUnits.bytes(count).utf8)
        case .share(let share): return Array((Self.short(share * 100) + " %").utf8)
        }
    }

    private func local(_ time: Int64) -> [UInt8] {
        var text: [UInt8] = []
        let digits = time % 1_000_000_000 == 0 ? 0 : 3
        RFC3339.append(time, zone: zone, fractionDigits: digits, to: &text)
        text = Array(text.prefix(digits == 0 ? 19 : 23))
        if text.count > 10 { text[10] = 0x20 }
        return text
    }

    /// Three decimals at most, and none that are zero.
    private static func short(_ number: Double) -> String {
        let rounded = (number * 1000).rounded() / 1000
        guard rounded.isFinite, rounded.magnitude < 1e15 else { return String(number) }
        let text = String(rounded)
        return text.hasSuffix(".0") ? HumanUnits.count(Int64(rounded)) : text
    }

    /// Appends the row as one JSON object: numbers as such, durations in seconds, times in UTC.
    package func appendJSON(
        _ row: [ResultTable.Value], _ columns: [ResultTable.Column], to writer: inout JSONWriter
    ) {
        writer.beginObject()
        for (column, value) in zip(columns, row) {
            writer.key(column.name)
            switch value {
            case .none: writer.null()
            case .text(let text): writer.string(text.span)
            case .integer(let integer), .bytes(let integer): writer.integer(integer)
            case .number(let number), .duration(let number), .share(let number):
                writer.number(number)
            case .time(let time):
                var text: [UInt8] = []
                RFC3339.append(time, to: &text)
                writer.string(text.span)
            }
        }
        writer.endObject()
        writer.endLine()
    }

    /// Appends the row as CSV: plain numbers, durations in seconds, times in the zone.
    package func appendCSV(_ row: [ResultTable.Value], to writer: inout CSVWriter) {
        for value in row {
            switch value {
            case .none: writer.field("")
            case .text(let text): writer.field(text.span)
            case .integer(let integer), .bytes(let integer): writer.field(String(integer))
            case .number(let number), .duration(let number), .share(let number):
                let text = String(number)
                writer.field(text.hasSuffix(".0") ? String(text.dropLast(2)) : text)
            case .time(let time):
                var text: [UInt8] = []
                RFC3339.append(time, zone: zone, to: &text)
                writer.field(text.span)
            }
        }
        writer.endRow()
    }

    /// The table with its header, in columns with two blanks between them; numbers to the right.
    package func table(_ table: ResultTable) -> [UInt8] {
        let header = table.columns.map { Array($0.name.utf8) }
        let rows = [header] + table.rows.map { $0.map(text) }
        var widths = header.map { TextWidth.columns(of: $0.span) }
        for row in rows {
            for (index, cell) in row.enumerated() {
                widths[index] = max(widths[index], TextWidth.columns(of: cell.span))
            }
        }
        var output: [UInt8] = []
        for row in rows {
            for (index, cell) in row.enumerated() {
                let isLast = index == row.count - 1
                let isNumeric = table.columns[index].isNumeric
                if index > 0 { output += [0x20, 0x20] }
                TextWidth.append(
                    cell.span, paddedTo: isLast && !isNumeric ? 0 : widths[index],
                    alignment: isNumeric ? .trailing : .leading, to: &output)
            }
            output.append(0x0A)
        }
        return output
    }
}
