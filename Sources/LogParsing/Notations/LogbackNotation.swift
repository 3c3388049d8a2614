internal import LogModel

/// The `PatternLayout` of Logback, Log4j 2 and Log4j 1.
///
/// Sources: Logback manual, chapter "Layouts"; Log4j 2 manual, "Pattern Layout"; Spring Boot's
/// `defaults.xml` for `%clr`, `%wEx`, `%esb` and `${PID}`. Widths, justification, grouping, colour
/// and replacing words, property references with defaults, and escapes are understood. What is
/// written is what counts, so precision (`{36}`) and truncation (`.30`) are read over.
struct LogbackNotation {
    var text: PatternText
    let dialect: TimestampFormat.Dialect
    let depth: Int
    var elements: [PatternElement] = []
    var literal: [UInt8] = []

    static func elements(
        of text: String, dialect: TimestampFormat.Dialect
    ) throws(PatternError) -> [PatternElement] {
        var notation = LogbackNotation(PatternText(text), dialect, depth: 0)
        return try notation.parse()
    }

    init(_ text: PatternText, _ dialect: TimestampFormat.Dialect, depth: Int) {
        self.text = text
        self.dialect = dialect
        self.depth = depth
    }

    mutating func parse() throws(PatternError) -> [PatternElement] {
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

    mutating func flush() {
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
    static func split(
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
