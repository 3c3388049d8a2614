internal import LogStore
internal import Presentation
internal import SQLite

/// What a file has that can be imported: the archive of a record, or records as JSON.
package enum ImportFile {
    case parcel(Parcel)
    /// Each with where it is from.
    case records([(incident: Incident, origin: String)])

    /// The longest file that is read.
    private static let limit = 256 << 20

    /// Reads a file: a zip archive, a JSON object or array of them, or JSON Lines.
    ///
    /// Objects are `record.json` of an export or have the names of `IncidentField`. Throws at the first record that is not
    /// as it should be, so that all of a file is taken or nothing.
    package init(reading path: String) throws(ParcelError) {
        let bytes: [UInt8]
        do { bytes = try SmallFile.read(path, limit: Self.limit) } catch {
            throw ParcelError(error.description)
        }
        do throws(ParcelError) {
            if bytes.starts(with: "PK".utf8) {
                self = .parcel(try Parcel(archive: bytes))
            } else {
                let name = path.split(separator: "/").last.map(String.init) ?? path
                self = .records(try Self.records(bytes, named: SafeText.escaped(name)))
            }
        } catch {
            throw ParcelError("\(path): \(error.description)")
        }
    }

    private static func records(
        _ bytes: [UInt8], named name: String
    ) throws(ParcelError) -> [(incident: Incident, origin: String)] {
        let origin = name + ", SHA-256 " + Digest.hex(Digest.sha256(bytes))
        let documents = try documents(bytes)
        guard !documents.isEmpty else { throw ParcelError("it has no records") }
        var records: [(incident: Incident, origin: String)] = []
        for (index, document) in documents.enumerated() {
            let place = documents.count == 1 ? "" : "record \(index + 1)"
            do throws(IncidentJSONError) {
                records.append(
                    (try incident(document), place.isEmpty ? origin : origin + ", " + place))
            } catch {
                throw ParcelError((place.isEmpty ? "" : place + ": ") + error.description)
            }
        }
        return records
    }

    /// The objects: one, those of an array, or one a line.
    private static func documents(_ bytes: [UInt8]) throws(ParcelError) -> [JSONValue] {
        if let whole = try? JSONValue(bytes) { return whole.array ?? [whole] }
        var documents: [JSONValue] = []
        for (index, line) in bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
            .enumerated() where line.contains(where: { $0 > 0x20 })
        {
            do { documents.append(try JSONValue(Array(line))) } catch {
                throw ParcelError(
                    index == 0
                        ? "it is neither a zip archive nor JSON" : "line \(index + 1) is no JSON")
            }
        }
        return documents
    }

    /// Of an export's JSON the record, without its pins: their bytes and sums come with the archive.
    private static func incident(_ document: JSONValue) throws(IncidentJSONError) -> Incident {
        var incident = Incident()
        let isExport = document["format"]?.text?.hasPrefix("logq incident") ?? false
        guard isExport, let record = document["incident"] else {
            try incident.set(from: document)
            return incident
        }
        try incident.set(from: record)
        if let id = document["id"]?.text, let root = document["root"]?.text {
            let names = SafeText.escaped("\(id), root \(root), without its evidence")
            incident.origin = names
        }
        return incident
    }
}
