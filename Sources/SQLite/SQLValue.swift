internal import CSQLite

/// A value as SQL knows it.
package enum SQLValue: Equatable, Sendable {
    case null
    case integer(Int64)
    case real(Double)
    /// Meant to be UTF-8, which nobody has checked.
    case text([UInt8])
    case blob([UInt8])
}

extension SQLValue {
    /// Copies a value that SQLite lends for the time of a call.
    init(_ value: OpaquePointer?) {
        switch sqlite3_value_type(value) {
        case SQLITE_INTEGER: self = .integer(sqlite3_value_int64(value))
        case SQLITE_FLOAT: self = .real(sqlite3_value_double(value))
        case SQLITE_TEXT:
            // The text first, then its length: the other way round SQLite may convert in between.
            let text = sqlite3_value_text(value)
            self = .text(Self.bytes(text, count: sqlite3_value_bytes(value)))
        case SQLITE_BLOB:
            let blob = sqlite3_value_blob(value)
            self = .blob(Self.bytes(blob, count: sqlite3_value_bytes(value)))
        default: self = .null
        }
    }

    /// SQLite's promise: `count` bytes stand at `start`, which is nil only where there are none.
    private static func bytes(_ start: UnsafeRawPointer?, count: Int32) -> [UInt8] {
        Array(UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : Int(count)))
    }
}

/// Where a function or a table's column puts its value; good for the call that it was given to.
package struct SQLResult {
    let context: OpaquePointer

    package func set(_ value: SQLValue) {
        switch value {
        case .null: sqlite3_result_null(context)
        case .integer(let number): set(number)
        case .real(let number): sqlite3_result_double(context, number)
        case .text(let bytes): bytes.withUnsafeBufferPointer(set)
        case .blob(let bytes):
            // A blob without a start would be NULL.
            if bytes.isEmpty { return sqlite3_result_zeroblob(context, 0) }
            bytes.withUnsafeBytes {
                sqlite3_result_blob64(
                    context, $0.baseAddress, UInt64($0.count), Statement.transient)
            }
        }
    }

    package func set(_ number: Int64) { sqlite3_result_int64(context, number) }

    /// Copies the text.
    package func set(_ text: UnsafeBufferPointer<UInt8>) {
        text.withMemoryRebound(to: CChar.self) { text in
            // A text without a start would be NULL, so an empty one gets some address.
            withUnsafePointer(to: CChar(0)) { empty in
                sqlite3_result_text64(
                    context, text.baseAddress ?? empty, UInt64(text.count), Statement.transient,
                    UInt8(SQLITE_UTF8))
            }
        }
    }

    func fail(_ message: String) { sqlite3_result_error(context, message, -1) }
}
