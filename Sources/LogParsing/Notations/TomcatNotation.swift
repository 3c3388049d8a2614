internal import LogModel

/// The `pattern` of Tomcat's AccessLogValve (9.0).
///
/// Source: Tomcat 9 configuration reference, "Access Logging"; `AbstractAccessLogValve`. `%D` and
/// `%F` are milliseconds, `%T` seconds. Of several durations the first is the request's.
struct TomcatNotation {
    private var text: PatternText
    private var elements: [PatternElement] = []
    private var literal: [UInt8] = []
    private var names: Set<String> = []

    static func elements(of text: String) throws(PatternError) -> [PatternElement] {
        let common = #"%h %l %u %t "%r" %s %b"#
        let pattern =
            switch text {
            case "common": common
            case "combined": common + #" "%{Referer}i" "%{User-Agent}i""#
            default: text
            }
        var notation = TomcatNotation(text: PatternText(pattern))
        return try notation.parse()
    }

    private init(text: PatternText) { self.text = text }

    private mutating func parse() throws(PatternError) -> [PatternElement] {
        while let byte = text.peek {
            if text.take("&quot;") {
                literal.append(0x22)
                continue
            }
            text.index += 1
            guard byte == UInt8(ascii: "%") else {
                literal.append(byte)
                continue
            }
            try code()
        }
        flush()
        return elements
    }

    private mutating func flush() {
        guard !literal.isEmpty else { return }
        elements.append(.literal(literal))
        literal = []
    }

    private mutating func code() throws(PatternError) {
        let start = text.index - 1
        // Apache's marks for "the first" and "the last" request, which Tomcat reads over.
        while text.peek == UInt8(ascii: ">") || text.peek == UInt8(ascii: "<") { text.index += 1 }
        var name: String?
        if let (inner, _) = try text.takeEnclosed(0x7B, 0x7D) {
            name = String(decoding: inner, as: UTF8.self)
        }
        guard let code = text.peek else { throw text.error("nothing follows the '%'", at: start) }
        text.index += 1
        if code == UInt8(ascii: "%") {
            literal.append(code)
        } else if let name {
            try named(name, code, at: start)
        } else {
            try plain(code, at: start)
        }
    }

    private mutating func add(
        _ name: String, _ kind: Field.Kind = .text, _ matcher: Matcher = .text, or other: String
    ) {
        flush()
        let stored = names.insert(name).inserted ? name : other
        let field = Field(stored, kind, dashMeansAbsent: true, escape: .access)
        elements.append(.field(FieldElement(field: field, matcher: matcher)))
    }

    private mutating func plain(_ code: UInt8, at start: Int) throws(PatternError) {
        switch code {
        case UInt8(ascii: "h"): add(FieldName.clientAddress, .text, .addresses, or: "tomcat.h")
        case UInt8(ascii: "a"):
            add(FieldName.clientAddress, .text, .addresses, or: FieldName.peerAddress)
        case UInt8(ascii: "A"): add("network.local.address", or: "tomcat.A")
        case UInt8(ascii: "l"): add("tomcat.remote_logname", or: "tomcat.l")
        case UInt8(ascii: "u"): add(FieldName.userName, or: "tomcat.u")
        case UInt8(ascii: "t"):
            literal.append(0x5B)
            try time("dd/MMM/yyyy:HH:mm:ss Z", at: start)
            literal.append(0x5D)
        case UInt8(ascii: "r"): add(FieldName.requestLine, .text, .request, or: "tomcat.r")
        case UInt8(ascii: "s"): add(FieldName.status, .integer, .integer, or: "tomcat.s")
        case UInt8(ascii: "b"), UInt8(ascii: "B"):
            add(FieldName.bodySize, .integer, .integer, or: "tomcat.b")
        case UInt8(ascii: "D"): add(FieldName.duration, .milliseconds, .integer, or: "tomcat.D")
        case UInt8(ascii: "T"): add(FieldName.duration, .seconds, .number, or: "tomcat.T")
        case UInt8(ascii: "F"): add(FieldName.duration, .milliseconds, .integer, or: "tomcat.F")
        case UInt8(ascii: "I"): add(FieldName.thread, or: "tomcat.I")
        case UInt8(ascii: "S"): add("session.id", or: "tomcat.S")
        case UInt8(ascii: "m"): add(FieldName.method, or: "tomcat.m")
        case UInt8(ascii: "U"): path()
        case UInt8(ascii: "q"): add(FieldName.urlQuery, .urlQuery, or: "tomcat.q")
        case UInt8(ascii: "H"):
            flush()
            elements += NginxVariable.protocolVersion()
        case UInt8(ascii: "v"): add("server.address", or: "tomcat.v")
        case UInt8(ascii: "p"): add("server.port", .integer, .integer, or: "tomcat.p")
        case UInt8(ascii: "X"): add("tomcat.connection_status", or: "tomcat.X")
        default:
            let name = String(decoding: [code], as: UTF8.self)
            throw text.error(
                "unknown code '%\(name)'", at: start,
                help: "the codes are those of Tomcat's AccessLogValve; %% is a percent sign")
        }
    }

