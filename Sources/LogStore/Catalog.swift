internal import LogModel
internal import SQLite

/// What the store knows of every source generation: how to recognise it and how far it is read.
package struct Generation: Sendable, Equatable {
    package var id: Int64 = 0
    /// Names the generation in event ids: hex digits of a hash of its first bytes.
    package var name: String
    /// The first bytes, up to 1024 (decompressed); grows while the file is shorter.
    package var head: [UInt8]
    package var host: String
    package var service: String
    package var environment: String
    package var path: String
    package var format: String
    package var zone: String
    /// Everything before this offset is in the partitions.
    package var position: Int64 = 0
    /// Where the last event begins that more lines could still belong to, and the number of the day
    /// it was stored in; `position`, and nil, when there is none. When the file has grown, the event
    /// is taken back and read again from here.
    package var openOffset: Int64 = 0
    package var openDay: Int64?
    /// The parser's last time at `openOffset`, so that reading goes on as if it had not stopped.
    package var lastTime: Int64
    /// The time of events for which none can be had, fixed when the generation was first seen.
    package var fallbackTime: Int64
    package var observed: Int64

    package init(
        name: String, head: [UInt8], host: String, service: String, environment: String,
        path: String, format: String, zone: String, fallbackTime: Int64, observed: Int64
    ) {
        self.name = name
        self.head = head
        self.host = host
        self.service = service
        self.environment = environment
        self.path = path
        self.format = format
        self.zone = zone
        self.lastTime = fallbackTime
        self.fallbackTime = fallbackTime
        self.observed = observed
    }
}

/// A place in a generation that was reached, and a hash of the bytes before it.
package struct Checkpoint: Sendable, Equatable {
    package let position: Int64
    /// Of up to 256 bytes before `position`.
    package let guardHash: [UInt8]

    package init(position: Int64, guardHash: [UInt8]) {
        self.position = position
        self.guardHash = guardHash
    }
}

/// The store's catalogue, `catalog.db`: generations, their checkpoints, and the names of attributes.
///
/// It is written after the partitions: a position here is a promise that all partitions have what
/// is before it. Between the two, after a crash, partitions know better and drop what they have.
final class Catalog {
    private let connection: Connection

    private static let schema = """
        CREATE TABLE generation(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,
            head BLOB NOT NULL, host TEXT NOT NULL, service TEXT NOT NULL,
            environment TEXT NOT NULL, path TEXT NOT NULL, format TEXT NOT NULL, zone TEXT NOT NULL,
            position INTEGER NOT NULL, last_time INTEGER NOT NULL, fallback_time INTEGER NOT NULL,
            observed INTEGER NOT NULL, open_offset INTEGER NOT NULL, open_day INTEGER);
        CREATE INDEX generation_head ON generation(substr(head, 1, 16));
        CREATE TABLE checkpoint(generation INTEGER NOT NULL, position INTEGER NOT NULL,
            guard BLOB NOT NULL, PRIMARY KEY(generation, position)) WITHOUT ROWID;
        CREATE TABLE attribute(name TEXT PRIMARY KEY) WITHOUT ROWID
        """

    private static let columns =
        "id, name, head, host, service, environment, path, format, zone, position, last_time, "
        + "fallback_time, observed, open_offset, open_day"

    init(writing path: String) throws(StoreError) {
        connection = try StoreFile.openForWriting(
            path, id: StoreFormat.catalogID, schema: Self.schema)
    }

    init(reading path: String) throws(StoreError) {
        connection = try StoreFile.openForReading(path, id: StoreFormat.catalogID)
    }

    /// Generations of `host` whose head and `head` agree as far as both go.
    func candidates(head: [UInt8], host: String) throws(StoreError) -> [Generation] {
        let sql =
            head.count < 16
            ? "SELECT \(Self.columns) FROM generation WHERE host = ?1 AND ?2 IS NOT NULL"
            : """
            SELECT \(Self.columns) FROM generation
            WHERE substr(head, 1, 16) = ?2 AND host = ?1
            UNION ALL SELECT \(Self.columns) FROM generation
            WHERE length(head) < 16 AND host = ?1
            """
        return try running { () throws(SQLiteError) in
            let statement = try Statement(sql, on: connection)
            statement.bind(host, at: 1)
            statement.bind(blob: Array(head.prefix(16)), at: 2)
            var found: [Generation] = []
            while try statement.step() {
                let generation = Self.generation(statement)
                let shared = min(generation.head.count, head.count)
                if shared > 0, generation.head[..<shared] == head[..<shared] {
                    found.append(generation)
                }
            }
            return found
        }
    }

    func generations() throws(StoreError) -> [Generation] {
        try running { () throws(SQLiteError) in
            let statement = try Statement(
                "SELECT \(Self.columns) FROM generation ORDER BY id", on: connection)
            var found: [Generation] = []
            while try statement.step() { found.append(Self.generation(statement)) }
            return found
        }
    }

    private static func generation(_ row: borrowing Statement) -> Generation {
        var generation = Generation(
            name: row.text(1), head: row.blob(2), host: row.text(3), service: row.text(4),
            environment: row.text(5), path: row.text(6), format: row.text(7), zone: row.text(8),
            fallbackTime: row.integer(11), observed: row.integer(12))
        generation.id = row.integer(0)
        generation.position = row.integer(9)
        generation.lastTime = row.integer(10)
        generation.openOffset = row.integer(13)
        generation.openDay = row.isNull(14) ? nil : row.integer(14)
        return generation
    }

