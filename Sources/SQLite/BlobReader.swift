internal import CSQLite

/// Parts of a column's blobs, row by row: what is not asked for is not read.
///
/// SQLite's incremental input, <https://www.sqlite.org/c3ref/blob_open.html>. While it is open its
/// connection holds a snapshot of the file.
package final class BlobReader {
    private let connection: Connection
    private let handle: OpaquePointer
    private var row: Int64
    private let place: String

    /// Opens the blob of `row`.
    package init(
        table: String, column: String, row: Int64, on connection: Connection
    ) throws(SQLiteError) {
        place = "blob of \(table).\(column)"
        var opened: OpaquePointer?
        let code = sqlite3_blob_open(connection.handle, "main", table, column, row, 0, &opened)
        guard code == SQLITE_OK, let opened else { throw connection.error(for: place) }
        (self.connection, handle, self.row) = (connection, opened, row)
    }

    deinit { sqlite3_blob_close(handle) }

    /// How many bytes the blob of `row` has.
    package func count(row: Int64) throws(SQLiteError) -> Int {
        try go(to: row)
        return Int(sqlite3_blob_bytes(handle))
    }

    /// The bytes of `range`, which must lie in the blob of `row`.
    package func bytes(_ range: Range<Int>, row: Int64) throws(SQLiteError) -> [UInt8] {
        try go(to: row)
        var code = SQLITE_OK
        let bytes = [UInt8](unsafeUninitializedCapacity: range.count) { buffer, count in
            // SQLite checks the range against the blob and writes `range.count` bytes or fails.
            code = sqlite3_blob_read(
                handle, buffer.baseAddress, Int32(clamping: range.count),
                Int32(clamping: range.lowerBound))
            count = code == SQLITE_OK ? range.count : 0
        }
        guard code == SQLITE_OK else { throw connection.error(for: place) }
        return bytes
    }

    private func go(to wanted: Int64) throws(SQLiteError) {
        guard wanted != row else { return }
        guard sqlite3_blob_reopen(handle, wanted) == SQLITE_OK else {
            throw connection.error(for: place)
        }
        row = wanted
    }
}
