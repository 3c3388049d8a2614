internal import LogModel

/// nginx `log_format`.
///
/// Source: nginx documentation, `ngx_http_log_module` and "Alphabetical index of variables". Takes
/// the format's text, or a whole `log_format name escape=… '…' '…';` statement. Without `escape=`
/// a format that begins with `{` is taken to be `escape=json`.
enum NginxNotation {
    static func elements(of text: String) throws(PatternError) -> [PatternElement] {
        var text = PatternText(text)
        var escape = text.peek == UInt8(ascii: "{") ? Field.Escape.json : .access
        if let bytes = try statement(&text, &escape) { text = bytes }
        var elements: [PatternElement] = []
        var literal: [UInt8] = []
        while let byte = text.peek {
            text.index += 1
            guard byte == UInt8(ascii: "$") else {
                literal.append(byte)
                continue
            }
            let start = text.index - 1
            let name = try variable(&text)
            guard !name.isEmpty else {
                throw text.error(
                    "a variable's name must follow the '$'", at: start,
                    help: "nginx has no way to write a '$' in a log format")
            }
            if !literal.isEmpty { elements.append(.literal(literal)) }
            literal = []
            elements += try NginxVariable.elements(name, escape: escape, at: start)
        }
        if !literal.isEmpty { elements.append(.literal(literal)) }
        return elements
    }

    private static func variable(_ text: inout PatternText) throws(PatternError) -> String {
        if let (inner, _) = try text.takeEnclosed(0x7B, 0x7D) {
            return String(decoding: inner, as: UTF8.self)
        }
        return text.takeName()
    }

    /// The quoted strings of a statement, joined as nginx joins them; nil for a bare format.
    private static func statement(
        _ text: inout PatternText, _ escape: inout Field.Escape
    ) throws(PatternError) -> PatternText? {
        let isStatement = text.take("log_format")
        if isStatement {
            skipBlanks(&text)
            while let byte = text.peek, byte > 0x20 { text.index += 1 }
            skipBlanks(&text)
        }
        if text.take("escape=") {
            let name = text.takeName()
            switch name {
            case "json": escape = .json
            case "default": escape = .access
            case "none": escape = .none
            default:
                throw text.error(
                    "unknown escape '\(name)'", help: "nginx knows default, json and none")
            }
            skipBlanks(&text)
        }
        guard text.peek == UInt8(ascii: "'") || isStatement else {
            return text.index > 0 ? PatternText(text.bytes[text.index...], origin: text.index) : nil
        }
        let joined = try strings(&text)
        var result = PatternText(joined[...], origin: 0)
        if !isStatement, escape == .access, result.peek == UInt8(ascii: "{") { escape = .json }
        result.index = 0
        return result
    }

    private static func skipBlanks(_ text: inout PatternText) {
        while let byte = text.peek, byte <= 0x20 { text.index += 1 }
    }

    private static func strings(_ text: inout PatternText) throws(PatternError) -> [UInt8] {
        var joined: [UInt8] = []
        while true {
            skipBlanks(&text)
            guard let quote = text.peek, quote == 0x27 || quote == 0x22 else { break }
            let start = text.index
            text.index += 1
            while let byte = text.peek, byte != quote {
                text.index += 1
                guard byte == UInt8(ascii: "\\"), let next = text.peek else {
                    joined.append(byte)
                    continue
                }
                text.index += 1
                switch next {
                case UInt8(ascii: "t"): joined.append(0x09)
                case quote, UInt8(ascii: "\\"), 0x22, 0x27: joined.append(next)
                default: joined += [byte, next]
                }
            }
            guard !text.isAtEnd else { throw text.error("the quote has no end", at: start) }
            text.index += 1
        }
        return joined
    }
}

