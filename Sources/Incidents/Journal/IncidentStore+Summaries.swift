internal import Presentation
internal import SQLite

extension IncidentStore {
    /// Writes what follows from a revision into the tables for lists and statistics.
    func summarize(
        _ incident: Incident, _ id: IncidentID, revision: Int
    ) throws(IncidentError) {
        try running(
            """
            UPDATE incident SET revision = ?2, title = ?3, type = ?4, subtype = ?5, severity = ?6,
                status = ?7, started = ?8, detected = ?9, acknowledged = ?10, mitigated = ?11,
                resolved = ?12 WHERE key = ?1
            """
        ) { row in
            row.bind(id.key, at: 1)
            row.bind(Int64(revision), at: 2)
            row.bind(incident.title, at: 3)
            row.bind(text: incident.type?.type.rawValue, at: 4)
            row.bind(text: incident.type?.subtype, at: 5)
            row.bind(text: incident.severity?.rawValue, at: 6)
            row.bind(incident.status.rawValue, at: 7)
            row.bind(incident.started, at: 8)
            row.bind(incident.detected, at: 9)
            row.bind(incident.acknowledged, at: 10)
            row.bind(incident.mitigated, at: 11)
            row.bind(incident.resolved, at: 12)
        }
        try replaceLabels(of: incident, id)
        try replaceActions(of: incident, id)
        try index(incident, id)
    }

    private func replaceLabels(of incident: Incident, _ id: IncidentID) throws(IncidentError) {
        try running("DELETE FROM label WHERE incident = ?1") { $0.bind(id.key, at: 1) }
        for field in IncidentSchema.labels {
            guard case .lines(let values) = field.shape else { continue }
            for value in incident[keyPath: values] {
                try running("INSERT OR IGNORE INTO label VALUES(?1, ?2, ?3)") {
                    $0.bind(field.rawValue, at: 1)
                    $0.bind(value, at: 2)
                    $0.bind(id.key, at: 3)
                }
            }
        }
    }

    private func replaceActions(of incident: Incident, _ id: IncidentID) throws(IncidentError) {
        try running("DELETE FROM action WHERE incident = ?1") { $0.bind(id.key, at: 1) }
        for (number, action) in incident.actions.enumerated() {
            try running("INSERT INTO action VALUES(?1, ?2, ?3, ?4, ?5, ?6)") {
                $0.bind(id.key, at: 1)
                $0.bind(Int64(number + 1), at: 2)
                $0.bind(action.text, at: 3)
                $0.bind(action.owner, at: 4)
                $0.bind(text: action.due?.description, at: 5)
                $0.bind(action.state.rawValue, at: 6)
            }
        }
    }

    /// The content of an entry that removes a pin.
    static func tombstone(of pin: Int, _ reason: String) -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.member("pin", "P\(pin)")
        json.member("reason", reason)
        json.endObject()
        return json.bytes
    }
}

extension Statement {
    fileprivate func bind(text: String?, at index: Int32) {
        if let text { bind(text, at: index) } else { bindNull(at: index) }
    }
}
