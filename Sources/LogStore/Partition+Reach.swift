internal import SQLite

/// How far a day has come, by which a later look at it tells what is new.
extension Partition {
    package struct Reach: Sendable {
        /// The number of the last block that the day has had; those that come will have greater ones.
        package var lastBlock: Int64 = 0
        /// By generation, where the bytes of its open event are: its events before that stay as
        /// they are, and others begin there or behind it. Empty where no event is open.
        package var open: [String: Range<Int64>] = [:]
    }

    /// How far the day has come with these generations, or with all. Costs a look-up each.
    package func reach(of generations: Set<String>? = nil) throws(StoreError) -> Reach {
        try reading { () throws(SQLiteError) in
            var reach = Reach()
            reach.lastBlock = try connection.lastBlock()
            let rows = "SELECT generation, open_offset, position FROM progress"
            guard let generations else {
                try Self.read(Statement(rows, on: connection), into: &reach)
                return reach
            }
            let statement = try Statement(rows + " WHERE generation = ?", on: connection)
            for generation in generations {
                statement.bind(generation, at: 1)
                try Self.read(statement, into: &reach)
                statement.reset()
            }
            return reach
        }
    }

    private static func read(
        _ statement: borrowing Statement, into reach: inout Reach
    ) throws(SQLiteError) {
        while try statement.step() {
            let start = statement.integer(1)
            reach.open[statement.text(0)] = start..<max(start, statement.integer(2))
        }
    }
}

extension Connection {
    /// The number of the last block that was ever put into the day, after compactions too.
    func lastBlock() throws(SQLiteError) -> Int64 {
        try integer("SELECT seq FROM sqlite_sequence WHERE name = 'block'") ?? 0
    }
}
