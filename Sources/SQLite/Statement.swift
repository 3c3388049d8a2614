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

    package func bindNull(at index: Int32) { sqlite3_bind_null(handle, index) }

    // Columns count from 0, as in SQLite.
    package func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }

    package func isNull(_ column: Int32) -> Bool {
        sqlite3_column_type(handle, column) == SQLITE_NULL
    }

    package func text(_ column: Int32) -> String {
        withBytes(column) { String(decoding: $0, as: UTF8.self) }
    }

    package func blob(_ column: Int32) -> [UInt8] {
        withBytes(column) { Array($0) }
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
    private static var transient: sqlite3_destructor_type {
        unsafeBitCast(-1, to: sqlite3_destructor_type.self)
    }
}
