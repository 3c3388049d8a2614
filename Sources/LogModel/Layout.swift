/// How the bytes of an event are put together, and which fields they hold.
///
/// A layout is what a format's notation compiles to: `[%thread] %level - %msg` is a row of pieces,
/// literals with fields between them. Because every byte of the event stands in exactly one piece,
/// the captured fields and the layout together give the original bytes back; the store keeps
/// nothing else. Where that cannot be (colours inside a time stamp, say), the layout has one piece,
/// the whole original, and its other fields lie outside of it.
package struct Layout: Hashable, Sendable {
    /// The format definition that this layout belongs to, such as `nginx-access`; empty for unparsed.
    package let format: String
    /// The event's bytes without its line terminator, in order.
    package let pieces: [Piece]
    /// The fields in the order of their captures: capture `i` of an event belongs to `fields[i]`.
    package let fields: [Field]

    package enum Piece: Hashable, Sendable {
        /// Bytes that are the same in every event of the layout.
        case literal([UInt8])
        /// The capture of `fields[index]`.
        case field(Int)
    }

    package init(format: String, pieces: [Piece], fields: [Field]) {
        self.format = format
        self.pieces = pieces
        self.fields = fields
    }

    /// The layout of an event that no parser fits: its bytes are its body.
    package static let unparsed = Layout(
        format: "", pieces: [.field(0)], fields: [Field(FieldName.body, .body)])
}

/// One captured field of a layout: what its bytes mean.
package struct Field: Hashable, Sendable {
    /// The stored name, in OpenTelemetry's words where there is one.
    package let name: String
    package let kind: Kind
    /// The notation of the time, for `.timestamp`.
    package let format: TimestampFormat?
    /// Bytes that stand for "nothing": `-` in access logs.
    package let dashMeansAbsent: Bool
    /// How special characters are written in the value.
    package let escape: Escape

    package enum Kind: UInt8, Hashable, Sendable {
        /// Text; blanks at both ends are padding and no part of the value.
        case text = 0
        /// A decimal integer; text that is no integer stays text.
        case integer = 1
        /// A decimal number.
        case number = 2
        /// A duration in seconds, milliseconds or microseconds; the value is in seconds.
        case seconds = 3
        case milliseconds = 4
        case microseconds = 5
        /// The level as written, with its padding.
        case severity = 6
        /// The event's time, as written.
        case timestamp = 7
        /// The message, untrimmed.
        case body = 8
        /// What follows the message: a stack trace with the newline before it, or nothing.
        case stackTrace = 9
        /// `?` and the query of a request target, or nothing; the value is without the `?`.
        case urlQuery = 10
        /// `key=value, key=value` of a mapped diagnostic context; each becomes `mdc.key`.
        case contextMap = 11
        /// `, client: …, server: …, request: "…"` at the end of an nginx error line.
        case nginxErrorTail = 12
        /// Several values between commas or colons (`$upstream_addr`, `X-Forwarded-For`).
        case list = 13
        /// Bytes that carry no field (junk before the line's header).
        case ignored = 14
        /// A duration in nanoseconds.
        case nanoseconds = 15
        /// The whole original bytes of an event whose fields lie outside of it.
        case original = 16
    }

    package enum Escape: UInt8, Hashable, Sendable {
        case none = 0
        /// nginx `log_format` default escaping and Apache: `\x22`, `\"`, `\\`, `\t`; invalid ones stay.
        case access = 1
        /// nginx `escape=json`.
        case json = 2
    }

    package init(
        _ name: String, _ kind: Kind = .text, format: TimestampFormat? = nil,
        dashMeansAbsent: Bool = false, escape: Escape = .none
    ) {
        self.name = name
        self.kind = kind
        self.format = format
        self.dashMeansAbsent = dashMeansAbsent
        self.escape = escape
    }
}

/// The stored names that the code itself speaks of; `FieldNames` has the whole table with aliases.
package enum FieldName {
    package static let timestamp = "Timestamp"
    package static let observedTimestamp = "ObservedTimestamp"
    package static let severityText = "SeverityText"
    package static let severityNumber = "SeverityNumber"
    package static let body = "Body"
    package static let original = "log.record.original"
    package static let uid = "log.record.uid"
    package static let logger = "InstrumentationScope.name"
    package static let thread = "thread.name"
    package static let pid = "process.pid"
    package static let exceptionType = "exception.type"
    package static let exceptionMessage = "exception.message"
    package static let exceptionStackTrace = "exception.stacktrace"
    package static let service = "service.name"
    package static let host = "host.name"
    package static let environment = "deployment.environment.name"
    package static let filePath = "log.file.path"
    package static let fileOffset = "logq.file.offset"
    package static let fileLength = "logq.file.length"
    package static let method = "http.request.method"
    package static let urlPath = "url.path"
    package static let urlQuery = "url.query"
    package static let status = "http.response.status_code"
    package static let bodySize = "http.response.body.size"
    package static let protocolVersion = "network.protocol.version"
    package static let clientAddress = "client.address"
    package static let peerAddress = "network.peer.address"
    package static let userAgent = "user_agent.original"
    package static let referer = "http.request.header.referer"
    package static let userName = "user.name"
    package static let duration = "http.server.request.duration"
}
