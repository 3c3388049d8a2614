/// A cursor over the bytes of a query: blanks, operators, words, phrases, regular expressions.
///
/// A word ends at a blank, a pipe, or a parenthesis that does not close one inside the word. What
/// is special is ASCII, so cutting there never splits a character; the ideographic space, which
/// Chinese input methods type, is a blank too.
struct FilterLexer {
    let query: String
    let bytes: [UInt8]
    var position = 0

    static let operators: Set<String> = ["AND", "OR", "NOT"]

    init(_ query: String) {
        self.query = query
        self.bytes = Array(query.utf8)
    }

    /// What a word of the query says, with its wildcards taken apart.
    struct Word {
        var parts: [String] = []
        var openStart = false
        var openEnd = false
        var range = 0..<0

        var isOnlyWildcards: Bool { parts.isEmpty && openStart }
        var hasWildcards: Bool { openStart || openEnd || parts.count > 1 }
        var text: String { parts.joined(separator: "*") }
    }

    var next: UInt8? { byte(at: position) }

    func byte(at index: Int) -> UInt8? { index < bytes.count ? bytes[index] : nil }

    func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    func error(_ problem: String, at range: Range<Int>, help: String? = nil) -> QueryError {
        QueryError(problem: problem, query: query, range: range, help: help)
    }

    // MARK: Where things end

    /// How many bytes the blank at `index` has; 0 when there is none.
    func blankLength(at index: Int) -> Int {
        switch byte(at: index) {
        case .blank, .tab, .newline, .carriageReturn: 1
        case 0xE3 where byte(at: index + 1) == 0x80 && byte(at: index + 2) == 0x80: 3
        default: 0
        }
    }

    mutating func skipBlanks() {
        while true {
            let length = blankLength(at: position)
            if length == 0 { return }
            position += length
        }
    }

    /// Whether a term cannot go on at `index`: the end, a blank, `)` or a pipe.
    func endsTerm(at index: Int) -> Bool {
        guard let byte = byte(at: index) else { return true }
        return byte == .close || byte == .pipe || blankLength(at: index) > 0
    }

    /// The operator that stands here as a word of its own; `NOT(` is one as well.
    func peekOperator() -> String? {
        for word in Self.operators where bytes[position...].starts(with: word.utf8) {
            let end = position + word.utf8.count
            if endsTerm(at: end) || byte(at: end) == .open { return word }
        }
        return nil
    }

    /// The name before a colon here, when it has the letters of a field name and a value follows.
    ///
    /// Names beyond ASCII are taken too; whether they are fields is for the caller to know.
    func fieldName() -> Range<Int>? {
        var index = position
        while let byte = byte(at: index), byte.isNameByte, blankLength(at: index) == 0 {
            index += 1
        }
        guard index > position, bytes[position].isNameStart, byte(at: index) == .colon,
            !endsTerm(at: index + 1)
        else { return nil }
        return position..<index
    }

    // MARK: Words

    /// Reads a word; it is empty when none stands here.
    ///
    /// Inside a range, brackets end it too; a literal takes `*` as a plain character. An escaped
    /// operator (`\AND`) is that word as text.
    mutating func word(
        inRange: Bool = false, isLiteral: Bool = false
    ) throws(QueryError) -> Word {
        var word = Word(range: position..<position)
        if let name = escapedOperator() {
            word.parts = [name]
            word.range = word.range.lowerBound..<position
            return word
        }
        var part: [UInt8] = []
        var openParentheses: [Int] = []
        scan: while let byte = next, blankLength(at: position) == 0 {
            switch byte {
            case .pipe: break scan
            case .close where openParentheses.isEmpty: break scan
            case .closeBracket where inRange, .closeBrace where inRange: break scan
            case .quote: throw quoteInsideWord()
            case .star where !isLiteral:
                if !part.isEmpty { word.parts.append(String(decoding: part, as: UTF8.self)) }
                part = []
                if word.parts.isEmpty { word.openStart = true }
                word.openEnd = true
                position += 1
                continue
            case .backslash: appendEscaped(to: &part)
            default:
                if byte == .open { openParentheses.append(position) }
                if byte == .close { openParentheses.removeLast() }
                part.append(byte)
                position += 1
            }
            word.openEnd = false
        }
        if let unclosed = openParentheses.last { throw parenthesisInsideWord(at: unclosed) }
        if !part.isEmpty { word.parts.append(String(decoding: part, as: UTF8.self)) }
        word.range = word.range.lowerBound..<position
        return word
    }

