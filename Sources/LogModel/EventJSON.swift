/// Writes events as JSON objects in the shape of OpenTelemetry's log data model.
package enum EventJSON {
    /// Appends one object, without a newline; text that is not UTF-8 becomes U+FFFD.
    ///
    /// `Timestamp` and `ObservedTimestamp` are RFC 3339 in UTC with nanoseconds. Members without a
    /// value are left out. Attributes are flat, under their dotted names.
    package static func append(_ event: Event, to out: inout [UInt8]) {
        var object = ObjectWriter(&out)
        object.time(FieldName.timestamp, event.timestamp, &out)
        if event.observedTimestamp != 0 {
            object.time(FieldName.observedTimestamp, event.observedTimestamp, &out)
        }
        if let level = event.severityText { object.text(FieldName.severityText, level, &out) }
        if event.severityNumber != 0 {
            object.key(FieldName.severityNumber, &out)
            out += String(event.severityNumber).utf8
        }
        object.text(FieldName.body, event.body, &out)
        appendResource(event.source, &object, &out)
        if let logger = event.loggerName {
            object.key("InstrumentationScope", &out)
            var scope = ObjectWriter(&out)
            scope.text("name", logger, &out)
            scope.close(&out)
        }
        appendAttributes(event, &object, &out)
        object.close(&out)
    }

    private static func appendResource(
        _ source: EventSource, _ object: inout ObjectWriter, _ out: inout [UInt8]
    ) {
        let members = [
            (FieldName.service, source.service), (FieldName.host, source.host),
            (FieldName.environment, source.environment),
        ]
        object.key("Resource", &out)
        var resource = ObjectWriter(&out)
        for (name, value) in members where !value.isEmpty {
            resource.text(name, Array(value.utf8), &out)
        }
        resource.close(&out)
    }

    private static func appendAttributes(
        _ event: Event, _ object: inout ObjectWriter, _ out: inout [UInt8]
    ) {
        object.key("Attributes", &out)
        var attributes = ObjectWriter(&out)
        for (name, value) in event.attributes {
            attributes.key(name, &out)
            append(value, to: &out)
        }
        if !event.source.path.isEmpty {
            attributes.text(FieldName.filePath, Array(event.source.path.utf8), &out)
            attributes.key(FieldName.fileOffset, &out)
            out += String(event.offset).utf8
            attributes.key(FieldName.fileLength, &out)
            out += String(event.length).utf8
        }
        if !event.source.generation.isEmpty {
            attributes.text(FieldName.uid, Array(event.uid.utf8), &out)
        }
        attributes.close(&out)
    }

    /// Appends one value; a number that is not finite becomes null.
    package static func append(_ value: Event.Value, to out: inout [UInt8]) {
        switch value {
        case .text(let text): appendText(text, to: &out)
        case .integer(let number): out += String(number).utf8
        case .number(let number): out += (number.isFinite ? "\(number)" : "null").utf8
        case .list(let items):
            out.append(UInt8(ascii: "["))
            for (index, item) in items.enumerated() {
                if index > 0 { out.append(UInt8(ascii: ",")) }
                appendText(item, to: &out)
            }
            out.append(UInt8(ascii: "]"))
        }
    }

    /// Appends a string in quotes (RFC 8259, section 7).
    static func appendText(_ text: [UInt8], to out: inout [UInt8]) {
        out.append(UInt8(ascii: "\""))
        var isASCII = true
        for byte in text where byte >= 0x80 {
            isASCII = false
            break
        }
        if isASCII {
            for byte in text { appendEscaped(byte, to: &out) }
        } else {
            // Decoding repairs what is not UTF-8.
            for byte in String(decoding: text, as: UTF8.self).utf8 { appendEscaped(byte, to: &out) }
        }
        out.append(UInt8(ascii: "\""))
    }

    private static func appendEscaped(_ byte: UInt8, to out: inout [UInt8]) {
        switch byte {
        case 0x22, 0x5C: out += [0x5C, byte]
        case 0x0A: out += "\\n".utf8
        case 0x0D: out += "\\r".utf8
        case 0x09: out += "\\t".utf8
        case 0..<0x20, 0x7F:
            let digits = Array("0123456789abcdef".utf8)
            out += "\\u00".utf8
            out += [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        default: out.append(byte)
        }
    }

    private struct ObjectWriter {
        private var isEmpty = true

        init(_ out: inout [UInt8]) { out.append(UInt8(ascii: "{")) }

        mutating func key(_ name: String, _ out: inout [UInt8]) {
            if !isEmpty { out.append(UInt8(ascii: ",")) }
            isEmpty = false
            EventJSON.appendText(Array(name.utf8), to: &out)
            out.append(UInt8(ascii: ":"))
        }

        mutating func text(_ name: String, _ value: [UInt8], _ out: inout [UInt8]) {
            key(name, &out)
            EventJSON.appendText(value, to: &out)
        }

        mutating func time(_ name: String, _ value: Int64, _ out: inout [UInt8]) {
            key(name, &out)
            out.append(UInt8(ascii: "\""))
            RFC3339.append(value, to: &out)
            out.append(UInt8(ascii: "\""))
        }

        func close(_ out: inout [UInt8]) { out.append(UInt8(ascii: "}")) }
    }
}
