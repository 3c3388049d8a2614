internal import CSQLite

/// A connection to one SQLite file, closed with its owner.
///
/// Files that are made here have a checksum in each page (`PageChecksum`), which is verified whenever the
/// page is read from the file: what does not match is an error, `SQLiteError.pageMismatch`. Files
/// of other programs are read and written as they are.
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
        let code = sqlite3_open_v2(name, &opened, flags | SQLITE_OPEN_NOMUTEX, PageVFS.name)
        guard code == SQLITE_OK, let opened else {
            let message = opened.map { String(cString: sqlite3_errmsg($0)) } ?? "out of memory"
            sqlite3_close_v2(opened)
            throw SQLiteError(code: code, message: message, statement: "open", path: path)
        }
        handle = opened
        self.path = path
        sqlite3_extended_result_codes(opened, 1)
        sqlite3_busy_timeout(opened, milliseconds)
        if case .create = mode { reserveChecksums() }
    }

    /// Takes the end of each page for the checksum, if the file is empty.
    private func reserveChecksums() {
        var reserved = Int32(PageChecksum.bytes)
        var file: PageFile.File?
        sqlite3_file_control(handle, "main", SQLITE_FCNTL_RESERVE_BYTES, &reserved)
        sqlite3_file_control(handle, "main", SQLITE_FCNTL_FILE_POINTER, &file)
        if let file, let pages = PageFile.of(handle, "main") { pages.pointee.beginChecking(file) }
    }

    /// Whether the checksums of the file's pages are verified; false for an empty file.
    package var hasPageChecksums: Bool { PageFile.of(handle, "main")?.pointee.isChecked ?? false }

    /// Whether a page of the file was read that did not match its checksum.
    package var hasMetDamage: Bool { PageFile.of(handle, "main")?.pointee.damage != nil }

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
        if sqlite3_extended_errcode(handle) == SQLiteError.pageMismatch { return mismatch(in: sql) }
        let offset = Int(sqlite3_error_offset(handle))
        return SQLiteError(
            code: sqlite3_extended_errcode(handle),
            message: String(cString: sqlite3_errmsg(handle)),
            statement: sql, path: path, offset: offset < 0 ? nil : offset,
            systemCode: sqlite3_system_errno(handle))
    }

    /// Says which file of the connection, the attached ones included, has a page that does not match.
    func mismatch(in statement: String) -> SQLiteError {
        for number in 0... as PartialRangeFrom<Int32> {
            guard let schema = sqlite3_db_name(handle, number) else { break }
            let name = String(cString: schema)
            guard let place = PageFile.of(handle, name)?.pointee.damage else { continue }
            let file = sqlite3_db_filename(handle, schema).map { String(cString: $0) }
            return .pageMismatch(number == 0 ? path : file ?? path, at: place, statement)
        }
        return .pageMismatch(path, at: nil, statement)
    }
}