    /// A backslash makes the special character behind it plain; before others it is itself.
    private mutating func appendEscaped(to part: inout [UInt8]) {
        let blank = blankLength(at: position + 1)
        let length = blank > 0 ? blank : byte(at: position + 1)?.isSpecial == true ? 1 : 0
        let start = length > 0 ? position + 1 : position
        let end = position + 1 + length
        part.append(contentsOf: bytes[start..<end])
        position = end
    }

    private mutating func escapedOperator() -> String? {
        guard next == .backslash else { return nil }
        for word in Self.operators where bytes[(position + 1)...].starts(with: word.utf8) {
            let end = position + 1 + word.utf8.count
            guard endsTerm(at: end) else { continue }
            position = end
            return word
        }
        return nil
    }

    private func quoteInsideWord() -> QueryError {
        error(
            "a quote inside a word", at: position..<position + 1,
            help: "put a blank before it to begin a phrase, or write \\\" for the quote itself")
    }

    private func parenthesisInsideWord(at index: Int) -> QueryError {
        error(
            "'(' inside a word is never closed", at: index..<index + 1,
            help: "put a blank before it to group terms, or quote the text")
    }

    // MARK: Phrases and regular expressions

    /// Reads a phrase with the wildcards around it, `*"text"*`, or nil where none begins.
    mutating func phrase() throws(QueryError) -> TextPattern? {
        let start = position
        let openStart = next == .star
        guard byte(at: openStart ? position + 1 : position) == .quote else { return nil }
        if openStart { position += 1 }
        let text = try quoted()
        let openEnd = next == .star
        if openEnd { position += 1 }
        guard endsTerm(at: position) else {
            throw error(
                "text goes on behind a phrase", at: characterRange(at: position),
                help: "put a blank behind the closing quote, or write \\\" for a quote inside")
        }
        guard !text.isEmpty else {
            throw error(
                "an empty phrase", at: start..<position,
                help: "put text between the quotes; field:=\"\" finds empty values")
        }
        return TextPattern(parts: [text], isPhrase: true, openStart: openStart, openEnd: openEnd)
    }

    /// Reads quoted text; only `\"` and `\\` are escapes in it.
    mutating func quoted() throws(QueryError) -> String {
        let start = position
        var text: [UInt8] = []
        position += 1
        while let byte = next, byte != .quote {
            if byte == .backslash,
                self.byte(at: position + 1) == .quote || self.byte(at: position + 1) == .backslash
            {
                position += 1
            }
            text.append(bytes[position])
            position += 1
        }
        guard next == .quote else {
            throw error(
                "unclosed quote", at: start..<start + 1,
                help: "close it with \", or write \\\" for the quote itself")
        }
        position += 1
        return String(decoding: text, as: UTF8.self)
    }

    /// Reads `/…/` or `/…/i` where the next plain slash ends the term; else it is a path, and nil.
    ///
    /// A slash before a blank begins no expression, so that `a / b / c` stays text.
    mutating func regex() -> RegexPattern? {
        guard next == .slash, blankLength(at: position + 1) == 0 else { return nil }
        var index = position + 1
        while let byte = byte(at: index), byte != .slash { index += byte == .backslash ? 2 : 1 }
        guard byte(at: index) == .slash, index > position + 1 else { return nil }
        let ignoresCase = byte(at: index + 1) == UInt8(ascii: "i") && endsTerm(at: index + 2)
        guard ignoresCase || endsTerm(at: index + 1) else { return nil }
        let range = position + 1..<index
        position = index + (ignoresCase ? 2 : 1)
        return RegexPattern(pattern: text(range), ignoresCase: ignoresCase, range: range)
    }

    /// The whole character at `index`, so that an error never points into one.
    func characterRange(at index: Int) -> Range<Int> {
        var end = index + 1
        while let byte = byte(at: end), byte & 0xC0 == 0x80 { end += 1 }
        return index..<min(end, bytes.count)
    }
}