    func exists(name: String) throws(StoreError) -> Bool {
        try running { () throws(SQLiteError) in
            let statement = try Statement(
                "SELECT 1 FROM generation WHERE name = ?", on: connection)
            statement.bind(name, at: 1)
            return try statement.step()
        }
    }

    /// Adds a generation, durably, before any of its events: its times must not change later.
    func insert(_ generation: Generation) throws(StoreError) -> Int64 {
        try running { () throws(SQLiteError) in
            let statement = try Statement(
                """
                INSERT INTO generation(name, head, host, service, environment, path, format, zone,
                    position, last_time, fallback_time, observed, open_offset)
                VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)
                """, on: connection)
            statement.bind(generation.name, at: 1)
            statement.bind(blob: generation.head, at: 2)
            for (index, text) in [
                generation.host, generation.service, generation.environment, generation.path,
                generation.format, generation.zone,
            ].enumerated() {
                statement.bind(text, at: Int32(index + 3))
            }
            for (index, value) in [
                generation.position, generation.lastTime, generation.fallbackTime,
                generation.observed,
            ].enumerated() {
                statement.bind(value, at: Int32(index + 9))
            }
            try statement.run()
            return connection.lastInsertedRow
        }
    }

    /// Notes what became known of a generation since it was added: its head, its format.
    func update(_ generation: Generation) throws(StoreError) {
        try running { () throws(SQLiteError) in
            let statement = try Statement(
                "UPDATE generation SET head = ?, format = ?, service = ? WHERE id = ?",
                on: connection)
            statement.bind(blob: generation.head, at: 1)
            statement.bind(generation.format, at: 2)
            statement.bind(generation.service, at: 3)
            statement.bind(generation.id, at: 4)
            try statement.run()
        }
    }

    /// The last checkpoint of a generation at or before `position`.
    func checkpoint(of id: Int64, upTo position: Int64) throws(StoreError) -> Checkpoint? {
        try running { () throws(SQLiteError) in
            let statement = try Statement(
                """
                SELECT position, guard FROM checkpoint WHERE generation = ? AND position <= ?
                ORDER BY position DESC LIMIT 1
                """, on: connection)
            statement.bind(id, at: 1)
            statement.bind(position, at: 2)
            guard try statement.step() else { return nil }
            return Checkpoint(position: statement.integer(0), guardHash: statement.blob(1))
        }
    }

    /// All that a commit changes, in one transaction.
    func commit(
        _ progress: [GenerationProgress], attributes: Set<String>
    ) throws(StoreError) {
        try running { () throws(SQLiteError) in
            try connection.execute("BEGIN IMMEDIATE")
            do throws(SQLiteError) {
                try write(progress, attributes)
                try connection.execute("COMMIT")
            } catch {
                try? connection.execute("ROLLBACK")
                throw error
            }
        }
    }

    private func write(
        _ progress: [GenerationProgress], _ attributes: Set<String>
    ) throws(SQLiteError) {
        let update = try Statement(
            """
            UPDATE generation SET position = max(position, ?1), last_time = ?2, open_offset = ?3,
                open_day = ?4 WHERE id = ?5
            """, on: connection)
        let insert = try Statement(
            "INSERT OR REPLACE INTO checkpoint(generation, position, guard) VALUES(?, ?, ?)",
            on: connection)
        for item in progress {
            update.bind(item.checkpoint.position, at: 1)
            update.bind(item.lastTime, at: 2)
            update.bind(item.openOffset, at: 3)
            if let day = item.openDay {
                update.bind(day.number, at: 4)
            } else {
                update.bindNull(at: 4)
            }
            update.bind(item.generation, at: 5)
            try update.run()
            insert.bind(item.generation, at: 1)
            insert.bind(item.checkpoint.position, at: 2)
            insert.bind(blob: item.checkpoint.guardHash, at: 3)
            try insert.run()
        }
        let name = try Statement(
            "INSERT OR IGNORE INTO attribute(name) VALUES(?)", on: connection)
        for attribute in attributes {
            name.bind(attribute, at: 1)
            try name.run()
        }
    }

    /// The names of all attributes that any stored event can have.
    func sources() throws(StoreError) -> [EventSource] {
        try running { () throws(SQLiteError) in
            let statement = try Statement(
                "SELECT DISTINCT host, service, environment, path FROM generation", on: connection)
            var found: [EventSource] = []
            while try statement.step() {
                found.append(
                    EventSource(
                        host: statement.text(0), service: statement.text(1),
                        environment: statement.text(2), path: statement.text(3)))
            }
            return found
        }
    }

    func attributes() throws(StoreError) -> Set<String> {
        try running { () throws(SQLiteError) in
            let statement = try Statement("SELECT name FROM attribute", on: connection)
            var names: Set<String> = []
            while try statement.step() { names.insert(statement.text(0)) }
            return names
        }
    }

    private func running<Result>(
        _ body: () throws(SQLiteError) -> Result
    ) throws(StoreError) -> Result {
        do { return try body() } catch { throw StoreError(error) }
    }
}

/// How far a commit brings a generation.
package struct GenerationProgress: Sendable {
    package var generation: Int64
    package var checkpoint: Checkpoint
    /// Where the last event begins that can still grow, and its day; else the checkpoint's place.
    package var openOffset: Int64
    package var openDay: Day?
    package var lastTime: Int64

    package init(
        generation: Int64, checkpoint: Checkpoint, openOffset: Int64, openDay: Day?,
        lastTime: Int64
    ) {
        self.generation = generation
        self.checkpoint = checkpoint
        self.openOffset = openOffset
        self.openDay = openDay
        self.lastTime = lastTime
    }
}
