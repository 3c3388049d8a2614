internal import LogModel
internal import LogStore

/// One change of a fault record: who did what when, the digest of what came of it, and the digest of the
/// entry before.
///
/// The header is a text, and its SHA-256 is what the next entry names, so `sha256sum` alone checks a
/// chain (after Haber and Stornetta, "How to Time-Stamp a Digital Document", 1991). What an entry says
/// stands apart, in its content; when that must go, the chain of headers still shows that it was there.
///
///     logq incident entry 1
///     incident: INC-2026-0007
///     number: 3
///     time: 2026-11-21T02:30:11.123456789Z
///     by: alice on pay-ops-1
///     kind: pin
///     content: <sha256 of the content>
///     previous: <sha256 of the header before; 64 zeros for the first>
package struct Entry: Equatable, Sendable {
    /// What was done; the raw value stands in the header.
    package enum Kind: String, CaseIterable, Sendable {
        /// The content is the record, as `Incident.json` writes it.
        case new, edit, step, close, reopen, `import`
        /// The content is a pin, as `Pin.json` writes it.
        case pin
        /// The content is an object with `pin` and `reason`.
        case unpin
        /// The content is what the logs said of the record's time, as `Measurement.json` writes it.
        case measurement
        /// The content is the receipt of a purge.
        case purge

        /// Whether the content is the whole record.
        package var isRevision: Bool {
            switch self {
            case .new, .edit, .step, .close, .reopen, .import: true
            case .pin, .unpin, .measurement, .purge: false
            }
        }
    }

    package let incident: IncidentID
    /// From 1.
    package let number: Int
    package let time: Int64
    /// One line: who, and on which machine.
    package let author: String
    package let kind: Kind
    /// SHA-256 of the content.
    package let contentDigest: [UInt8]
    /// SHA-256 of the header of the entry before.
    package let previous: [UInt8]

    package static let noDigest = [UInt8](repeating: 0, count: Digest.byteCount)

    /// The header: what is hashed.
    package var header: [UInt8] {
        Array(
            """
            logq incident entry 1
            incident: \(incident)
            number: \(number)
            time: \(RFC3339.text(time))
            by: \(author)
            kind: \(kind.rawValue)
            content: \(Digest.hex(contentDigest))
            previous: \(Digest.hex(previous))

            """.utf8)
    }

    /// SHA-256 of the header; of the last entry, the record's root.
    package var digest: [UInt8] { Digest.sha256(header) }

    init(
        incident: IncidentID, number: Int, time: Int64, author: String, kind: Kind,
        content: [UInt8], previous: [UInt8]
    ) {
        (self.incident, self.number, self.time, self.kind) = (incident, number, time, kind)
        // A line break would forge the lines behind it.
        self.author = String(author.map { $0.isNewline ? " " : $0 })
        contentDigest = Digest.sha256(content)
        self.previous = previous
    }

    /// Reads a header; nil for what `header` would not write, byte for byte.
    package init?(header bytes: [UInt8]) {
        let lines = String(decoding: bytes, as: UTF8.self)
            .split(separator: "\n", omittingEmptySubsequences: false)
        let names = ["incident", "number", "time", "by", "kind", "content", "previous"]
        guard lines.count == names.count + 2, lines[0] == "logq incident entry 1" else {
            return nil
        }
        var values: [String] = []
        for (name, line) in zip(names, lines.dropFirst()) {
            guard line.hasPrefix(name + ": ") else { return nil }
            values.append(String(line.dropFirst(name.utf8.count + 2)))
        }
        let time = Array(values[2].utf8).withUnsafeBufferPointer { RFC3339.parse($0) }
        guard let id = IncidentID(values[0]), let number = Int(values[1]), let time,
            let kind = Kind(rawValue: values[4]), let content = Digest.bytes(hex: values[5]),
            let previous = Digest.bytes(hex: values[6])
        else { return nil }
        (incident, self.number, self.time, author) = (id, number, time, values[3])
        (self.kind, contentDigest, self.previous) = (kind, content, previous)
        guard header == bytes else { return nil }
    }
}
