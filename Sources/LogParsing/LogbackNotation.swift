internal import LogModel

/// The `PatternLayout` of Logback, Log4j 2 and Log4j 1.
///
/// Sources: Logback manual, chapter "Layouts"; Log4j 2 manual, "Pattern Layout"; Spring Boot's
/// `defaults.xml` for `%clr`, `%wEx`, `%esb` and `${PID}`. Widths, justification, grouping, colour
/// and replacing words, property references with defaults, and escapes are understood. What is
/// written is what counts, so precision (`{36}`) and truncation (`.30`) are read over.
struct LogbackNotation {
    private var text: PatternText
    private let dialect: TimestampFormat.Dialect
    private let depth: Int
    private var elements: [PatternElement] = []
    private var literal: [UInt8] = []

    static func elements(
        of text: String, dialect: TimestampFormat.Dialect
    ) throws(PatternError) -> [PatternElement] {
        var notation = LogbackNotation(PatternText(text), dialect, depth: 0)
        return try notation.parse()
    }

    private init(_ text: PatternText, _ dialect: TimestampFormat.Dialect, depth: Int) {
        self.text = text
        self.dialect = dialect
        self.depth = depth
    }

    private mutating func parse() throws(PatternError) -> [PatternElement] {
        guard depth < 16 else { throw text.error("groups are nested too deeply") }
        while let byte = text.peek {
            switch byte {
            case UInt8(ascii: "%"): try conversion()
            case UInt8(ascii: "$") where text.take("${"): try property()
            case UInt8(ascii: "\\"): escape()
            case 0x0D, 0x0A: skipNewline()
            case UInt8(ascii: "&"): entity()
            default:
                literal.append(byte)
                text.index += 1
            }
        }
        flush()
        return elements
    }

    private mutating func flush() {
        guard !literal.isEmpty else { return }
        elements.append(.literal(literal))
        literal = []
    }

    /// Line breaks in the configuration file, with the indentation, are no part of the pattern.
    private mutating func skipNewline() {
        while let byte = text.peek, byte == 0x0D || byte == 0x0A || byte == 0x09 || byte == 0x20 {
            text.index += 1
        }
    }

    private mutating func escape() {
        text.index += 1
        guard let byte = text.peek else {
            literal.append(UInt8(ascii: "\\"))
            return
        }
        text.index += 1
        switch byte {
        case UInt8(ascii: "t"): literal.append(0x09)
        case UInt8(ascii: "n"):
            flush()
            elements.append(.lineBreak)
        case UInt8(ascii: "r"): break
        // Logback: nothing, to end the word before it.
        case UInt8(ascii: "_"): break
        default: literal.append(byte)
        }
    }

    private mutating func entity() {
        let entities: [(String, UInt8)] = [
            ("&lt;", 0x3C), ("&gt;", 0x3E), ("&amp;", 0x26), ("&quot;", 0x22), ("&apos;", 0x27),
            ("&#9;", 0x09),
        ]
        for (name, byte) in entities where text.take(name) {
            literal.append(byte)
            return
        }
        literal.append(UInt8(ascii: "&"))
        text.index += 1
    }

    /// `NAME}` or `NAME:-default}`, behind the `${`.
    private mutating func property() throws(PatternError) {
        text.index -= 1
        guard let (inner, start) = try text.takeEnclosed(0x7B, 0x7D) else { return }
        let (name, fallback) = Self.split(inner)
        flush()
        switch name {
        case "PID", "pid", "sys:PID":
            elements.append(.field(LogbackWord.pid))
            return
        default: break
        }
        if let fallback {
            var inner = LogbackNotation(
                PatternText(fallback, origin: text.origin + start), dialect, depth: depth + 1)
            elements += try inner.parse()
            return
        }
        elements.append(.field(FieldElement(field: Field("log.property." + name), matcher: .text)))
    }

    /// The name and the default of a property reference; the default may hold references.
    private static func split(
        _ inner: ArraySlice<UInt8>
    ) -> (name: String, fallback: ArraySlice<UInt8>?) {
        var index = inner.startIndex
        while index + 1 < inner.endIndex {
            if inner[index] == UInt8(ascii: ":"), inner[index + 1] == UInt8(ascii: "-") {
                return (
                    String(decoding: inner[..<index], as: UTF8.self), inner[(index + 2)...]
                )
            }
            index += 1
        }
        return (String(decoding: inner, as: UTF8.self), nil)
    }
}

