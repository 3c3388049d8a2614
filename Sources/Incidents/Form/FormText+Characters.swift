internal import LogModel
internal import Presentation

/// Characters that do not stand in a form as they are: `\u{1b}`.
extension FormText {
    /// One line, or a text that is to be on one, with what would not survive an editor spelled out.
    ///
    /// A backslash of the text that would begin such a spelling gets another before it; those right
    /// before a spelled character are spelled themselves.
    static func encoded(
        _ text: some Sequence<Unicode.Scalar>, hidesFirstBlank: Bool
    ) -> [UInt8] {
        let scalars = Array(text)
        let isSpelled = spelled(scalars, hidesFirstBlank)
        var line: [UInt8] = []
        for (index, scalar) in scalars.enumerated() {
            if isSpelled[index] {
                line += "\\u{\(String(scalar.value, radix: 16))}".utf8
                continue
            }
            if scalar == "\\", isSpelling(scalars[(index + 1)...]) { line.append(backslash) }
            line += String(scalar).utf8
        }
        return line
    }

    private static func spelled(
        _ scalars: [Unicode.Scalar], _ hidesFirstBlank: Bool
    ) -> [Bool] {
        var result = [Bool](repeating: false, count: scalars.count)
        for (index, scalar) in scalars.enumerated().reversed() {
            let isAtEnd = index == scalars.count - 1 || hidesFirstBlank && index == 0
            result[index] =
                SafeText.isHarmful(scalar.value) || isAtEnd && (scalar == " " || scalar == "\t")
                || scalar == "\\" && index + 1 < scalars.count && result[index + 1]
        }
        return result
    }

    private static func isSpelling(_ scalars: ArraySlice<Unicode.Scalar>) -> Bool {
        let bytes = scalars.prefix(longestSpelling).map { UInt8(exactly: $0.value) ?? 0 }
        return spelling(in: bytes[...]) != nil
    }

    /// The text of a line in which characters may be spelled; what is no spelling stays.
    static func decoded(_ line: ArraySlice<UInt8>) -> String {
        var bytes: [UInt8] = []
        var rest = line
        while let byte = rest.first {
            guard byte == backslash else {
                bytes.append(byte)
                rest = rest.dropFirst()
                continue
            }
            let behind = rest.drop { $0 == backslash }
            let count = rest.count - behind.count
            rest = behind
            guard let spelling = spelling(in: behind) else {
                bytes += repeatElement(backslash, count: count)
                continue
            }
            if count == 1, let scalar = Unicode.Scalar(spelling.value) {
                bytes += String(scalar).utf8
                rest = behind.dropFirst(spelling.length)
            } else {
                bytes += repeatElement(backslash, count: max(1, count - 1))
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// `u{10ffff}`
    private static let longestSpelling = 9

    /// What begins with `u{1b}`: the number, and the length of that.
    private static func spelling(
        in bytes: ArraySlice<UInt8>
    ) -> (value: UInt32, length: Int)? {
        let piece = bytes.prefix(longestSpelling)
        guard piece.starts(with: "u{".utf8), let end = piece.firstIndex(of: UInt8(ascii: "}"))
        else { return nil }
        let digits = piece[(piece.startIndex + 2)..<end]
        guard !digits.contains(where: { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-") }),
            let value = UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
        else { return nil }
        return (value, end + 1 - piece.startIndex)
    }
}
