internal import LogModel
internal import SQLite

/// What a walk over `events` takes on of a statement.
struct EventPlan {
    /// A constraint whose value the walk gets, in the order of its arguments.
    struct Term {
        let column: Int
        let operation: QueryPlan.Operation
    }

    var terms: [Term] = []
    /// Nil where any order will do.
    var order: SearchRequest.Order?
}

extension EventPlan {
    /// Chooses the terms, and the order if the statement sorts by time alone. Costs are relative.
    init(_ plan: inout QueryPlan, columns: [EventColumn]) {
        plan.cost = 1e7
        for (index, constraint) in plan.constraints.enumerated() {
            let isKnown = columns.indices.contains(constraint.column)
            let column = isKnown ? columns[constraint.column] : nil
            if let column, case .argument = column.kind {
                guard constraint.operation == .equal else { continue }
                // A walk without its arguments would be another table.
                guard constraint.isUsable else {
                    plan.isImpossible = true
                    return
                }
                plan.take(index, checked: true)
            } else if let column, constraint.isUsable, column.filters(constraint) {
                plan.take(index, wholeList: true)
            } else {
                continue
            }
            terms.append(Term(column: constraint.column, operation: constraint.operation))
            plan.cost /= constraint.operation == .equal ? 10 : 4
        }
        plan.rows = max(1, Int64(plan.cost / 10))
        chooseOrder(&plan, columns)
    }

    private mutating func chooseOrder(_ plan: inout QueryPlan, _ columns: [EventColumn]) {
        if plan.order.count == 1, let first = plan.order.first,
            columns.indices.contains(first.column),
            columns[first.column].field?.name == FieldName.timestamp
        {
            order = first.isDescending ? .newest : .oldest
            plan.isOrdered = true
        } else if plan.order.isEmpty, plan.constraints.contains(where: { $0.operation == .limit }) {
            // Of a plain list with a limit people expect the newest.
            order = .newest
        }
    }
}

extension EventColumn {
    /// Whether a search can leave out events for the constraint, whatever its value may be.
    fileprivate func filters(_ constraint: QueryPlan.Constraint) -> Bool {
        switch (kind, constraint.operation) {
        case (.time, .equal), (.time, .greater), (.time, .greaterOrEqual), (.time, .less),
            (.time, .lessOrEqual):
            field?.name == FieldName.timestamp && constraint.collation == SQLTime.collation
        case (.instant, let operation), (.severity, let operation), (.number, let operation):
            switch operation {
            case .equal, .greater, .greaterOrEqual, .less, .lessOrEqual: true
            case .isNotNull: if case .number = kind { true } else { false }
            default: false
            }
        case (.level, .equal), (.text, .equal), (.any, .equal): constraint.collation == "BINARY"
        case (.text, .like), (.text, .regexp), (.any, .isNotNull): true
        case (.text, .isNotNull):
            field?.name != FieldName.body && field?.name != FieldName.original
        default: false
        }
    }

    /// The instants that can satisfy a constraint on the time; nil where nothing can be said.
    func times(
        _ operation: QueryPlan.Operation, _ values: [SQLValue], _ time: SQLTime
    ) -> Range<Int64>? {
        var whole: Range<Int64>?
        for value in values {
            let instant: Int64?
            switch (kind, value) {
            case (.time, .text(let text)): instant = time.instant(text)
            case (.instant, .integer(let number)): instant = number
            default: instant = nil
            }
            guard let instant else { return nil }
            let next = instant == .max ? instant : instant + 1
            let span: Range<Int64>
            switch operation {
            case .equal: span = instant..<next
            case .greater: span = next..<Int64.max
            case .greaterOrEqual: span = instant..<Int64.max
            case .less: span = Int64.min..<instant
            case .lessOrEqual: span = Int64.min..<next
            default: return nil
            }
            whole =
                whole.map {
                    min($0.lowerBound, span.lowerBound)..<max($0.upperBound, span.upperBound)
                } ?? span
        }
        return whole
    }

    /// What must hold of every event that satisfies a constraint; nil where nothing can be said.
    ///
    /// SQLite tests the constraint itself: a filter may let more pass, and never less.
    func filter(_ operation: QueryPlan.Operation, _ values: [SQLValue]) -> Filter? {
        if operation == .isNotNull { return field.map { .field($0, .exists) } }
        var filters: [Filter] = []
        for value in values {
            guard let filter = filter(operation, value) else { return nil }
            filters.append(filter)
        }
        return filters.count == 1 ? filters[0] : filters.isEmpty ? nil : .or(filters)
    }

    private func filter(_ operation: QueryPlan.Operation, _ value: SQLValue) -> Filter? {
        guard let field else { return nil }
        switch (kind, value) {
        case (.number, .integer), (.number, .real), (.any, .integer), (.any, .real),
            (.severity, .integer), (.severity, .real):
            return comparison(operation, value).map { .field(field, $0) }
        case (.level, .text(let bytes)):
            guard let text = String(validating: bytes, as: UTF8.self),
                Severity.number(of: text) != nil
            else { return nil }
            return .field(field, .matches(TextPattern(parts: [text])))
        case (.text, .text(let bytes)), (.any, .text(let bytes)):
            guard let text = String(validating: bytes, as: UTF8.self), !text.isEmpty else {
                return nil
            }
            return textFilter(field, operation, text)
        default: return nil
        }
    }

    private func comparison(_ operation: QueryPlan.Operation, _ value: SQLValue) -> FieldTest? {
        let number: Double
        switch value {
        case .integer(let integer): number = Double(integer)
        case .real(let real): number = real
        default: return nil
        }
        // Both ends belong to the range: numbers beyond 2^53 are not told apart.
        let bound = FieldValue(text: "", number: number)
        let lower = [.equal, .greater, .greaterOrEqual].contains(operation) ? bound : nil
        let upper = [.equal, .less, .lessOrEqual].contains(operation) ? bound : nil
        return .range(lower: lower, upper: upper, includesLower: true, includesUpper: true)
    }

    private func textFilter(
        _ field: FieldReference, _ operation: QueryPlan.Operation, _ text: String
    ) -> Filter? {
        switch operation {
        case .equal:
            return isOriginal ? nil : .field(field, .exactly(text))
        case .like: return like(field, text)
        case .regexp:
            guard (try? LogRegex(text)) != nil else { return nil }
            let pattern = RegexPattern(pattern: text)
            return isOriginal ? .regex(pattern) : .field(field, .regex(pattern))
        default: return nil
        }
    }

    /// The literal parts of a `LIKE`, each anywhere in the value.
    private func like(_ field: FieldReference, _ text: String) -> Filter? {
        // Scalars, since a mark behind a '%' makes one character with it, and SQLite sees two.
        let pieces = text.unicodeScalars.split { $0 == "%" || $0 == "_" }
        let parts = pieces.map { part in
            let pattern = TextPattern(
                parts: [String(part)], isPhrase: true, openStart: true, openEnd: true)
            return isOriginal ? Filter.text(pattern) : .field(field, .matches(pattern))
        }
        return parts.isEmpty ? nil : parts.count == 1 ? parts[0] : .and(parts)
    }

    private var isOriginal: Bool { field?.name == FieldName.original }
}
