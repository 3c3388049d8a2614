internal import LogModel

/// Texts made of what logs are made of, and parts of them to search for.
package enum RandomText {
    package struct Needle: Sendable {
        /// In lower case, as a query is.
        package var bytes: [UInt8]
        package var openStart: Bool
        package var openEnd: Bool
    }

    private static let words = [
        "error", "Connection", "NullPointerException", "refused", "a", "I", "x1", "order_id", "_",
        "HTTP", "java.lang.String", "c.e.p.node.Tasks", "Ünïcödé", "ПРИВЕТ", "привет", "ΑΒΓ",
        "İstanbul", "straße", "ภาษาไทย", "ｆｕｌｌ１２", "~hex4", "~er", "e\u{301}clair",
        "订单", "支付失败", "错", "対照ファイル", "한국어", "数据库", "々", "𠀀𠀁", "ﾊﾝｶｸ",
    ]
    private static let separators = [
        " ", " ", " ", ": ", "=", "/", "-", ".", ",", "\"", "[", "]", "\t", "", "", "，", "。", "😀",
        "\n", "—", "\\", "@",
    ]

    package static func text(pieces: Int, _ random: inout SeededRandom) -> [UInt8] {
        var text: [UInt8] = []
        for _ in 0..<pieces {
            text += piece(&random)
            text += Array(random.pick(separators).utf8)
        }
        return text
    }

    private static func piece(_ random: inout SeededRandom) -> [UInt8] {
        switch random.number(0...9) {
        case 0: return Array(String(random.number(0...9_999)).utf8)
        case 1: return Array(String(random.number(10_000...20_261_119_001)).utf8)
        case 2: return hexadecimal(random.number(1...6), &random)
        case 3:
            return [8, 4, 4, 4, 12].map { hexadecimal($0, &random) }.joined(separator: [0x2D]).map {
                $0
            }
        case 4: return Array("A\(random.number(1...99))B\(random.number(0...999_999_999))".utf8)
        case 5 where random.isTrue(oneIn: 3): return random.bytes(random.number(1...4))
        case 6: return Array("订单号20261119".utf8)
        default: return Array(random.pick(words).utf8)
        }
    }

    private static func hexadecimal(_ count: Int, _ random: inout SeededRandom) -> [UInt8] {
        let digits = Array(random.pick(["0123456789abcdef", "0123456789ABCDEF"]).utf8)
        return (0..<count).map { _ in random.pick(digits) }
    }

    /// A part of `text` from one character to another, with such open ends as it needs; nil where
    /// the part that was tried is no valid UTF-8, which no query can ask for.
    package static func needle(in text: [UInt8], _ random: inout SeededRandom) -> Needle? {
        guard !text.isEmpty else { return nil }
        var starts: [Int] = []
        var position = 0
        text.withUnsafeBufferPointer { text in
            while position < text.count {
                starts.append(position)
                position += UTF8Bytes.scalar(in: text, at: position)?.length ?? 1
            }
        }
        starts.append(text.count)
        let first = random.number(0...starts.count - 2)
        let count = random.number(1...min(starts.count - 1 - first, random.pick([2, 6, 12, 40])))
        let range = starts[first]..<starts[first + count]
        return text.withUnsafeBufferPointer { bytes -> Needle? in
            let part = UnsafeBufferPointer(rebasing: bytes[range])
            guard UTF8Bytes.isValid(part) else { return nil }
            let splitsStart =
                UTF8Bytes.classAt(range.lowerBound, in: bytes) == .word
                && UTF8Bytes.classBefore(range.lowerBound, in: bytes) == .word
            let splitsEnd =
                UTF8Bytes.classBefore(range.upperBound, in: bytes) == .word
                && UTF8Bytes.classAt(range.upperBound, in: bytes) == .word
            return Needle(
                bytes: CaseFolding.folded(Array(part)),
                openStart: splitsStart || random.isTrue(oneIn: 4),
                openEnd: splitsEnd || random.isTrue(oneIn: 4))
        }
    }
}