/// `%` and what follows it.
extension LogbackNotation {
    private struct Width {
        var minimum = 0
        var isLeft = false
    }

    private mutating func conversion() throws(PatternError) {
        let start = text.index
        text.index += 1
        if text.peek == UInt8(ascii: "%") {
            literal.append(UInt8(ascii: "%"))
            text.index += 1
            return
        }
        let width = try width()
        if text.peek == UInt8(ascii: "(") {
            flush()
            try group(width)
            return
        }
        guard let word = LogbackWord.longest(at: &text) else {
            let name = text.takeName()
            let problem = name.isEmpty ? "nothing follows the '%'" : "unknown word '%\(name)'"
            throw text.error(
                problem, at: start, help: "write \\% for a percent sign, or use a known word")
        }
        flush()
        try add(word, width, at: start)
    }

    /// `-40.40`: justification, least and greatest width.
    private mutating func width() throws(PatternError) -> Width {
        var width = Width()
        if text.peek == UInt8(ascii: "-") {
            width.isLeft = true
            text.index += 1
        }
        width.minimum = text.takeNumber() ?? 0
        if text.peek == UInt8(ascii: ".") {
            text.index += 1
            if text.peek == UInt8(ascii: "-") { text.index += 1 }
            guard text.takeNumber() != nil else {
                throw text.error("a number must follow the '.' of a width")
            }
        }
        return width
    }

    /// `%-30(…)`: the padding is a field of its own.
    private mutating func group(_ width: Width) throws(PatternError) {
        guard let (inner, start) = try text.takeEnclosed(0x28, 0x29) else { return }
        try add(group: inner, at: start, width)
        while try text.takeEnclosed(0x7B, 0x7D) != nil {}
    }

    private mutating func add(
        group inner: ArraySlice<UInt8>, at start: Int, _ width: Width
    ) throws(PatternError) {
        var notation = LogbackNotation(
            PatternText(inner, origin: text.origin + start), dialect, depth: depth + 1)
        let parts = try notation.parse()
        let padding = PatternElement.field(
            FieldElement(field: Field("", .ignored), matcher: .padding))
        if width.minimum > 0, !width.isLeft { elements.append(padding) }
        elements += parts
        if width.minimum > 0, width.isLeft { elements.append(padding) }
    }

    private mutating func add(
        _ word: LogbackWord, _ width: Width, at start: Int
    ) throws(PatternError) {
        switch word {
        case .lineBreak: elements.append(.lineBreak)
        case .exception:
            try skipOptions()
            elements.append(.exception)
        case .nothing: try skipOptions()
        case .wrapper, .optionalWrapper: try wrap(word, width)
        case .bracketed: try bracketed()
        case .date: try date(width)
        case .context: try context(width)
        case .level:
            let options = try options()
            var field = FieldElement(
                field: Field(FieldName.severityText, .severity), matcher: .severity)
            // `%p{length=1}` and `%p{WARN=W}` write what is no known level.
            if options.contains(where: { $0.utf8.contains(UInt8(ascii: "=")) }) {
                field.matcher = .name
            }
            field.minimum = width.minimum
            elements.append(.field(field))
        case .field(var field):
            try skipOptions()
            if field.matcher != .message { field.minimum = width.minimum }
            elements.append(.field(field))
        }
    }

    /// `%clr(…){faint}`, `%highlight{…}{…}`, `%replace(…){'a','b'}`: what is inside counts.
    private mutating func wrap(_ word: LogbackWord, _ width: Width) throws(PatternError) {
        let isRound = text.peek == UInt8(ascii: "(")
        let pair: (UInt8, UInt8) = isRound ? (0x28, 0x29) : (0x7B, 0x7D)
        guard let (inner, start) = try text.takeEnclosed(pair.0, pair.1) else { return }
        while try text.takeEnclosed(0x7B, 0x7D) != nil {}
        guard case .optionalWrapper = word else {
            return try add(group: inner, at: start, width)
        }
        let before = elements
        elements = []
        try add(group: inner, at: start, width)
        elements = before + [.optional(elements)]
    }

