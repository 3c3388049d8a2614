internal import LogStore
internal import SQLite

/// Everything that an export of a fault record shows, as of one moment.
package struct IncidentDocument: Sendable {
    package var record: StoredIncident
    package var pins: [Pin]
    /// By pin the SHA-256 of its original bytes in hexadecimal, as pinned, also where the pin is masked.
    package var digests: [Int: String]
    /// By pin the number of the entry that added it.
    let pinEntries: [Int: Int]
    package var removals: [RemovedPin]
    package var entries: [Entry]
    /// Nil where the logs of the record's time were never measured.
    package var measurement: Measurement?
    package var isMasked = false

    /// Costs a reading of all entries and pins of the record.
    package init(_ id: IncidentID, in store: IncidentStore) throws(IncidentError) {
        record = try store.record(id)
        pins = try store.pins(of: id)
        digests = Dictionary(
            pins.map { ($0.number, Digest.hex($0.digest)) }, uniquingKeysWith: { $1 })
        pinEntries = try store.pinEntries(of: id)
        entries = try store.entries(of: id).map(\.entry)
        removals = try store.removals(of: id)
        measurement = try store.measurement(of: id)
    }

    package var incident: Incident { record.incident }

    /// The pin of a number, if it is still there.
    func pin(_ number: Int) -> Pin? { pins.first { $0.number == number } }
}

extension IncidentStore {
    fileprivate func pinEntries(of id: IncidentID) throws(IncidentError) -> [Int: Int] {
        let rows = try asking("SELECT number, entry FROM pin WHERE incident = ?1", [id.key]) {
            (Int($0.integer(0)), Int($0.integer(1)))
        }
        return Dictionary(rows, uniquingKeysWith: { $1 })
    }
}
