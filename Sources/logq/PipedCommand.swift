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

    /// Prints rows in tables of some thousands, so that they need not all be held.
    private func rows(
        _ columns: [ResultTable.Column], _ output: inout SearchOutput
    ) throws -> Int {
        var table = ResultTable(columns: columns)
        var isFirst = true
        var failure: (any Error)?
        func write() -> Bool {
            guard isFirst && mode == .csv || !table.rows.isEmpty else { return true }
            defer {
                table.rows.removeAll(keepingCapacity: true)
                isFirst = false
            }
            do {
                return try output.append(text(table, isFirst: isFirst))
            } catch {
                failure = error
                return false
            }
        }
        let found = try piped.rows { row in
            table.rows.append(row)
            return table.rows.count < Self.rowsInTable || write()
        }
        _ = write()
        if let failure { throw failure }
        return found
    }

    private static let rowsInTable = 10_000

    private func text(_ table: ResultTable, isFirst: Bool = true) -> [UInt8] {
        switch mode {
        case .people: TableView(settings).text(table)
        case .json: table.json()
        case .csv: table.csv(zone: request.zone, hasHeader: isFirst)
        case .raw, .count: []
        }
    }

    private func timeline(_ output: inout SearchOutput) throws -> Int {
        guard var timeline = try piped.timeline(), timeline.bucketCount > 0 else { return 0 }
        // They go to standard error, whatever the mode.
        timeline.notes = []
        try output.append(
            mode == .people
                ? TimeChartView(settings).picture(timeline) : text(timeline.table))
        return timeline.bucketCount
    }
}
