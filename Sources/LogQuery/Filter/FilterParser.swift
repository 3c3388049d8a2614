/// A query taken apart: what to keep, and where its pipes begin.
package struct ParsedQuery: Equatable, Sendable {
    package let filter: Filter
    /// Everything behind the first pipe, in UTF-8 offsets; nil when the query has no pipe.
    package let pipes: Range<Int>?
}

/// Reads the filter language of `logq search`.
///
/// ```
/// disjunction = conjunction *("OR" conjunction)
/// conjunction = negation *(["AND"] negation)
/// negation    = ("NOT" / "-") negation / term
/// term        = "(" disjunction ")" / name ":" value / phrase / regex / word
/// value       = "(" disjunction of values ")" / "=" text / (">" / ">=" / "<" / "<=") text
///             / ("[" / "{") bound "TO" bound ("]" / "}") / regex / phrase / word
/// ```
/// A word with a colon is text, not a field, when nothing follows the colon (`ConnectException:`),
/// when the name has letters no field name has or begins with a digit (`10:15:03`), when it is a
/// URL (`http://x`) or a scope (`a::b`), or when it is not in ASCII and no attribute is called so.
package enum FilterParser {
    /// The most levels that parentheses and negations may nest.
    package static let deepest = 200
    /// The most bytes that a query may have.
    package static let longest = 65_536

    /// Parses `query` up to its first pipe; an empty filter keeps everything.
    ///
    /// `knownAttributes` are the names of fields beyond the fixed table that the store has seen;
    /// the last component of one is enough where no other ends in it. `validateRegex` is called for
    /// each regular expression in the order of the text, once everything else is in order. Cost:
    /// linear in the query, and in the attributes when a name is not in the table. Any text gives a
    /// filter or an error.
    package static func parse(
        _ query: String, knownAttributes: Set<String>,
        validateRegex: (RegexPattern) throws(QueryError) -> Void
    ) throws(QueryError) -> ParsedQuery {
        var grammar = try grammar(of: query, knownAttributes)
        let filter = try grammar.wholeFilter()
        for pattern in grammar.patterns { try validateRegex(pattern) }
        let end = grammar.lexer.position
        let length = query.utf8.count
        let pipes = end < length ? end + 1..<length : nil
        return ParsedQuery(filter: filter, pipes: pipes)
    }

    /// A run of the parser at the beginning of `query`.
    static func grammar(
        of query: String, _ knownAttributes: Set<String>
    ) throws(QueryError) -> FilterGrammar {
        let length = query.utf8.count
        guard length <= longest else {
            throw QueryError(
                problem: "the query has \(length) bytes", query: query, range: longest..<length,
                help: "a query may have \(longest) bytes")
        }
        return FilterGrammar(query, knownAttributes: knownAttributes)
    }
}

/// One run of the parser. Its methods each read one rule of the grammar.
struct FilterGrammar {
    var lexer: FilterLexer
    var resolver: FieldResolver
    /// The regular expressions met so far.
    var patterns: [RegexPattern] = []
    private var depth = 0

    init(_ query: String, knownAttributes: Set<String>) {
        lexer = FilterLexer(query)
        resolver = FieldResolver(knownAttributes: knownAttributes)
    }

    /// Reads up to the first pipe or the end.
    mutating func wholeFilter() throws(QueryError) -> Filter {
        lexer.skipBlanks()
        if lexer.next == nil || lexer.next == .pipe { return .all }
        let filter = try disjunction(of: nil)
        if lexer.next == .close {
            throw lexer.error(
                "')' closes nothing", at: lexer.position..<lexer.position + 1,
                help: "remove it, or write \\) for the character itself")
        }
        return filter
    }

    /// Reads terms, or values of `field` where the group belongs to one.
    private mutating func disjunction(of field: FieldReference?) throws(QueryError) -> Filter {
        var branches = [try conjunction(of: field)]
        while let keyword = takeOperator("OR") {
            try requireOperand(after: keyword)
            branches.append(try conjunction(of: field))
        }
        return branches.count == 1 ? branches[0] : .or(branches)
    }

