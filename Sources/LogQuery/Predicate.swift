internal import LogModel
internal import LogStore

/// A filter compiled for running: searchers and automata made, levels turned into sets of numbers.
indirect enum Predicate: Sendable {
    case all
    case none
    case and([Predicate])
    case or([Predicate])
    case not(Predicate)
    case text(TextSearcher)
    case regex(RegexTest)
    /// Bit `n` is set when severity number `n` passes.
    case severity(Int64)
    case times(Range<Int64>)
    case field(name: String, type: FieldType, ValueTest)

    /// The predicate with what a source decides put in: host, service, environment, path.
    func resolved(for source: EventSource) -> Predicate {
        switch self {
        case .and(let parts):
            var kept: [Predicate] = []
            for part in parts.map({ $0.resolved(for: source) }) {
                if case .none = part { return .none }
                if case .all = part { continue }
                kept.append(part)
            }
            return kept.isEmpty ? .all : kept.count == 1 ? kept[0] : .and(kept)
        case .or(let parts):
            var kept: [Predicate] = []
            for part in parts.map({ $0.resolved(for: source) }) {
                if case .all = part { return .all }
                if case .none = part { continue }
                kept.append(part)
            }
            return kept.isEmpty ? .none : kept.count == 1 ? kept[0] : .or(kept)
        case .not(let inner):
            switch inner.resolved(for: source) {
            case .all: return .none
            case .none: return .all
            case let kept: return .not(kept)
            }
        case .field(let name, let type, let test):
            guard let value = Self.value(of: name, type, in: source, test) else { return self }
            let accepted = !value.isEmpty && test.acceptsText(value, number: nil)
            return accepted ? .all : .none
        default: return self
        }
    }

    /// The value of a field that all events of a source share; nil for other fields.
    private static func value(
        of name: String, _ type: FieldType, in source: EventSource, _ test: ValueTest
    ) -> [UInt8]? {
        switch name {
        case FieldName.host: return Array(source.host.utf8)
        case FieldName.service: return Array(source.service.utf8)
        case FieldName.environment: return Array(source.environment.utf8)
        case FieldName.filePath:
            let path = Array(source.path.utf8)
            guard type == .file, !test.mentionsSlash, let slash = path.lastIndex(of: 0x2F) else {
                return path
            }
            return Array(path[(slash + 1)...])
        default: return nil
        }
    }
}

extension ValueTest {
    fileprivate var mentionsSlash: Bool {
        switch self {
        case .contains(let searcher): searcher.parts.contains { $0.contains(0x2F) }
        case .glob(let glob): glob.parts.contains { $0.contains(0x2F) }
        case .exactly(let value): value.contains(0x2F)
        case .regex(let test): test.regex.pattern.utf8.contains(0x2F)
        default: false
        }
    }
}

/// What a filter demands of a block's index entries and summary.
struct BlockConditions {
    var terms: TermFilter
    /// Severity numbers that can pass; nil for any.
    var severities: Int64?
    /// Instants that can pass.
    var times: Range<Int64>
}

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
        let hasWildcard = pattern.openStart || pattern.openEnd || pattern.parts.count > 1
        if hasWildcard, !isText { return .glob(Glob(pattern)) }
        let searcher = TextSearcher(pattern)
        if !hasWildcard, field.type != .text, field.type != .address, field.type != .any,
            let number = FieldValue.decimal(pattern.text)
        {
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

extension BlockConditions {
    /// What `predicate` and the tree it came from demand: always necessary, never sufficient.
    init(_ filter: Filter, _ predicate: Predicate) {
        terms = Self.terms(filter)
        severities = Self.severities(predicate)
        times = Self.times(predicate)
    }

    private static func terms(_ filter: Filter) -> TermFilter {
        switch filter {
        case .all, .not: return .any
        case .and(let parts): return .allOf(parts.map(terms))
        case .or(let parts): return .anyOf(parts.map(terms))
        case .text(let pattern):
            return terms(pattern, openStart: pattern.openStart, openEnd: pattern.openEnd)
        case .regex(let pattern): return terms(pattern)
        case .field(let field, let test): return terms(field, test)
        }
    }

    private static func terms(
        _ pattern: TextPattern, openStart: Bool, openEnd: Bool
    ) -> TermFilter {
        let last = pattern.parts.count - 1
        return .allOf(
            pattern.parts.enumerated().map { index, part in
                .occurrence(
                    of: CaseFolding.folded(Array(part.utf8)),
                    openStart: index > 0 || openStart, openEnd: index < last || openEnd)
            })
    }

    private static func terms(_ pattern: RegexPattern) -> TermFilter {
        guard
            let regex = try? LogRegex(pattern.pattern, caseInsensitive: pattern.ignoresCase),
            let literals = regex.requiredLiterals
        else { return .any }
        return .anyOf(
            literals.map {
                .occurrence(of: CaseFolding.folded($0), openStart: true, openEnd: true)
            })
    }

    /// Fields whose values stand in the original as they are shown; the value's ends may be joined
    /// to other text there, so both are open.
    private static func terms(_ field: FieldReference, _ test: FieldTest) -> TermFilter {
        let isOutside =
            [
                FieldName.host, FieldName.service, FieldName.environment, FieldName.filePath,
                FieldName.uid, FieldName.fileOffset, FieldName.fileLength, FieldName.timestamp,
                FieldName.observedTimestamp, FieldName.severityText, FieldName.severityNumber,
            ].contains(field.name)
        if isOutside { return .any }
        // Attributes without a type may hold durations, which are shown in seconds.
        let isNumeric = field.type != .text && field.type != .address
        switch test {
        case .matches(let pattern):
            // 0.50 and 0.5 are the same number, not the same words.
            if isNumeric { return .any }
            return terms(pattern, openStart: true, openEnd: true)
        case .exactly(let value):
            if isNumeric { return .any }
            return .occurrence(
                of: CaseFolding.folded(Array(value.utf8)), openStart: true, openEnd: true)
        case .regex(let pattern): return isNumeric ? .any : terms(pattern)
        default: return .any
        }
    }

    private static func severities(_ predicate: Predicate) -> Int64? {
        switch predicate {
        case .severity(let mask): return mask
        case .and(let parts):
            let masks = parts.compactMap(severities)
            return masks.isEmpty ? nil : masks.reduce(~0, &)
        case .or(let parts):
            let masks = parts.map(severities)
            guard masks.allSatisfy({ $0 != nil }) else { return nil }
            return masks.reduce(0) { $0 | ($1 ?? 0) }
        default: return nil
        }
    }

    private static func times(_ predicate: Predicate) -> Range<Int64> {
        let always = Int64.min..<Int64.max
        switch predicate {
        case .times(let times): return times
        case .and(let parts):
            return parts.map(times).reduce(always) { $0.clamped(to: $1) }
        case .or(let parts):
            let spans = parts.map(times)
            guard let first = spans.first else { return always }
            return spans.reduce(first) {
                min($0.lowerBound, $1.lowerBound)..<max($0.upperBound, $1.upperBound)
            }
        default: return always
        }
    }
}
