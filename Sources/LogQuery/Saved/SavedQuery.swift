/// A query with a name, as its file says it.
///
/// ```
/// # What went wrong with payments. Lines like this one are comments.
/// title: errors of the payment chain
/// since: 2h
/// query: level:>=ERROR (service:control OR service:nginx) host:$1
///   | timechart 1m by service
/// ```
/// A line is `key: value`; an indented line goes on with the value before it. The keys are `title`,
/// `query`, and the flags `since`, `until`, `at`, `around`. `$1` to `$9` stand for the words behind the
/// name when the query is used, `$$` for a dollar sign.
package struct SavedQuery: Equatable, Sendable {
    package var title = ""
    package var query = ""
    /// The window, by the names of its flags.
    package var times: [String: String] = [:]

    /// The flags that a file may set.
    package static let timeKeys = ["since", "until", "at", "around"]

    package init() {}

    /// Reads a file's text; the error names the line.
    package init(text: String) throws(SavedQueryError) {
        var values: [(key: String, value: String)] = []
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        for (number, line) in lines.enumerated() {
            let content = Self.trimmed(line)
            if content.isEmpty || line.hasPrefix("#") { continue }
            if line.first == " " || line.first == "\t" {
                guard !values.isEmpty else {
                    throw SavedQueryError(
                        "line \(number + 1) is indented, but goes on with nothing")
                }
                values[values.count - 1].value += " " + content
                continue
            }
            guard let colon = content.firstIndex(of: ":") else {
                throw SavedQueryError("line \(number + 1) is no 'key: value'")
            }
            let value = Self.trimmed(content[content.index(after: colon)...])
            values.append((String(content[..<colon]), value))
        }
        for (key, value) in values { try set(key, value) }
        if query.isEmpty { throw SavedQueryError("there is no 'query:' in it") }
    }

    private mutating func set(_ key: String, _ value: String) throws(SavedQueryError) {
        switch key {
        case "title": title = value
        case "query": query = value
        case _ where Self.timeKeys.contains(key): times[key] = value
        default:
            throw SavedQueryError(
                "unknown key '\(key)'; there are title, query, since, until, at and around")
        }
    }

    /// The text of a file that reads back as this.
    package var text: String {
        var lines = title.isEmpty ? [] : ["title: " + Self.inOneLine(title)]
        for key in Self.timeKeys {
            times[key].map { lines.append("\(key): " + Self.inOneLine($0)) }
        }
        lines.append("query: " + Self.inOneLine(query))
        return lines.joined(separator: "\n") + "\n"
    }

    private static func inOneLine(_ text: String) -> String {
        trimmed(text.split(whereSeparator: \.isNewline).joined(separator: " "))
    }

    private static func trimmed(_ text: some StringProtocol) -> String {
        var rest = text[...]
        while rest.first?.isWhitespace ?? false { rest.removeFirst() }
        while rest.last?.isWhitespace ?? false { rest.removeLast() }
        return String(rest)
    }
}

// MARK: - Use

extension SavedQuery {
    /// The number of the last parameter that the query has; 0 for none.
    package var parameterCount: Int {
        pieces.reduce(0) { if case .parameter(let number) = $1 { max($0, number) } else { $0 } }
    }

    /// The query with `words` for its parameters, and what is left of them added: further terms must
    /// hold too, further pipes come behind its own.
    package func query(
        with words: [String], knownAttributes: Set<String>
    ) throws(SavedQueryError) -> String {
        let count = parameterCount
        guard words.count >= count else {
            let places = (1...max(1, count)).map { "$\($0)" }.joined(separator: " ")
            throw SavedQueryError("it needs \(places): \(query)")
        }
        var text = ""
        for piece in pieces {
            switch piece {
            case .text(let literal): text += literal
            case .parameter(let number): text += words[number - 1]
            }
        }
        let more = words.dropFirst(count).joined(separator: " ")
        return Self.joined(
            Self.split(text, knownAttributes), Self.split(more, knownAttributes))
    }

    private enum Piece {
        case text(String)
        case parameter(Int)
    }

    private var pieces: [Piece] {
        var pieces: [Piece] = []
        var literal = ""
        var rest = query[...]
        while let character = rest.popFirst() {
            guard character == "$", let next = rest.first else {
                literal.append(character)
                continue
            }
            if next == "$" {
                literal.append("$")
                rest.removeFirst()
            } else if let number = next.wholeNumberValue, next.isASCII, number > 0 {
                pieces += [.text(literal), .parameter(number)]
                literal = ""
                rest.removeFirst()
            } else {
                literal.append(character)
            }
        }
        return pieces + [.text(literal)]
    }

    /// The filter of a query, and its pipes; a query with a mistake is all filter, so that whoever
    /// runs it says what is wrong.
    package static func split(
        _ query: String, _ attributes: Set<String>
    ) -> (filter: String, pipes: String) {
        let parsed = try? FilterParser.parse(query, knownAttributes: attributes) { _ in }
        guard let pipes = parsed?.pipes else { return (trimmed(query), "") }
        let bytes = Array(query.utf8)
        return (
            trimmed(String(decoding: bytes[..<max(0, pipes.lowerBound - 1)], as: UTF8.self)),
            trimmed(String(decoding: bytes[pipes], as: UTF8.self))
        )
    }

    private static func joined(
        _ first: (filter: String, pipes: String), _ second: (filter: String, pipes: String)
    ) -> String {
        let filters = [first.filter, second.filter].filter { !$0.isEmpty }
        let filter = filters.count == 2 ? "(\(filters[0])) (\(filters[1]))" : filters.first ?? ""
        return ([filter] + [first.pipes, second.pipes].filter { !$0.isEmpty })
            .joined(separator: " | ")
    }
}

/// What is wrong with a saved query, or why it could not be kept.
package struct SavedQueryError: Error, Equatable, CustomStringConvertible {
    package let description: String
    init(_ description: String) { self.description = description }
}
