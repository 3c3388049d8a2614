internal import LogStore
internal import Presentation
internal import SQLite

/// The content of an entry that is purged, or can be.
package struct PurgedContent: Equatable, Sendable {
    package let entry: Int
    package let kind: Entry.Kind
    /// The pin that it is the content of.
    package let pin: Int?
    /// SHA-256 of the content, as the entry's header has it.
    package let digest: [UInt8]
    /// Bytes that go: of the content, and of the pin's originals.
    package let bytes: Int
}

/// Purging: contents that must not be kept are removed for ever, and the chain shows that they were there.
///
/// An entry's header stays, with the digest of its content, so the chain holds and shows the hole. A
/// receipt follows, in an entry of its own; its header says who purged when.
extension IncidentStore {
    /// What a purge of these pins and entries would remove, by entry; what is purged already is left out.
    ///
    /// Throws for what is not there, for the entry that the record stands on, and for receipts.
    package func purgeable(
        pins: [Int], entries: [Int], of id: IncidentID
    ) throws(IncidentError) -> [PurgedContent] {
        let pinned = Dictionary(
            try asking("SELECT entry, number FROM pin WHERE incident = ?1", [id.key]) {
                (Int($0.integer(0)), Int($0.integer(1)))
            }, uniquingKeysWith: { first, _ in first })
        for pin in pins where !pinned.values.contains(pin) { throw .noSuchPin(id, pin) }
        let revision = try record(id).revision
        let ofPins = pinned.filter { pins.contains($0.value) }.keys
        var contents: [PurgedContent] = []
        for number in Set(entries + ofPins).sorted() {
            guard let found = try entry(number, of: id, pin: pinned[number]) else { continue }
            guard found.kind != .purge, number != revision else {
                throw .kept(id, number, found.kind)
            }
            contents.append(found)
        }
        return contents
    }

    /// An entry and how much there is of it; nil where it was purged.
    private func entry(
        _ number: Int, of id: IncidentID, pin: Int?
    ) throws(IncidentError) -> PurgedContent? {
        let rows = try asking(
            """
            SELECT e.header, length(e.content),
                ifnull(length(p.event) + length(p.before) + length(p.after), 0)
            FROM entry e LEFT JOIN pin p ON p.incident = e.incident AND p.entry = e.number
            WHERE e.incident = ?1 AND e.number = ?2
            """, [id.key, Int64(number)]
        ) { ($0.blob(0), $0.isNull(1) ? nil : Int($0.integer(1)) + Int($0.integer(2))) }
        guard let (header, bytes) = rows.first else { throw .noSuchEntry(id, number) }
        guard let entry = Entry(header: header) else {
            throw .damaged(id, "the header of entry \(number) is not as it was written")
        }
        guard let bytes else { return nil }
        return PurgedContent(
            entry: number, kind: entry.kind, pin: pin, digest: entry.contentDigest, bytes: bytes)
    }

    /// Removes the contents of pins and entries for ever, all or none, and returns what went.
    ///
    /// No file of the store has their bytes any more when this returns true for `isGone`; while somebody reads the
    /// records for seconds, the log beside the file keeps them until the next change.
    package func purge(
        pins: [Int], entries: [Int], of id: IncidentID, because reason: String, by author: String,
        at time: Int64
    ) throws(IncidentError) -> (purged: [PurgedContent], isGone: Bool) {
        var purged: [PurgedContent] = []
        try writing { () throws(IncidentError) in
            purged = try purgeable(pins: pins, entries: entries, of: id)
            guard !purged.isEmpty else { return }
            let receipt = try add(.purge, Self.receipt(of: purged, reason), to: id, author, time)
            for content in purged { try empty(content, of: id, receipt: receipt) }
            try countPins(id)
            try forgetReplacedWords()
        }
        return (purged, try emptyLog())
    }

    private func empty(
        _ content: PurgedContent, of id: IncidentID, receipt: Int
    ) throws(IncidentError) {
        try running("UPDATE entry SET content = NULL WHERE incident = ?1 AND number = ?2") {
            $0.bind(id.key, at: 1)
            $0.bind(Int64(content.entry), at: 2)
        }
        try running(
            """
            UPDATE pin SET removed = ?3, time = NULL, uid = NULL, event = NULL, before = NULL,
                after = NULL WHERE incident = ?1 AND entry = ?2
            """
        ) {
            $0.bind(id.key, at: 1)
            $0.bind(Int64(content.entry), at: 2)
            $0.bind(Int64(receipt), at: 3)
        }
    }

    /// Puts the write-ahead log into the file and cuts it; false where a reader does not let go of it.
    private func emptyLog() throws(IncidentError) -> Bool {
        try asking("PRAGMA wal_checkpoint(TRUNCATE)", []) { $0.integer(0) == 0 }.first ?? false
    }

    private static func receipt(of purged: [PurgedContent], _ reason: String) -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.member("reason", reason)
        json.key("purged")
        json.array(purged) { json, content in
            json.beginObject()
            json.member("entry", Int64(content.entry))
            json.member("kind", content.kind.rawValue)
            if let pin = content.pin { json.member("pin", "P\(pin)") }
            json.member("content", Digest.hex(content.digest))
            json.member("bytes", Int64(content.bytes))
            json.endObject()
        }
        json.endObject()
        return json.bytes
    }
}
