package import LogModel

/// Writes events as JSON Lines in the shape of OpenTelemetry's log data model.
///
/// `Timestamp` and `ObservedTimestamp` are RFC 3339 in UTC with nanoseconds. Members without a value
/// are left out. Attributes are flat, under their dotted names; the logger stands in
/// `InstrumentationScope`, and as `log.logger` for readers that know ECS; so does a source file as
/// `log.origin.file.name`.
package struct EventJSON {
    private var writer = JSONWriter()

    package init() {}

    /// The lines so far; taken out.
    package mutating func take() -> [UInt8] {
        defer { writer.removeAll() }
        return writer.bytes
    }

    /// Appends one line; text that is not UTF-8 becomes U+FFFD.
    package mutating func append(_ event: Event) {
        writer.beginObject()
        time(FieldName.timestamp, event.timestamp)
        if event.observedTimestamp != 0 {
            time(FieldName.observedTimestamp, event.observedTimestamp)
        }
        if let level = event.severityText { text(FieldName.severityText, level) }
        if event.severityNumber != 0 {
            writer.key(FieldName.severityNumber)
            writer.integer(Int64(event.severityNumber))
        }
        text(FieldName.body, event.body)
        resource(event.source)
        if let logger = event.loggerName {
            writer.key("InstrumentationScope")
            writer.beginObject()
            text("name", logger)
            writer.endObject()
        }
        attributes(event)
        writer.endObject()
        writer.endLine()
    }

    /// Attributes as one JSON object on its own, under their dotted names.
    package static func object(_ attributes: [(name: String, value: Event.Value)]) -> [UInt8] {
        var json = EventJSON()
        json.writer.beginObject()
        for (name, value) in attributes {
            json.writer.key(name)
            json.append(value)
        }
        json.writer.endObject()
        return json.writer.bytes
    }

    private mutating func resource(_ source: EventSource) {
        writer.key("Resource")
        writer.beginObject()
        for (name, value) in [
            (FieldName.service, source.service), (FieldName.host, source.host),
            (FieldName.environment, source.environment),
        ] where !value.isEmpty {
            text(name, Array(value.utf8))
        }
        writer.endObject()
    }

    private mutating func attributes(_ event: Event) {
        writer.key("Attributes")
        writer.beginObject()
        if let logger = event.loggerName { text("log.logger", logger) }
        for (name, value) in event.attributes {
            writer.key(name)
            append(value)
            if name == "code.file.path" { text("log.origin.file.name", value.text) }
        }
        if !event.source.path.isEmpty {
            text(FieldName.filePath, Array(event.source.path.utf8))
            writer.key(FieldName.fileOffset)
            writer.integer(event.offset)
            writer.key(FieldName.fileLength)
            writer.integer(Int64(event.length))
        }
        if !event.source.generation.isEmpty { text(FieldName.uid, Array(event.uid.utf8)) }
        if event.flags.contains(.isUnparsed) {
            writer.key("logq.unparsed")
            writer.boolean(true)
        }
        writer.endObject()
    }

    private mutating func append(_ value: Event.Value) {
        switch value {
        case .text(let bytes): writer.string(bytes.span)
        case .integer(let number): writer.integer(number)
        case .number(let number): writer.number(number)
        case .list(let items):
            writer.beginArray()
            for item in items { writer.string(item.span) }
            writer.endArray()
        }
    }

    private mutating func text(_ name: String, _ value: [UInt8]) {
        writer.key(name)
        writer.string(value.span)
    }

    private mutating func time(_ name: String, _ value: Int64) {
        var bytes: [UInt8] = []
        RFC3339.append(value, to: &bytes)
        text(name, bytes)
    }
}
