internal import LogModel
internal import LogStore
internal import Presentation

// The shipper's part of `logq status --json`; times in UTC.
extension ShipperReport {
    /// Writes the members `shipper` and `followed`.
    func write(to json: inout JSONWriter) {
        json.key("shipper")
        json.beginObject()
        json.key("running")
        json.boolean(isRunning)
        if let state {
            json.key("process")
            json.integer(state.process)
            json.time("started", state.started)
            json.key("state")
            json.string(state.state)
            json.time("changed", state.changed)
        }
        json.endObject()
        json.key("followed")
        json.beginArray()
        for source in sources {
            json.beginObject()
            json.key("source")
            json.string(source.name)
            json.key("files")
            json.beginArray()
            for file in source.files { file.write(to: &json) }
            json.endArray()
            json.endObject()
        }
        json.endArray()
    }
}

extension FileLag {
    fileprivate func write(to json: inout JSONWriter) {
        let file = content.file
        json.beginObject()
        json.key("path")
        json.string(file.path)
        if file.generation != nil {
            for (name, text) in [("host", content.host), ("service", content.service)] {
                json.key(name)
                json.string(text)
            }
        }
        json.key("size")
        json.integer(size)
        json.key("position")
        json.integer(content.position)
        json.key("lag_bytes")
        if let bytes { json.integer(bytes) } else { json.null() }
        json.key("lag_seconds")
        if let nanoseconds { json.number(Double(nanoseconds) / 1e9) } else { json.null() }
        json.key("bytes_per_second")
        json.number(file.bytesPerSecond)
        if file.readAt > 0 { json.time("read_at", file.readAt) }
        json.key("error")
        if file.error.isEmpty { json.null() } else { json.string(file.error) }
        json.endObject()
    }
}

extension JSONWriter {
    /// Writes a member with an instant in UTC.
    mutating func time(_ name: String, _ nanoseconds: Int64) {
        var text: [UInt8] = []
        RFC3339.append(nanoseconds, zone: .utc, to: &text)
        key(name)
        string(String(decoding: text, as: UTF8.self))
    }
}
