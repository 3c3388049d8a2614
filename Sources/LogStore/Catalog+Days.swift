internal import LogModel
internal import SQLite

/// Events that were removed from the store, of one generation and for one reason.
package struct Removal: Sendable, Equatable {
    package let day: Day
    /// When, in nanoseconds UTC.
    package let time: Int64
    package let reason: RemovalReason
    /// Empty where the day could not be read any more.
    package let generation: String
    package let events: Int
    /// Of original text.
    package let bytes: Int64
}

/// Which days there are, and which were removed: the tables `day` and `removal`.
extension Catalog {
    func knownDays() throws(StoreError) -> [Day] {
        try running { () throws(SQLiteError) in
            let statement = try Statement("SELECT number FROM day ORDER BY number", on: connection)
            var days: [Day] = []
            while try statement.step() { days.append(Day(number: statement.integer(0))) }
            return days
        }
    }

    /// What whole days had that were removed, those of `days`.
    func removals(of days: ClosedRange<Int64>) throws(StoreError) -> [Removal] {
        try running { () throws(SQLiteError) in
            let statement = try Statement(
                """
                SELECT day, time, reason, generation, events, bytes FROM removal
                WHERE day BETWEEN ? AND ?
                """, on: connection)
            statement.bind(days.lowerBound, at: 1)
            statement.bind(days.upperBound, at: 2)
            return try Self.removals(statement)
        }
    }

    /// What was removed of a generation with whole days.
    func removals(ofGeneration generation: String) throws(StoreError) -> [Removal] {
        try running { () throws(SQLiteError) in
            let statement = try Statement(
                """
                SELECT day, time, reason, generation, events, bytes FROM removal
                WHERE generation = ?
                """, on: connection)
            statement.bind(generation, at: 1)
            return try Self.removals(statement)
        }
    }

    private static func removals(
        _ statement: borrowing Statement
    ) throws(SQLiteError) -> [Removal] {
        var found: [Removal] = []
        while try statement.step() {
            guard let reason = RemovalReason(rawValue: statement.text(2)) else { continue }
            found.append(
                Removal(
                    day: Day(number: statement.integer(0)), time: statement.integer(1),
                    reason: reason, generation: statement.text(3),
                    events: Int(statement.integer(4)), bytes: statement.integer(5)))
        }
        return found
    }

    /// Notes that a day is gone, with what it had, in a transaction of its own.
    func write(_ removed: RemovedDay, _ events: RemovedEvents) throws(StoreError) {
        try commitGenerations()
        try running { () throws(SQLiteError) in
            try connection.execute("BEGIN IMMEDIATE")
            do throws(SQLiteError) {
                try insert(removed, events)
                let statement = try Statement("DELETE FROM day WHERE number = ?", on: connection)
                statement.bind(removed.day.number, at: 1)
                try statement.run()
                try connection.execute("COMMIT")
            } catch {
                try? connection.execute("ROLLBACK")
                throw error
            }
        }
    }

    private func insert(_ removed: RemovedDay, _ events: RemovedEvents) throws(SQLiteError) {
        let statement = try Statement(
            "INSERT OR REPLACE INTO removal VALUES(?, ?, ?, ?, ?, ?)", on: connection)
        var rows: [(String, RemovalReason, RemovedEvents.Count)] = []
        for (generation, counts) in events.counts {
            for (reason, count) in counts { rows.append((generation, reason, count)) }
        }
        if rows.isEmpty { rows.append(("", removed.reason, .init())) }
        for (generation, reason, count) in rows {
            statement.bind(removed.day.number, at: 1)
            statement.bind(removed.time, at: 2)
            statement.bind(reason.rawValue, at: 3)
            statement.bind(generation, at: 4)
            statement.bind(Int64(count.events), at: 5)
            statement.bind(count.bytes, at: 6)
            try statement.run()
        }
    }
}

extension Store {
    /// Days that have events and no file: someone removed it without saying so.
    package func missingDays(in times: Range<Int64>) throws(StoreError) -> [Day] {
        // In this order: a day is noted after its file was made.
        let known = try catalog().knownDays()
        let there = Set(try days())
        guard known.contains(where: { !there.contains($0) }) else { return [] }
        // A day that is being removed is known until that is noted, and then not any more.
        let removed = Set(try StoreLayout.removedDays(directory).map(\.day))
        return try catalog().knownDays().filter {
            !there.contains($0) && !removed.contains($0) && $0.end > times.lowerBound
                && $0.start < times.upperBound
        }
    }

    /// The same as errors that say what to do.
    package func missingDayErrors(in times: Range<Int64>) throws(StoreError) -> [StoreError] {
        try missingDays(in: times).map {
            .missingDay($0, path: StoreLayout.partition(directory, $0))
        }
    }

    /// What was removed with whole days that can have had events of `times`.
    package func removals(in times: Range<Int64>) throws(StoreError) -> [Removal] {
        guard !times.isEmpty else { return [] }
        let days = Day(of: times.lowerBound).number...Day(of: times.upperBound - 1).number
        return try catalog().removals(of: days)
    }

    /// What was removed of a generation with whole days.
    package func removals(ofGeneration generation: String) throws(StoreError) -> [Removal] {
        try catalog().removals(ofGeneration: generation)
    }
}
