internal import LogModel
internal import LogStore

/// What a filter demands of a block's index entries and summary.
struct BlockConditions: Sendable {
    var terms: TermFilter
    /// Severity numbers that can pass; nil for any.
    var severities: Int64?
    /// Instants that can pass.
    var times: Range<Int64>
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
            if isNumeric || pattern.network(for: field) != nil { return .any }
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
