internal import LogStore
internal import SQLite

/// A pin that was taken out of its record, or whose content was purged.
package struct RemovedPin: Equatable, Sendable {
    package let number: Int
    /// The entry that removed it.
    package let entry: Int
    /// Empty where the reason was purged in its turn.
    package let reason: String
    package let by: String
    package let time: Int64
    /// Whether nothing is left of it but the header of its entry.
    package let isPurged: Bool

    package init(
        number: Int, entry: Int, reason: String, by: String, time: Int64, isPurged: Bool
    ) {
        (self.number, self.entry, self.reason) = (number, entry, reason)
        (self.by, self.time, self.isPurged) = (by, time, isPurged)
    }

    package var name: String { "P\(number)" }
}

/// Where an event is pinned.
package struct PinPlace: Hashable, Comparable, Sendable {
    package let incident: IncidentID
    package let number: Int

    package init(incident: IncidentID, number: Int) {
        (self.incident, self.number) = (incident, number)
    }

    package static func < (left: PinPlace, right: PinPlace) -> Bool {
        (left.incident, left.number) < (right.incident, right.number)
    }
}

extension IncidentStore {
    /// Adds pins to a record, all or none, but for events that it has pinned already.
    ///
    /// Gives the new ones with their numbers, and those that were left out with the numbers that they have. An event is
    /// the same by its generation and offset; one whose pin was removed can be pinned again. What was measured is added
    /// behind new pins.
    package func pin(
        _ pins: [Pin], measured: Measurement? = nil, to id: IncidentID, by author: String,
        at time: Int64
    ) throws(IncidentError) -> (new: [Pin], known: [Pin]) {
        var result: (new: [Pin], known: [Pin]) = ([], [])
        try writing { () throws(IncidentError) in
            result = ([], [])
            for var pin in pins {
                if let number = try number(ofEvent: pin.event.uid, in: id) {
                    pin.number = number
                    result.known.append(pin)
                    continue
                }
                try add([.pin(pin)], to: id, author, time)
                pin.number = try lastPin(of: id)
                result.new.append(pin)
            }
            if let measured, !result.new.isEmpty {
                try add([.measurement(measured)], to: id, author, time)
            }
        }
        return result
    }

    private func number(ofEvent uid: String, in id: IncidentID) throws(IncidentError) -> Int? {
        guard !uid.isEmpty else { return nil }
        return try places(ofEvent: uid).first { $0.incident == id }?.number
    }

    /// The highest number that a pin of the record has had; 0 where there was none.
    func lastPin(of id: IncidentID) throws(IncidentError) -> Int {
        try asking("SELECT max(number) FROM pin WHERE incident = ?1", [id.key]) {
            Int($0.integer(0))
        }.first ?? 0
    }

    /// Where an event is pinned, by its uid; pins that were removed do not count. Costs a look into an index.
    package func places(ofEvent uid: String) throws(IncidentError) -> [PinPlace] {
        do {
            let statement = try Statement(
                "SELECT incident, number FROM pin WHERE uid = ?1 AND removed IS NULL",
                on: connection)
            statement.bind(uid, at: 1)
            var places: [PinPlace] = []
            while try statement.step() {
                places.append(
                    PinPlace(
                        incident: IncidentID(key: statement.integer(0)),
                        number: Int(statement.integer(1))))
            }
            return places
        } catch { throw IncidentError(error) }
    }

    /// The pins of a record that are not shown any more, by number: those that were removed, and purged ones.
    package func removals(of id: IncidentID) throws(IncidentError) -> [RemovedPin] {
        let rows = try asking(
            """
            SELECT p.number, p.removed, p.event IS NULL, e.header, e.content FROM pin p
            JOIN entry e ON e.incident = p.incident AND e.number = p.removed
            WHERE p.incident = ?1 ORDER BY p.number
            """, [id.key]
        ) { row in
            (
                number: Int(row.integer(0)), entry: Int(row.integer(1)),
                isPurged: row.integer(2) != 0, header: row.blob(3), content: row.blob(4)
            )
        }
        var removals: [RemovedPin] = []
        for row in rows {
            guard let entry = Entry(header: row.header) else {
                throw .damaged(id, "the header of entry \(row.entry) is not as it was written")
            }
            let reason = (try? JSONValue(row.content))?["reason"]?.text ?? ""
            removals.append(
                RemovedPin(
                    number: row.number, entry: row.entry, reason: reason, by: entry.author,
                    time: entry.time, isPurged: row.isPurged))
        }
        return removals
    }
}
