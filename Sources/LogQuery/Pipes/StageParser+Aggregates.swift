internal import LogModel

/// `stats`, `top`, `rare` and `timechart`.
extension StageParser {
    mutating func stats() throws(QueryError) -> Stats {
        var aggregates: [Aggregate] = []
        while !isAtEnd, !take(word: "by") {
            aggregates.append(try aggregate())
            if take(.comma), isAtEnd { throw expected("a further function behind the comma") }
            if isAtEnd {
                try requireDistinctNames(aggregates.map(\.name))
                return Stats(aggregates: aggregates, keys: [])
            }
        }
        let hasKeys = !isAtEnd
        if aggregates.isEmpty {
            guard hasKeys else { throw expected(Self.functionHelp) }
            aggregates = [.countAll]
        }
        let keys = try keys()
        try requireDistinctNames(keys.map(\.column.name) + aggregates.map(\.name))
        return Stats(aggregates: aggregates, keys: keys)
    }

    /// `patterns [N]`.
    mutating func patterns(_ name: Range<Int>) throws(QueryError) -> Stage.Kind {
        guard shape == .events else {
            throw lexer.error(
                "rows of a table have no messages", at: name,
                help: "put patterns before the stage that makes the table")
        }
        return .patterns(try takeCount(otherwise: 20))
    }

    /// `diff [good WINDOW]`.
    mutating func difference(_ name: Range<Int>) throws(QueryError) -> Stage.Kind {
        guard stages.isEmpty else {
            throw lexer.error(
                "diff compares the events of the filter, not what stages made of them", at: name,
                help: "put diff in front of the other stages")
        }
        guard take(word: "good") else { return .diff(good: nil) }
        lexer.skipBlanks()
        let start = lexer.position
        if lexer.next == .quote {
            let text = try lexer.quoted()
            return .diff(good: Name(text: text, range: start..<lexer.position))
        }
        guard let window = takeWord() else { throw expected("a window: good 09:00..10:00") }
        return .diff(good: window)
    }

    mutating func top(isRare: Bool) throws(QueryError) -> Top {
        let limit = try takeCount(otherwise: 10)
        _ = take(word: "by")
        let keys = try keys()
        try requireDistinctNames(keys.map(\.column.name) + ["count", "share"])
        return Top(limit: limit, keys: keys, isRare: isRare)
    }

    mutating func timechart() throws(QueryError) -> Timechart {
        try requireTime()
        lexer.skipBlanks()
        var span: Int64?
        if let digit = lexer.next, digit &- 0x30 < 10 { span = try duration(try word()) }
        let aggregate = isAtEnd || peek(word: "by") ? .countAll : try aggregate()
        guard take(word: "by") else { return Timechart(span: span, aggregate: aggregate, key: nil) }
        return Timechart(
            span: span, aggregate: aggregate, key: GroupKey(field: try field(), bin: nil))
    }

    static let functionHelp =
        "a function: count(), dc(field), sum, avg, min, max, p50, p90, p95, p99, first, last, "
        + "stddev or values"

    // MARK: Functions

    private mutating func aggregate() throws(QueryError) -> Aggregate {
        let start = lexer.position
        guard let name = takeName() else { throw expected(Self.functionHelp) }
        guard let function = Aggregate.Function(name: name.text) else {
            throw unknownFunction(name)
        }
        var field: FieldReference?
        var condition: Int?
        if function == .count {
            condition = lexer.next == .open ? try countCondition() : nil
        } else {
            guard take(.open) else { throw expected("the field: \(name.text)(took)") }
            field = try self.field()
            guard take(.close) else { throw expected("')' behind the field") }
        }
        var shown = condition == nil ? name.text : trimmed(start..<lexer.position)
        if let field { shown += "(\(field.written))" }
        if take(word: "as") {
            guard let alias = takeName() else { throw expected("a name behind 'as'") }
            shown = alias.text
        }
        return Aggregate(function: function, field: field, condition: condition, name: shown)
    }

    /// Reads `()`, `(field)` or `(FILTER)`; nil for the first, which counts all rows.
    private mutating func countCondition() throws(QueryError) -> Int? {
        let opening = lexer.position
        lexer.position += 1
        if take(.close) { return nil }
        if let name = takeName(), take(.close),
            case .found(let field) = grammar.resolver.resolve(name.text)
        {
            return add(.field(field, .exists))
        }
        lexer.position = opening
        let filter = try grammar.group(of: nil)
        try requireColumns(filter, at: opening..<lexer.position)
        return add(filter)
    }

