internal import LogModel
internal import LogQuery
internal import Presentation

/// `logq search` with a query that has pipes.
struct PipedCommand {
    let piped: PipedSearch
    private let mode: OutputMode
    private let settings: PictureSettings

    init(
        _ search: Search, _ mode: OutputMode, _ settings: PictureSettings
    ) throws {
        piped = PipedSearch(search)
        self.mode = mode
        self.settings = settings
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
        case .table(let columns): found = try rows(columns)
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

    private func rows(_ columns: [ResultTable.Column]) throws -> Int {
        var output = TableOutput(columns, mode, settings)
        var failure: (any Error)?
        let found = try piped.rows { row in
            do {
                return try output.append(row)
            } catch {
                failure = error
                return false
            }
        }
        if let failure { throw failure }
        try output.finish()
        return found
    }

    private func timeline(_ output: inout SearchOutput) throws -> Int {
        guard var timeline = try piped.timeline(), timeline.bucketCount > 0 else { return 0 }
        // They go to standard error, whatever the mode.
        timeline.notes = []
        if mode == .people {
            try output.append(TimeChartView(settings).picture(timeline))
        } else {
            var rows = TableOutput(timeline.table.columns, mode, settings)
            for row in timeline.table.rows where try !rows.append(row) { break }
            try rows.finish()
        }
        return timeline.bucketCount
    }
}
