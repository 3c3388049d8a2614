import LogModel

extension FilterGrammar {
    /// Reads what stands behind a field's colon, or in a field's group: one value, never a group.
    mutating func value(of field: FieldReference) throws(QueryError) -> Filter {
        if let phrase = try lexer.phrase() { return .field(field, .matches(phrase)) }
        if let pattern = lexer.regex() {
            patterns.append(pattern)
            return .field(field, .regex(pattern))
        }
        switch lexer.next {
        case .equals: return .field(field, .exactly(try exactText(of: field)))
        case .greater, .less: return try comparison(of: field)
        case .openBracket, .openBrace: return try range(of: field)
        case UInt8(ascii: "!") where lexer.byte(at: lexer.position + 1) == .equals:
            throw unknownSign(lexer.position, of: field)
        default:
            let word = try lexer.word()
            try checkNetwork(word, of: field)
            return .field(field, word.isOnlyWildcards ? .exists : .matches(TextPattern(word)))
        }
    }

    /// An address with a slash behind it must be a network.
    private func checkNetwork(
        _ word: FilterLexer.Word, of field: FieldReference
    ) throws(QueryError) {
        guard field.type == .address, !word.hasWildcards,
            let slash = word.text.utf8.firstIndex(of: .slash),
            Network.Address(ArraySlice(word.text.utf8[..<slash])) != nil,
            Network(word.text.utf8) == nil
        else { return }
        throw lexer.error(
            "'\(word.text)' is no network", at: word.range,
            help: "write up to 32 bits behind an IPv4 address, 128 behind IPv6: 10.12.0.0/16")
    }

    /// Reads `=text` or `="text"`; a `*` in it is a plain star.
    private mutating func exactText(of field: FieldReference) throws(QueryError) -> String {
        let start = lexer.position
        lexer.position += 1
        if let sign = lexer.next, [.equals, .greater, .less].contains(sign) {
            throw unknownSign(start, of: field)
        }
        return try literal(after: start..<lexer.position).text
    }

    private mutating func comparison(of field: FieldReference) throws(QueryError) -> Filter {
        let start = lexer.position
        lexer.position += lexer.byte(at: start + 1) == .equals ? 2 : 1
        let sign = start..<lexer.position
        if let extra = lexer.next, [.equals, .greater, .less].contains(extra) {
            throw unknownSign(start, of: field)
        }
        guard let comparison = Comparison(rawValue: lexer.text(sign)) else {
            throw unknownSign(start, of: field)
        }
        let written = try literal(after: sign)
        let value = try typed(written.text, at: written.range, of: field)
        return .field(field.compared, .compare(comparison, value))
    }

    /// Reads the literal text that must follow the sign at `sign`.
    private mutating func literal(
        after sign: Range<Int>
    ) throws(QueryError) -> (text: String, range: Range<Int>) {
        let start = lexer.position
        guard !lexer.endsTerm(at: start) else {
            throw lexer.error(
                "'\(lexer.text(sign))' has nothing after it", at: sign,
                help: "write the value right behind it, without a blank")
        }
        if lexer.next == .quote { return try quotedLiteral() }
        let word = try lexer.word(isLiteral: lexer.text(sign) == "=")
        guard !word.hasWildcards else { throw wildcardInBound(word.range) }
        return (word.text, word.range)
    }

    private mutating func quotedLiteral(
        inRange: Bool = false
    ) throws(QueryError) -> (text: String, range: Range<Int>) {
        let start = lexer.position
        let text = try lexer.quoted()
        let isBracket = lexer.next == .closeBracket || lexer.next == .closeBrace
        guard lexer.endsTerm(at: lexer.position) || (inRange && isBracket) else {
            let end = lexer.position
            throw lexer.error(
                "text goes on behind a quoted value", at: lexer.characterRange(at: end),
                help: "put a blank behind the closing quote, or write \\\" for a quote inside")
        }
        return (text, start..<lexer.position)
    }

    // MARK: Ranges

