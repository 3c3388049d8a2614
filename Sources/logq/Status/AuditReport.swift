internal import Arguments
internal import LogModel
internal import LogShipping
internal import LogStore
internal import Presentation

/// What an audit of some files came to.
struct AuditReport {
    private(set) var files: [AuditedFile] = []
    var gaps: [Gap] = []
    /// Days that could not be read, or not whole.
    var unreadable: [StoreError] = []
    /// Files that could not be read.
    var failures = 0

    mutating func add(_ file: AuditedFile) {
        files.append(file)
        for error in file.unreadable
        where !unreadable.contains(where: { $0.description == error.description }) {
            unreadable.append(error)
        }
    }

    var holds: Bool { gaps.isEmpty && files.allSatisfy(\.holds) }

    /// What cannot be read is no proof that something is missing.
    var exitCode: ExitCode {
        if failures > 0 { return .failure }
        let isWrong = files.contains {
            $0.doubled > 0 || $0.different > 0 || !$0.holds && $0.unreadable.isEmpty
        }
        if isWrong || !gaps.isEmpty && unreadable.isEmpty { return .noneFound }
        return unreadable.isEmpty ? .success : .incomplete
    }

    // MARK: Programs

    /// One object on one line; times in UTC.
    func json() -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.key("holds")
        json.boolean(holds && unreadable.isEmpty && failures == 0)
        json.key("files")
        json.beginArray()
        for file in files { file.write(to: &json) }
        json.endArray()
        json.key("gaps")
        json.beginArray()
        for gap in gaps { gap.write(to: &json) }
        json.endArray()
        json.key("unreadable")
        json.beginArray()
        for error in unreadable { json.string(error.description) }
        json.endArray()
        json.endObject()
        json.endLine()
        return json.bytes
    }
}

extension AuditedFile {
    fileprivate func write(to json: inout JSONWriter) {
        json.beginObject()
        json.text("path", path)
        if let generation {
            json.text("generation", generation.name)
            json.text("host", generation.host)
            json.text("service", generation.service)
        }
        json.number("bytes", size)
        json.number("indexed", indexed)
        json.key("skipped")
        json.beginObject()
        for reason in SkipReason.allCases {
            if let bytes = skipped[reason], bytes > 0 { json.number(reason.rawValue, bytes) }
        }
        json.endObject()
        json.key("removed")
        json.beginObject()
        for reason in RemovalReason.allCases {
            if let bytes = removed[reason], bytes > 0 { json.number(reason.rawValue, bytes) }
        }
        json.endObject()
        json.number("pending", pending)
        json.number("missing", missing)
        json.number("doubled", doubled)
        json.number("different", different)
        json.key("holds")
        json.boolean(holds && unreadable.isEmpty)
        json.key("findings")
        json.beginArray()
        for finding in findings { finding.write(to: &json) }
        json.endArray()
        json.endObject()
    }
}

extension AuditedFile.Finding {
    fileprivate func write(to json: inout JSONWriter) {
        json.beginObject()
        json.text("kind", kind.rawValue)
        json.number("from", bytes.lowerBound)
        json.number("to", bytes.upperBound)
        if let after { json.time("after", after) }
        if let before { json.time("before", before) }
        json.key("places")
        json.beginArray()
        for place in places {
            json.beginObject()
            json.text("day", place.day.name)
            json.number("block", place.block)
            json.endObject()
        }
        json.endArray()
        json.endObject()
    }
}

extension Gap {
    fileprivate func write(to json: inout JSONWriter) {
        json.beginObject()
        json.text("path", generation.path)
        json.text("generation", generation.name)
        json.text("host", generation.host)
        json.text("service", generation.service)
        json.number("from", generation.position)
        json.number("missing", missingBytes)
        json.key("truncated")
        json.boolean(isCut)
        json.time("after", times.lowerBound)
        json.time("before", times.upperBound)
        json.endObject()
    }
}

extension JSONWriter {
    fileprivate mutating func text(_ name: String, _ value: String) {
        key(name)
        string(value)
    }

    fileprivate mutating func number(_ name: String, _ value: Int64) {
        key(name)
        integer(value)
    }
}
