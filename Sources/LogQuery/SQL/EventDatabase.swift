package import LogModel
package import LogStore
package import SQLite

/// A store as an SQL database with one table, `events`, for reading only.
package final class EventDatabase {
    private let connection: Connection
    private let table: EventsTable

    /// Opens `store`; `request` gives the window, the zone and the moment, its query what `events`
    /// is without arguments. `attributeText` writes attributes as a JSON object.
    package init(
        _ store: Store, request: SearchRequest,
        attributeText: @escaping ([(name: String, value: Event.Value)]) -> [UInt8]
    ) throws(StoreError) {
        let time = SQLTime(zone: request.zone, now: request.now)
        table = try EventsTable(store, request: request, time: time, attributeText: attributeText)
        do {
            connection = try Connection(":memory:", mode: .create)
            try connection.defineCollation(SQLTime.collation, time.compare)
            try connection.define("bin", arguments: 2) { try time.bucket($0[0], $0[1]) }
            let expressions = SQLRegex()
            try connection.define("regexp", arguments: 2) {
                try expressions.matches($0[0], in: $0[1])
            }
            try connection.register(table, named: "events")
            // Tables without a CREATE are declared when first named, which is more than reading.
            _ = try Statement(
                "SELECT 1 FROM events, json_each('1'), json_tree('1')", on: connection)
            connection.allowReadingOnly()
        } catch {
            throw StoreError(error)
        }
    }

    /// The statement, ready to give rows; it must be the only one in the text, and only read.
    package func statement(_ sql: String) throws(SQLiteError) -> Statement {
        try Statement(single: sql, on: connection)
    }

    /// Days and blocks that could not be read: the answer is incomplete when there are any.
    package var failures: [StoreError] { table.failures }

    /// The mistake in an argument of `events`, if that is why a statement failed.
    package var searchError: SearchError? { table.error }
}

/// `text REGEXP pattern`, with the expressions of queries.
private final class SQLRegex {
    private var known: [[UInt8]: RegexMatcher] = [:]

    func matches(_ pattern: SQLValue, in text: SQLValue) throws -> SQLValue {
        guard case .text(let pattern) = pattern else { return .null }
        let bytes: [UInt8]
        switch text {
        case .null: return .null
        case .text(let text), .blob(let text): bytes = text
        case .integer(let number): bytes = Array(String(number).utf8)
        case .real(let number): bytes = Array(String(number).utf8)
        }
        let matcher = try matcher(pattern)
        return .integer(bytes.withUnsafeBufferPointer { matcher.matches($0) } ? 1 : 0)
    }

    private func matcher(_ pattern: [UInt8]) throws -> RegexMatcher {
        if let matcher = known[pattern] { return matcher }
        do {
            let matcher = try LogRegex(String(decoding: pattern, as: UTF8.self)).makeMatcher()
            // A pattern can come from a column too: few are kept.
            if known.count >= 16 { known.removeAll() }
            known[pattern] = matcher
            return matcher
        } catch {
            throw SQLRegexError(error)
        }
    }
}

/// What is wrong with a pattern, in one line.
private struct SQLRegexError: Error, CustomStringConvertible {
    let description: String

    init(_ error: RegexError) {
        let help = error.help.map { "; " + $0 } ?? ""
        description = "regular expression: \(error.problem)\(help)"
    }
}