    /// Spring Boot's `%esb(…){NAME}`: `[value] `, or nothing where the value is unset.
    private mutating func bracketed() throws(PatternError) {
        _ = try text.takeEnclosed(0x28, 0x29)
        var name = "esb"
        if let (inner, _) = try text.takeEnclosed(0x7B, 0x7D) {
            name = String(decoding: inner, as: UTF8.self)
        }
        let field =
            name == "APPLICATION_NAME"
            ? Field("spring.application.name") : Field("log.property." + name)
        elements.append(
            .optional([
                .literal([0x5B]), .field(FieldElement(field: field, matcher: .text)),
                .literal([0x5D, 0x20]),
            ]))
    }

    private mutating func options() throws(PatternError) -> [String] {
        var options: [String] = []
        while let (inner, _) = try text.takeEnclosed(0x7B, 0x7D) {
            options.append(String(decoding: inner, as: UTF8.self))
        }
        return options
    }

    private mutating func skipOptions() throws(PatternError) { _ = try options() }

    /// `%X{key}`, `%X{key:-default}`, or the whole context.
    private mutating func context(_ width: Width) throws(PatternError) {
        let options = try options()
        var element = FieldElement(field: Field("mdc", .contextMap), matcher: .text)
        if let option = options.first, !option.utf8.contains(UInt8(ascii: ",")) {
            let name = Self.split(Array(option.utf8)[...]).name
            if !name.isEmpty { element.field = Field("mdc." + name) }
        }
        element.minimum = width.minimum
        elements.append(.field(element))
    }

    private mutating func date(_ width: Width) throws(PatternError) {
        let start = text.index
        let parts = try options().map { DateOptions(resolved($0)) }
        var pattern = "DEFAULT"
        var zoneName: String?
        if let first = parts.first {
            pattern = first.pattern.isEmpty ? pattern : first.pattern
            zoneName = first.zone
        }
        if parts.count > 1 { zoneName = parts[1].pattern }
        let format: TimestampFormat
        do throws(TimestampFormatError) {
            format = try TimestampFormat(pattern, dialect: dialect)
        } catch {
            throw text.error(
                "date pattern '\(pattern)': \(error.problem)", at: start, help: error.help)
        }
        var element = FieldElement(
            field: Field(FieldName.timestamp, .timestamp, format: format), matcher: .time)
        element.minimum = width.minimum
        element.zone = zoneName.flatMap { try? Zone.named($0) }
        elements.append(.field(element))
    }

    /// The option with its property references replaced by their defaults.
    private func resolved(_ option: String) -> String {
        guard option.hasPrefix("${"), option.hasSuffix("}") else { return option }
        let inner = Array(option.utf8.dropFirst(2).dropLast())
        guard let fallback = Self.split(inner[...]).fallback else { return "" }
        return resolved(String(decoding: fallback, as: UTF8.self))
    }
}

/// The parts of `%d{pattern, zone, locale}`; quotes protect a comma of the pattern.
private struct DateOptions {
    let pattern: String
    let zone: String?

    init(_ text: String) {
        var parts: [[UInt8]] = [[]]
        var isQuoted = false
        for byte in text.utf8 {
            if byte == UInt8(ascii: "\"") {
                isQuoted.toggle()
            } else if byte == UInt8(ascii: ","), !isQuoted {
                parts.append([])
            } else {
                parts[parts.count - 1].append(byte)
            }
        }
        // `HH:mm:ss,SSS` has a comma of its own; what follows a zone's comma is its name.
        var pattern = parts[0]
        var zone: String?
        for part in parts.dropFirst() {
            let name = String(decoding: part.drop { $0 == 0x20 }, as: UTF8.self)
            if zone == nil, part.first != UInt8(ascii: "S"), (try? Zone.named(name)) != nil {
                zone = name
            } else if zone == nil, part.first != 0x20 || !Self.isLocale(name) {
                pattern += [UInt8(ascii: ",")] + part
            }
        }
        self.pattern = String(decoding: pattern, as: UTF8.self)
        self.zone = zone
    }

    /// `en`, `zh-CN`.
    private static func isLocale(_ name: String) -> Bool {
        let count = name.utf8.count
        return count == 2 || count == 5 && Array(name.utf8)[2] | 0x72 == 0x7F
    }
}
