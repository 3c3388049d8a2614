internal import SQLite

/// Which records a list has: all conditions hold, of several values of one, any.
package struct IncidentSelection: Sendable {
    package var statuses: [IncidentStatus] = []
    package var types: [FaultClass] = []
    package var severities: [IncidentSeverity] = []
    /// Values of fields that have several: services, hosts, handlers, tags, patterns.
    package var labels: [(field: IncidentField, values: [String])] = []
    /// Only what is not closed.
    package var isOpen = false
    /// Only what has an open action that was due before this date.
    package var overdueOn: CalendarDate?
    /// When they started; what has no such time is left out unless this is everything.
    package var started = Range<Int64>.always
    /// At most so many, the newest; nil for all.
    package var limit: Int?

    package init() {}

    /// The conditions as SQL on `incident i`.
    var conditions: SQLConditions {
        var conditions = SQLConditions()
        conditions.add("i.status", among: statuses.map(\.rawValue))
        conditions.add("i.severity", among: severities.map(\.rawValue))
        if !types.isEmpty {
            let one = "(i.type = ? AND (? IS NULL OR i.subtype = ?))"
            conditions.add(
                "(" + types.map { _ in one }.joined(separator: " OR ") + ")",
                types.flatMap {
                    [.text($0.type.rawValue), .text(orNull: $0.subtype), .text(orNull: $0.subtype)]
                })
        }
        for (field, values) in labels where !values.isEmpty {
            let marks = values.map { _ in "?" }.joined(separator: ", ")
            conditions.add(
                "i.key IN (SELECT incident FROM label WHERE field = ? AND value IN (\(marks)))",
                [.text(field.rawValue)] + values.map { .text($0) })
        }
        if isOpen { conditions.add("i.status <> ?", [.text(IncidentStatus.closed.rawValue)]) }
        if let overdueOn {
            conditions.add(
                "i.key IN (SELECT incident FROM action WHERE state = 'open' AND due < ?)",
                [.text(overdueOn.description)])
        }
        if started != .always {
            conditions.add(
                "i.started >= ? AND i.started < ?",
                [.integer(started.lowerBound), .integer(started.upperBound)])
        }
        return conditions
    }
}

/// Conditions of a statement and the values for their question marks.
struct SQLConditions {
    private var texts: [String] = []
    private(set) var values: [SQLValue] = []

    mutating func add(_ text: String, _ values: [SQLValue]) {
        texts.append(text)
        self.values += values
    }

    mutating func add(_ column: String, among values: [String]) {
        guard !values.isEmpty else { return }
        let marks = values.map { _ in "?" }.joined(separator: ", ")
        add("\(column) IN (\(marks))", values.map { .text($0) })
    }

    var sql: String { texts.isEmpty ? "true" : texts.joined(separator: " AND ") }
}

extension SQLValue {
    static func text(_ text: String) -> SQLValue { .text(Array(text.utf8)) }

    static func text(orNull text: String?) -> SQLValue { text.map { .text($0) } ?? .null }
}

extension Range<Int64> {
    /// No limits on either side.
    package static var always: Range<Int64> { .min..<Int64.max }
}
