internal import LogModel
package import LogStore
internal import Presentation
internal import SQLite

extension PurgeReceipt {
    /// Writes it, durably and in one piece.
    func write(in directory: String) throws(StoreError) {
        try SmallFile.replace(path(in: directory), by: json())
    }

    /// One object on one line; times in UTC.
    package func json() -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.add("format", Self.format)
        json.add("number", number)
        json.add("state", state.rawValue)
        json.add(time: "began", began)
        if ended != 0 { json.add(time: "ended", ended) }
        json.add("user", person.user)
        json.add("uid", person.uid)
        json.add("sudo_user", person.sudoUser)
        json.add("host", person.host)
        json.add("reason", reason)
        write(request, to: &json)
        json.add("version", version)
        json.add("events", Int64(events))
        json.add("bytes", bytes)
        json.key("days")
        json.beginArray()
        for entry in entries { entry.write(to: &json) }
        json.endArray()
        json.key("unread")
        json.beginArray()
        for text in unread { json.string(text) }
        json.endArray()
        json.add("previous", previous)
        json.endObject()
        json.endLine()
        return json.bytes
    }

    private func write(_ request: Request, to json: inout JSONWriter) {
        switch request {
        case .day(let day): json.add("day", day.name)
        case .query(let text, let meaning, let digest, let times, let zone):
            if !text.isEmpty || !meaning.isEmpty {
                json.add("query", text)
                json.add("meaning", meaning)
            }
            json.add("query_sha256", digest)
            if times.lowerBound != .min { json.add(time: "since", times.lowerBound) }
            if times.upperBound != .max { json.add(time: "until", times.upperBound) }
            json.add("zone", zone)
        }
    }

    // MARK: Reading

    private static let mostBytes = 1 << 30

    package init(reading path: String) throws(StoreError) {
        let bytes = try SmallFile.read(path, limit: Self.mostBytes)
        do {
            try self.init(JSONObject(bytes))
        } catch let error as JSONProblem {
            throw .damaged(path: path, reason: error.description)
        } catch {
            throw .damaged(path: path, reason: "\(error)")
        }
    }

    private init(_ json: JSONObject) throws {
        guard try json.integer("format") == Self.format else {
            throw JSONProblem(description: "another logq wrote it, use that")
        }
        self.init(
            number: try json.integer("number"), began: try json.time("began"),
            person: Person(
                user: try json.text("user"), uid: try json.integer("uid"),
                sudoUser: try json.text("sudo_user"), host: try json.text("host")),
            reason: try json.text("reason"), request: try Self.request(json),
            version: try json.text("version"), previous: try json.text("previous"))
        guard let state = State(rawValue: try json.text("state")) else {
            throw JSONProblem(description: "its state is unknown")
        }
        self.state = state
        ended = json.has("ended") ? try json.time("ended") : 0
        entries = try json.objects("days").map { try Entry($0) }
        unread = try json.texts("unread")
    }

    private static func request(_ json: JSONObject) throws -> Request {
        if json.has("day") { return .day(try json.day("day")) }
        let isKnown = json.has("query")
        let since = json.has("since") ? try json.time("since") : .min
        let until = json.has("until") ? try json.time("until") : .max
        guard since <= until else { throw JSONProblem(description: "its window is none") }
        return .query(
            text: isKnown ? try json.text("query") : "",
            meaning: isKnown ? try json.text("meaning") : "",
            digest: try json.text("query_sha256"), times: since..<until,
            zone: try json.text("zone"))
    }
}

extension PurgeReceipt.Entry {
    fileprivate func write(to json: inout JSONWriter) {
        json.beginObject()
        json.add("day", day.name)
        json.key("done")
        json.boolean(isDone)
        json.key("whole")
        json.boolean(isWhole)
        json.add("events", Int64(events))
        json.add("bytes", bytes)
        json.add("lines_sha256", lines)
        json.add("day_before", before)
        json.add("day_after", after)
        json.key("sources")
        json.beginArray()
        for source in sources { source.write(to: &json) }
        json.endArray()
        json.endObject()
    }

