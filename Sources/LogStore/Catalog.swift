internal import LogModel
internal import SQLite

/// The store's catalogue, `catalog.db`: generations, their checkpoints, the names of attributes, and
/// what a shipper tells of its files.
///
/// It is written after the partitions: a position here is a promise that all partitions have what
/// is before it. Between the two, after a crash, partitions know better and drop what they have.
final class Catalog {
    let connection: Connection

    /// Whether something of a generation may be missing (`Gap`); as in the index, or it is not used.
    private static let gapCondition =
        "cut_at IS NOT NULL OR missing_since IS NOT NULL AND seen_size > position"

    private static let schema = """
        CREATE TABLE generation(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,
            head BLOB NOT NULL, host TEXT NOT NULL, service TEXT NOT NULL,
            environment TEXT NOT NULL, path TEXT NOT NULL, format TEXT NOT NULL, zone TEXT NOT NULL,
            position INTEGER NOT NULL, last_time INTEGER NOT NULL, fallback_time INTEGER NOT NULL,
            observed INTEGER NOT NULL, open_offset INTEGER NOT NULL, open_day INTEGER,
            open_removed INTEGER, seen_size INTEGER NOT NULL DEFAULT 0, missing_since INTEGER, cut_at INTEGER);
        CREATE INDEX generation_start ON generation(substr(head, 1, 16));
        CREATE INDEX generation_head ON generation(substr(head, 1, 64));
        CREATE INDEX generation_short ON generation(host) WHERE length(head) < 64;
        CREATE INDEX generation_gap ON generation(id) WHERE \(gapCondition);
        CREATE TABLE checkpoint(generation INTEGER NOT NULL, position INTEGER NOT NULL,
            guard BLOB NOT NULL, PRIMARY KEY(generation, position)) WITHOUT ROWID;
        CREATE TABLE attribute(name TEXT PRIMARY KEY) WITHOUT ROWID;
        CREATE TABLE skipped(generation INTEGER NOT NULL, reason TEXT NOT NULL,
            bytes INTEGER NOT NULL, PRIMARY KEY(generation, reason)) WITHOUT ROWID;
        CREATE TABLE file(path TEXT PRIMARY KEY, source TEXT NOT NULL, generation INTEGER,
            size INTEGER NOT NULL, read_at INTEGER NOT NULL, bytes_per_second REAL NOT NULL,
            error TEXT NOT NULL, inode INTEGER NOT NULL, device INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE recognition(generation INTEGER NOT NULL, path TEXT NOT NULL,
            first_seen INTEGER NOT NULL, last_seen INTEGER NOT NULL, reason TEXT NOT NULL,
            PRIMARY KEY(generation, path)) WITHOUT ROWID;
        CREATE TABLE shipper(id INTEGER PRIMARY KEY CHECK(id = 1), process INTEGER NOT NULL,
            started INTEGER NOT NULL, state TEXT NOT NULL, changed INTEGER NOT NULL);
        CREATE TABLE day(number INTEGER PRIMARY KEY);
        CREATE TABLE removal(day INTEGER NOT NULL, time INTEGER NOT NULL, reason TEXT NOT NULL,
            generation TEXT NOT NULL, events INTEGER NOT NULL, bytes INTEGER NOT NULL,
            PRIMARY KEY(day, time, generation, reason)) WITHOUT ROWID;
        CREATE INDEX removal_generation ON removal(generation);
        CREATE TABLE job(id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL,
            started INTEGER NOT NULL, ended INTEGER NOT NULL, process INTEGER NOT NULL,
            process_start INTEGER NOT NULL, outcome TEXT NOT NULL, summary TEXT NOT NULL);
        CREATE TABLE job_step(job INTEGER NOT NULL, number INTEGER NOT NULL, day INTEGER,
            action TEXT NOT NULL, started INTEGER NOT NULL, ended INTEGER NOT NULL,
            events INTEGER NOT NULL, raw_bytes INTEGER NOT NULL, bytes_before INTEGER NOT NULL,
            bytes_after INTEGER NOT NULL, note TEXT NOT NULL, PRIMARY KEY(job, number)) WITHOUT ROWID;
        CREATE TABLE identity(id TEXT NOT NULL);
        INSERT INTO identity VALUES(lower(hex(randomblob(16))));
        """

