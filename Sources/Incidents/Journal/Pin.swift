internal import LogModel
internal import LogStore
internal import Presentation
internal import SQLite

/// A log event that a fault record keeps: its original bytes, some neighbours, and where it came from.
///
/// It is a copy, so it outlives the day that it was taken from.
package struct Pin: Equatable, Sendable {
    /// From 1 in its record; `P3`.
    package var number = 0
    package var note = ""
    package var place = Place()
    package var event = PinnedEvent()
    package var finding = Finding()
    package var originals = Originals()

    /// Where the event stands: which bytes of which content.
    package struct Place: Equatable, Sendable {
        package var host = ""
        package var service = ""
        package var environment = ""
        package var path = ""
        package var generation = ""
        /// Bytes of the decompressed content; the length includes the line terminator.
        package var offset: Int64 = 0
        package var length: Int64 = 0

        package init() {}
    }

    /// What was parsed of it.
    package struct PinnedEvent: Equatable, Sendable {
        package var timestamp: Int64 = 0
        package var observedTimestamp: Int64 = 0
        /// Of the time in the text, seconds east of UTC.
        package var utcOffset: Int32 = 0
        package var severityNumber: UInt8 = 0
        /// The format's name.
        package var format = ""
        /// The SHA-256 of the layout that read it, as a version of the parser.
        package var parser = ""
        /// Names as in queries, values as they are shown.
        package var fields: [Field] = []

        package init() {}

        package var uid: String = ""
    }

    package struct Field: Equatable, Sendable {
        package let name: String
        package let value: String

        package init(_ name: String, _ value: String) { (self.name, self.value) = (name, value) }
    }

    /// How it was found.
    package struct Finding: Equatable, Sendable {
        package var query = ""
        /// The window that was searched; the bounds of `Int64` are open ends.
        package var times: Range<Int64> = .min..<Int64.max
        /// The zone in which times of the query were read.
        package var zone = "UTC"
        /// How many events matched.
        package var matched = 0

        package init() {}
    }

    /// Bytes as they stand in the log, terminators included.
    package struct Originals: Equatable, Sendable {
        package var event: [UInt8] = []
        /// Events of the same file before it, and behind it.
        package var before: [UInt8] = []
        package var after: [UInt8] = []

        package init() {}
    }

    package init() {}

    /// SHA-256 of the event's original bytes.
    package var digest: [UInt8] { Digest.sha256(originals.event) }

    package var name: String { "P\(number)" }
}

extension Pin {
    /// The content of the pin's entry: all but the originals, of which it has the digests and lengths.
    package func json() -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        writeMembers(to: &json)
        json.endObject()
        return json.bytes
    }

    /// Writes it into an open object.
    func writeMembers(to json: inout JSONWriter) {
        json.member("pin", name)
        json.member("note", note)
        writePlace(to: &json)
        writeEvent(to: &json)
        writeFinding(to: &json)
        for (name, bytes) in originals.parts {
            json.key(name)
            json.beginObject()
            json.member("bytes", Int64(bytes.count))
            json.member("sha256", Digest.hex(Digest.sha256(bytes)))
            json.endObject()
        }
    }

    private func writePlace(to json: inout JSONWriter) {
        json.member("host", place.host)
        json.member("service", place.service)
        json.member("environment", place.environment)
        json.member("path", place.path)
        json.member("generation", place.generation)
        json.member("offset", place.offset)
        json.member("length", place.length)
    }

    private func writeEvent(to json: inout JSONWriter) {
        json.member("uid", event.uid)
        json.key("time")
        json.time(event.timestamp)
        json.key("observed")
        json.time(event.observedTimestamp)
        json.member("utc_offset", Int64(event.utcOffset))
        json.member("severity", Int64(event.severityNumber))
        json.member("format", event.format)
        json.member("parser", event.parser)
        json.key("fields")
        json.beginObject()
        for field in event.fields { json.member(field.name, field.value) }
        json.endObject()
    }

    private func writeFinding(to json: inout JSONWriter) {
        json.member("query", finding.query)
        json.key("since")
        json.time(finding.times.lowerBound == .min ? nil : finding.times.lowerBound)
        json.key("until")
        json.time(finding.times.upperBound == .max ? nil : finding.times.upperBound)
        json.member("zone", finding.zone)
        json.member("matched", Int64(finding.matched))
    }

    /// Reads what `json()` writes; nil for another text, or where the originals are not those.
    package init?(json bytes: [UInt8], originals: Originals) {
        guard let json = try? JSONValue(bytes) else { return nil }
        self.init(json)
        self.originals = originals
        guard number > 0 else { return nil }
        for (name, bytes) in originals.parts {
            guard json[name]?["sha256"]?.text == Digest.hex(Digest.sha256(bytes)) else {
                return nil
            }
        }
    }

    private init(_ json: JSONValue) {
        func text(_ name: String) -> String { json[name]?.text ?? "" }
        func integer(_ name: String) -> Int64 { json[name]?.integer ?? 0 }
        func time(_ name: String) -> Int64? {
            Array(text(name).utf8).withUnsafeBufferPointer { RFC3339.parse($0) }
        }
        number = PinName.number(text("pin")) ?? 0
        note = text("note")
        (place.host, place.service) = (text("host"), text("service"))
        (place.environment, place.path) = (text("environment"), text("path"))
        place.generation = text("generation")
        (place.offset, place.length) = (integer("offset"), integer("length"))
        event.uid = text("uid")
        event.timestamp = time("time") ?? 0
        event.observedTimestamp = time("observed") ?? 0
        event.utcOffset = Int32(clamping: integer("utc_offset"))
        event.severityNumber = UInt8(clamping: integer("severity"))
        (event.format, event.parser) = (text("format"), text("parser"))
        if case .object(let fields)? = json["fields"] {
            event.fields = fields.map { Field($0.name, $0.value.text ?? "") }
        }
        (finding.query, finding.zone) = (text("query"), text("zone"))
        finding.matched = Int(clamping: integer("matched"))
        let (since, until) = (time("since") ?? .min, time("until") ?? .max)
        if since < until { finding.times = since..<until }
    }
}

extension Pin.Originals {
    /// With the names that they have in the pin's JSON.
    package var parts: [(name: String, bytes: [UInt8])] {
        [("event", event), ("before", before), ("after", after)]
    }
}