/// What nginx's variables mean.
enum NginxVariable {
    static func elements(
        _ name: String, escape: Field.Escape, at offset: Int
    ) throws(PatternError) -> [PatternElement] {
        func field(
            _ stored: String, _ kind: Field.Kind = .text, _ matcher: Matcher = .text
        ) -> [PatternElement] {
            let field = Field(stored, kind, dashMeansAbsent: true, escape: escape)
            return [.field(FieldElement(field: field, matcher: matcher))]
        }
        switch name {
        case "remote_addr": return field(FieldName.clientAddress, .text, .addresses)
        case "remote_user": return field(FieldName.userName)
        case "realip_remote_addr": return field(FieldName.peerAddress)
        case "remote_port": return field("client.port", .integer, .integer)
        case "time_local": return try time("dd/MMM/yyyy:HH:mm:ss Z", offset)
        case "time_iso8601": return try time("yyyy-MM-dd'T'HH:mm:ssXXX", offset)
        case "msec": return try time("UNIX_SECONDS_MILLIS", offset)
        case "request": return field(FieldName.requestLine, .text, .request)
        case "request_uri": return field(FieldName.urlPath, .text, .target)
        case "request_method": return field(FieldName.method)
        case "uri", "document_uri": return field(FieldName.urlPath)
        case "args", "query_string": return field(FieldName.urlQuery)
        case "server_protocol": return protocolVersion()
        case "status": return field(FieldName.status, .integer, .integer)
        case "body_bytes_sent": return field(FieldName.bodySize, .integer, .integer)
        case "bytes_sent": return field("http.response.size", .integer, .integer)
        case "request_length": return field("http.request.size", .integer, .integer)
        case "content_length": return field("http.request.body.size", .integer, .integer)
        case "request_time": return field(FieldName.duration, .seconds, .number)
        case "http_referer": return field(FieldName.referer)
        case "http_user_agent": return field(FieldName.userAgent)
        case "http_x_forwarded_for": return field("http.request.header.x-forwarded-for", .list)
        case "host": return field("server.address")
        case "server_port": return field("server.port", .integer, .integer)
        case "scheme": return field("url.scheme")
        case "request_id": return field("http.request.id")
        case "pid": return field(FieldName.pid, .integer, .integer)
        case "connection", "connection_requests":
            return field("nginx." + name, .integer, .integer)
        case "upstream_addr": return field("nginx.upstream.address", .list, .list)
        default: return field(stored(name), kind(name), matcher(name))
        }
    }

    private static func stored(_ name: String) -> String {
        for (prefix, stored) in [
            ("sent_http_", "http.response.header."), ("http_", "http.request.header."),
        ] where name.hasPrefix(prefix) {
            return stored + dashed(name.dropFirst(prefix.count))
        }
        if name.hasPrefix("cookie_") { return "http.request.cookie." + name.dropFirst(7) }
        if name.hasPrefix("upstream_") { return "nginx.upstream." + name.dropFirst(9) }
        return "nginx." + name
    }

    private static func dashed(_ name: Substring) -> String {
        String(decoding: name.utf8.map { $0 == 0x5F ? 0x2D : $0 }, as: UTF8.self)
    }

    private static func kind(_ name: String) -> Field.Kind {
        name.hasPrefix("upstream_") && !isText(name) ? .list : .text
    }

    private static func matcher(_ name: String) -> Matcher {
        name.hasPrefix("upstream_") && !isText(name) ? .list : .text
    }

    /// Variables of an upstream's answer that may hold anything.
    private static func isText(_ name: String) -> Bool {
        ["upstream_http_", "upstream_cookie_", "upstream_trailer_"].contains { name.hasPrefix($0) }
    }

    static func time(
        _ pattern: String, _ offset: Int
    ) throws(PatternError) -> [PatternElement] {
        do throws(TimestampFormatError) {
            let format = try TimestampFormat(pattern)
            let field = Field(FieldName.timestamp, .timestamp, format: format)
            return [.field(FieldElement(field: field, matcher: .time))]
        } catch {
            throw PatternError(problem: error.problem, offset: offset, help: error.help)
        }
    }

    /// `HTTP/1.1`, of which only the number is stored, or nothing of that kind.
    static func protocolVersion() -> [PatternElement] {
        let version = Field(FieldName.protocolVersion, dashMeansAbsent: true)
        let name = Field("network.protocol.name", dashMeansAbsent: true)
        return [
            .either(
                [.literal(Array("HTTP/".utf8)), .field(.init(field: version, matcher: .number))],
                [.field(.init(field: name, matcher: .text))])
        ]
    }
}
