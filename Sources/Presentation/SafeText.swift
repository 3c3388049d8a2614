internal import LogModel

/// Log bytes made safe to show to a person.
///
/// A log line can hold sequences that move the cursor, recolour the screen, set the window title
/// or reverse the reading order. They are shown as visible escapes: `\x1b` for C0 controls, DEL and
/// bytes that are not UTF-8, `\u{202e}` for C1 controls, bidirectional controls, line and paragraph
/// separators and the byte order mark; a newline is `\n` and a carriage return `\r`. Tabs and all
/// other valid UTF-8 stay. A backslash of the text itself is not doubled: this is for reading, not
/// for reading back.
package enum SafeText {
    /// Appends `bytes` with everything harmful escaped.
    ///
    /// With `keepNewlines` a newline stays, and so does a carriage return directly before it. With
    /// `decodesGB18030`, bytes that are not UTF-8 as a whole are shown as GB18030 if they are valid
    /// as such, and otherwise escaped byte by byte. Clean ASCII is copied in runs.
    package static func append(
        _ bytes: Span<UInt8>, to output: inout [UInt8], keepNewlines: Bool = false,
        decodesGB18030: Bool = false
    ) {
        let isInvalid = decodesGB18030 && !bytes.withUnsafeBufferPointer(UTF8Bytes.isValid)
        if isInvalid, let decoded = bytes.withUnsafeBufferPointer({ GB18030.decode($0) }) {
            appendEscaped(decoded.span, keepNewlines: keepNewlines, to: &output)
        } else {
            appendEscaped(bytes, keepNewlines: keepNewlines, to: &output)
        }
    }

    /// Appends `text` with everything harmful escaped.
    package static func append(
        _ text: String, to output: inout [UInt8], keepNewlines: Bool = false
    ) {
        appendEscaped(text.utf8.span, keepNewlines: keepNewlines, to: &output)
    }

    /// A copy of `text` with everything harmful escaped, for error messages.
    package static func escaped(_ text: String, keepNewlines: Bool = false) -> String {
        var output: [UInt8] = []
        append(text, to: &output, keepNewlines: keepNewlines)
        return String(decoding: output, as: UTF8.self)
    }

    /// Whether a terminal may act on `scalar` or hide text because of it; a tab does not count.
    package static func isHarmful(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x09: false
        case 0x00...0x1F, 0x7F...0x9F: true
        case 0x061C, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF: true
        default: false
        }
    }

    private static func appendEscaped(
        _ bytes: Span<UInt8>, keepNewlines: Bool, to output: inout [UInt8]
    ) {
        var index = 0
        var runStart = 0
        while index < bytes.count {
            let byte = bytes[index]
            if (byte >= 0x20 && byte < 0x7F) || byte == 0x09 {
                index += 1
                continue
            }
            let scalar = DecodedScalar.read(bytes, at: index)
            let stays =
                scalar.isValid && !isHarmful(scalar.value)
                || keepNewlines && isLineEnd(bytes, at: index)
            if !stays {
                output.append(bytes, in: runStart..<index)
                appendEscape(scalar, bytes, at: index, to: &output)
                runStart = index + scalar.length
            }
            index += scalar.length
        }
        output.append(bytes, in: runStart..<bytes.count)
    }

    private static func isLineEnd(_ bytes: Span<UInt8>, at index: Int) -> Bool {
        switch bytes[index] {
        case 0x0A: true
        case 0x0D: index + 1 < bytes.count && bytes[index + 1] == 0x0A
        default: false
        }
    }

    private static func appendEscape(
        _ scalar: DecodedScalar, _ bytes: Span<UInt8>, at index: Int, to output: inout [UInt8]
    ) {
        if scalar.isValid && scalar.value >= 0x80 {
            output.append(contentsOf: "\\u{".utf8)
            output.append(hexadecimal: scalar.value, minimumDigits: 2)
            output.append(UInt8(ascii: "}"))
            return
        }
        for position in index..<index + scalar.length {
            switch bytes[position] {
            case 0x0A: output.append(contentsOf: "\\n".utf8)
            case 0x0D: output.append(contentsOf: "\\r".utf8)
            default:
                output.append(contentsOf: "\\x".utf8)
                output.append(hexadecimal: UInt32(bytes[position]), minimumDigits: 2)
            }
        }
    }
}
