import LogModel

/// Finds the field that a query's name means: the fixed table first, then the store's attributes.
struct FieldResolver {
    enum Resolution {
        case found(FieldReference)
        case ambiguous([String])
        case unknown
    }

    var knownAttributes: Set<String>
    /// Behind a stage that makes a table: its columns, which are all there is.
    var columns: [FieldReference]?
    /// Attributes by lower-case whole name, and by lower-case last component. Made when first
    /// needed: most queries name only fields of the table.
    private lazy var index: (whole: [String: [String]], last: [String: [String]]) = makeIndex()

    init(knownAttributes: Set<String>) {
        self.knownAttributes = knownAttributes
    }

    mutating func resolve(_ written: String) -> Resolution {
        if let columns { return Self.resolve(written, among: columns) }
        if let field = FieldNames.resolve(written) {
            return .found(FieldReference(name: field.name, written: written, type: field.type))
        }
        if knownAttributes.contains(written) || isOfOpenFamily(written) {
            return .found(attribute(written, written))
        }
        let folded = written.lowercased()
        for names in [index.whole[folded], index.last[folded]] {
            guard let names else { continue }
            let sameCase = names.filter { $0 == written || $0.hasSuffix("." + written) }
            let candidates = sameCase.isEmpty ? names : sameCase
            if candidates.count > 1 { return .ambiguous(candidates.sorted()) }
            if let only = candidates.first { return .found(attribute(only, written)) }
        }
        return .unknown
    }

    private static func resolve(
        _ written: String, among columns: [FieldReference]
    ) -> Resolution {
        let folded = written.lowercased()
        let found =
            columns.first { $0.written == written } ?? columns.first { $0.name == written }
            ?? columns.first { $0.written.lowercased() == folded }
        return found.map(Resolution.found) ?? .unknown
    }

    /// The names like an unknown one, as a sentence.
    func help(for name: String) -> String {
        if let columns {
            return "the columns here are " + columns.map(\.written).joined(separator: ", ")
        }
        let near = FieldNames.nearest(to: name, among: Array(knownAttributes))
        return near.isEmpty
            ? "common fields are level, time, service, host, file, msg, exception, status, path"
            : "did you mean \(Self.alternatives(near))?"
    }

    static func alternatives(_ names: [String]) -> String {
        let quoted = names.prefix(5).map { "'\($0)'" }
        guard let last = quoted.last, quoted.count > 1 else { return quoted.first ?? "" }
        return quoted.dropLast().joined(separator: ", ") + " or " + last
    }

    /// Whether the name belongs to a family with keys of any name, known as `mdc.*`.
    private func isOfOpenFamily(_ written: String) -> Bool {
        var start = written.startIndex
        while let dot = written[start...].firstIndex(of: ".") {
            start = written.index(after: dot)
            if start < written.endIndex, knownAttributes.contains(written[..<start] + "*") {
                return true
            }
        }
        return false
    }

    private func attribute(_ name: String, _ written: String) -> FieldReference {
        FieldReference(
            name: name, written: written, type: FieldNames.resolve(name)?.type ?? .any)
    }

    private func makeIndex() -> (whole: [String: [String]], last: [String: [String]]) {
        var whole: [String: [String]] = [:]
        var last: [String: [String]] = [:]
        for name in knownAttributes {
            whole[name.lowercased(), default: []].append(name)
            guard let dot = name.lastIndex(of: ".") else { continue }
            last[name[name.index(after: dot)...].lowercased(), default: []].append(name)
        }
        return (whole, last)
    }
}

extension FilterGrammar {
    /// Reads `name:` where a field's value follows; nil where the word is text.
    mutating func fieldPrefix() throws(QueryError) -> FieldReference? {
        guard let range = lexer.fieldName() else { return nil }
        let name = lexer.text(range)
        if isURL(after: range), FieldNames.resolve(name) == nil { return nil }
        switch resolver.resolve(name) {
        case .found(let field):
            lexer.position = range.upperBound + 1
            return field
        case .ambiguous(let names):
            throw lexer.error(
                "'\(name)' can mean more than one field", at: range,
                help: "write the whole name: " + FieldResolver.alternatives(names))
        case .unknown:
            guard !looksLikeText(range) else { return nil }
            throw unknownField(name, at: range)
        }
    }

    private func isURL(after name: Range<Int>) -> Bool {
        lexer.bytes[(name.upperBound + 1)...].starts(with: "//".utf8)
    }

    /// Whether the word that begins with this unknown name is likelier text than a mistake: a name
    /// beyond ASCII, a scope (`a::b`), a URL further on (`jdbc:mysql://db`).
    private func looksLikeText(_ name: Range<Int>) -> Bool {
        if lexer.bytes[name].contains(where: { $0 >= 0x80 }) { return true }
        var index = name.upperBound + 1
        if lexer.byte(at: index) == .colon { return true }
        while !lexer.endsTerm(at: index), lexer.byte(at: index) != .quote {
            if lexer.bytes[index...].starts(with: "://".utf8) { return true }
            index += 1
        }
        return false
    }

    private func unknownField(_ name: String, at range: Range<Int>) -> QueryError {
        let help = resolver.help(for: name)
        guard resolver.columns == nil else {
            return lexer.error("unknown column '\(name)'", at: range, help: help)
        }
        return lexer.error(
            "unknown field '\(name)'", at: range,
            help: help + (help.hasSuffix("?") ? "" : ";") + asTextHelp())
    }

    /// How to search for the word here as text; written out where it is short and plain.
    private func asTextHelp() -> String {
        var copy = lexer
        let general = " to search for it as text, put it in quotes"
        guard let word = try? copy.word(), word.range.count <= 60 else { return general }
        let text = lexer.text(word.range)
        return text.contains("\\") ? general : " to search for it as text, quote it: \"\(text)\""
    }
}
