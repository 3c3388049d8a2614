internal import Arguments
internal import Glibc
internal import Presentation
internal import SQLite

/// Prints the rows of a statement: aligned for people, or as JSON or CSV.
struct RowOutput: ~Copyable {
    private let columns: [String]
    private let mode: OutputMode
    private let painter: Painter
    private let isTerminal = TerminalWindow.isTerminal(STDOUT_FILENO)
    private var stream = OutputStream(descriptor: STDOUT_FILENO)
    private var csv = CSVWriter()
    private var json = JSONWriter()
    /// Rows that wait for the widths of the columns; nil when those are known.
    private var waiting: [[Cell]]? = []
    private var widths: [Int]

    private struct Cell {
        var text: [UInt8]
        var isNumber = false
        var isNull = false
    }

    /// Widths are those of the first rows; longer cells further down stick out.
    private static let measuredRows = 500
    /// On a terminal, longer texts are cut in all columns but the last.
    private static let widest = 60

    init(_ columns: [String], _ arguments: ParsedArguments) throws {
        self.columns = columns
        guard !(arguments.isSet("json") && arguments.isSet("csv")) else {
            throw CommandFailure("--json and --csv exclude each other; choose one")
        }
        mode = arguments.isSet("json") ? .json : arguments.isSet("csv") ? .csv : .people
        let color = ColorMode(rawValue: arguments.string("color") ?? "auto") ?? .auto
        painter = Painter(isEnabled: color.isEnabled(for: STDOUT_FILENO))
        widths = columns.map { TextWidth.columns(of: SafeText.escaped($0)) }
        if mode == .csv {
            for column in columns { csv.field(column) }
            csv.endRow()
        }
    }

    /// Takes a row; false when nobody reads any more.
    mutating func append(_ row: [SQLValue]) throws -> Bool {
        switch mode {
        case .json: try appendJSON(row)
        case .csv: try appendCSV(row)
        default:
            let cells = row.map(Self.cell)
            for (index, cell) in cells.enumerated() where waiting != nil {
                widths[index] = max(widths[index], TextWidth.columns(of: cell.text.span))
            }
            guard waiting != nil else {
                try write(cells)
                break
            }
            waiting?.append(cells)
            if waiting?.count == Self.measuredRows { try writeWaiting() }
        }
        return stream.state == .open
    }

    /// Ends the output with a footer for people.
    mutating func finish(rows: Int, elapsed: Int64) throws {
        let header = csv.bytes
        if mode == .csv { _ = try stream.write(header.span) }
        if mode == .people, rows > 0 { try writeWaiting() }
        _ = try stream.flush()
        guard mode == .people else { return }
        let count = rows == 1 ? "1 row" : "\(HumanUnits.count(Int64(rows))) rows"
        Standard.error("\(count) · \(HumanUnits.duration(nanoseconds: elapsed))\n")
    }

    // MARK: For people

    private static func cell(_ value: SQLValue) -> Cell {
        var text: [UInt8] = []
        switch value {
        case .null: return Cell(text: Array("NULL".utf8), isNull: true)
        case .integer(let number): return Cell(text: Array(String(number).utf8), isNumber: true)
        case .real(let number): return Cell(text: Array(String(number).utf8), isNumber: true)
        case .text(let bytes): SafeText.append(bytes.span, to: &text)
        case .blob(let bytes): text = Array(hexadecimal(bytes).utf8)
        }
        return Cell(text: text)
    }

    private mutating func writeWaiting() throws {
        guard let rows = waiting else { return }
        waiting = nil
        if isTerminal {
            for index in widths.indices.dropLast() {
                widths[index] = min(widths[index], Self.widest)
            }
        }
        var header: [UInt8] = []
        for (index, column) in columns.enumerated() {
            let isNumber = rows.first { !$0[index].isNull }?[index].isNumber ?? false
            pad(Array(SafeText.escaped(column).utf8), index, isNumber: isNumber, to: &header)
        }
        var line: [UInt8] = []
        painter.append(header.span, in: .bold, to: &line)
        line.append(0x0A)
        _ = try stream.write(line.span)
        for row in rows { try write(row) }
    }

    private mutating func write(_ row: [Cell]) throws {
        var line: [UInt8] = []
        for (index, cell) in row.enumerated() {
            var padded: [UInt8] = []
            pad(cell.text, index, isNumber: cell.isNumber, to: &padded)
            painter.append(padded.span, in: cell.isNull ? .dim : nil, to: &line)
        }
        line.append(0x0A)
        _ = try stream.write(line.span)
    }

    private func pad(_ text: [UInt8], _ index: Int, isNumber: Bool, to line: inout [UInt8]) {
        if index > 0 { line += [0x20, 0x20] }
        let isLast = index == columns.count - 1
        if isLast, !isNumber {
            line += text
        } else if isTerminal, !isLast, !isNumber {
            TextWidth.append(text.span, fittedTo: widths[index], alignment: .leading, to: &line)
        } else {
            TextWidth.append(
                text.span, paddedTo: widths[index], alignment: isNumber ? .trailing : .leading,
                to: &line)
        }
    }

    // MARK: For programs

    private mutating func appendJSON(_ row: [SQLValue]) throws {
        json.beginObject()
        for (name, value) in zip(columns, row) {
            json.key(name)
            switch value {
            case .null: json.null()
            case .integer(let number): json.integer(number)
            case .real(let number): json.number(number)
            case .text(let bytes): json.string(bytes.span)
            case .blob(let bytes): json.string(Self.hexadecimal(bytes))
            }
        }
        json.endObject()
        json.endLine()
        let line = json.bytes
        json.removeAll()
        _ = try stream.write(line.span)
    }

    private mutating func appendCSV(_ row: [SQLValue]) throws {
        for value in row {
            switch value {
            case .null: csv.field("")
            case .integer(let number): csv.field(String(number))
            case .real(let number): csv.field(String(number))
            case .text(let bytes): csv.field(bytes.span)
            case .blob(let bytes): csv.field(Self.hexadecimal(bytes))
            }
        }
        csv.endRow()
        let line = csv.bytes
        csv.removeAll()
        _ = try stream.write(line.span)
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(
            decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
