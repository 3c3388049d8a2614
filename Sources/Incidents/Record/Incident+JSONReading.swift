internal import LogModel
package import SQLite

/// What in a record's JSON is not as it should be.
package struct IncidentJSONError: Error, Equatable, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}

extension Incident {
    /// Reads what `json()` writes.
    package init(json bytes: [UInt8]) throws(IncidentJSONError) {
        self.init()
        guard case .object(var members) = try Self.document(bytes) else {
            throw IncidentJSONError("it is no JSON object")
        }
        if let index = members.firstIndex(where: { $0.name == "origin" }) {
            origin = try JSONReader(value: members.remove(at: index).value).line()
        }
        try set(from: .object(members))
    }

    /// Sets the fields that the object has; `null` makes one empty, others stay as they are.
    package mutating func set(from bytes: [UInt8]) throws(IncidentJSONError) {
        try set(from: Self.document(bytes))
    }

    private static func document(_ bytes: [UInt8]) throws(IncidentJSONError) -> JSONValue {
        do { return try JSONValue(bytes) } catch {
            throw IncidentJSONError("it is no JSON object")
        }
    }

    /// The same of a document that was read.
    package mutating func set(from document: JSONValue) throws(IncidentJSONError) {
        guard case .object(let members) = document else {
            throw IncidentJSONError("it is no JSON object")
        }
        for member in members {
            guard let field = IncidentField(rawValue: member.name) else {
                throw .unknown(member.name, among: IncidentField.allCases.map(\.rawValue))
            }
            do {
                try set(field, from: JSONReader(value: member.value))
            } catch {
                throw IncidentJSONError("'\(member.name)': \(error.description)")
            }
        }
    }

    private mutating func set(
        _ field: IncidentField, from json: JSONReader
    ) throws(IncidentJSONError) {
        if json.value == .null { return clear(field) }
        switch field.shape {
        case .line(let path): self[keyPath: path] = try json.line()
        case .text(let path): self[keyPath: path] = try json.text()
        case .time(let path): self[keyPath: path] = try json.time()
        case .lines(let path):
            self[keyPath: path] = try json.elements { (item) throws(IncidentJSONError) in
                try item.line()
            }
        case .type: type = try json.word(FaultClass.init, "type")
        case .severity:
            severity = try json.word({ IncidentSeverity(rawValue: $0.uppercased()) }, "P0 to P4")
        case .status: status = try json.word(IncidentStatus.init(rawValue:), "status")
        case .impact: impact = try json.elements(ImpactClaim.init(json:))
        case .steps: steps = try json.elements(HandlingStep.init(json:))
        case .actions: actions = try json.elements(PreventionAction.init(json:))
        case .related:
            related = try json.elements { (item) throws(IncidentJSONError) in
                try item.word({ IncidentID($0) }, "name of a record, such as INC-2026-0007")
            }
        }
    }

    /// Makes a field empty; the status becomes the first one.
    package mutating func clear(_ field: IncidentField) {
        switch field.shape {
        case .line(let path), .text(let path): self[keyPath: path] = ""
        case .time(let path): self[keyPath: path] = nil
        case .lines(let path): self[keyPath: path] = []
        case .type: type = nil
        case .severity: severity = nil
        case .status: status = .identified
        case .impact: impact = []
        case .steps: steps = []
        case .actions: actions = []
        case .related: related = []
        }
    }
}

extension ImpactClaim {
    fileprivate init(json: JSONReader) throws(IncidentJSONError) {
        try json.expect(["text", "query", "pins"])
        self.init(
            try json.required("text").text(), query: try json.optional("query")?.line() ?? "",
            pins: try json.pins())
    }
}

extension HandlingStep {
    fileprivate init(json: JSONReader) throws(IncidentJSONError) {
        try json.expect(["time", "by", "text", "pins"])
        self.init(
            try json.required("text").text(), at: try json.optional("time")?.time(),
            by: try json.optional("by")?.line() ?? "", pins: try json.pins())
    }
}

extension PreventionAction {
    fileprivate init(json: JSONReader) throws(IncidentJSONError) {
        try json.expect(["text", "owner", "due", "state"])
        self.init(
            try json.required("text").text(), owner: try json.optional("owner")?.line() ?? "",
            due: try json.optional("due")?.word({ CalendarDate($0) }, "date, such as 2026-12-01"),
            state: try json.optional("state")?.word(State.init(rawValue:), "state") ?? .open)
    }
}

/// A value of a record's JSON, read as what it should be.
private struct JSONReader {
    let value: JSONValue

    func text() throws(IncidentJSONError) -> String {
        guard let text = value.text else { throw IncidentJSONError("it is no text") }
        return text
    }

    func line() throws(IncidentJSONError) -> String {
        let text = try text()
        guard !text.unicodeScalars.contains(where: { $0 == "\n" || $0 == "\r" }) else {
            throw IncidentJSONError("it has more than one line")
        }
        return text
    }

    func time() throws(IncidentJSONError) -> Int64 {
        let bytes = Array(try text().utf8)
        guard let time = bytes.withUnsafeBufferPointer({ RFC3339.parse($0) }) else {
            throw IncidentJSONError("it is no time, such as 2026-11-20T10:14:42+08:00")
        }
        return time
    }

    func word<Value>(
        _ read: (String) -> Value?, _ kind: String
    ) throws(IncidentJSONError) -> Value {
        let text = try text()
        guard let value = read(text) else { throw IncidentJSONError("'\(text)' is no \(kind)") }
        return value
    }

    func elements<Value>(
        _ read: (JSONReader) throws(IncidentJSONError) -> Value
    ) throws(IncidentJSONError) -> [Value] {
        guard let items = value.array else { throw IncidentJSONError("it is no array") }
        var values: [Value] = []
        for item in items { values.append(try read(JSONReader(value: item))) }
        return values
    }

    func expect(_ names: [String]) throws(IncidentJSONError) {
        guard case .object(let members) = value else {
            throw IncidentJSONError("it is no object with \(names.joined(separator: ", "))")
        }
        for member in members where !names.contains(member.name) {
            throw .unknown(member.name, among: names)
        }
    }

    func optional(_ name: String) -> JSONReader? {
        value[name].flatMap { $0 == .null ? nil : JSONReader(value: $0) }
    }

    func required(_ name: String) throws(IncidentJSONError) -> JSONReader {
        guard let member = optional(name) else { throw IncidentJSONError("it has no '\(name)'") }
        return member
    }

    func pins() throws(IncidentJSONError) -> [Int] {
        try optional("pins")?.elements { (item) throws(IncidentJSONError) in
            try item.word({ PinName.number($0) }, "name of a pin, such as P3")
        } ?? []
    }
}

extension IncidentJSONError {
    fileprivate static func unknown(_ name: String, among names: [String]) -> IncidentJSONError {
        let near = NearestName.find(name, in: names).map { "; did you mean '\($0)'?" } ?? ""
        return IncidentJSONError("'\(name)' is no field" + near)
    }
}

/// How people write the number of a pin: `P3`.
package enum PinName {
    package static func number(_ text: some StringProtocol) -> Int? {
        guard let first = text.first, first == "P" || first == "p", text.utf8.count < 9,
            text.dropFirst().utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let number = Int(text.dropFirst()), number > 0
        else { return nil }
        return number
    }
}
