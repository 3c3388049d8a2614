internal import Incidents
internal import LogModel
internal import LogStore
internal import Presentation

extension ShownIncident {
    /// One object: the record's fields, what follows from them, pins, and entries where they are asked for.
    func json(hasEntries: Bool) -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.member("id", record.id.description)
        json.members([
            ("entries", Int64(record.entries)), ("revision", Int64(record.revision)),
        ])
        json.member("root", Digest.hex(record.root))
        json.time("created", orNull: record.created)
        json.time("changed", orNull: record.changed)
        json.key("record")
        json.beginObject()
        record.incident.writeMembers(to: &json)
        json.endObject()
        for row in ResponseTimes(record.incident).rows(in: .english) {
            guard let span = row.span else { continue }
            json.key(row.name.lowercased() + "_seconds")
            json.number(Double(span) / 1e9)
        }
        json.key("pins")
        json.beginArray()
        for pin in pins { write(pin, to: &json) }
        json.endArray()
        json.key("removed_pins")
        json.beginArray()
        for pin in removed { write(pin, to: &json) }
        json.endArray()
        for weight in [LintProblem.Weight.missing, .advice] {
            json.member(weight.rawValue, problems.filter { $0.weight == weight }.map(\.text))
        }
        if hasEntries { writeEntries(to: &json) }
        json.endObject()
        json.endLine()
        return json.bytes
    }

    private func write(_ pin: Pin, to json: inout JSONWriter) {
        json.beginObject()
        json.member("pin", pin.name)
        json.member("note", pin.note)
        json.time("time", orNull: pin.event.timestamp)
        json.member("host", pin.place.host)
        json.member("service", pin.place.service)
        json.member("path", pin.place.path)
        json.member("query", pin.finding.query)
        json.key("text")
        json.string(pin.originals.event.span)
        json.member("sha256", Digest.hex(pin.digest))
        json.endObject()
    }

    private func write(_ pin: RemovedPin, to json: inout JSONWriter) {
        json.beginObject()
        json.member("pin", "P\(pin.number)")
        json.member("reason", pin.reason)
        json.member("by", pin.by)
        json.time("time", orNull: pin.time)
        json.key("purged")
        json.boolean(pin.isPurged)
        json.endObject()
    }

    private func writeEntries(to json: inout JSONWriter) {
        json.key("changes")
        json.beginArray()
        for (entry, content) in entries {
            json.beginObject()
            json.members([("number", Int64(entry.number))])
            json.time("time", orNull: entry.time)
            json.member("by", entry.author)
            json.member("kind", entry.kind.rawValue)
            json.key("purged")
            json.boolean(content == nil)
            json.member("content", Digest.hex(entry.contentDigest))
            json.member("digest", Digest.hex(entry.digest))
            json.endObject()
        }
        json.endArray()
    }
}
