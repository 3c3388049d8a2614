internal import LogModel
internal import LogStore
internal import SQLite

/// What is to be added to a record.
package enum IncidentChange: Sendable {
    /// The record as it is to be, and by what.
    case revision(Incident, Entry.Kind)
    /// Its number is given to it.
    case pin(Pin)
    case unpin(Int, reason: String)
    case measurement(Measurement)
}

extension IncidentStore {
    /// Makes a record, with the pins and the measurement that it has already, and returns its id: the next number
    /// of the year, in UTC.
    package func create(
        _ incident: Incident, pins: [Pin] = [], measured: Measurement? = nil,
        as kind: Entry.Kind = .new, by author: String, at time: Int64
    ) throws(IncidentError) -> IncidentID {
        var id = IncidentID(year: 0, number: 0)
        try writing { () throws(IncidentError) in
            id = try make(incident, pins: pins, as: kind, by: author, at: time)
            if let measured { try add([.measurement(measured)], to: id, author, time) }
        }
        return id
    }

    /// The same in an open transaction.
    func make(
        _ incident: Incident, pins: [Pin], as kind: Entry.Kind, by author: String, at time: Int64
    ) throws(IncidentError) -> IncidentID {
        let year = Int(CivilTime.civil(days: Day(of: time).number).year)
        var id = IncidentID(year: year, number: 1)
        let last = try asking(
            "SELECT max(key) FROM incident WHERE key < ?1",
            [IncidentID(year: year + 1, number: 0).key]
        ) { $0.integer(0) }
        if let last = last.first.map(IncidentID.init(key:)), last.year == year {
            id = IncidentID(year: year, number: last.number + 1)
        }
        try insert(id, at: time)
        try add([.revision(incident, kind)] + pins.map { .pin($0) }, to: id, author, time)
        return id
    }

    /// Adds entries to a record, all or none, and returns how many it then has.
    ///
    /// With `expected` entries given, a record that has others now is left alone: `changed` is thrown.
    @discardableResult
    package func append(
        _ changes: [IncidentChange], to id: IncidentID, expecting expected: Int? = nil,
        by author: String, at time: Int64
    ) throws(IncidentError) -> Int {
        var count = 0
        try writing { () throws(IncidentError) in
            guard let last = try head(of: id) else { throw try unknown(id) }
            if let expected, expected != last.number {
                throw .changed(id, by: last.author, at: last.time, entries: last.number)
            }
            try add(changes, to: id, author, time)
            count = last.number + changes.count
        }
        return count
    }

    /// Runs `body` in a transaction; on a full disk once more without the store's ballast.
    func writing(_ body: () throws(IncidentError) -> Void) throws(IncidentError) {
        try Self.withoutBallast(in: directory) { () throws(IncidentError) in
            try connection.transaction(body, failure: { IncidentError($0) })
        }
    }

    func running(
        _ sql: String, _ bind: (borrowing Statement) -> Void
    ) throws(IncidentError) {
        do {
            let statement = try Statement(sql, on: connection)
            bind(statement)
            try statement.run()
        } catch { throw IncidentError(error) }
    }

    private func insert(_ id: IncidentID, at time: Int64) throws(IncidentError) {
        try running(
            """
            INSERT INTO incident(key, entries, revision, created, changed, title, status)
            VALUES(?1, 0, 0, ?2, ?2, '', '')
            """
        ) {
            $0.bind(id.key, at: 1)
            $0.bind(time, at: 2)
        }
    }

    /// The last entry of a record; nil where it has none yet, or there is no record.
    private func head(of id: IncidentID) throws(IncidentError) -> Entry? {
        let headers = try asking(
            "SELECT header FROM entry WHERE incident = ?1 ORDER BY number DESC LIMIT 1", [id.key]
        ) { $0.blob(0) }
        guard let header = headers.first else { return nil }
        guard let entry = Entry(header: header) else {
            throw .damaged(id, "the header of its last entry is not as it was written")
        }
        return entry
    }

