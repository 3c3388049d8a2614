internal import LogModel
internal import LogStore

/// Compiles filters.
struct FilterCompiler {
    let query: String
    let now: Int64
    let zone: Zone

    func compile(_ filter: Filter) throws(QueryError) -> Predicate {
        switch filter {
        case .all: return .all
        case .and(let parts):
            var compiled: [Predicate] = []
            for part in parts { compiled.append(try compile(part)) }
            return .and(compiled)
        case .or(let parts):
            var compiled: [Predicate] = []
            for part in parts { compiled.append(try compile(part)) }
            return .or(compiled)
        case .not(let inner): return .not(try compile(inner))
        case .text(let pattern): return .text(TextSearcher(pattern))
        case .regex(let pattern): return .regex(try regex(pattern))
        case .field(let field, let test): return try compile(field, test)
        }
    }

    func regex(_ pattern: RegexPattern) throws(QueryError) -> RegexTest {
        do {
            return RegexTest(
                try LogRegex(pattern.pattern, caseInsensitive: pattern.ignoresCase))
        } catch {
            let start = pattern.range.lowerBound
            throw QueryError(
                problem: error.problem, query: query,
                range: start + error.range.lowerBound..<start + error.range.upperBound,
                help: error.help)
        }
    }

    private func compile(_ field: FieldReference, _ test: FieldTest) throws(QueryError) -> Predicate
    {
        if field.type == .severity, let mask = severityMask(test) { return .severity(mask) }
        if field.name == FieldName.timestamp, let times = try times(test) { return .times(times) }
        if field.name == FieldName.observedTimestamp, let times = try times(test) {
            let bounds = Double(times.lowerBound)...Double(times.upperBound)
            return .field(
                name: field.name, type: field.type,
                .number(bounds, includesLower: true, includesUpper: false, isAddress: false))
        }
        return .field(name: field.name, type: field.type, try valueTest(field, test))
    }

    /// The numbers that a test of the level accepts; nil for tests of the level's text.
    private func severityMask(_ test: FieldTest) -> Int64? {
        let known: Int64 = ~1
        func numbers(_ accept: (Double) -> Bool) -> Int64 {
            (1..<32).reduce(0) { accept(Double($1)) ? $0 | 1 << Int64($1) : $0 }
        }
        switch test {
        case .exists: return known
        case .matches(let pattern):
            guard !pattern.openStart, !pattern.openEnd, pattern.parts.count == 1,
                let number = Severity.number(of: pattern.text) ?? UInt8(pattern.text),
                (1..<32).contains(number)
            else { return nil }
            return 1 << Int64(number)
        case .compare(let comparison, let value):
            guard let bound = value.number else { return nil }
            switch comparison {
            case .greater: return numbers { $0 > bound }
            case .greaterOrEqual: return numbers { $0 >= bound }
            case .less: return numbers { $0 < bound }
            case .lessOrEqual: return numbers { $0 <= bound }
            }
        case .range(let lower, let upper, let includesLower, let includesUpper):
            let from = lower?.number ?? 0
            let to = upper?.number ?? 31
            return numbers {
                ($0 > from || includesLower && $0 == from) && ($0 < to || includesUpper && $0 == to)
            }
        case .exactly, .regex: return nil
        }
    }

    /// The instants that a test of the event's time accepts.
    private func times(_ test: FieldTest) throws(QueryError) -> Range<Int64>? {
        switch test {
        case .compare(let comparison, let value):
            let span = try interval(value)
            switch comparison {
            case .greater: return span.upperBound..<Int64.max
            case .greaterOrEqual: return span.lowerBound..<Int64.max
            case .less: return Int64.min..<span.lowerBound
            case .lessOrEqual: return Int64.min..<span.upperBound
            }
        case .range(let lower, let upper, let includesLower, let includesUpper):
            var from = Int64.min
            var to = Int64.max
            if let lower {
                let span = try interval(lower)
                from = includesLower ? span.lowerBound : span.upperBound
            }
            if let upper {
                let span = try interval(upper)
                to = includesUpper ? span.upperBound : span.lowerBound
            }
            return from..<max(from, to)
        case .matches(let pattern) where pattern.parts.count == 1 && !pattern.openEnd:
            return try interval(FieldValue(text: pattern.text))
        case .exists: return Int64.min..<Int64.max
        default: return nil
        }
    }

    /// The span a written time covers; an exact instant covers its own nanosecond.
    private func interval(_ value: FieldValue) throws(QueryError) -> Range<Int64> {
        do {
            let span = try TimeExpression.interval(value.text, now: now, zone: zone)
            let start = min(span.lowerBound, .max - 1)
            return span.isEmpty ? start..<start + 1 : span
        } catch {
            throw QueryError(
                problem: "'\(value.text)' is no time", query: query, range: value.range,
                help: "\(error)")
        }
    }

    private func valueTest(
        _ field: FieldReference, _ test: FieldTest
    ) throws(QueryError) -> ValueTest {
        switch test {
        case .exists: return .exists
        case .matches(let pattern): return match(field, pattern)
        case .exactly(let value): return .exactly(Array(value.utf8))
        case .regex(let pattern): return .regex(try regex(pattern))
        case .compare(let comparison, let value):
            switch comparison {
            case .greater: return range(field, value, nil, false, false)
            case .greaterOrEqual: return range(field, value, nil, true, false)
            case .less: return range(field, nil, value, false, false)
            case .lessOrEqual: return range(field, nil, value, false, true)
            }
        case .range(let lower, let upper, let includesLower, let includesUpper):
            return range(field, lower, upper, includesLower, includesUpper)
        }
    }

    /// Messages are searched by word; other values with wildcards are matched as a whole.
    private func match(_ field: FieldReference, _ pattern: TextPattern) -> ValueTest {
        let isText =
            field.name == FieldName.body || field.name == FieldName.original
            || field.name == FieldName.exceptionStackTrace
            || field.name == FieldName.exceptionMessage
        if let network = pattern.network(for: field) { return .network(network) }
        let hasWildcard = pattern.openStart || pattern.openEnd || pattern.parts.count > 1
        if hasWildcard, !isText { return .glob(Glob(pattern)) }
        let searcher = TextSearcher(pattern)
        if !hasWildcard, let number = FieldValue.quantity(pattern.text, of: field) {
            return .equals(number, orText: searcher)
        }
        return .contains(searcher)
    }

    private func range(
        _ field: FieldReference, _ lower: FieldValue?, _ upper: FieldValue?, _ includesLower: Bool,
        _ includesUpper: Bool
    ) -> ValueTest {
        let numbers = [lower, upper].compactMap { $0 }.allSatisfy { $0.number != nil }
        if numbers, field.type != .text {
            let from = lower?.number ?? -.infinity
            let to = upper?.number ?? .infinity
            guard from <= to else {
                return .number(0...0, includesLower: false, includesUpper: false, isAddress: false)
            }
            return .number(
                from...to, includesLower: includesLower, includesUpper: includesUpper,
                isAddress: field.type == .address)
        }
        return .text(
            lower: lower.map { Array($0.text.utf8) }, upper: upper.map { Array($0.text.utf8) },
            includesLower: includesLower, includesUpper: includesUpper)
    }
}

extension TextPattern {
    /// The network that the pattern means as a value of `field`: an address and a number of bits.
    func network(for field: FieldReference) -> Network? {
        guard field.type == .address || field.type == .any, parts.count == 1, !openStart, !openEnd
        else { return nil }
        return Network(text.utf8)
    }
}
