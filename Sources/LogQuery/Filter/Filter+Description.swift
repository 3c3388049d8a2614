extension Filter: CustomStringConvertible {
    /// The filter as a query that parses back to the same tree.
    ///
    /// This holds for trees that the parser makes, with the attributes it knew then. A group
    /// `field:(a OR b)` is printed as `field:a OR field:b`, so the text can outgrow the limit of a
    /// query where the original did not.
    package var description: String {
        switch self {
        case .all: "*"
        case .and(let filters): Self.list(filters, separator: " ", empty: "*", grouping: \.isList)
        case .or(let filters):
            Self.list(filters, separator: " OR ", empty: "NOT *", grouping: \.isDisjunction)
        case .not(let filter): "NOT " + (filter.isList ? "(\(filter))" : filter.description)
        case .text(let pattern): pattern.description
        case .regex(let pattern): pattern.description
        case .field(let field, let test): "\(field.written):\(test)"
        }
    }

    private static func list(
        _ filters: [Filter], separator: String, empty: String, grouping: (Filter) -> Bool
    ) -> String {
        if filters.isEmpty { return empty }
        return filters.map { grouping($0) ? "(\($0))" : $0.description }
            .joined(separator: separator)
    }

    private var isList: Bool {
        switch self {
        case .and, .or: true
        default: false
        }
    }

    private var isDisjunction: Bool {
        if case .or = self { true } else { false }
    }
}

extension FieldTest: CustomStringConvertible {
    /// What stands behind the colon of a query.
    package var description: String {
        switch self {
        case .exists: "*"
        case .matches(let pattern): pattern.description
        case .exactly(let text): "=" + QueryText.quoted(text)
        case .regex(let pattern): pattern.description
        case .compare(let comparison, let value): comparison.rawValue + value.description
        case .range(let lower, let upper, let includesLower, let includesUpper):
            (includesLower ? "[" : "{") + (lower?.description ?? "*") + " TO "
                + (upper?.description ?? "*") + (includesUpper ? "]" : "}")
        }
    }
}

extension TextPattern: CustomStringConvertible {
    package var description: String {
        if parts.isEmpty { return "*" }
        let body: String
        if isPhrase {
            body = QueryText.quoted(text)
        } else if parts.count == 1, !openStart, !openEnd, FilterLexer.operators.contains(text) {
            body = "\\" + text
        } else {
            body = parts.enumerated().map { index, part in
                QueryText.escaped(part, opensTerm: index == 0 && !openStart)
            }.joined(separator: "*")
        }
        return (openStart ? "*" : "") + body + (openEnd ? "*" : "")
    }
}

extension RegexPattern: CustomStringConvertible {
    package var description: String { "/" + pattern + (ignoresCase ? "/i" : "/") }
}

extension FieldValue: CustomStringConvertible {
    package var description: String { QueryText.plainOrQuoted(text) }
}

/// Text as a query writes it.
enum QueryText {
    /// The text in quotes, which take everything but themselves and a backslash as it is.
    static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            if scalar == "\"" || scalar == "\\" { quoted += "\\" }
            quoted.unicodeScalars.append(scalar)
        }
        return quoted + "\""
    }

    /// The text as it is where it reads as one plain value, else in quotes.
    static func plainOrQuoted(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "A")...UInt8(ascii: "Z"):
                true
            default: "_.-+:@%/".utf8.contains(byte)
            }
        }
        return isPlain && !text.isEmpty ? text : quoted(text)
    }

    /// The text with a backslash before each character that would mean something in a word.
    ///
    /// Some mean something only where a term begins: a dash, a slash, what opens a comparison.
    static func escaped(_ text: String, opensTerm: Bool) -> String {
        var escaped = ""
        for (index, scalar) in text.unicodeScalars.enumerated() {
            let atStart = opensTerm && index == 0
            if "\\\"()|:* \t\r\n\u{3000}".unicodeScalars.contains(scalar)
                || atStart && "-/[{<>=".unicodeScalars.contains(scalar)
            {
                escaped += "\\"
            }
            escaped.unicodeScalars.append(scalar)
        }
        return escaped
    }
}