    /// Reads `[low TO high]`; a brace instead of a bracket leaves that end out.
    private mutating func range(of field: FieldReference) throws(QueryError) -> Filter {
        let start = lexer.position
        let includesLower = lexer.next == .openBracket
        lexer.position += 1
        let lower = try bound(of: field, from: start)
        lexer.skipBlanks()
        let keyword = try lexer.word(inRange: true)
        guard lexer.text(keyword.range) == "TO" else {
            throw keyword.text.lowercased() == "to"
                ? lexer.error(
                    "TO is written in capitals", at: keyword.range,
                    help: "write \(field.written):[low TO high]")
                : malformedRange(from: start, of: field)
        }
        let upper = try bound(of: field, from: start)
        lexer.skipBlanks()
        let includesUpper = lexer.next == .closeBracket
        guard includesUpper || lexer.next == .closeBrace else {
            throw lexer.error(
                "unclosed '\(includesLower ? "[" : "{")'", at: start..<start + 1,
                help: "close it behind the second end: ']' keeps that end, '}' leaves it out")
        }
        lexer.position += 1
        guard lexer.endsTerm(at: lexer.position) else {
            let end = lexer.position
            throw lexer.error(
                "text goes on behind a range", at: lexer.characterRange(at: end),
                help: "put a blank behind the closing bracket")
        }
        if let low = lower?.number, let high = upper?.number, low > high {
            throw lexer.error(
                "the range ends before it begins", at: start..<lexer.position,
                help: "write the smaller value first")
        }
        return .field(
            field.compared,
            .range(
                lower: lower, upper: upper, includesLower: includesLower,
                includesUpper: includesUpper))
    }

    /// Reads one end of a range; nil for `*`, which leaves it open.
    private mutating func bound(
        of field: FieldReference, from start: Int
    ) throws(QueryError) -> FieldValue? {
        lexer.skipBlanks()
        if lexer.next == .quote {
            let literal = try quotedLiteral(inRange: true)
            return try typed(literal.text, at: literal.range, of: field)
        }
        let word = try lexer.word(inRange: true)
        if word.isOnlyWildcards { return nil }
        guard !word.parts.isEmpty else { throw malformedRange(from: start, of: field) }
        guard !word.hasWildcards else { throw wildcardInBound(word.range) }
        return try typed(word.text, at: word.range, of: field)
    }

    // MARK: Errors

    private func typed(
        _ text: String, at range: Range<Int>, of field: FieldReference
    ) throws(QueryError) -> FieldValue {
        switch FieldValue.read(text, at: range, of: field) {
        case .success(let value): return value
        case .failure(let mismatch):
            throw lexer.error(mismatch.problem, at: range, help: mismatch.help)
        }
    }

    private func unknownSign(_ start: Int, of field: FieldReference) -> QueryError {
        var end = start
        while let byte = lexer.byte(at: end), "!=<>".utf8.contains(byte) { end += 1 }
        let sign = lexer.text(start..<end)
        let remedy =
            switch sign {
            case "==": "did you mean '='?"
            case "=>": "did you mean '>='?"
            case "=<": "did you mean '<='?"
            case "<>", "!=": "did you mean NOT \(field.written):=value?"
            default: "the signs are =, >, >=, < and <=;"
            }
        return lexer.error(
            "unknown sign '\(sign)'", at: start..<end,
            help: remedy + " to search for such text, quote it: \(field.written):\"\(sign)…\"")
    }

    private func wildcardInBound(_ range: Range<Int>) -> QueryError {
        lexer.error(
            "a value that is compared has no wildcards", at: range,
            help: "write the value out, or quote it when the star is part of it")
    }

    private func malformedRange(from start: Int, of field: FieldReference) -> QueryError {
        lexer.error(
            "a range needs two ends and TO between them", at: start..<lexer.position,
            help: "write \(field.written):[low TO high], with * for an open end; "
                + "to search for text that begins so, quote it")
    }
}

extension FieldReference {
    /// The field that is compared: the severity number instead of the level's text.
    fileprivate var compared: FieldReference {
        guard type == .severity else { return self }
        return FieldReference(name: "SeverityNumber", written: written, type: type)
    }
}
