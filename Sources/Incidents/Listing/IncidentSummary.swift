internal import SQLite

/// A record in a list.
package struct IncidentSummary: Equatable, Sendable {
    package let id: IncidentID
    package let title: String
    package let type: FaultClass?
    package let severity: IncidentSeverity?
    package let status: IncidentStatus
    package let started: Int64?
    package let resolved: Int64?
    /// In the order of their names.
    package let services: [String]
    /// Those that are neither removed nor purged.
    package let pins: Int
    package let openActions: Int
    /// Of these, those that were due before the day of asking.
    package let overdueActions: Int

    /// As `ResponseTimes` has it.
    package var toResolve: Int64? { ResponseTimes.span(started, resolved) }
}

extension IncidentStore {
    /// The records of a selection, the last made first; `today` says which actions are overdue.
    ///
    /// Reads the tables of summaries only, so it costs microseconds a record, whatever stands in them.
    package func summaries(
        _ selection: IncidentSelection, today: CalendarDate
    ) throws(IncidentError) -> [IncidentSummary] {
        let conditions = selection.conditions
        // The plus keeps SQLite from walking all open actions there are, for each record.
        let sql = """
            SELECT i.key, i.title, i.type, i.subtype, i.severity, i.status, i.started, i.resolved,
                i.pins,
                (SELECT group_concat(value, char(10)) FROM label
                    WHERE incident = i.key AND field = 'services'),
                (SELECT count(*) FROM action WHERE incident = i.key AND +state = 'open'),
                (SELECT count(*) FROM action
                    WHERE incident = i.key AND +state = 'open' AND due < ?)
            FROM incident i WHERE \(conditions.sql) ORDER BY i.key DESC LIMIT ?
            """
        let today: [SQLValue] = [.text(today.description)]
        let limit: [SQLValue] = [.integer(Int64(selection.limit ?? -1))]
        return try asking(sql, bound: today + conditions.values + limit) { row in
            IncidentSummary(
                id: IncidentID(key: row.integer(0)), title: row.text(1),
                type: row.faultClass(2, 3), severity: IncidentSeverity(rawValue: row.text(4)),
                status: IncidentStatus(rawValue: row.text(5)) ?? .identified,
                started: row.time(6), resolved: row.time(7),
                services: row.text(9).split(separator: "\n").map(String.init),
                pins: Int(row.integer(8)), openActions: Int(row.integer(10)),
                overdueActions: Int(row.integer(11)))
        }
    }

    /// The records that are not closed and were of the same time as another one, the last made first.
    ///
    /// What has no end lasts on, and what has no beginning is of no time.
    package func openRecords(
        during incident: Incident, today: CalendarDate
    ) throws(IncidentError) -> [IncidentSummary] {
        guard let start = incident.started else { return [] }
        var open = IncidentSelection()
        open.isOpen = true
        return try summaries(open, today: today).filter { record in
            guard let started = record.started else { return false }
            return started < incident.resolved ?? .max && start < record.resolved ?? .max
        }
    }

    /// The records that are not closed, in order.
    package func openIDs() throws(IncidentError) -> [IncidentID] {
        try asking("SELECT key FROM incident WHERE status <> 'closed' ORDER BY key", []) {
            IncidentID(key: $0.integer(0))
        }
    }

    /// How many records a selection has, its limit left aside.
    package func count(_ selection: IncidentSelection) throws(IncidentError) -> Int {
        let conditions = selection.conditions
        let rows = try asking(
            "SELECT count(*) FROM incident i WHERE \(conditions.sql)", bound: conditions.values
        ) { Int($0.integer(0)) }
        return rows.first ?? 0
    }

    /// Runs a query with values bound in order.
    func asking<Row>(
        _ sql: String, bound values: [SQLValue], _ read: (borrowing Statement) -> Row
    ) throws(IncidentError) -> [Row] {
        do {
            let statement = try Statement(sql, on: connection)
            for (index, value) in values.enumerated() {
                statement.bind(value, at: Int32(clamping: index + 1))
            }
            var rows: [Row] = []
            while try statement.step() { rows.append(read(statement)) }
            return rows
        } catch { throw IncidentError(error) }
    }
}

extension Statement {
    func bind(_ value: SQLValue, at index: Int32) {
        switch value {
        case .null: bindNull(at: index)
        case .integer(let number): bind(number, at: index)
        case .real(let number): bind(number, at: index)
        case .text(let bytes): bind(text: bytes, at: index)
        case .blob(let bytes): bind(blob: bytes, at: index)
        }
    }

    borrowing func time(_ column: Int32) -> Int64? { isNull(column) ? nil : integer(column) }

    borrowing func faultClass(_ type: Int32, _ subtype: Int32) -> FaultClass? {
        guard let fault = FaultType(rawValue: text(type)) else { return nil }
        return FaultClass(fault, isNull(subtype) ? nil : text(subtype))
    }
}
