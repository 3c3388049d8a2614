internal import CSQLite

/// A prepared statement: compiled once, run many times, finalized with its owner.
package struct Statement: ~Copyable {
    private let handle: OpaquePointer
    private let connection: Connection  // keeps the connection open as long as the statement
    private let sql: String

    package init(_ sql: String, on connection: Connection) throws(SQLiteError) {
        var prepared: OpaquePointer?
        let code = sqlite3_prepare_v3(
            connection.handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &prepared, nil)
        guard code == SQLITE_OK, let prepared else { throw connection.error(for: sql) }
        (handle, self.connection, self.sql) = (prepared, connection, sql)
    }

    /// Compiles a text from outside, which must hold one statement and nothing else.
    package init(single sql: String, on connection: Connection) throws(SQLiteError) {
        (handle, self.connection, self.sql) = (try Self.only(sql, on: connection), connection, sql)
    }

    private static func only(
        _ sql: String, on connection: Connection
    ) throws(SQLiteError) -> OpaquePointer {
        func failure(_ message: String, at offset: Int) -> SQLiteError {
            SQLiteError(
                code: SQLITE_ERROR, message: message, statement: sql, path: connection.path,
                offset: offset)
        }
        // SQLite would take the text to end there.
        if let end = Array(sql.utf8).firstIndex(of: 0) { throw failure("a NUL byte", at: end) }
        let (first, end) = try compile(sql, from: 0, on: connection)
        guard let first else { throw failure("there is no statement", at: 0) }
        // Whatever follows must be blanks and comments, of which SQLite makes no statement.
        let rest = try? compile(sql, from: end, on: connection)
        if let rest, rest.0 == nil { return first }
        sqlite3_finalize(first)
        sqlite3_finalize(rest?.0)
        throw failure("more than one statement; ask one thing at a time", at: end)
    }

    /// The statement that begins at `start`, or nil for blanks and comments, and where it ends.
    private static func compile(
        _ sql: String, from start: Int, on connection: Connection
    ) throws(SQLiteError) -> (OpaquePointer?, end: Int) {
        var prepared: OpaquePointer?
        var end = start
        let text = Array(sql.utf8CString)
        let code = text.withUnsafeBufferPointer { text in
            // `start` is at most the place of the NUL behind the text; the tail lies in the text.
            guard let base = text.baseAddress, start < text.count else { return SQLITE_OK }
            var tail: UnsafePointer<CChar>?
            let code = sqlite3_prepare_v3(
                connection.handle, base + start, Int32(clamping: text.count - start), 0,
                &prepared, &tail)
            if let tail { end = tail - base }
            return code
        }
        guard code == SQLITE_OK else {
            let error = connection.error(for: sql)
            throw SQLiteError(
                code: error.code, message: error.message, statement: sql, path: error.path,
                offset: error.offset.map { $0 + start })
        }
        return (prepared, end)
    }

    deinit { sqlite3_finalize(handle) }

    /// Goes to the next row; false at the end.
    package func step() throws(SQLiteError) -> Bool {
        switch sqlite3_step(handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        default: throw connection.error(for: sql)
        }
    }

    /// Runs a statement that gives no rows, and makes it ready to run again.
    package func run() throws(SQLiteError) {
        defer { reset() }
        while try step() {}
    }

    package func reset() {
        sqlite3_reset(handle)
        sqlite3_clear_bindings(handle)
    }

    // Parameters count from 1, as in SQLite.
    package func bind(_ value: Int64, at index: Int32) {
        sqlite3_bind_int64(handle, index, value)
    }

    package func bind(_ value: String, at index: Int32) {
        bind(text: Array(value.utf8), at: index)
    }

    /// Copies the bytes, so that `value` need not outlive the call.
    package func bind(text value: [UInt8], at index: Int32) {
        _ = value.withUnsafeBytes { bytes in
            sqlite3_bind_text64(
                handle, index, bytes.baseAddress?.assumingMemoryBound(to: CChar.self),
                UInt64(bytes.count), Self.transient, UInt8(SQLITE_UTF8))
        }
    }

    package func bind(blob value: [UInt8], at index: Int32) {
        _ = value.withUnsafeBytes { bytes in
            bytes.isEmpty
                ? sqlite3_bind_zeroblob(handle, index, 0)
                : sqlite3_bind_blob64(
                    handle, index, bytes.baseAddress, UInt64(bytes.count), Self.transient)
        }
    }

    /// Binds NULL for nil.
    package func bind(_ value: Int64?, at index: Int32) {
        if let value { bind(value, at: index) } else { bindNull(at: index) }
    }

    package func bind(_ value: Double, at index: Int32) {
        sqlite3_bind_double(handle, index, value)
    }

    package func bindNull(at index: Int32) { sqlite3_bind_null(handle, index) }

    // Columns count from 0, as in SQLite.
    package func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }

    package func real(_ column: Int32) -> Double { sqlite3_column_double(handle, column) }

    package func isNull(_ column: Int32) -> Bool {
        sqlite3_column_type(handle, column) == SQLITE_NULL
    }

    package func text(_ column: Int32) -> String {
        withBytes(column) { String(decoding: $0, as: UTF8.self) }
    }

    package func blob(_ column: Int32) -> [UInt8] {
        withBytes(column) { Array($0) }
    }

    package var columnCount: Int32 { sqlite3_column_count(handle) }

    package func name(_ column: Int32) -> String {
        sqlite3_column_name(handle, column).map { String(cString: $0) } ?? ""
    }

    package func value(_ column: Int32) -> SQLValue {
        switch sqlite3_column_type(handle, column) {
        case SQLITE_INTEGER: .integer(sqlite3_column_int64(handle, column))
        case SQLITE_FLOAT: .real(sqlite3_column_double(handle, column))
        case SQLITE_TEXT: .text(blob(column))
        case SQLITE_BLOB: .blob(blob(column))
        default: .null
        }
    }

    /// Lends the column's bytes until the next step; no copy.
    package func withBytes<Result>(
        _ column: Int32, _ body: (UnsafeRawBufferPointer) -> Result
    ) -> Result {
        let base = sqlite3_column_blob(handle, column)
        let count = Int(sqlite3_column_bytes(handle, column))
        return body(UnsafeRawBufferPointer(start: base, count: base == nil ? 0 : count))
    }

    // SQLITE_TRANSIENT is a cast in C that Swift cannot import.
    static var transient: sqlite3_destructor_type {
        unsafeBitCast(-1, to: sqlite3_destructor_type.self)
    }
}
