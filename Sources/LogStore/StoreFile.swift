internal import Glibc
internal import SQLite

/// What all SQLite files of a store have in common.
enum StoreFile {
    /// Whether the file has no tables yet: a crash, or another process, is between making it and
    /// its schema.
    static func isBlank(_ connection: Connection) throws(StoreError) -> Bool {
        do {
            guard try connection.integer("PRAGMA application_id") == 0 else { return false }
            return try connection.integer("SELECT count(*) FROM sqlite_schema") == 0
        } catch {
            throw error.primaryCode == 26 ? .notAStore(path: connection.path) : StoreError(error)
        }
    }

    /// Refuses files of other programs and of newer versions of this one.
    static func check(_ connection: Connection, id: Int64) throws(StoreError) {
        do {
            let version = try connection.integer("PRAGMA user_version") ?? 0
            let application = try connection.integer("PRAGMA application_id") ?? 0
            guard application == id else { throw StoreError.notAStore(path: connection.path) }
            guard version <= StoreFormat.version else {
                throw StoreError.newerFormat(path: connection.path, version: version)
            }
        } catch let error as StoreError {
            throw error
        } catch let error as SQLiteError {
            throw error.primaryCode == 26
                ? .notAStore(path: connection.path) : StoreError(error)
        } catch {
            throw .damaged(path: connection.path, reason: "\(error)")
        }
    }

    /// Opens a file for writing, with `schema` if it is new.
    ///
    /// WAL, so that readers go on while this process writes; `synchronous = FULL`, so that what is
    /// committed survives a power cut. A crash before the schema's commit leaves a file without one,
    /// which the next opening completes.
    static func openForWriting(
        _ path: String, id: Int64, schema: String
    ) throws(StoreError) -> Connection {
        do {
            let connection = try Connection(path, mode: .create)
            if try connection.integer("PRAGMA user_version") == 0,
                try connection.integer("SELECT count(*) FROM sqlite_schema") == 0
            {
                try connection.execute("PRAGMA page_size = 8192; PRAGMA journal_mode = WAL")
                try connection.execute(
                    """
                    BEGIN IMMEDIATE; \(schema);
                    PRAGMA application_id = \(id); PRAGMA user_version = \(StoreFormat.version);
                    COMMIT
                    """)
            } else {
                try check(connection, id: id)
                try connection.execute("PRAGMA journal_mode = WAL")
            }
            try connection.execute("PRAGMA synchronous = FULL; PRAGMA cache_size = -16384")
            return connection
        } catch let error as SQLiteError {
            throw error.primaryCode == 26 ? .notAStore(path: path) : StoreError(error)
        } catch let error as StoreError {
            throw error
        } catch {
            throw .damaged(path: path, reason: "\(error)")
        }
    }

    static func reason(_ code: Int32 = errno) -> String { String(cString: strerror(code)) }
}
