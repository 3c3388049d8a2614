extension EventBatch {
    /// Materialises one row: trimmed and unescaped values, numbers, parts of compound fields.
    ///
    /// For showing and for tests; it allocates for each value. A row that does not fit the batch's
    /// bytes gives an event with what can be read.
    package func event(at row: Int, source: EventSource) -> Event {
        guard rows.indices.contains(row) else { return Event() }
        let row = rows[row]
        var event = Event()
        event.timestamp = row.timestamp
        event.observedTimestamp = source.observedTimestamp
        event.utcOffset = row.utcOffset
        event.severityNumber = row.severity
        event.source = source
        event.flags = row.flags
        event.offset = row.offset
        event.length = Int(row.length)
        guard layouts.indices.contains(Int(row.layout)) else { return event }
        let layout = layouts[Int(row.layout)]
        event.format = layout.format
        bytes.withUnsafeBufferPointer { bytes in
            let end = min(bytes.count, Int(row.start) + Int(row.length))
            let textEnd = end - min(Int(row.terminatorLength), max(0, end - Int(row.start)))
            let text = Int(row.start)..<max(Int(row.start), textEnd)
            guard text.upperBound <= bytes.count else { return }
            event.original = Array(bytes[text])
            event.terminator = Array(bytes[text.upperBound..<max(text.upperBound, end)])
            let first = Int(row.firstCapture)
            guard first + layout.fields.count <= captures.count else { return }
            var builder = EventBuilder(event: event, bytes: bytes)
            for (index, field) in layout.fields.enumerated() {
                let capture = captures[first + index]
                guard capture.start <= capture.end, Int(capture.end) <= bytes.count else {
                    continue
                }
                builder.add(field, Int(capture.start)..<Int(capture.end))
            }
            event = builder.finished()
            guard !layout.fields.contains(where: { $0.kind == .body }) else { return }
            event.body = event.original
            guard let request = layout.requestFields else { return }
            let start = Int(captures[first + request.lowerBound].start)
            let stop = Int(captures[first + request.upperBound].end)
            event.body = start <= stop && stop <= bytes.count ? Array(bytes[start..<stop]) : []
        }
        if row.flags.contains(.isInvalidUTF8) { event.decodeText() }
        return event
    }
}

extension Event {
    /// Shows GBK text as the characters it stands for; the original stays as it is.
    fileprivate mutating func decodeText() {
        body = GB18030.repaired(body)
        loggerName = loggerName.map(GB18030.repaired)
        for index in attributes.indices {
            switch attributes[index].value {
            case .text(let text): attributes[index].value = .text(GB18030.repaired(text))
            case .list(let items): attributes[index].value = .list(items.map(GB18030.repaired))
            default: continue
            }
        }
    }
}

/// Collects the values of one event while its captures are gone through.
private struct EventBuilder {
    var event: Event
    let bytes: UnsafeBufferPointer<UInt8>

    mutating func add(_ field: Field, _ range: Range<Int>) {
        let capture = UnsafeBufferPointer(rebasing: bytes[range])
        switch field.kind {
        case .timestamp, .ignored, .original: break
        case .severity:
            let level = CaptureValue.trimmed(capture)
            if !level.isEmpty { event.severityText = Array(level) }
        case .body:
            event.body = Array(capture)
        case .stackTrace: addTrace(range)
        case .contextMap: addContext(field.name, CaptureValue.trimmed(capture))
        case .nginxErrorTail: addTail(range)
        default: addPlain(field, capture)
        }
    }

    private mutating func addPlain(_ field: Field, _ capture: UnsafeBufferPointer<UInt8>) {
        guard let value = CaptureValue.value(of: capture, field: field) else { return }
        if field.name == FieldName.logger, case .text(let name) = value {
            event.loggerName = name
        } else {
            set(field.name, value)
        }
    }

    /// The first value of a name stays.
    private mutating func set(_ name: String, _ value: Event.Value) {
        guard event.attribute(name) == nil else { return }
        event.attributes.append((name: name, value: value))
    }

    /// Lines before the trace's head belong to the message.
    private mutating func addTrace(_ range: Range<Int>) {
        guard !range.isEmpty, let base = bytes.baseAddress else { return }
        var start = range.lowerBound
        while start < range.upperBound, base[start] == 0x0A || base[start] == 0x0D { start += 1 }
        guard let trace = StackTrace.start(base, start, range.upperBound) else {
            event.body += bytes[range]
            return
        }
        if trace > start {
            var end = trace
            while end > start, base[end - 1] == 0x0A || base[end - 1] == 0x0D { end -= 1 }
            event.body += bytes[range.lowerBound..<end]
        }
        addException(trace..<range.upperBound)
    }

