internal import LogStore
internal import SQLite

/// A record as it is kept, byte for byte: the headers and contents of its entries, and what its pins hold.
package struct EntryChain: Equatable, Sendable {
    package struct Link: Equatable, Sendable {
        /// The number under which it is kept; the header should say the same.
        package let number: Int
        package let header: [UInt8]
        /// Nil where it was purged, or left out of a masked copy.
        package let content: [UInt8]?
    }

    package let id: IncidentID
    package var links: [Link] = []
    /// By the number of the pin; those of purged pins are missing.
    package var originals: [Int: Pin.Originals] = [:]

    /// SHA-256 of the last header: what the record's report names.
    package var root: [UInt8]? { links.last.map { Digest.sha256($0.header) } }

    /// Whether it says all that `other` says, and maybe more behind it.
    func continues(_ other: EntryChain) -> Bool {
        links.count >= other.links.count
            && zip(links, other.links).allSatisfy { $0.header == $1.header }
    }
}

extension IncidentStore {
    /// A record with all that was ever added to it; without any entries if there is none.
    package func chain(of id: IncidentID) throws(IncidentError) -> EntryChain {
        var chain = EntryChain(id: id)
        chain.links = try asking(
            "SELECT number, header, content FROM entry WHERE incident = ?1 ORDER BY number",
            [id.key]
        ) { row in
            EntryChain.Link(
                number: Int(row.integer(0)), header: row.blob(1),
                content: row.isNull(2) ? nil : row.blob(2))
        }
        let pins = try asking(
            "SELECT number, event, before, after FROM pin WHERE incident = ?1 AND event IS NOT NULL",
            [id.key]
        ) { row in
            var originals = Pin.Originals()
            (originals.event, originals.before) = (row.blob(1), row.blob(2))
            originals.after = row.blob(3)
            return (Int(row.integer(0)), originals)
        }
        for (number, originals) in pins { chain.originals[number] = originals }
        return chain
    }
}
