internal import LogModel
internal import SQLite

/// What a day had of each generation and was removed from it, by reason: its table `removed`.
package struct RemovedEvents: Sendable, Equatable {
    package struct Count: Sendable, Equatable {
        package var events = 0
        /// Of original text.
        package var bytes: Int64 = 0

        package init(events: Int = 0, bytes: Int64 = 0) {
            self.events = events
            self.bytes = bytes
        }

        mutating func add(_ row: EventBatch.Row) {
            events += 1
            bytes += Int64(row.length)
        }

        mutating func add(_ other: Count) {
            events += other.events
            bytes += other.bytes
        }
    }

    /// By generation.
    package private(set) var counts: [String: [RemovalReason: Count]] = [:]

    package init() {}

    mutating func add(_ removed: [RemovalReason: Count], of generation: String) {
        for (reason, count) in removed where count != Count() {
            counts[generation, default: [:]][reason, default: Count()].add(count)
        }
    }
}

extension Partition {
    /// What was removed from the day.
    package func removedEvents() throws(StoreError) -> RemovedEvents {
        try reading { () throws(SQLiteError) in
            let statement = try Statement(
                "SELECT generation, reason, events, bytes FROM removed", on: connection)
            var found = RemovedEvents()
            while try statement.step() {
                guard let reason = RemovalReason(rawValue: statement.text(1)) else { continue }
                let count = RemovedEvents.Count(
                    events: Int(statement.integer(2)), bytes: statement.integer(3))
                found.add([reason: count], of: statement.text(0))
            }
            return found
        }
    }

    /// What would be lost with the day, as removed for `reason`, and what was removed before.
    func allAsRemoved(_ reason: RemovalReason) throws(StoreError) -> RemovedEvents {
        var all = try removedEvents()
        try reading { () throws(SQLiteError) in
            let statement = try Statement(
                """
                SELECT generation, total(events), total(raw_bytes) FROM block
                JOIN source ON source.id = block.source GROUP BY generation
                """, on: connection)
            while try statement.step() {
                let count = RemovedEvents.Count(
                    events: Int(statement.integer(1)), bytes: statement.integer(2))
                all.add([reason: count], of: statement.text(0))
            }
        }
        return all
    }
}

extension PartitionWriter {
    /// Adds to what was removed from the day, in the open transaction.
    func add(_ removed: RemovedEvents) throws(StoreError) {
        try begin()
        try writing { () throws(SQLiteError) in
            let statement = try Statement(
                """
                INSERT INTO removed(generation, reason, events, bytes) VALUES(?1, ?2, ?3, ?4)
                ON CONFLICT DO UPDATE SET events = events + ?3, bytes = bytes + ?4
                """, on: connection)
            for (generation, counts) in removed.counts {
                for (reason, count) in counts {
                    statement.bind(generation, at: 1)
                    statement.bind(reason.rawValue, at: 2)
                    statement.bind(Int64(count.events), at: 3)
                    statement.bind(count.bytes, at: 4)
                    try statement.run()
                }
            }
        }
    }
}

// An event that may still grow must not come back with its file's next lines when it was removed.
extension Partition {
    /// By generation, where its last event in this day ends.
    func ends() throws(StoreError) -> [String: Int64] {
        try reading { () throws(SQLiteError) in
            let statement = try Statement(
                """
                SELECT generation, max(end_offset) FROM block
                JOIN source ON source.id = block.source GROUP BY generation
                """, on: connection)
            var ends: [String: Int64] = [:]
            while try statement.step() { ends[statement.text(0)] = statement.integer(1) }
            return ends
        }
    }
}

extension Catalog {
    /// Notes of the open events that a day has that they are removed, in a transaction of its own:
    /// those that lie before where their generation ended in it, and not before where it will.
    func leaveOutOpenEvents(
        of day: Day, before: [String: Int64], after: [String: Int64]
    ) throws(StoreError) {
        try commitGenerations()
        try running { () throws(SQLiteError) in
            let open = try Statement(
                "SELECT id, name, open_offset FROM generation WHERE open_day = ?", on: connection)
            open.bind(day.number, at: 1)
            var removed: [(id: Int64, bytes: Int64)] = []
            while try open.step() {
                let (name, offset) = (open.text(1), open.integer(2))
                guard let end = before[name], end > offset, after[name] ?? 0 <= offset else {
                    continue
                }
                removed.append((open.integer(0), end - offset))
            }
            guard !removed.isEmpty else { return }
            let cases = removed.map { "WHEN \($0.id) THEN \($0.bytes)" }.joined(separator: " ")
            let ids = removed.map { String($0.id) }.joined(separator: ",")
            try connection.execute(
                """
                UPDATE generation SET open_day = NULL, open_removed = CASE id \(cases) END
                WHERE id IN (\(ids))
                """)
        }
    }
}