    /// Whether a record was made just now and has no entries yet.
    private func isNew(_ id: IncidentID) throws(IncidentError) -> Bool {
        try asking("SELECT entries FROM incident WHERE key = ?1", [id.key]) { $0.integer(0) } == [0]
    }

    private func unknown(_ id: IncidentID) throws(IncidentError) -> IncidentError {
        .unknown(id, nearest: try ids().last)
    }

    func add(
        _ changes: [IncidentChange], to id: IncidentID, _ author: String, _ time: Int64
    ) throws(IncidentError) {
        for change in changes {
            switch change {
            case .revision(let incident, let kind):
                let number = try add(kind, incident.json(), to: id, author, time)
                try summarize(incident, id, revision: number)
            case .pin(var pin):
                pin.number = try lastPin(of: id) + 1
                let entry = try add(.pin, pin.json(), to: id, author, time)
                try insert(pin, id, entry: entry)
            case .unpin(let number, let reason):
                let entry = try add(
                    .unpin, Self.tombstone(of: number, reason), to: id, author, time)
                try remove(number, id, entry: entry)
            case .measurement(let measurement):
                _ = try add(.measurement, measurement.json(), to: id, author, time)
            }
        }
    }

    /// Adds one entry, and returns its number.
    func add(
        _ kind: Entry.Kind, _ content: [UInt8], to id: IncidentID, _ author: String, _ time: Int64
    ) throws(IncidentError) -> Int {
        let last = try head(of: id)
        if last == nil, try !isNew(id) { throw try unknown(id) }
        let entry = Entry(
            incident: id, number: (last?.number ?? 0) + 1, time: time, author: author, kind: kind,
            content: content, previous: last?.digest ?? Entry.noDigest)
        try running("INSERT INTO entry(incident, number, header, content) VALUES(?1, ?2, ?3, ?4)") {
            $0.bind(id.key, at: 1)
            $0.bind(Int64(entry.number), at: 2)
            $0.bind(blob: entry.header, at: 3)
            $0.bind(blob: content, at: 4)
        }
        try running("UPDATE incident SET entries = ?2, changed = ?3 WHERE key = ?1") {
            $0.bind(id.key, at: 1)
            $0.bind(Int64(entry.number), at: 2)
            $0.bind(time, at: 3)
        }
        return entry.number
    }

    private func insert(_ pin: Pin, _ id: IncidentID, entry: Int) throws(IncidentError) {
        try running(
            """
            INSERT INTO pin(incident, number, entry, time, event, before, after, uid)
            VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
            """
        ) {
            $0.bind(id.key, at: 1)
            $0.bind(Int64(pin.number), at: 2)
            $0.bind(Int64(entry), at: 3)
            $0.bind(pin.event.timestamp, at: 4)
            $0.bind(blob: pin.originals.event, at: 5)
            $0.bind(blob: pin.originals.before, at: 6)
            $0.bind(blob: pin.originals.after, at: 7)
            $0.bind(pin.event.uid, at: 8)
        }
        try countPins(id)
    }

    /// The pin stays where it is, marked: what was said of it can still be checked.
    private func remove(_ number: Int, _ id: IncidentID, entry: Int) throws(IncidentError) {
        let isThere = try asking(
            "SELECT 1 FROM pin WHERE incident = ?1 AND number = ?2 AND removed IS NULL",
            [id.key, Int64(number)]
        ) { _ in true }
        guard isThere == [true] else { throw .noSuchPin(id, number) }
        try running("UPDATE pin SET removed = ?3 WHERE incident = ?1 AND number = ?2") {
            $0.bind(id.key, at: 1)
            $0.bind(Int64(number), at: 2)
            $0.bind(Int64(entry), at: 3)
        }
        try countPins(id)
    }

    func countPins(_ id: IncidentID) throws(IncidentError) {
        try running(
            """
            UPDATE incident SET pins = (SELECT count(*) FROM pin
                WHERE incident = ?1 AND removed IS NULL AND event IS NOT NULL) WHERE key = ?1
            """
        ) { $0.bind(id.key, at: 1) }
    }
}