    private mutating func addException(_ range: Range<Int>) {
        guard let base = bytes.baseAddress else { return }
        if let head = StackTrace.head(base, range.lowerBound, range.upperBound) {
            set(FieldName.exceptionType, .text(Array(bytes[head.type])))
            if !head.message.isEmpty {
                set(FieldName.exceptionMessage, .text(Array(bytes[head.message])))
            }
        }
        set(FieldName.exceptionStackTrace, .text(Array(bytes[range])))
    }

    /// `key=value, key=value`, in braces or not.
    private mutating func addContext(_ name: String, _ text: UnsafeBufferPointer<UInt8>) {
        var text = text[...]
        if text.first == UInt8(ascii: "{"), text.last == UInt8(ascii: "}") {
            text = text.dropFirst().dropLast()
        }
        var start = text.startIndex
        while start < text.endIndex {
            var end = start
            while end < text.endIndex, !isPairEnd(text, end) { end += 1 }
            if let equals = text[start..<end].firstIndex(of: UInt8(ascii: "=")), equals > start {
                let key = String(decoding: text[start..<equals], as: UTF8.self)
                if equals + 1 < end {
                    set(name + "." + key, .text(Array(text[(equals + 1)..<end])))
                }
            }
            start = end + 2
        }
    }

    /// A comma and a blank, with a further pair behind it.
    private func isPairEnd(
        _ text: Slice<UnsafeBufferPointer<UInt8>>, _ index: Int
    ) -> Bool {
        guard text[index] == UInt8(ascii: ","), index + 2 < text.endIndex,
            text[index + 1] == 0x20
        else { return false }
        for byte in text[(index + 2)...] {
            if byte == UInt8(ascii: "=") { return true }
            if byte == 0x20 || byte == UInt8(ascii: ",") { return false }
        }
        return false
    }

    private mutating func addTail(_ range: Range<Int>) {
        guard let base = bytes.baseAddress else { return }
        var pairs: [(String, Range<Int>)] = []
        NginxErrorTail.forEach(base, range.lowerBound, range.upperBound) { pairs.append(($0, $1)) }
        for (key, value) in pairs where !value.isEmpty {
            let text = Array(bytes[value])
            switch key {
            case "client": set(FieldName.clientAddress, .text(text))
            case "server": set("server.address", .text(text))
            case "host": set("http.request.header.host", .text(text))
            case "referrer": set(FieldName.referer, .text(text))
            case "request": addRequest(value)
            case "upstream": set("nginx.upstream.address", .text(text))
            default: set("nginx." + key, .text(text))
            }
        }
    }

    /// The parts of a request line, or the line where it has no such parts.
    private mutating func addRequest(_ range: Range<Int>) {
        guard let base = bytes.baseAddress,
            let parts = RequestLine.split(base, range.lowerBound, range.upperBound)
        else { return set(FieldName.requestLine, .text(Array(bytes[range]))) }
        set(FieldName.method, .text(Array(bytes[parts.method])))
        set(FieldName.urlPath, .text(Array(bytes[parts.path])))
        if parts.query.count > 1 {
            set(FieldName.urlQuery, .text(Array(bytes[parts.query.dropFirst()])))
        }
        set(FieldName.protocolVersion, .text(Array(bytes[parts.version])))
    }

    mutating func finished() -> Event {
        if event.flags.contains(.isUnparsed) { addUnparsedTrace() }
        return event
    }

    /// An unparsed event that is a trace keeps it all in its body; its exception is shown too.
    private mutating func addUnparsedTrace() {
        event.body.withUnsafeBufferPointer { body in
            guard let base = body.baseAddress, body.contains(0x0A) else { return }
            guard let start = StackTrace.start(base, 0, body.count) else { return }
            if let head = StackTrace.head(base, start, body.count) {
                set(FieldName.exceptionType, .text(Array(body[head.type])))
                if !head.message.isEmpty {
                    set(FieldName.exceptionMessage, .text(Array(body[head.message])))
                }
            }
            set(FieldName.exceptionStackTrace, .text(Array(body[start...])))
        }
    }
}
