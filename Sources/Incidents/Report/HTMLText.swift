internal import Presentation

/// Text of people and logs as HTML that shows it: usable in elements, in quoted attributes and in SVG.
enum HTMLText {
    /// Control and bidirectional characters are shown as escapes; line breaks stay.
    static func escaped(_ text: String) -> String {
        var output: [UInt8] = []
        for byte in SafeText.escaped(text, keepNewlines: true).utf8 {
            switch byte {
            case UInt8(ascii: "&"): output += "&amp;".utf8
            case UInt8(ascii: "<"): output += "&lt;".utf8
            case UInt8(ascii: ">"): output += "&gt;".utf8
            case UInt8(ascii: "\""): output += "&quot;".utf8
            case UInt8(ascii: "'"): output += "&#39;".utf8
            case 0x0D: break
            default: output.append(byte)
            }
        }
        return String(decoding: output, as: UTF8.self)
    }

    /// Text with an element for each line break.
    static func broken(_ text: String) -> String {
        escaped(text).lines.joined(separator: "<br>\n")
    }
}
