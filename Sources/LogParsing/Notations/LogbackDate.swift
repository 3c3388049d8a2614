internal import LogModel

/// The parts of `%d{pattern, zone, locale}`; quotes protect a comma of the pattern.
struct LogbackDate {
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
        let bytes = Array(name.utf8)
        let hasMark = bytes.count == 5 && (bytes[2] == 0x2D || bytes[2] == 0x5F)
        return bytes.count == 2 || hasMark
    }
}
