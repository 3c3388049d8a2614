internal import LogStore
internal import SQLite

/// All records of a store read back.
extension IncidentStore {
    /// What SQLite finds wrong with the file, over all of its pages.
    package func brokenPages() throws(IncidentError) -> [String] {
        do {
            return try asking("PRAGMA integrity_check(5)", []) { $0.text(0) }.filter { $0 != "ok" }
        } catch .store(.damaged(_, let reason)) {
            return [reason]
        }
    }

    /// The ids that anything is kept of.
    package func allIDs() throws(IncidentError) -> [IncidentID] {
        try asking(
            """
            SELECT key FROM incident UNION SELECT incident FROM entry UNION
                SELECT incident FROM pin ORDER BY 1
            """, []
        ) { IncidentID(key: $0.integer(0)) }
    }

    /// Checks the chain of a record, and that all tables have what follows from it.
    ///
    /// What cannot be read is a problem too; other errors are thrown. Costs about a millisecond a record and 0.2 a pin.
    package func check(_ id: IncidentID) throws(IncidentError) -> ChainCheck {
        do {
            var check = ChainCheck(try chain(of: id))
            if check.problems.isEmpty { try compareTables(of: &check) }
            return check
        } catch .store(.damaged(_, let reason)) {
            var check = ChainCheck(EntryChain(id: id))
            check.problems = ["it cannot be read: \(reason)"]
            return check
        }
    }

    /// Writes the chain into an empty store, as an import does, and compares the tables.
    private func compareTables(of check: inout ChainCheck) throws(IncidentError) {
        let id = check.id
        let removed = try asking(
            "SELECT number, removed FROM pin WHERE incident = ?1 AND removed IS NOT NULL", [id.key]
        ) { (number: Int($0.integer(0)), entry: Int($0.integer(1))) }
        for pin in removed { check.assume(pin: pin.number, removedBy: pin.entry) }
        let expected = try IncidentStore()
        try expected.replace(try chain(of: id), check)
        for (table, key) in [
            ("incident", "key"), ("pin", "incident"), ("label", "incident"), ("action", "incident"),
        ] where try rows(of: table, key, id) != expected.rows(of: table, key, id) {
            check.problems.append(
                "the table '\(table)' does not have what follows from its entries")
        }
    }

    private func rows(
        of table: String, _ key: String, _ id: IncidentID
    ) throws(IncidentError) -> [[SQLValue]] {
        try asking("SELECT * FROM \(table) WHERE \(key) = ?1 ORDER BY 1, 2, 3", [id.key]) { row in
            (0..<row.columnCount).map { row.value($0) }
        }
    }
}
