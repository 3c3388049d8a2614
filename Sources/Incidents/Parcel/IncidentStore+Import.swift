internal import LogStore
internal import SQLite

/// Records from elsewhere: archives, and JSON.
///
/// An archive's chain is checked before anything is written. If nobody has its id, all is taken in byte for byte, so the
/// root stays the same; likewise if the record here is an earlier state of it. Otherwise, and for a masked copy,
/// a new record begins with what the other one says; its `origin` tells the other one's id and root. It has the pins that
/// were not removed, numbered anew, and none of the history: that stays in the archive.
extension IncidentStore {
    /// Takes in the record of an archive; the archive is one transaction.
    package func take(
        _ parcel: Parcel, by author: String, at time: Int64
    ) throws(IncidentError) -> ImportResult {
        let check = ChainCheck(parcel.chain, isMasked: parcel.masked != nil)
        if let problem = check.problems.first { throw .damaged(parcel.chain.id, problem) }
        let origin = Self.origin(of: parcel)
        if let masked = parcel.masked {
            return try copy(masked.incident, masked.pins, from: origin, author, time)
        }
        let id = parcel.chain.id
        var result: ImportResult?
        try writing { () throws(IncidentError) in
            let here = try chain(of: id)
            guard id.number <= Self.highestNumber, parcel.chain.continues(here) else {
                if here.continues(parcel.chain) { result = .present(id) }
                return
            }
            let further = parcel.chain.links.count - here.links.count
            result =
                here.links.isEmpty
                ? .taken(id) : further == 0 ? .present(id) : .extended(id, entries: further)
            if further > 0 { try replace(parcel.chain, check) }
        }
        if let result { return result }
        guard let incident = check.revision?.incident else { throw .damaged(id, "it says nothing") }
        return try copy(incident, livePins(parcel.chain, check), from: origin, author, time)
    }

    /// A record with a higher number gets another one: the next record here is numbered behind the highest there is.
    private static let highestNumber = 999_999

    /// Makes records of what another system says, all or none; each has where it is from beside it.
    package func take(
        _ records: [(incident: Incident, origin: String)], by author: String, at time: Int64
    ) throws(IncidentError) -> [ImportResult] {
        var results: [ImportResult] = []
        try writing { () throws(IncidentError) in
            results = []
            for record in records {
                let (incident, _) = Self.copy(record.incident, [], from: record.origin)
                let id = try make(incident, pins: [], as: .import, by: author, at: time)
                results.append(.copied(id, origin: incident.origin))
            }
        }
        return results
    }

    /// `INC-2026-0007, root 3f…, masked copy`
    private static func origin(of parcel: Parcel) -> String {
        "\(parcel.chain.id), root \(Digest.hex(parcel.chain.root ?? Entry.noDigest))"
            + (parcel.masked == nil ? "" : ", masked copy")
    }

    private func copy(
        _ incident: Incident, _ pins: [Pin], from origin: String, _ author: String, _ time: Int64
    ) throws(IncidentError) -> ImportResult {
        let (incident, pins) = Self.copy(incident, pins, from: origin)
        let id = try create(incident, pins: pins, as: .import, by: author, at: time)
        return .copied(id, origin: incident.origin)
    }

    /// A record for a new chain: it tells its origin, and refers to its pins by their new numbers.
    private static func copy(
        _ incident: Incident, _ pins: [Pin], from origin: String
    ) -> (incident: Incident, pins: [Pin]) {
        var incident = incident
        incident.origin = incident.origin.isEmpty ? origin : origin + "; " + incident.origin
        let numbers = Dictionary(
            pins.enumerated().map { ($1.number, $0 + 1) }, uniquingKeysWith: { first, _ in first })
        incident.renumberPins { numbers[$0] }
        return (incident, pins)
    }

    private func livePins(_ chain: EntryChain, _ check: ChainCheck) -> [Pin] {
        check.pins.filter { $0.removed == nil }.compactMap { state in
            guard let content = chain.links[state.entry - 1].content,
                let originals = chain.originals[state.number]
            else { return nil }
            return Pin(json: content, originals: originals)
        }
    }

    // MARK: Byte for byte

    /// Writes a chain in place of what is there of it.
    func replace(_ chain: EntryChain, _ check: ChainCheck) throws(IncidentError) {
        guard let revision = check.revision, let times = check.times else {
            throw .damaged(chain.id, "it says nothing")
        }
        for sql in [
            "DELETE FROM entry WHERE incident = ?1", "DELETE FROM pin WHERE incident = ?1",
            """
            INSERT OR IGNORE INTO incident(key, entries, revision, created, changed, title, status)
            VALUES(?1, 0, 0, 0, 0, '', '')
            """,
        ] {
            try running(sql) { $0.bind(chain.id.key, at: 1) }
        }
        for link in chain.links { try insert(link, chain.id) }
        for pin in check.pins { try insert(pin, chain) }
        try summarize(revision.incident, chain.id, revision: revision.number)
        try running("UPDATE incident SET entries = ?2, created = ?3, changed = ?4 WHERE key = ?1") {
            $0.bind(chain.id.key, at: 1)
            $0.bind(Int64(chain.links.count), at: 2)
            $0.bind(times.created, at: 3)
            $0.bind(times.changed, at: 4)
        }
        try countPins(chain.id)
    }

    private func insert(_ link: EntryChain.Link, _ id: IncidentID) throws(IncidentError) {
        try running("INSERT INTO entry(incident, number, header, content) VALUES(?1, ?2, ?3, ?4)") {
            $0.bind(id.key, at: 1)
            $0.bind(Int64(link.number), at: 2)
            $0.bind(blob: link.header, at: 3)
            $0.bind(blob: link.content, at: 4)
        }
    }

    private func insert(_ pin: ChainCheck.PinState, _ chain: EntryChain) throws(IncidentError) {
        let originals = chain.originals[pin.number]
        try running(
            """
            INSERT INTO pin(incident, number, entry, removed, time, uid, event, before, after)
            VALUES(?1, ?2, ?3, ?4, ?5, ?9, ?6, ?7, ?8)
            """
        ) { row in
            row.bind(chain.id.key, at: 1)
            row.bind(Int64(pin.number), at: 2)
            row.bind(Int64(pin.entry), at: 3)
            row.bind(pin.removed.map(Int64.init), at: 4)
            row.bind(pin.time, at: 5)
            row.bind(blob: originals?.event, at: 6)
            row.bind(blob: originals?.before, at: 7)
            row.bind(blob: originals?.after, at: 8)
            if let uid = pin.uid { row.bind(uid, at: 9) } else { row.bindNull(at: 9) }
        }
    }
}

extension Statement {
    fileprivate func bind(blob: [UInt8]?, at index: Int32) {
        if let blob { bind(blob: blob, at: index) } else { bindNull(at: index) }
    }
}

extension Incident {
    /// Gives the pins that it refers to new numbers; references to pins without one are dropped.
    fileprivate mutating func renumberPins(_ number: (Int) -> Int?) {
        for index in impact.indices { impact[index].pins = impact[index].pins.compactMap(number) }
        for index in steps.indices { steps[index].pins = steps[index].pins.compactMap(number) }
    }
}
