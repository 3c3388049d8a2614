internal import LogModel
internal import LogStore
internal import Presentation

extension Report {
    /// The whole document as one JSON object, for programs; times are RFC 3339 in UTC.
    ///
    /// Original bytes stand as `text` where they are UTF-8 that JSON gives back byte for byte, else as `base64`.
    package static func json(_ document: IncidentDocument) -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.member("format", "logq incident 1")
        json.member("id", document.record.id.description)
        json.key("masked")
        json.boolean(document.isMasked)
        writeState(of: document, to: &json)
        json.key("incident")
        json.beginObject()
        document.incident.writeMembers(to: &json)
        json.endObject()
        writeResponse(to: document.incident, &json)
        json.key("pins")
        json.array(document.pins) { write($1, of: document, to: &$0) }
        json.key("removed_pins")
        json.array(document.removals) { $1.write(to: &$0) }
        json.key("measurement")
        if let measurement = document.measurement {
            measurement.write(to: &json)
        } else {
            json.null()
        }
        json.key("chain")
        json.array(document.entries) { $1.write(to: &$0) }
        json.endObject()
        json.endLine()
        return json.bytes
    }

    private static func writeState(of document: IncidentDocument, to json: inout JSONWriter) {
        let record = document.record
        for (name, time) in [("created", record.created), ("changed", record.changed)] {
            json.key(name)
            json.time(time)
        }
        json.member("entries", Int64(record.entries))
        json.member("revision", Int64(record.revision))
        json.member("root", Digest.hex(record.root))
    }

    /// Derived times in seconds; null where they are not known.
    private static func writeResponse(to incident: Incident, _ json: inout JSONWriter) {
        json.key("response_seconds")
        json.beginObject()
        for row in ResponseTimes(incident).rows(in: .english) {
            json.key(row.name.lowercased())
            if let span = row.span { json.number(Double(span) / 1e9) } else { json.null() }
        }
        json.endObject()
    }

    private static func write(
        _ pin: Pin, of document: IncidentDocument, to json: inout JSONWriter
    ) {
        json.beginObject()
        pin.writeMembers(to: &json)
        json.member("original_sha256", document.digests[pin.number] ?? "")
        json.key("originals")
        json.beginObject()
        for (name, bytes) in pin.originals.parts {
            json.key(name)
            json.beginObject()
            if isText(bytes) {
                json.key("text")
                json.string(bytes.span)
            } else {
                json.member("base64", Base64.text(bytes))
            }
            json.endObject()
        }
        json.endObject()
        json.endObject()
    }

    /// Whether a JSON string gives the bytes back; readers differ in what they do with a NUL.
    private static func isText(_ bytes: [UInt8]) -> Bool {
        !bytes.contains(0) && bytes.withUnsafeBufferPointer(UTF8Bytes.isValid)
    }
}

extension RemovedPin {
    fileprivate func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("pin", name)
        json.member("reason", reason)
        json.member("by", by)
        json.key("time")
        json.time(time)
        json.key("purged")
        json.boolean(isPurged)
        json.endObject()
    }
}

extension Entry {
    fileprivate func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("entry", Int64(number))
        json.key("time")
        json.time(time)
        json.member("by", author)
        json.member("kind", kind.rawValue)
        json.member("content", Digest.hex(contentDigest))
        json.member("header", Digest.hex(digest))
        json.endObject()
    }
}