    private static let columns =
        "id, name, head, host, service, environment, path, format, zone, position, last_time, "
        + "fallback_time, observed, open_offset, open_day, seen_size, missing_since, cut_at, "
        + "open_removed"

    init(writing path: String) throws(StoreError) {
        connection = try StoreFile.openForWriting(
            path, kind: .catalog, schema: Self.schema)
    }

    init(reading path: String) throws(StoreError) {
        connection = try StoreFile.openForReading(path, kind: .catalog)
    }

    /// Generations of `host` whose head and `head` agree as far as both go.
    ///
    /// All lines of a JSON log have their first bytes in common, so more than a few are asked for where
    /// there are more; shorter heads are few.
    func candidates(head: [UInt8], host: String) throws(StoreError) -> [Generation] {
        let length = head.count >= 64 ? 64 : head.count >= 16 ? 16 : 0
        let sql =
            length == 0
            ? "SELECT \(Self.columns) FROM generation WHERE host = ?1 AND ?2 IS NOT NULL"
            : """
            SELECT \(Self.columns) FROM generation
            WHERE substr(head, 1, \(length)) = ?2 AND host = ?1
            UNION ALL SELECT \(Self.columns) FROM generation
            WHERE length(head) < 64 AND length(head) < \(length) AND host = ?1
            """
        return try running { () throws(SQLiteError) in
            let statement = try Statement(sql, on: connection)
            statement.bind(host, at: 1)
            statement.bind(blob: Array(head.prefix(length)), at: 2)
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

    /// What is missing, or may be, of any generation. Costs nothing where there is nothing.
    func gaps() throws(StoreError) -> [Gap] {
        try running { () throws(SQLiteError) in
            let statement = try Statement(
                "SELECT \(Self.columns) FROM generation WHERE \(Self.gapCondition)", on: connection)
            var found: [Gap] = []
            while try statement.step() {
                if let gap = Gap(of: Self.generation(statement)) { found.append(gap) }
            }
            return found
        }
    }

    func generation(id: Int64) throws(StoreError) -> Generation? {
        try running { () throws(SQLiteError) in
            let statement = try Statement(
                "SELECT \(Self.columns) FROM generation WHERE id = ?", on: connection)
            statement.bind(id, at: 1)
            return try statement.step() ? Self.generation(statement) : nil
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
        generation.seenSize = row.integer(15)
        generation.missingSince = row.isNull(16) ? nil : row.integer(16)
        generation.cutAt = row.isNull(17) ? nil : row.integer(17)
        generation.openRemoved = row.isNull(18) ? nil : row.integer(18)
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

    /// Whether something was added that is not durable yet.
    private var isInTransaction = false

    private func begin() throws(SQLiteError) {
        guard !isInTransaction else { return }
        try connection.execute("BEGIN IMMEDIATE")
        isInTransaction = true
    }

    /// Makes the generations durable that were added or changed: to come before their first events,
    /// whose times must not change later.
    func commitGenerations() throws(StoreError) {
        try running { () throws(SQLiteError) in try end() }
    }

    private func end() throws(SQLiteError) {
        guard isInTransaction else { return }
        do throws(SQLiteError) {
            try connection.execute("COMMIT")
            isInTransaction = false
        } catch {
            try? connection.execute("ROLLBACK")
            isInTransaction = false
            throw error
        }
    }

    /// Adds a generation; `commitGenerations` makes it durable.
    func insert(_ generation: Generation) throws(StoreError) -> Int64 {
        try running { () throws(SQLiteError) in
            try begin()
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
            try begin()
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

    /// A number that changes when another connection has written.
    func version() throws(StoreError) -> Int64 {
        try running { () throws(SQLiteError) in
            try connection.integer("PRAGMA data_version") ?? 0
        }
    }

    /// All that a commit changes, in one transaction.
    func commit(_ changes: CatalogChanges) throws(StoreError) {
        try running { () throws(SQLiteError) in
            try begin()
            do throws(SQLiteError) {
                try write(changes)
            } catch {
                try? connection.execute("ROLLBACK")
                isInTransaction = false
                throw error
            }
            try end()
        }
    }

    private func write(_ changes: CatalogChanges) throws(SQLiteError) {
        try write(changes.progress)
        let name = try Statement(
            "INSERT OR IGNORE INTO attribute(name) VALUES(?)", on: connection)
        for attribute in changes.attributes {
            name.bind(attribute, at: 1)
            try name.run()
        }
        try write(changes.shipping)
        let day = try Statement("INSERT OR IGNORE INTO day(number) VALUES(?)", on: connection)
        for new in changes.days {
            day.bind(new.number, at: 1)
            try day.run()
        }
    }

    /// What would lead back behind the stored position is left out.
    private func write(_ progress: [GenerationProgress]) throws(SQLiteError) {
        let update = try Statement(
            """
            UPDATE generation SET position = ?1, last_time = ?2, open_offset = ?3, open_day = ?4,
                seen_size = max(seen_size, ?6), open_removed = ?7 WHERE id = ?5 AND position <= ?1 RETURNING id
            """, on: connection)
        let skip = try Statement(
            "INSERT OR REPLACE INTO skipped(generation, reason, bytes) VALUES(?, ?, ?)",
            on: connection)
        for item in progress {
            update.bind(item.checkpoint.position, at: 1)
            update.bind(item.lastTime, at: 2)
            update.bind(item.openOffset, at: 3)
            update.bind(item.openDay.map(\.number), at: 4)
            update.bind(item.generation, at: 5)
            update.bind(item.seenSize, at: 6)
            update.bind(item.openRemoved, at: 7)
            let isAhead = try update.step()
            update.reset()
            guard isAhead else { continue }
            try add(item.checkpoint, of: item.generation)
            for (reason, bytes) in item.skipped {
                skip.bind(item.generation, at: 1)
                skip.bind(reason.rawValue, at: 2)
                skip.bind(bytes, at: 3)
                try skip.run()
            }
        }
    }

    /// Of checkpoints less than this many bytes apart only the newest is kept.
    private static let checkpointDistance: Int64 = 1 << 20

    func add(_ checkpoint: Checkpoint, of generation: Int64) throws(SQLiteError) {
        let insert = try Statement(
            "INSERT OR REPLACE INTO checkpoint(generation, position, guard) VALUES(?, ?, ?)",
            on: connection)
        insert.bind(generation, at: 1)
        insert.bind(checkpoint.position, at: 2)
        insert.bind(blob: checkpoint.guardHash, at: 3)
        try insert.run()
        let earlier = try Statement(
            """
            SELECT position FROM checkpoint WHERE generation = ? AND position < ?
            ORDER BY position DESC LIMIT 2
            """, on: connection)
        earlier.bind(generation, at: 1)
        earlier.bind(checkpoint.position, at: 2)
        guard try earlier.step() else { return }
        let last = earlier.integer(0)
        let before = try earlier.step() ? earlier.integer(0) : 0
        guard last - before < Self.checkpointDistance else { return }
        let delete = try Statement(
            "DELETE FROM checkpoint WHERE generation = ? AND position = ?", on: connection)
        delete.bind(generation, at: 1)
        delete.bind(last, at: 2)
        try delete.run()
    }

    /// Where events come from, each place once.
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

    /// The names of all attributes that any stored event can have.
    func attributes() throws(StoreError) -> Set<String> {
        try running { () throws(SQLiteError) in
            let statement = try Statement("SELECT name FROM attribute", on: connection)
            var names: Set<String> = []
            while try statement.step() { names.insert(statement.text(0)) }
            return names
        }
    }

    func running<Result>(
        _ body: () throws(SQLiteError) -> Result
    ) throws(StoreError) -> Result {
        do { return try body() } catch { throw StoreError(error) }
    }
}

/// What one transaction of the catalogue changes.
struct CatalogChanges {
    var progress: [GenerationProgress] = []
    var attributes: Set<String> = []
    var shipping = ShippingNotes()
    /// Days that were not there before.
    var days: Set<Day> = []

    var isEmpty: Bool {
        progress.isEmpty && attributes.isEmpty && shipping.isEmpty && days.isEmpty
    }
}
