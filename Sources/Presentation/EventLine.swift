package import LogModel

/// Shows events to people: a line each, with what follows its message folded or below.
///
/// ```
/// 2026-11-20 10:15:03.123 ERROR control-1 control OrderMapper  数据库连接超时 pool=HikariPool-1
///     java.net.SocketTimeoutException: Read timed out  (+31 lines)
/// ```
/// Nothing from a log reaches the terminal as it is: control characters are shown as escapes.
package struct EventLine {
    private let zone: Zone
    private let painter: Painter
    private let unfolds: Bool
    private let highlights: (UnsafeBufferPointer<UInt8>) -> [Range<Int>]
    /// Wide enough for what came so far, so that columns stand below each other.
    private var hostWidth = 0
    private var serviceWidth = 0

    private static let widestColumn = 24

    /// - Parameters:
    ///   - unfolds: whether stack traces and further lines are shown whole.
    ///   - highlights: the ranges of a text that the query asked for.
    package init(
        zone: Zone, painter: Painter, unfolds: Bool,
        highlights: @escaping (UnsafeBufferPointer<UInt8>) -> [Range<Int>]
    ) {
        self.zone = zone
        self.painter = painter
        self.unfolds = unfolds
        self.highlights = highlights
    }

    /// Appends the event's lines, each with its newline.
    package mutating func append(_ event: Event, to output: inout [UInt8]) {
        appendTime(event, to: &output)
        appendLevel(event, to: &output)
        appendColumn(event.source.host, width: &hostWidth, to: &output)
        appendColumn(event.source.service, width: &serviceWidth, to: &output)
        if let logger = event.loggerName {
            var safe: [UInt8] = []
            SafeText.append(Self.shortName(logger).span, to: &safe)
            painter.append(safe.span, in: .dim, to: &output)
            output.append(contentsOf: "  ".utf8)
        }
        appendMessage(event, to: &output)
        appendRequest(event, to: &output)
        output.append(0x0A)
        appendRest(event, to: &output)
    }

    /// `2026-11-20 10:15:03.123`, with as many digits as the time has, at least three.
    private func appendTime(_ event: Event, to output: inout [UInt8]) {
        var text: [UInt8] = []
        let nanoseconds = RFC3339.split(event.timestamp).nanoseconds
        let digits = nanoseconds % 1_000_000 == 0 ? 3 : nanoseconds % 1000 == 0 ? 6 : 9
        RFC3339.append(event.timestamp, zone: zone, fractionDigits: digits, to: &text)
        let length = 20 + digits
        text = Array(text.prefix(length))
        if text.count > 10 { text[10] = 0x20 }
        if event.flags.contains(.timeIsDerived) { text.append(0x7E) }
        painter.append(text.span, in: .dim, to: &output)
        output.append(0x20)
    }

    private func appendLevel(_ event: Event, to output: inout [UInt8]) {
        let level = event.severityText ?? Array(Severity.name(of: event.severityNumber).utf8)
        var safe: [UInt8] = []
        SafeText.append(level.span, to: &safe)
        var padded: [UInt8] = []
        TextWidth.append(safe.span, paddedTo: 5, to: &padded)
        let style = Style(severityNumber: Int(event.severityNumber))
        painter.append(padded.span, in: style, to: &output)
        output.append(0x20)
    }

    private func appendColumn(_ text: String, width: inout Int, to output: inout [UInt8]) {
        guard !text.isEmpty else { return }
        let safe = SafeText.escaped(text)
        width = min(Self.widestColumn, max(width, TextWidth.columns(of: safe)))
        TextWidth.append(safe.utf8.span, fittedTo: width, to: &output)
        output.append(0x20)
    }

    private func appendMessage(_ event: Event, to output: inout [UInt8]) {
        let body = event.body
        let end = unfolds ? body.count : body.firstIndex(of: 0x0A) ?? body.count
        append(Array(body[..<end]), to: &output)
        if end < body.count { appendFolded(body[end...], to: &output) }
    }

    /// The status, size and duration of a request.
    private func appendRequest(_ event: Event, to output: inout [UInt8]) {
        guard case .integer(let status)? = event.attribute(FieldName.status) else { return }
        let style = Style(severityNumber: Int(Severity.number(ofHTTPStatus: Int(status))))
        output.append(0x20)
        painter.append(String(status), in: status >= 400 ? style : .bold, to: &output)
        if case .integer(let size)? = event.attribute(FieldName.bodySize) {
            painter.append(" " + HumanUnits.bytes(size), in: .dim, to: &output)
        }
        if case .number(let seconds)? = event.attribute(FieldName.duration) {
            painter.append(" " + HumanUnits.duration(seconds: seconds), in: .dim, to: &output)
        }
        if let client = event.attribute(FieldName.clientAddress) {
            let text = SafeText.escaped(String(decoding: client.text, as: UTF8.self))
            painter.append(" " + text, in: .dim, to: &output)
        }
    }

    private func appendRest(_ event: Event, to output: inout [UInt8]) {
        guard !event.flags.contains(.isUnparsed),
            case .text(let text)? = event.attribute(FieldName.exceptionStackTrace)
        else { return }
        if unfolds {
            append(text, to: &output)
            if text.last != 0x0A { output.append(0x0A) }
            return
        }
        let end = text.firstIndex(of: 0x0A) ?? text.count
        output.append(contentsOf: "    ".utf8)
        append(Array(text[..<end]), to: &output)
        if end < text.count { appendFolded(text[end...], to: &output) }
        output.append(0x0A)
    }

    private func appendFolded(_ rest: ArraySlice<UInt8>, to output: inout [UInt8]) {
        let lines = rest.split(separator: 0x0A).count
        guard lines > 0 else { return }
        painter.append(lines == 1 ? "  (+1 line)" : "  (+\(lines) lines)", in: .dim, to: &output)
    }

    /// Text with what the query asked for highlighted, made safe.
    private func append(_ text: [UInt8], to output: inout [UInt8]) {
        guard painter.isEnabled else {
            SafeText.append(text.span, to: &output, keepNewlines: true)
            return
        }
        var position = 0
        for range in text.withUnsafeBufferPointer({ highlights($0) })
        where range.lowerBound >= position && range.upperBound <= text.count {
            SafeText.append(
                Array(text[position..<range.lowerBound]).span, to: &output, keepNewlines: true)
            painter.begin(.highlight, to: &output)
            SafeText.append(Array(text[range]).span, to: &output)
            painter.end(to: &output)
            position = range.upperBound
        }
        SafeText.append(Array(text[position...]).span, to: &output, keepNewlines: true)
    }

    /// The last component of a logger's name: the class.
    private static func shortName(_ logger: [UInt8]) -> [UInt8] {
        guard let dot = logger.lastIndex(of: 0x2E), dot + 1 < logger.count,
            !logger.contains(0x20)
        else { return logger }
        return Array(logger[(dot + 1)...])
    }
}
