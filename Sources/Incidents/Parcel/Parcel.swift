internal import LogStore

/// A record as files in a zip archive, which `unzip` and `sha256sum` alone can check.
///
///     INC-2026-0007/report.md, report.html, record.json      for people and programs
///     INC-2026-0007/chain/0001.txt …                         headers, byte for byte
///     INC-2026-0007/chain/0001.json …                        contents; without those that were purged
///     INC-2026-0007/evidence/P1.log, P1.before.log, P1.after.log …     original bytes of each pin
///     INC-2026-0007/HOW-TO-CHECK.txt
///     INC-2026-0007/SHA256SUMS                               of all other files
///
/// A masked copy has no contents of entries, since they say everything in clear, but `masked/incident.json` and
/// `masked/P1.json` …: the record and its pins as they read when masked. Its evidence is the masked text.
///
/// The same record gives the same bytes: names are in order, and times are those of 1980. All names are made here; none
/// comes from the record but its id.
package struct Parcel: Equatable, Sendable {
    package var chain: EntryChain
    /// The record and its pins with personal data masked; nil where nothing is.
    package var masked: Masked?
    /// For people, by name: `report.md`, `report.html`, `record.json`.
    package var reports: [String: [UInt8]] = [:]

    /// Whether the archive that was read is another than logq makes of its files: packed by another program or zlib, or
    /// changed where it says nothing of the record, in times and attributes.
    package internal(set) var isPackedAnew = false

    package struct Masked: Equatable, Sendable {
        package var incident: Incident
        package var pins: [Pin]

        package init(_ incident: Incident, _ pins: [Pin]) {
            (self.incident, self.pins) = (incident, pins)
        }
    }

    package init(_ chain: EntryChain) { self.chain = chain }

    /// Makes a masked copy; `digests` are those of the original events, by the pins' numbers.
    package init(_ chain: EntryChain, masked: Masked, digests: [Int: String]) {
        self.chain = chain
        self.chain.links = chain.links.map {
            EntryChain.Link(number: $0.number, header: $0.header, content: nil)
        }
        self.chain.originals = [:]
        var masked = masked
        for index in masked.pins.indices {
            let number = masked.pins[index].number
            self.chain.originals[number] = masked.pins[index].originals
            let digest = "[masked; SHA-256 of the original: \(digests[number] ?? "unknown")]"
            let note = masked.pins[index].note
            masked.pins[index].note = note.isEmpty ? digest : note + " " + digest
        }
        self.masked = masked
    }

    /// The zip archive.
    package func archive() throws(ParcelError) -> [UInt8] {
        do {
            return try ZipArchive.pack(
                allFiles().map { ZipArchive.File(name: "\(chain.id)/\($0.key)", bytes: $0.value) })
        } catch {
            throw ParcelError("cannot pack \(chain.id): \(error.text)")
        }
    }

    /// All files with their names below the directory, in order.
    func allFiles() -> [(key: String, value: [UInt8])] {
        var files = self.files()
        files[ParcelName.instructions] = ParcelInstructions(self).bytes
        files[ParcelName.sums] = Self.sums(of: files)
        return files.sorted { $0.key < $1.key }
    }

    /// What `sha256sum` writes of the files.
    static func sums(of files: [String: [UInt8]]) -> [UInt8] {
        let lines = files.sorted { $0.key < $1.key }.map { name, bytes in
            "\(Digest.hex(Digest.sha256(bytes)))  \(name)\n"
        }
        return Array(lines.joined().utf8)
    }

    private func files() -> [String: [UInt8]] {
        var files = reports
        for link in chain.links {
            let name = ParcelName.entry(link.number, of: chain.links.count)
            files[name + ".txt"] = link.header
            files[name + ".json"] = link.content
        }
        for (number, originals) in chain.originals {
            for (part, bytes) in originals.parts {
                files[ParcelName.evidence(number, part)] = bytes
            }
        }
        guard let masked else { return files }
        files[ParcelName.maskedIncident] = masked.incident.json()
        for pin in masked.pins { files[ParcelName.maskedPin(pin.number)] = pin.json() }
        return files
    }
}

/// What is wrong with a zip archive that should be one of a record.
package struct ParcelError: Error, Equatable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}

/// The names of the files below the directory of the record.
enum ParcelName {
    static let instructions = "HOW-TO-CHECK.txt"
    static let sums = "SHA256SUMS"
    static let reports = ["record.json", "report.html", "report.md"]
    static let maskedIncident = "masked/incident.json"

    static func maskedPin(_ number: Int) -> String { "masked/P\(number).json" }

    /// Of as many digits as the last one, so that the names are in the order of the entries.
    static func entry(_ number: Int, of count: Int) -> String {
        let (digits, width) = (String(number), max(4, String(count).utf8.count))
        return "chain/" + String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }

    static func evidence(_ number: Int, _ part: String) -> String {
        part == "event" ? "evidence/P\(number).log" : "evidence/P\(number).\(part).log"
    }
}
