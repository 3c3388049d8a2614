internal import LogModel

/// Reads what stands behind the first pipe of a query.
///
/// ```
/// pipes     = stage *("|" stage)
/// stage     = "stats" aggregate *([","] aggregate) ["by" keys] / ("top" / "rare") [N] ["by"] keys
///           / "timechart" [span] [aggregate] ["by" key] / "patterns" [N] / "where" filter
///           / "diff" ["good" (word / quoted)]
///           / "fields" ["-"] field *([","] ["-"] field) / "sort" ["-"] field *([","] ["-"] field)
///           / "head" [N] / "tail" [N] / "dedup" fields / "context" [N] ["-B" N] ["-A" N]
///           / "parse" [field] quoted / "extract" [field] regex
/// aggregate = function ["(" [field / filter] ")"] ["as" name]
/// keys      = key *([","] key)
/// key       = field / "bin(" span ")" / "bin(" field "," width ")"
/// ```
/// Names mean what they mean in a filter, until a stage makes a table: from there on they are its
/// columns. Any text gives stages or an error.
struct StageParser {
    var grammar: FilterGrammar
    private(set) var conditions: [Filter] = []
    /// What the rows are that the next stage gets.
    var shape = PipeShape.events
    /// What `where` stages ask of events before any other stage: part of the search's filter.
    private(set) var leadingFilters: [Filter] = []
    private(set) var stages: [Stage] = []

    init(_ grammar: FilterGrammar) { self.grammar = grammar }

    var lexer: FilterLexer {
        get { grammar.lexer }
        _modify { yield &grammar.lexer }
    }

    /// Reads all stages; the lexer stands on the first pipe.
    mutating func parse() throws(QueryError) {
        while lexer.next == .pipe {
            let pipe = lexer.position
            lexer.position += 1
            lexer.skipBlanks()
            guard lexer.next != nil, lexer.next != .pipe else {
                throw lexer.error(
                    "a pipe with nothing behind it", at: pipe..<pipe + 1,
                    help: "write a stage: \(Self.names.joined(separator: ", ")); "
                        + "or \\| for the character itself")
            }
            try stage()
            lexer.skipBlanks()
            guard lexer.next == nil || lexer.next == .pipe else { throw unexpected() }
        }
    }

    static let names = [
        "stats", "top", "rare", "timechart", "patterns", "where", "fields", "sort", "head", "tail",
        "dedup", "diff", "context", "parse", "extract",
    ]

    private mutating func stage() throws(QueryError) {
        let start = lexer.position
        guard let name = takeName() else { throw unexpected() }
        let kind: Stage.Kind
        switch name.text {
        case "stats": kind = .stats(try stats())
        case "top": kind = .top(try top(isRare: false))
        case "rare": kind = .top(try top(isRare: true))
        case "timechart": kind = .timechart(try timechart())
        case "where":
            guard let condition = try condition() else { return }
            kind = .filter(condition: condition)
        case "patterns": kind = try patterns(name.range)
        case "diff": kind = try difference(name.range)
        case "fields": kind = .fields(try columns())
        case "sort": kind = .sort(try sortKeys())
        case "head": kind = .head(try takeCount(otherwise: 10))
        case "tail": kind = .tail(try takeCount(otherwise: 10))
        case "dedup": kind = .dedup(try fieldList(after: "dedup"))
        case "context": kind = try context(name.range)
        case "parse": kind = .extract(try parsing())
        case "extract": kind = .extract(try extraction())
        default: throw unknownStage(name)
        }
        let stage = Stage(kind: kind, range: start..<lexer.position)
        stages.append(stage)
        shape = stage.shape(from: shape)
        if case .table(let columns) = shape { grammar.resolver.columns = columns.map(\.field) }
    }

    private func unknownStage(_ name: Name) -> QueryError {
        let habits = [
            "limit": "head", "filter": "where", "grep": "where", "search": "where",
            "select": "fields", "table": "fields", "project": "fields", "order": "sort",
            "uniq": "dedup", "count": "stats", "summarize": "stats", "rex": "extract",
            "histogram": "timechart",
        ]
        let folded = name.text.lowercased()
        let near = habits[folded] ?? Self.nearest(to: folded, among: Self.names)
        return lexer.error(
            "unknown stage '\(name.text)'", at: name.range,
            help: near.map { "did you mean '\($0)'?" }
                ?? "stages are \(Self.names.joined(separator: ", "))")
    }

