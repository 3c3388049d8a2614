internal import CSQLite

/// A connection to one SQLite file, closed with its owner.
///
/// Used by one thread at a time: SQLite's own locking is off (`SQLITE_OPEN_NOMUTEX`).
package final class Connection {
    let handle: OpaquePointer
    package let path: String

    package enum Mode: Sendable {
        case readOnly
        /// Read-only, and the shared memory of a write-ahead log is not written either: for a full disk,
        /// where it cannot be made or grow.
        case readOnlyShared
        /// Read-only, without locks or shared memory: only for a file that nothing changes.
        case immutable
        case readWrite
        /// Made if it is not there.
        case create
    }

    /// Opens the file; nothing is read from it before the first statement.
    package init(_ path: String, mode: Mode, busyTimeout milliseconds: Int32 = 5_000)
        throws(SQLiteError)
    {
        let flags =
            switch mode {
            case .readOnly: SQLITE_OPEN_READONLY
            case .readOnlyShared, .immutable: SQLITE_OPEN_READONLY | SQLITE_OPEN_URI
            case .readWrite: SQLITE_OPEN_READWRITE
            case .create: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
            }
        var opened: OpaquePointer?
        let name =
            switch mode {
            case .readOnlyShared: Self.uri(path, "readonly_shm=1")
            case .immutable: Self.uri(path, "immutable=1")
            case .readOnly, .readWrite, .create: path
            }
        let code = sqlite3_open_v2(name, &opened, flags | SQLITE_OPEN_NOMUTEX, nil)
        guard code == SQLITE_OK, let opened else {
            let message = opened.map { String(cString: sqlite3_errmsg($0)) } ?? "out of memory"
            sqlite3_close_v2(opened)
            throw SQLiteError(code: code, message: message, statement: "open", path: path)
        }
        handle = opened
        self.path = path
        sqlite3_extended_result_codes(opened, 1)
        sqlite3_busy_timeout(opened, milliseconds)
    }

    deinit { sqlite3_close_v2(handle) }

    /// `file:PATH?PARAMETER`, with the characters of the path that a URI gives a meaning escaped.
    private static func uri(_ path: String, _ parameter: String) -> String {
        var escaped: [UInt8] = []
        for byte in path.utf8 {
            switch byte {
            case 0x25: escaped += Array("%25".utf8)
            case 0x3F: escaped += Array("%3f".utf8)
            case 0x23: escaped += Array("%23".utf8)
            default: escaped.append(byte)
            }
        }
        return "file:" + String(decoding: escaped, as: UTF8.self) + "?" + parameter
    }

    /// Runs statements that give no rows.
    package func execute(_ sql: String) throws(SQLiteError) {
        guard sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK else { throw error(for: sql) }
    }

    /// Runs `body` in a transaction that takes the write lock at once; rolled back if it throws.
    package func transaction<Failure: Error>(
        _ body: () throws(Failure) -> Void, failure: (SQLiteError) -> Failure
    ) throws(Failure) {
        do { try execute("BEGIN IMMEDIATE") } catch { throw failure(error) }
        do {
            try body()
        } catch {
            sqlite3_exec(handle, "ROLLBACK", nil, nil, nil)
            throw error
        }
        do {
            try execute("COMMIT")
        } catch {
            sqlite3_exec(handle, "ROLLBACK", nil, nil, nil)
            throw failure(error)
        }
    }

    /// The first column of the first row as an integer, or nil where there is no row.
    package func integer(_ sql: String) throws(SQLiteError) -> Int64? {
        let statement = try Statement(sql, on: self)
        return try statement.step() ? statement.integer(0) : nil
    }

    package var lastInsertedRow: Int64 { sqlite3_last_insert_rowid(handle) }

    func error(for sql: String) -> SQLiteError {
        let offset = Int(sqlite3_error_offset(handle))
        return SQLiteError(
            code: sqlite3_extended_errcode(handle),
            message: String(cString: sqlite3_errmsg(handle)),
            statement: sql, path: path, offset: offset < 0 ? nil : offset,
            systemCode: sqlite3_system_errno(handle))
    }
}
