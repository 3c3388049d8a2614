internal import Glibc
internal import LogModel
internal import LogQuery
internal import Presentation

/// `logq search` with a query that has pipes.
struct PipedCommand {
    let piped: PipedSearch
    private let request: SearchRequest
    private let mode: OutputMode
    private let settings: PictureSettings

    init(
        _ search: Search, _ request: SearchRequest, _ mode: OutputMode, color: ColorMode
    ) throws {
        piped = PipedSearch(search)
        self.request = request
        self.mode = mode
        settings = PictureSettings(
            descriptor: STDOUT_FILENO, color: color, zone: request.zone)
        if mode == .raw, piped.output != .events {
            throw CommandFailure(
                "--raw prints original lines, and the stages of this query make a table; "
                    + "leave --raw out, or write --csv")
        }
    }

    /// Prints the answer; returns how many rows or events it has.
    func print(to output: inout SearchOutput) throws -> Int {
        let found: Int
        switch piped.output {
        case .events: found = try events(&output)
        case .table(let columns): found = try rows(columns, &output)
        case .timeline: found = try timeline(&output)
        }
        if mode == .count { try output.count(found) }
        try output.flush()
        return found
    }

    private func events(_ output: inout SearchOutput) throws -> Int {
        output.header()
        if piped.hasContext { output.markMatches() }
        var failure: (any Error)?
        let found = try piped.events { event in
            do {
                return try output.append(event)
            } catch {
                failure = error
                return false
            }
        }
        if let failure { throw failure }
        return found
    }

    private func rows(
        _ columns: [ResultTable.Column], _ output: inout SearchOutput
    ) throws -> Int {
        if mode == .people {
            var table = try piped.table()
            // Standard error says them.
            table.notes = []
            if !table.rows.isEmpty { try output.append(TableView(settings).text(table)) }
            return table.rows.count
        }
        var printer = RowPrinter(columns, mode, request.zone)
        var failure: (any Error)?
        let found = try piped.rows { row in
            do {
                return try output.append(printer.line(row))
            } catch {
                failure = error
                return false
            }
        }
        if let failure { throw failure }
        return found
    }

    private func timeline(_ output: inout SearchOutput) throws -> Int {
        guard var timeline = try piped.timeline(), timeline.bucketCount > 0 else { return 0 }
        // Standard error says them.
        timeline.notes = []
        if mode == .people {
            try output.append(TimeChartView(settings).picture(timeline))
            return timeline.bucketCount
        }
        let table = timeline.table
        var printer = RowPrinter(table.columns, mode, request.zone)
        for row in table.rows {
            guard try output.append(printer.line(row)) else { break }
        }
        return table.rows.count
    }
}

/// Rows of a table as lines for programs.
private struct RowPrinter {
    private let columns: [ResultTable.Column]
    private let mode: OutputMode
    private let zone: Zone
    private var json = JSONWriter()
    private var csv = CSVWriter()

    init(_ columns: [ResultTable.Column], _ mode: OutputMode, _ zone: Zone) {
        self.columns = columns
        self.mode = mode
        self.zone = zone
        if mode == .csv { csv.appendHeader(columns) }
    }

    /// The row's line, behind the header where it is the first.
    mutating func line(_ row: [ResultTable.Value]) -> [UInt8] {
        switch mode {
        case .json:
            json.removeAll()
            json.append(row, of: columns)
            return json.bytes
        case .csv:
            csv.append(row, zone: zone)
            defer { csv.removeAll() }
            return csv.bytes
        case .people, .raw, .count: return []
        }
    }
}