    private func trimmed(_ range: Range<Int>) -> String {
        var start = range.lowerBound
        while lexer.blankLength(at: start) > 0 { start += lexer.blankLength(at: start) }
        return lexer.text(start..<range.upperBound)
    }

    private func unknownFunction(_ name: Name) -> QueryError {
        let names = [
            "count", "dc", "sum", "avg", "min", "max", "p50", "p90", "p95", "p99", "first",
            "last", "stddev", "values",
        ]
        let habits = [
            "mean": "avg", "average": "avg", "distinct": "dc", "uniq": "dc",
            "count_distinct": "dc", "median": "p50", "earliest": "first", "latest": "last",
            "stdev": "stddev",
        ]
        let folded = name.text.lowercased()
        let near = habits[folded] ?? Self.nearest(to: folded, among: names)
        return lexer.error(
            "unknown function '\(name.text)'", at: name.range,
            help: near.map { "did you mean '\($0)'?" } ?? "write " + Self.functionHelp)
    }

    private func requireDistinctNames(_ names: [String]) throws(QueryError) {
        var seen: Set<String> = []
        for name in names where !seen.insert(name).inserted {
            throw lexer.error(
                "two columns are called '\(name)'", at: max(0, lexer.position - 1)..<lexer.position,
                help: "give one of them another name: count() as n")
        }
    }

    // MARK: Keys

    private mutating func keys() throws(QueryError) -> [GroupKey] {
        var keys = [try key()]
        while take(.comma) || !isAtEnd { keys.append(try key()) }
        return keys
    }

    private mutating func key() throws(QueryError) -> GroupKey {
        let start = lexer.position
        guard let name = takeName() else { throw expected("a field to group by") }
        guard name.text == "bin", take(.open) else {
            lexer.position = start
            return GroupKey(field: try field(), bin: nil)
        }
        let first = try word()
        guard take(.comma) else {
            try requireTime()
            guard take(.close) else { throw expected("')' behind the span") }
            return GroupKey(field: .time, bin: .time(try duration(first)))
        }
        let field = try resolve(first)
        let width = try word()
        guard take(.close) else { throw expected("')' behind the width") }
        if field.type == .time { return GroupKey(field: field, bin: .time(try duration(width))) }
        guard case .success(let value) = FieldValue.read(width.text, at: width.range, of: field),
            let number = value.number, number > 0, number.isFinite
        else {
            throw lexer.error(
                "'\(width.text)' is no width of a bin", at: width.range,
                help: "write a number greater than zero, such as bin(bytes, 1MB)")
        }
        return GroupKey(field: field, bin: .number(number))
    }

    private mutating func word() throws(QueryError) -> Name {
        guard let word = takeWord() else { throw expected("a span such as 5m") }
        return word
    }

    private func duration(_ word: Name) throws(QueryError) -> Int64 {
        do {
            let span = try TimeExpression.duration(word.text)
            if span > 0 { return span }
        } catch {
            throw lexer.error(
                "'\(word.text)' is no span of time", at: word.range,
                help: "write a number and a unit: 30s, 5m, 1h, 1d")
        }
        throw lexer.error(
            "a span of nothing", at: word.range, help: "write a span such as 30s, 5m, 1h or 1d")
    }

    /// Tables have a time only where a stage before made one.
    private func requireTime() throws(QueryError) {
        guard case .table(let columns) = shape,
            !columns.contains(where: { $0.field.name == FieldName.timestamp })
        else { return }
        throw lexer.error(
            "the rows have no time any more", at: max(0, lexer.position - 1)..<lexer.position,
            help: "group by bin(5m) in the stage before, or put this one first")
    }

    func peek(word: String) -> Bool {
        var copy = self
        return copy.take(word: word)
    }
}

extension FieldReference {
    /// The event's time, as bins of it are called.
    static let time = FieldReference(name: FieldName.timestamp, written: "time", type: .time)
}

extension Aggregate {
    static let countAll = Aggregate(function: .count, field: nil, condition: nil, name: "count")
}

extension Aggregate.Function {
    init?(name: String) {
        switch name {
        case "count": self = .count
        case "dc": self = .distinct
        case "sum": self = .sum
        case "avg": self = .average
        case "stddev": self = .deviation
        case "min": self = .minimum
        case "max": self = .maximum
        case "first": self = .first
        case "last": self = .last
        case "values": self = .values
        default:
            guard name.utf8.first == UInt8(ascii: "p"), let percent = Double(name.dropFirst()),
                (0...100).contains(percent)
            else { return nil }
            self = .quantile(percent / 100)
        }
    }
}
