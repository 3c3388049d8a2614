internal import LogModel

/// `parse` and `extract`.
extension StageParser {
    /// `parse "took <ms>ms for <user>"`, of the message or of the field before it.
    mutating func parsing() throws(QueryError) -> Extraction {
        let field = try extractedField(before: .quote)
        lexer.skipBlanks()
        guard lexer.next == .quote else { throw expected("the pattern: \"took <ms>ms\"") }
        let start = lexer.position
        let text = try lexer.quoted()
        let range = start..<lexer.position
        let (pattern, names) = try literals(of: text, at: range)
        return try extraction(field, .literals(pattern), names, at: range)
    }

    /// `extract /user=(?<name>\\w+)/`, of the message or of the field before it.
    mutating func extraction() throws(QueryError) -> Extraction {
        let field = try extractedField(before: .slash)
        lexer.skipBlanks()
        guard let pattern = lexer.regex() else {
            throw expected("a regular expression with named groups: /user=(?<name>\\w+)/")
        }
        let captures: RegexCaptures
        do {
            captures = try RegexCaptures(pattern.pattern, caseInsensitive: pattern.ignoresCase)
        } catch {
            let start = pattern.range.lowerBound
            throw lexer.error(
                error.problem,
                at: start + error.range.lowerBound..<start + error.range.upperBound,
                help: error.help)
        }
        return try extraction(field, .regex(pattern), captures.names, at: pattern.range)
    }

    private mutating func extractedField(
        before opening: UInt8
    ) throws(QueryError) -> FieldReference {
        lexer.skipBlanks()
        if lexer.next?.isNameStart == true { return try field() }
        return try resolve(Name(text: "msg", range: lexer.position..<lexer.position))
    }

    private mutating func extraction(
        _ field: FieldReference, _ pattern: ExtractionPattern, _ names: [String],
        at range: Range<Int>
    ) throws(QueryError) -> Extraction {
        guard !names.isEmpty else {
            throw lexer.error(
                "the pattern names no field", at: range,
                help: "write <name> in the pattern of parse, (?<name>…) in that of extract")
        }
        var references: [FieldReference] = []
        for name in names {
            guard !references.contains(where: { $0.written == name }) else {
                throw lexer.error(
                    "the pattern names '\(name)' twice", at: range,
                    help: "use a name once; <_> passes over a part")
            }
            references.append(try newField(name, at: range))
        }
        return Extraction(field: field, pattern: pattern, names: references)
    }

    /// The field that a name becomes; what makes an event what it is cannot be replaced.
    private mutating func newField(
        _ name: String, at range: Range<Int>
    ) throws(QueryError) -> FieldReference {
        guard case .events = shape else {
            return FieldReference(name: name, written: name, type: .any)
        }
        guard let known = FieldNames.resolve(name) else {
            grammar.resolver.knownAttributes.insert(name)
            return FieldReference(name: name, written: name, type: .any)
        }
        let fixed: Set<String> = [
            FieldName.timestamp, FieldName.observedTimestamp, FieldName.severityText,
            FieldName.body, FieldName.original, FieldName.uid, FieldName.logger, FieldName.host,
            FieldName.service, FieldName.environment, FieldName.filePath, FieldName.fileOffset,
            FieldName.fileLength,
        ]
        guard !fixed.contains(known.name) else {
            throw lexer.error(
                "'\(name)' cannot be replaced", at: range, help: "give the new field another name")
        }
        return FieldReference(name: known.name, written: name, type: known.type)
    }

    /// Takes a pattern apart; fields need text between them, or no end could be told.
    private func literals(
        of text: String, at range: Range<Int>
    ) throws(QueryError) -> (LiteralPattern, [String]) {
        let bytes = Array(text.utf8)
        var pattern = LiteralPattern(prefix: [], parts: [])
        var names: [String] = []
        var literal: [UInt8] = []
        var position = 0
        func flush() {
            if pattern.parts.isEmpty {
                pattern.prefix = literal
            } else {
                pattern.parts[pattern.parts.count - 1].end = literal
            }
            literal = []
        }
        while position < bytes.count {
            guard bytes[position] == .less, let name = Self.placeholder(bytes, at: position) else {
                literal.append(bytes[position])
                position += 1
                continue
            }
            if !pattern.parts.isEmpty, literal.isEmpty {
                throw lexer.error(
                    "two fields touch each other in the pattern", at: range,
                    help: "put the text between them that ends the first")
            }
            flush()
            let isSkipped = name == "_" || name == "*"
            pattern.parts.append(
                LiteralPattern.Part(name: isSkipped ? nil : names.count, end: []))
            if !isSkipped { names.append(name) }
            position += name.utf8.count + 2
        }
        flush()
        return (pattern, names)
    }

    /// The name of `<name>`, which is also `_` or `*`; nil where the bracket is plain text.
    private static func placeholder(_ bytes: [UInt8], at start: Int) -> String? {
        guard let end = bytes[start...].firstIndex(of: .greater), end > start + 1 else {
            return nil
        }
        let name = bytes[(start + 1)..<end]
        let isName = name.first?.isNameStart == true && name.allSatisfy(\.isNameByte)
        guard isName || name.elementsEqual([.star]) else { return nil }
        return String(decoding: name, as: UTF8.self)
    }
}
