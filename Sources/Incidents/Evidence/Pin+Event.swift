package import LogModel
internal import LogStore
internal import Presentation

extension Pin {
    /// An event as a pin without neighbours.
    ///
    /// The fields are those that the event has, under their stored names, which queries know: first
    /// `SeverityText` and `InstrumentationScope.name`, then its attributes, then `Body`; GB18030 text is decoded.
    init(_ event: Event, layout: Layout?) {
        place.host = event.source.host
        place.service = event.source.service
        place.environment = event.source.environment
        place.path = event.source.path
        place.generation = event.source.generation
        (place.offset, place.length) = (event.offset, Int64(event.length))
        self.event.uid = event.uid
        self.event.timestamp = event.timestamp
        self.event.observedTimestamp = event.observedTimestamp
        self.event.utcOffset = event.utcOffset
        self.event.severityNumber = event.severityNumber
        self.event.format = event.format
        self.event.parser = layout.map { Digest.hex(LayoutDigest.of($0)) } ?? ""
        self.event.fields = Self.fields(of: event)
        originals.event = event.original + event.terminator
    }

    private static func fields(of event: Event) -> [Field] {
        var values: [(name: String, value: [UInt8])] = []
        if let level = event.severityText { values.append((FieldName.severityText, level)) }
        if let logger = event.loggerName { values.append((FieldName.logger, logger)) }
        values += event.attributes.map { ($0.name, $0.value.text) }
        values.append((FieldName.body, event.body))
        var names: Set<String> = []
        return values.filter { names.insert($0.name).inserted }
            .map { Field($0.name, String(decoding: $0.value, as: UTF8.self)) }
    }

    /// The value of a field by its stored name; nil where the event does not have it.
    package func value(_ name: String) -> String? {
        event.fields.first { $0.name == name }?.value
    }

    /// The event again, as far as the pin has its parts, to be shown as events are.
    package var shown: Event {
        var shown = Event()
        shown.timestamp = event.timestamp
        shown.observedTimestamp = event.observedTimestamp
        shown.utcOffset = event.utcOffset
        shown.severityNumber = event.severityNumber
        shown.format = event.format
        shown.source = EventSource(
            host: place.host, service: place.service, environment: place.environment,
            path: place.path, generation: place.generation,
            observedTimestamp: event.observedTimestamp)
        (shown.offset, shown.length) = (place.offset, Int(clamping: place.length))
        shown.original = originals.event
        for field in event.fields { shown.set(field) }
        return shown
    }
}

extension Event {
    fileprivate mutating func set(_ field: Pin.Field) {
        let text = Array(field.value.utf8)
        switch field.name {
        case FieldName.severityText: severityText = text
        case FieldName.logger: loggerName = text
        case FieldName.body: body = text
        default: attributes.append((name: field.name, value: Self.value(text, of: field.name)))
        }
    }

    private static func value(_ text: [UInt8], of name: String) -> Value {
        let written = String(decoding: text, as: UTF8.self)
        switch FieldNames.resolve(name)?.type {
        case .integer, .bytes: return Int64(written).map { .integer($0) } ?? .text(text)
        case .number, .duration: return Double(written).map { .number($0) } ?? .text(text)
        default: return .text(text)
        }
    }
}
