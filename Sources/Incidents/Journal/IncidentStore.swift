internal import Glibc
internal import LogStore
internal import SQLite

/// The fault records of a store: `incidents.db` in its directory.
///
/// A record is a chain of entries that only grows; what it says now is its last revision. A change is one
/// transaction, on the disk when it returns, so a crash leaves the record before it or behind it. Any number of
/// processes read while one writes; writers wait for each other. Used by one thread.
package final class IncidentStore {
    package let directory: String
    let connection: Connection
    /// Held for as long as this process may write.
    private let lock: FileLock?

    package static func path(_ directory: String) -> String { directory + "/incidents.db" }

    /// Whether there are records, or were.
    package static func exists(in directory: String) -> Bool {
        access(path(directory), F_OK) == 0
    }

    /// Opens the records for reading; throws `StoreError.missing` where there are none yet.
    package init(reading directory: String) throws(IncidentError) {
        self.directory = directory
        lock = nil
        guard Self.exists(in: directory) else { throw .none(directory) }
        do {
            connection = try StoreFile.openForReading(
                Self.path(directory), kind: IncidentSchema.kind)
        } catch { throw .store(error) }
    }

    /// Opens the records for changes, and makes them and the directory where they are missing. Waits up to a minute for
    /// others who write.
    package init(writing directory: String) throws(IncidentError) {
        self.directory = directory
        (lock, connection) = try Self.withoutBallast(in: directory) {
            () throws(IncidentError) in
            do throws(StoreError) {
                try StoreLayout.makeDirectories(directory)
                let lock = try FileLock(directory + "/incidents.lock", patience: 60)
                let connection = try StoreFile.openForWriting(
                    Self.path(directory), kind: IncidentSchema.kind, schema: IncidentSchema.tables)
                return (lock, connection)
            } catch { throw .store(error) }
        }
        // What is purged must not be readable in free pages.
        do { try connection.execute("PRAGMA secure_delete = ON") } catch {
            throw IncidentError(error)
        }
    }

    /// Runs `body`, and once more without the ballast where the disk is full: faults are recorded just then.
    static func withoutBallast<Result>(
        in directory: String, _ body: () throws(IncidentError) -> Result
    ) throws(IncidentError) -> Result {
        do { return try body() } catch {
            guard case .store(.full) = error, Ballast(directory: directory, bytes: 0).free() > 0
            else { throw error }
            return try body()
        }
    }

    /// Records in memory that begin empty.
    init() throws(IncidentError) {
        (directory, lock) = ("", nil)
        do {
            connection = try Connection(":memory:", mode: .create)
            try connection.execute(IncidentSchema.tables)
        } catch { throw IncidentError(error) }
    }

    // MARK: Reading

    /// All ids, in order.
    package func ids() throws(IncidentError) -> [IncidentID] {
        try asking("SELECT key FROM incident ORDER BY key", []) { IncidentID(key: $0.integer(0)) }
    }

    /// A record as it stands.
    package func record(_ id: IncidentID) throws(IncidentError) -> StoredIncident {
        let rows = try asking(
            """
            SELECT i.entries, i.revision, i.created, i.changed, r.content,
                (SELECT header FROM entry WHERE incident = i.key AND number = i.entries)
            FROM incident i JOIN entry r ON r.incident = i.key AND r.number = i.revision
            WHERE i.key = ?1
            """, [id.key]
        ) {
            (
                entries: Int($0.integer(0)), revision: Int($0.integer(1)), created: $0.integer(2),
                changed: $0.integer(3), content: $0.blob(4), header: $0.blob(5)
            )
        }
        guard let row = rows.first else { throw .unknown(id, nearest: try ids().last) }
        do {
            return StoredIncident(
                id: id, incident: try Incident(json: row.content), entries: row.entries,
                revision: row.revision, root: Digest.sha256(row.header), created: row.created,
                changed: row.changed)
        } catch {
            throw .damaged(id, "revision \(row.revision): \(error)")
        }
    }

    /// The entries of a record, with their contents; nil for those that were purged.
    package func entries(
        of id: IncidentID
    ) throws(IncidentError) -> [(entry: Entry, content: [UInt8]?)] {
        let rows = try asking(
            "SELECT number, header, content FROM entry WHERE incident = ?1 ORDER BY number",
            [id.key]
        ) { (Int($0.integer(0)), $0.blob(1), $0.isNull(2) ? nil : $0.blob(2)) }
        var entries: [(entry: Entry, content: [UInt8]?)] = []
        for (number, header, content) in rows {
            guard let entry = Entry(header: header) else {
                throw .damaged(id, "the header of entry \(number) is not as it was written")
            }
            entries.append((entry, content))
        }
        return entries
    }

    /// The pins of a record that were not removed or purged, by number.
    package func pins(of id: IncidentID) throws(IncidentError) -> [Pin] {
        let rows = try asking(
            """
            SELECT p.number, e.content, p.event, p.before, p.after FROM pin p
            JOIN entry e ON e.incident = p.incident AND e.number = p.entry
            WHERE p.incident = ?1 AND p.removed IS NULL AND p.event IS NOT NULL ORDER BY p.number
            """, [id.key]
        ) { row in
            var originals = Pin.Originals()
            (originals.event, originals.before) = (row.blob(2), row.blob(3))
            originals.after = row.blob(4)
            return (number: Int(row.integer(0)), content: row.blob(1), originals: originals)
        }
        var pins: [Pin] = []
        for row in rows {
            guard let pin = Pin(json: row.content, originals: row.originals) else {
                throw .damaged(id, "pin P\(row.number) is not as it was pinned")
            }
            pins.append(pin)
        }
        return pins
    }

    /// The last measurement of a record's time; nil where there is none, or it was purged.
    package func measurement(of id: IncidentID) throws(IncidentError) -> Measurement? {
        let line = "\nkind: \(Entry.Kind.measurement.rawValue)\n"
        let contents = try asking(
            """
            SELECT content FROM entry WHERE incident = ?1 AND content IS NOT NULL
                AND instr(header, CAST('\(line)' AS BLOB)) > 0 ORDER BY number DESC LIMIT 1
            """, [id.key]
        ) { $0.blob(0) }
        guard let content = contents.first else { return nil }
        guard let measurement = Measurement(json: content) else {
            throw .damaged(id, "its measurement is not as it was written")
        }
        return measurement
    }

    /// Runs a query with integers bound in order.
    func asking<Row>(
        _ sql: String, _ values: [Int64], _ read: (borrowing Statement) -> Row
    ) throws(IncidentError) -> [Row] {
        do {
            let statement = try Statement(sql, on: connection)
            for (index, value) in values.enumerated() {
                statement.bind(value, at: Int32(index + 1))
            }
            var rows: [Row] = []
            while try statement.step() { rows.append(read(statement)) }
            return rows
        } catch { throw IncidentError(error) }
    }
}

/// A record as it stands, and where in its chain that is.
package struct StoredIncident: Equatable, Sendable {
    package let id: IncidentID
    package let incident: Incident
    /// How many entries there are; what a change must name as expected.
    package let entries: Int
    /// The entry with the last revision.
    package let revision: Int
    /// The digest of the last entry.
    package let root: [UInt8]
    package let created: Int64
    package let changed: Int64
}