    fileprivate init(_ json: JSONObject) throws {
        self.init(day: try json.day("day"))
        isDone = try json.boolean("done")
        isWhole = try json.boolean("whole")
        events = Int(try json.integer("events"))
        bytes = try json.integer("bytes")
        lines = try json.text("lines_sha256")
        before = try json.text("day_before")
        after = try json.text("day_after")
        sources = try json.objects("sources").map { try PurgeReceipt.Source($0) }
    }
}

extension PurgeReceipt.Source {
    fileprivate func write(to json: inout JSONWriter) {
        json.beginObject()
        json.add("generation", generation)
        json.add("host", host)
        json.add("service", service)
        json.add("path", path)
        json.add("events", Int64(events))
        json.add("bytes", bytes)
        // From and to, one after the other.
        json.key("ranges")
        json.beginArray()
        for range in ranges {
            json.integer(range.lowerBound)
            json.integer(range.upperBound)
        }
        json.endArray()
        json.endObject()
    }

    fileprivate init(_ json: JSONObject) throws {
        self.init(
            generation: try json.text("generation"), host: try json.text("host"),
            service: try json.text("service"), path: try json.text("path"))
        events = Int(try json.integer("events"))
        bytes = try json.integer("bytes")
        let bounds = try json.integers("ranges")
        for index in stride(from: 0, to: bounds.count, by: 2) {
            guard index + 1 < bounds.count, bounds[index] <= bounds[index + 1] else {
                throw JSONProblem(description: "a range ends before it begins")
            }
            ranges.append(bounds[index]..<bounds[index + 1])
        }
    }
}

extension JSONWriter {
    fileprivate mutating func add(_ name: String, _ value: String) {
        key(name)
        string(value)
    }

    fileprivate mutating func add(_ name: String, _ value: Int64) {
        key(name)
        integer(value)
    }

    fileprivate mutating func add(time name: String, _ value: Int64) {
        key(name)
        var text: [UInt8] = []
        RFC3339.append(value, to: &text)
        string(text.span)
    }
}

/// What is not as a receipt is written.
private struct JSONProblem: Error, CustomStringConvertible {
    let description: String
}

/// A JSON object whose members are asked for by name.
private struct JSONObject {
    private let value: JSONValue

    init(_ bytes: [UInt8]) throws { try self.init(JSONValue(bytes)) }

    private init(_ value: JSONValue) throws {
        guard case .object = value else {
            throw JSONProblem(description: "it is no JSON object")
        }
        self.value = value
    }

    private func member<Value>(_ name: String, _ read: (JSONValue) -> Value?) throws -> Value {
        guard let value = value[name].flatMap(read) else {
            throw JSONProblem(description: "it has no '\(name)'")
        }
        return value
    }

    func has(_ name: String) -> Bool { value[name] != nil }

    func text(_ name: String) throws -> String { try member(name, \.text) }

    func integer(_ name: String) throws -> Int64 { try member(name, \.integer) }

    func boolean(_ name: String) throws -> Bool { try member(name, \.boolean) }

    func time(_ name: String) throws -> Int64 {
        let text = Array(try text(name).utf8)
        guard let time = text.withUnsafeBufferPointer({ RFC3339.parse($0) }) else {
            throw JSONProblem(description: "its '\(name)' is no time")
        }
        return time
    }

    func day(_ name: String) throws -> Day {
        guard let day = Day(name: try text(name)) else {
            throw JSONProblem(description: "its '\(name)' is no day")
        }
        return day
    }

    func objects(_ name: String) throws -> [JSONObject] {
        try member(name, \.array).map { try JSONObject($0) }
    }

    func texts(_ name: String) throws -> [String] { try member(name, \.array).compactMap(\.text) }

    func integers(_ name: String) throws -> [Int64] {
        try member(name, \.array).compactMap(\.integer)
    }
}
