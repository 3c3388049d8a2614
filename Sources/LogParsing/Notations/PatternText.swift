/// A cursor over the UTF-8 text of a pattern.
struct PatternText {
    let bytes: [UInt8]
    /// Where the text begins in the whole pattern, for errors.
    let origin: Int
    var index = 0

    init(_ text: String) {
        bytes = Array(text.utf8)
        origin = 0
    }

    init(_ bytes: ArraySlice<UInt8>, origin: Int) {
        self.bytes = Array(bytes)
        self.origin = origin
    }

    var isAtEnd: Bool { index >= bytes.count }
    var peek: UInt8? { index < bytes.count ? bytes[index] : nil }

    func error(_ problem: String, at place: Int? = nil, help: String? = nil) -> PatternError {
        PatternError(problem: problem, offset: origin + (place ?? index), help: help)
    }

    /// Takes `word` if it stands here.
    mutating func take(_ word: String) -> Bool {
        guard bytes[index...].starts(with: word.utf8) else { return false }
        index += word.utf8.count
        return true
    }

    /// Takes the longest run of bytes that are part of a name.
    mutating func takeName() -> String {
        let start = index
        while let byte = peek, Self.isNamePart(byte) { index += 1 }
        return String(decoding: bytes[start..<index], as: UTF8.self)
    }

    static func isNamePart(_ byte: UInt8) -> Bool {
        (byte | 0x20) &- 0x61 < 26 || byte &- 0x30 < 10 || byte == 0x5F
    }

    mutating func takeNumber() -> Int? {
        let start = index
        var value = 0
        while let byte = peek, byte &- 0x30 < 10, index - start < 5 {
            value = value * 10 + Int(byte &- 0x30)
            index += 1
        }
        return index > start ? value : nil
    }

    /// Takes what stands between `open`, which is here, and the `close` that matches it.
    ///
    /// A close within double quotes or behind a backslash does not count.
    mutating func takeEnclosed(
        _ open: UInt8, _ close: UInt8
    ) throws(PatternError) -> (text: ArraySlice<UInt8>, start: Int)? {
        guard peek == open else { return nil }
        let start = index
        var depth = 0
        while let byte = peek {
            index += 1
            if byte == UInt8(ascii: "\\"), !isAtEnd {
                index += 1
            } else if byte == open {
                depth += 1
            } else if byte == close {
                depth -= 1
                if depth == 0 { return (bytes[start + 1..<index - 1], start + 1) }
            }
        }
        let mark = String(decoding: [open], as: UTF8.self)
        throw error(
            "the '\(mark)' has no end", at: start,
            help: "close it with '\(String(decoding: [close], as: UTF8.self))'")
    }
}