    private mutating func conjunction(of field: FieldReference?) throws(QueryError) -> Filter {
        var terms = [try negation(of: field)]
        while true {
            lexer.skipBlanks()
            if let keyword = takeOperator("AND") {
                try requireOperand(after: keyword)
            } else if lexer.endsTerm(at: lexer.position) || lexer.peekOperator() == "OR" {
                return terms.count == 1 ? terms[0] : .and(terms)
            }
            terms.append(try negation(of: field))
        }
    }

    private mutating func negation(of field: FieldReference?) throws(QueryError) -> Filter {
        let start = lexer.position
        if let keyword = lexer.peekOperator(), keyword != "NOT" {
            throw lexer.error(
                "\(keyword) has nothing before it", at: start..<start + keyword.utf8.count,
                help: "to search for the word itself, quote it: \"\(keyword)\"")
        }
        if let keyword = takeOperator("NOT") {
            try enter(at: keyword)
            try requireOperand(after: keyword)
        } else if takeDash() {
            try enter(at: start..<lexer.position)
        } else {
            return try term(of: field)
        }
        let filter = try negation(of: field)
        depth -= 1
        return .not(filter)
    }

    private mutating func term(of field: FieldReference?) throws(QueryError) -> Filter {
        if lexer.next == .open { return try group(of: field) }
        if let field { return try value(of: field) }
        if let phrase = try lexer.phrase() { return .text(phrase) }
        if let pattern = lexer.regex() {
            patterns.append(pattern)
            return .regex(pattern)
        }
        if let field = try fieldPrefix() {
            return lexer.next == .open ? try group(of: field) : try value(of: field)
        }
        let word = try lexer.word()
        return word.isOnlyWildcards ? .all : .text(TextPattern(word))
    }

    /// Reads a group in parentheses, of terms or of values of `field`.
    mutating func group(of field: FieldReference?) throws(QueryError) -> Filter {
        let opening = lexer.position..<lexer.position + 1
        try enter(at: opening)
        lexer.position += 1
        lexer.skipBlanks()
        if lexer.next == .close {
            throw lexer.error(
                "nothing between the parentheses", at: opening.lowerBound..<lexer.position + 1,
                help: "put terms between them, or write \\( and \\) for the characters themselves")
        }
        if lexer.next != nil, lexer.next != .pipe {
            let filter = try disjunction(of: field)
            if lexer.next == .close {
                lexer.position += 1
                depth -= 1
                return filter
            }
        }
        if lexer.next == .pipe {
            throw lexer.error(
                "a pipe inside parentheses", at: lexer.position..<lexer.position + 1,
                help: "write OR between alternatives, or \\| for the character itself")
        }
        throw lexer.error(
            "unclosed '('", at: opening,
            help: "close it with ')', or write \\( for the character itself")
    }

    // MARK: Operators

    /// Takes `keyword` if it stands here, and gives its range.
    private mutating func takeOperator(_ keyword: String) -> Range<Int>? {
        lexer.skipBlanks()
        guard lexer.peekOperator() == keyword else { return nil }
        let start = lexer.position
        lexer.position += keyword.utf8.count
        return start..<lexer.position
    }

    /// Takes a dash that negates: not one that stands alone or before another (`--since`).
    private mutating func takeDash() -> Bool {
        guard lexer.next == .dash, !lexer.endsTerm(at: lexer.position + 1),
            lexer.byte(at: lexer.position + 1) != .dash
        else { return false }
        lexer.position += 1
        return true
    }

    private mutating func requireOperand(after keyword: Range<Int>) throws(QueryError) {
        lexer.skipBlanks()
        guard lexer.endsTerm(at: lexer.position) else { return }
        let word = lexer.text(keyword)
        throw lexer.error(
            "\(word) has nothing after it", at: keyword,
            help: "to search for the word itself, quote it: \"\(word)\"")
    }

    private mutating func enter(at range: Range<Int>) throws(QueryError) {
        depth += 1
        guard depth <= FilterParser.deepest else {
            throw lexer.error(
                "the query nests deeper than \(FilterParser.deepest) levels", at: range,
                help: "write it with fewer parentheses and negations")
        }
    }
}

extension TextPattern {
    init(_ word: FilterLexer.Word) {
        self.init(parts: word.parts, openStart: word.openStart, openEnd: word.openEnd)
    }
}
