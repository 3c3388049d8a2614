internal import LogModel

/// Names of fields, and the stages that are little more than names.
extension StageParser {
    /// Reads the name of a field, or of a column such as `p95(took)`.
    mutating func field() throws(QueryError) -> FieldReference {
        lexer.skipBlanks()
        if lexer.next == .quote {
            let start = lexer.position
            let text = try lexer.quoted()
            return try resolve(Name(text: text, range: start..<lexer.position))
        }
        guard var name = takeName() else { throw expected("the name of a field") }
        if case .table = shape, lexer.next == .open {
            while let byte = lexer.next, byte != .pipe, byte != .close { lexer.position += 1 }
            _ = take(.close)
            let range = name.range.lowerBound..<lexer.position
            name = Name(text: lexer.text(range), range: range)
        }
        return try resolve(name)
    }

    func resolve(_ name: Name) throws(QueryError) -> FieldReference {
        var resolver = grammar.resolver
        switch resolver.resolve(name.text) {
        case .found(let field): return field
        case .ambiguous(let names):
            throw lexer.error(
                "'\(name.text)' can mean more than one field", at: name.range,
                help: "write the whole name: " + names.joined(separator: ", "))
        case .unknown:
            throw lexer.error(
                "unknown field '\(name.text)'", at: name.range, help: resolver.help(for: name.text))
        }
    }

    mutating func fieldList(after stage: String) throws(QueryError) -> [FieldReference] {
        _ = take(word: "by")
        if isAtEnd { throw expected("fields: \(stage) host, path") }
        var fields = [try field()]
        while take(.comma) || !isAtEnd { fields.append(try field()) }
        return fields
    }

    /// `fields a, b` and, of a table, `fields -c`: what is left of its columns.
    mutating func columns() throws(QueryError) -> [PipeColumn] {
        lexer.skipBlanks()
        let start = lexer.position
        var kept: [PipeColumn] = []
        var dropped: [FieldReference] = []
        repeat {
            lexer.skipBlanks()
            if lexer.next == .dash {
                lexer.position += 1
                dropped.append(try field())
            } else {
                kept.append(column(try field()))
            }
        } while take(.comma) || !isAtEnd
        if kept.isEmpty {
            guard case .table(let columns) = shape else {
                throw lexer.error(
                    "events have no list of columns to leave out of", at: start..<lexer.position,
                    help: "name the fields that are wanted: fields time, level, msg")
            }
            kept = columns
        }
        kept.removeAll { dropped.contains($0.field) }
        guard !kept.isEmpty else {
            throw lexer.error(
                "no column is left", at: start..<lexer.position, help: "keep at least one")
        }
        return kept
    }

    /// The column of a table that the field is, or the one that it becomes.
    private func column(_ field: FieldReference) -> PipeColumn {
        guard case .table(let columns) = shape,
            let known = columns.first(where: { $0.field == field })
        else { return PipeColumn(field: field) }
        return known
    }

    mutating func sortKeys() throws(QueryError) -> [SortKey] {
        _ = take(word: "by")
        if isAtEnd { throw expected("what to sort by: sort -count, path") }
        var keys: [SortKey] = []
        repeat {
            lexer.skipBlanks()
            var isDescending = take(.dash)
            let field = try field()
            if take(word: "desc") { isDescending = true } else { _ = take(word: "asc") }
            keys.append(SortKey(field: field, isDescending: isDescending))
        } while take(.comma) || !isAtEnd
        return keys
    }

    /// `context 3`, `context -B 2 -A 5`, `context -C 3`.
    mutating func context(_ name: Range<Int>) throws(QueryError) -> Stage.Kind {
        guard shape == .events else {
            throw lexer.error(
                "rows of a table have no neighbours", at: name,
                help: "put context before the stage that makes the table")
        }
        var before: Int?
        var after: Int?
        while !isAtEnd {
            let flag = takeWord()
            switch flag?.text {
            case "-B": before = try contextCount()
            case "-A": after = try contextCount()
            case "-C":
                before = try contextCount()
                after = before
            default:
                if let flag { lexer.position = flag.range.lowerBound }
                before = try contextCount()
                after = before
            }
        }
        let isPlain = before == nil && after == nil
        return .context(before: before ?? (isPlain ? 3 : 0), after: after ?? (isPlain ? 3 : 0))
    }

    private mutating func contextCount() throws(QueryError) -> Int {
        lexer.skipBlanks()
        let start = lexer.position
        guard let word = takeWord(), let count = Int(word.text), (0...1_000).contains(count) else {
            throw lexer.error(
                "context takes counts of neighbours", at: start..<max(start, lexer.position),
                help: "write context -B 2 -A 5, each up to 1000")
        }
        return count
    }

    // MARK: Filters over tables

    /// A table has no original text in which a bare word could stand.
    func requireColumns(_ filter: Filter, at range: Range<Int>) throws(QueryError) {
        guard case .table(let columns) = shape, filter.looksAtText else { return }
        let name = columns.first?.name ?? "column"
        throw lexer.error(
            "a table has no text to search", at: range,
            help: "ask a column: \(name):value; a column like p95(took) needs a name, given with as"
        )
    }
}

extension Filter {
    /// Whether a word, phrase or expression without a field is in it.
    fileprivate var looksAtText: Bool {
        switch self {
        case .all, .field: false
        case .text, .regex: true
        case .not(let inner): inner.looksAtText
        case .and(let parts), .or(let parts): parts.contains(where: \.looksAtText)
        }
    }
}
