internal import Glibc

/// What SQLite refused to do: its code, its own words, and the statement; bound values never.
package struct SQLiteError: Error, Equatable, CustomStringConvertible {
    /// The extended result code, such as 266 (SQLITE_IOERR_READ).
    package let code: Int32
    package let message: String
    /// The statement or the action, such as `open`.
    package let statement: String
    package let path: String
    /// The place in the statement that it is about, in UTF-8 offsets, if SQLite says one.
    package let offset: Int?
    /// The last `errno` that SQLite met with the file; 0 for none.
    package let systemCode: Int32

    package init(
        code: Int32, message: String, statement: String, path: String, offset: Int? = nil,
        systemCode: Int32 = 0
    ) {
        self.code = code
        self.message = message
        self.statement = statement
        self.path = path
        self.offset = offset
        self.systemCode = systemCode
    }

    /// A file that SQLite can read and its user cannot.
    package static func corrupt(_ path: String, _ reason: String) -> SQLiteError {
        SQLiteError(code: 11, message: reason, statement: "read", path: path)
    }

    /// SQLITE_IOERR_DATA: a page does not match its checksum.
    static let pageMismatch: Int32 = 10 | 32 << 8
    /// SQLITE_IOERR_SHORT_READ, which SQLite's header has as an expression.
    static let shortRead: Int32 = 10 | 2 << 8

    static func pageMismatch(
        _ path: String, at offset: Int64?, _ statement: String
    ) -> SQLiteError {
        SQLiteError(
            code: pageMismatch,
            message: (offset.map { "the page at byte \($0)" } ?? "a page")
                + " does not match its checksum",
            statement: statement, path: path)
    }

    package var description: String { "\(path): \(message) (SQLite \(code)) in: \(statement)" }

    /// The primary code: the low byte of the extended one.
    package var primaryCode: Int32 { code & 0xFF }
    package var isCorruption: Bool {
        primaryCode == 11 || primaryCode == 26 || code == Self.pageMismatch
    }
    /// SQLite says "full" of its files, and "input or output error" of shared memory and quotas.
    package var isDiskFull: Bool {
        primaryCode == 13
            || (primaryCode == 10 || primaryCode == 14)
                && (systemCode == ENOSPC || systemCode == EDQUOT)
    }
    /// The file is not there, or may not be opened.
    package var isCannotOpen: Bool { primaryCode == 14 }
    package var isBusy: Bool { primaryCode == 5 || primaryCode == 6 }
}
