internal import LogModel
package import Presentation

extension Incident {
    /// The record as one JSON object, its fields in the order of `IncidentField`; empty ones are left out.
    package func json() -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        writeMembers(to: &json)
        if !origin.isEmpty { json.member("origin", origin) }
        json.endObject()
        return json.bytes
    }

    /// Writes the fields into an open object.
    package func writeMembers(to json: inout JSONWriter) {
        for field in IncidentField.allCases where !isEmpty(field) { write(field, to: &json) }
    }

    /// Whether nothing is known of a field; a status is always known.
    package func isEmpty(_ field: IncidentField) -> Bool {
        switch field.shape {
        case .line(let path), .text(let path): self[keyPath: path].isEmpty
        case .time(let path): self[keyPath: path] == nil
        case .lines(let path): self[keyPath: path].isEmpty
        case .type: type == nil
        case .severity: severity == nil
        case .status: false
        case .impact: impact.isEmpty
        case .steps: steps.isEmpty
        case .actions: actions.isEmpty
        case .related: related.isEmpty
        }
    }

    private func write(_ field: IncidentField, to json: inout JSONWriter) {
        json.key(field.rawValue)
        switch field.shape {
        case .line(let path), .text(let path): json.string(self[keyPath: path])
        case .time(let path): json.time(self[keyPath: path])
        case .lines(let path): json.strings(self[keyPath: path])
        case .type: json.string(type?.description ?? "")
        case .severity: json.string(severity?.rawValue ?? "")
        case .status: json.string(status.rawValue)
        case .impact: json.array(impact) { $1.write(to: &$0) }
        case .steps: json.array(steps) { $1.write(to: &$0) }
        case .actions: json.array(actions) { $1.write(to: &$0) }
        case .related: json.strings(related.map(\.description))
        }
    }
}

extension ImpactClaim {
    fileprivate func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("text", text)
        if !query.isEmpty { json.member("query", query) }
        json.pins(pins)
        json.endObject()
    }
}

extension HandlingStep {
    fileprivate func write(to json: inout JSONWriter) {
        json.beginObject()
        if time != nil {
            json.key("time")
            json.time(time)
        }
        if !person.isEmpty { json.member("by", person) }
        json.member("text", text)
        json.pins(pins)
        json.endObject()
    }
}

extension PreventionAction {
    fileprivate func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("text", text)
        if !owner.isEmpty { json.member("owner", owner) }
        if let due { json.member("due", due.description) }
        json.member("state", state.rawValue)
        json.endObject()
    }
}

extension JSONWriter {
    mutating func member(_ name: String, _ value: String) {
        key(name)
        string(value)
    }

    mutating func member(_ name: String, _ value: Int64) {
        key(name)
        integer(value)
    }

    /// RFC 3339 in UTC.
    mutating func time(_ value: Int64?) {
        guard let value else { return null() }
        var text: [UInt8] = []
        RFC3339.append(value, to: &text)
        string(text.span)
    }

    mutating func strings(_ values: [String]) { array(values) { $0.string($1) } }

    mutating func array<Value>(_ values: [Value], _ write: (inout JSONWriter, Value) -> Void) {
        beginArray()
        for value in values { write(&self, value) }
        endArray()
    }

    fileprivate mutating func pins(_ pins: [Int]) {
        guard !pins.isEmpty else { return }
        key("pins")
        strings(pins.map { "P\($0)" })
    }
}