    /// `%U%q` is a path and its query; between them stands nothing but the question mark.
    private mutating func path() {
        guard text.take("%q") else { return add(FieldName.urlPath, or: "tomcat.U") }
        names.insert(FieldName.urlQuery)
        add(FieldName.urlPath, .text, .target, or: "tomcat.U")
    }

    private mutating func named(
        _ name: String, _ code: UInt8, at start: Int
    ) throws(PatternError) {
        let lowered = name.lowercased()
        switch code {
        case UInt8(ascii: "i"): header(lowered)
        case UInt8(ascii: "o"): add("http.response.header." + lowered, or: "tomcat.o." + name)
        case UInt8(ascii: "c"): add("http.request.cookie." + name, or: "tomcat.c." + name)
        case UInt8(ascii: "r"): add("tomcat.request.attribute." + name, or: "tomcat.r." + name)
        case UInt8(ascii: "s"): add("tomcat.session.attribute." + name, or: "tomcat.s." + name)
        case UInt8(ascii: "t"): try namedTime(name, at: start)
        case UInt8(ascii: "p"):
            add(
                name == "remote" ? "client.port" : "server.port", .integer, .integer,
                or: "tomcat.p." + name
            )
        case UInt8(ascii: "a"):
            add(
                name == "peer" ? FieldName.peerAddress : FieldName.clientAddress,
                or: "tomcat.a." + name)
        case UInt8(ascii: "T"):
            let kind: Field.Kind =
                switch name {
                case "ms": .milliseconds
                case "us": .microseconds
                case "ns": .nanoseconds
                default: .seconds
                }
            add(FieldName.duration, kind, .number, or: "tomcat.T")
        default:
            let letter = String(decoding: [code], as: UTF8.self)
            throw text.error(
                "unknown code '%{\(name)}\(letter)'", at: start,
                help: "i, o, c, r, s, t, p, a and T may follow the braces")
        }
    }

    private mutating func header(_ name: String) {
        switch name {
        case "user-agent": add(FieldName.userAgent, or: "http.request.header.user-agent")
        case "x-forwarded-for": add("http.request.header." + name, .list, or: "tomcat.i." + name)
        default: add("http.request.header." + name, or: "tomcat.i." + name)
        }
    }

    private mutating func namedTime(_ name: String, at start: Int) throws(PatternError) {
        var pattern = Substring(name)
        for prefix in ["begin:", "end:"] where pattern.hasPrefix(prefix) {
            pattern = pattern.dropFirst(prefix.count)
        }
        switch pattern {
        case "begin", "end": try plain(UInt8(ascii: "t"), at: start)
        case "sec": try time("UNIX", at: start)
        case "msec": try time("UNIX_MILLIS", at: start)
        case "msec_frac": add("tomcat.msec_frac", .integer, .integer, or: "tomcat.msec_frac.2")
        default: try time(String(pattern), at: start)
        }
    }

    private mutating func time(_ pattern: String, at start: Int) throws(PatternError) {
        flush()
        elements += try NginxVariable.time(pattern, start)
    }
}
