internal import SQLite

/// What a record was, and what it may refer to.
extension IncidentStore {
    /// The record as it was when it had so many entries; nil where that was purged.
    package func record(
        _ id: IncidentID, asOf entry: Int
    ) throws(IncidentError) -> Incident? {
        let revision = try entries(of: id).last {
            $0.entry.number <= entry && $0.entry.kind.isRevision
        }
        return revision?.content.flatMap { try? Incident(json: $0) }
    }

    /// The numbers of all pins that were ever made, also of those that were removed or purged.
    package func pinNumbers(of id: IncidentID) throws(IncidentError) -> Set<Int> {
        Set(
            try asking("SELECT number FROM pin WHERE incident = ?1", [id.key]) {
                Int($0.integer(0))
            })
    }
}
