package import LogModel
internal import SQLite

/// How many faults there were, how long they lasted, and what is left to do about them.
///
/// From the tables of summaries alone, in one pass over them; microseconds a record.
package struct IncidentStatistics: Equatable, Sendable {
    /// What records are put together by.
    package enum Grouping: String, CaseIterable, Sendable {
        case month, type, severity, service
    }

    /// Records that have something in common.
    package struct Group: Equatable, Sendable {
        /// `2026-11`, `application`, `P1`, a service; empty where the record does not say.
        package let name: String
        package var records = 0
        package var open = 0
        package var toDetect = Spans()
        package var toResolve = Spans()
    }

    /// An action that is not done, and was due before today.
    package struct OverdueAction: Equatable, Sendable {
        package let id: IncidentID
        package let text: String
        package let owner: String
        package let due: String
    }

    /// A service that was hit more than once.
    package struct Repeat: Equatable, Sendable {
        package let service: String
        package let records: Int
        package let last: IncidentID
    }

    /// What all of them come to; its name is empty.
    package private(set) var total = Group(name: "")
    /// By month in the order of time, by severity the worst first, else the largest group first.
    package private(set) var groups: [Grouping: [Group]] = [:]
    /// The one that is due longest first; of all records, whenever their faults began.
    package private(set) var overdue: [OverdueAction] = []
    /// The service with the most records first.
    package private(set) var repeats: [Repeat] = []

    /// Of the records whose fault began in `times`; of all, also of those whose beginning is not known,
    /// which count by when they were made.
    package init(
        of store: IncidentStore, times: Range<Int64> = .always, today: CalendarDate, zone: Zone
    ) throws(IncidentError) {
        let rows = try Self.rows(of: store, times)
        let services = try Self.services(of: store)
        var tables: [Grouping: [String: Group]] = [:]
        var last: [String: Int64] = [:]
        func count(_ row: Row, _ grouping: Grouping, _ name: String) {
            tables[grouping, default: [:]][name, default: Group(name: name)].count(row)
        }
        for row in rows {
            total.count(row)
            count(row, .month, CalendarMonth.name(of: row.started ?? row.created, in: zone))
            count(row, .type, row.type)
            count(row, .severity, row.severity)
            for service in services[row.key] ?? [""] {
                count(row, .service, service)
                last[service] = max(last[service] ?? 0, row.key)
            }
        }
        for (grouping, table) in tables {
            groups[grouping] = Self.ordered(Array(table.values), grouping)
        }
        repeats = (groups[.service] ?? []).filter { $0.records > 1 && !$0.name.isEmpty }.map {
            Repeat(
                service: $0.name, records: $0.records, last: IncidentID(key: last[$0.name] ?? 0))
        }
        overdue = try Self.overdue(in: store, today)
    }

    private static func ordered(_ groups: [Group], _ grouping: Grouping) -> [Group] {
        switch grouping {
        case .month: groups.sorted { $0.name < $1.name }
        // What has none comes last.
        case .severity: groups.sorted { $0.name + "~" < $1.name + "~" }
        case .type, .service: groups.sorted { ($1.records, $0.name) < ($0.records, $1.name) }
        }
    }

    // MARK: Reading

    fileprivate struct Row {
        let key: Int64
        let created: Int64
        let started: Int64?
        let detected: Int64?
        let resolved: Int64?
        let type: String
        let severity: String
        let isOpen: Bool
    }

    private static func rows(
        of store: IncidentStore, _ times: Range<Int64>
    ) throws(IncidentError) -> [Row] {
        var selection = IncidentSelection()
        selection.started = times
        let conditions = selection.conditions
        return try store.asking(
            """
            SELECT key, created, started, detected, resolved, type, severity, status <> 'closed'
            FROM incident i WHERE \(conditions.sql)
            """, bound: conditions.values
        ) {
            Row(
                key: $0.integer(0), created: $0.integer(1), started: $0.time(2),
                detected: $0.time(3), resolved: $0.time(4), type: $0.text(5),
                severity: $0.text(6), isOpen: $0.integer(7) == 1)
        }
    }

    private static func services(
        of store: IncidentStore
    ) throws(IncidentError) -> [Int64: [String]] {
        let rows = try store.asking(
            "SELECT incident, value FROM label WHERE field = 'services'", []
        ) { ($0.integer(0), $0.text(1)) }
        return Dictionary(rows.map { ($0, [$1]) }, uniquingKeysWith: +)
    }

    private static func overdue(
        in store: IncidentStore, _ today: CalendarDate
    ) throws(IncidentError) -> [OverdueAction] {
        try store.asking(
            """
            SELECT incident, text, owner, due FROM action
            WHERE state = 'open' AND due < ? ORDER BY due, incident, number
            """, bound: [.text(today.description)]
        ) {
            OverdueAction(
                id: IncidentID(key: $0.integer(0)), text: $0.text(1), owner: $0.text(2),
                due: $0.text(3))
        }
    }
}

extension IncidentStatistics.Group {
    fileprivate mutating func count(_ row: IncidentStatistics.Row) {
        records += 1
        if row.isOpen { open += 1 }
        toDetect.add(ResponseTimes.span(row.started, row.detected))
        toResolve.add(ResponseTimes.span(row.started, row.resolved))
    }
}

extension IncidentStatistics {
    /// The mean time to resolve of each month from the first with a record to the last; nil where
    /// nothing is known.
    package var months: [(name: String, mean: Double?)] {
        let months = groups[.month] ?? []
        guard let first = months.first, let last = months.last else { return [] }
        let means = Dictionary(months.map { ($0.name, $0.toResolve.mean) }) { first, _ in first }
        var name = first.name
        var all: [(name: String, mean: Double?)] = []
        while name <= last.name {
            all.append((name, means[name] ?? nil))
            name = CalendarMonth.name(after: name)
        }
        return all
    }
}

/// Months as they are grouped by: `2026-11`.
private enum CalendarMonth {
    /// The one that the calendar of `zone` shows.
    static func name(of time: Int64, in zone: Zone) -> String {
        let seconds = RFC3339.split(time).seconds
        let day = CivilTime.split(seconds + Int64(zone.offset(atUTC: seconds))).days
        let (year, month, _) = CivilTime.civil(days: day)
        return name(year, month)
    }

    static func name(after name: String) -> String {
        let parts = name.split(separator: "-").compactMap { Int($0) }
        guard parts.count == 2 else { return name + "~" }
        return parts[1] < 12 ? self.name(parts[0], parts[1] + 1) : self.name(parts[0] + 1, 1)
    }

    private static func name(_ year: Int, _ month: Int) -> String {
        "\(year)-" + (month < 10 ? "0" : "") + "\(month)"
    }
}