    /// The candidate that is the fewest letters away, if few enough to be meant.
    static func nearest(to name: String, among candidates: [String]) -> String? {
        let distances = candidates.map {
            (EditDistance.between(Array(name.utf8), Array($0.utf8)), $0)
        }
        guard let best = distances.min(by: { $0.0 < $1.0 }), best.0 <= max(1, best.1.utf8.count / 3)
        else { return nil }
        return best.1
    }

    // MARK: Filters

    /// Reads the filter of `where`; nil where it becomes part of the search's own.
    private mutating func condition() throws(QueryError) -> Int? {
        lexer.skipBlanks()
        guard lexer.next != nil, lexer.next != .pipe else {
            throw expected("a filter, such as where status:>=500")
        }
        let start = lexer.position
        let filter = try grammar.wholeFilter()
        try requireColumns(filter, at: start..<lexer.position)
        if stages.isEmpty {
            leadingFilters.append(filter)
            return nil
        }
        return add(filter)
    }

    mutating func add(_ filter: Filter) -> Int {
        conditions.append(filter)
        return conditions.count - 1
    }

    // MARK: Words

    struct Name: Equatable, Sendable {
        let text: String
        let range: Range<Int>
    }

    /// Takes a run of the letters of names, if one stands here.
    mutating func takeName() -> Name? {
        lexer.skipBlanks()
        let start = lexer.position
        guard let first = lexer.next, first.isNameStart, lexer.blankLength(at: start) == 0 else {
            return nil
        }
        while let byte = lexer.next, byte.isNameByte, lexer.blankLength(at: lexer.position) == 0 {
            lexer.position += 1
        }
        return Name(text: lexer.text(start..<lexer.position), range: start..<lexer.position)
    }

    /// Takes `word` if it stands here as a name of its own.
    mutating func take(word: String) -> Bool {
        let start = lexer.position
        if takeName()?.text == word { return true }
        lexer.position = start
        return false
    }

    mutating func take(_ byte: UInt8) -> Bool {
        lexer.skipBlanks()
        guard lexer.next == byte else { return false }
        lexer.position += 1
        return true
    }

    /// Whether the stage ends here.
    var isAtEnd: Bool {
        mutating get {
            lexer.skipBlanks()
            return lexer.next == nil || lexer.next == .pipe
        }
    }

    /// Takes the run up to a blank, comma, parenthesis or pipe.
    mutating func takeWord() -> Name? {
        lexer.skipBlanks()
        let start = lexer.position
        while let byte = lexer.next, byte != .comma, byte != .open, byte != .close, byte != .pipe,
            lexer.blankLength(at: lexer.position) == 0
        {
            lexer.position += 1
        }
        guard lexer.position > start else { return nil }
        return Name(text: lexer.text(start..<lexer.position), range: start..<lexer.position)
    }

    /// Takes a whole number, at most `largestCount`.
    mutating func takeCount(otherwise standard: Int? = nil) throws(QueryError) -> Int {
        lexer.skipBlanks()
        let start = lexer.position
        guard let digit = lexer.next, digit &- 0x30 < 10 else {
            if let standard, isAtEnd || lexer.next?.isNameStart == true { return standard }
            throw expected("a whole number")
        }
        guard let word = takeWord(), let count = Int(word.text), count > 0,
            count <= Self.largestCount
        else {
            throw lexer.error(
                "'\(lexer.text(start..<lexer.position))' is no such count",
                at: start..<lexer.position,
                help: "write a whole number from 1 to \(Self.largestCount)")
        }
        return count
    }

    static let largestCount = 100_000

    // MARK: Errors

    func expected(_ what: String) -> QueryError {
        let end = lexer.next == nil || lexer.next == .pipe
        let range = end ? lexer.position..<lexer.position : lexer.characterRange(at: lexer.position)
        return lexer.error(
            end ? "something is missing here" : "this is not expected here", at: range,
            help: "write " + what)
    }

    /// What stands where a stage should have ended.
    private mutating func unexpected() -> QueryError {
        let start = lexer.position
        _ = takeWord()
        let range =
            lexer.position > start ? start..<lexer.position : lexer.characterRange(at: start)
        return lexer.error(
            "'\(lexer.text(range))' is not expected here", at: range,
            help: "put a pipe before the next stage, or quote text that belongs to a filter")
    }
}

extension UInt8 {
    static let comma = UInt8(ascii: ",")
}
