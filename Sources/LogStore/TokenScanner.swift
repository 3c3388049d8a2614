/// Cuts a text into what its kind of text has in common, and what varies: the skeleton and tokens.
///
/// The skeleton is the text with a marker byte for each token: the raw value of its kind. A run of
/// ASCII letters and digits is one of these, or cut into its letters and its numbers. A text that
/// has a marker byte of its own is a single token. About 400 MB/s.
struct TokenScanner {
    enum Kind: UInt8 {
        /// Decimal digits; long ones are looked for among those before.
        case number = 1
        case longNumber = 2
        /// Hexadecimal digits with letters, all lower or all upper case.
        case lowerHex = 3
        case longLowerHex = 4
        case upperHex = 5
        /// A UUID in its usual form and lower case.
        case uuid = 6
        /// An IPv4 address without leading zeros.
        case address = 7
        /// Any bytes.
        case other = 8

        /// Whether the token may be a repeat of an earlier one.
        var mayRepeat: Bool { self == .longNumber || self == .longLowerHex || self == .uuid }

        /// Whether its tokens are kept by the bytes before them.
        var hasStreams: Bool { rawValue <= Kind.upperHex.rawValue }

        var isHexadecimal: Bool {
            self == .lowerHex || self == .longLowerHex || self == .upperHex
        }
    }

    struct Token {
        let kind: Kind
        let start: Int
        let count: Int
    }

    private(set) var skeleton: [UInt8] = []
    private(set) var tokens: [Token] = []
    private var literalStart = 0

    /// Numbers and hexadecimal tokens are not longer: their lengths are bytes.
    static let longestToken = 128
    /// Numbers and hexadecimal tokens from this length on are long.
    private static let longToken = 10
    private static let groupsInWord = 4

    private enum Class {
        static let digit: UInt8 = 1
        static let lowerHex: UInt8 = 2
        static let upperHex: UInt8 = 4
        static let letter: UInt8 = 8
        static let marker: UInt8 = 16
    }

    private static let classes: [UInt8] = (0..<256).map { value in
        switch UInt8(value) {
        case 0x30...0x39: Class.digit
        case 0x61...0x66: Class.lowerHex
        case 0x41...0x46: Class.upperHex
        case 0x67...0x7A, 0x47...0x5A: Class.letter
        case 1...8: Class.marker
        default: 0
        }
    }

    /// Replaces `skeleton` and `tokens` by those of `text`; tokens are ranges of it.
    mutating func scan(_ text: UnsafeBufferPointer<UInt8>) {
        skeleton.removeAll(keepingCapacity: true)
        tokens.removeAll(keepingCapacity: true)
        literalStart = 0
        Self.classes.withUnsafeBufferPointer { classes in
            var position = 0
            while position < text.count {
                let first = classes[Int(text[position])]
                if first == 0 {
                    position &+= 1
                    continue
                }
                if first == Class.marker { return takeWhole(text) }
                let start = position
                var seen: UInt8 = 0
                while position < text.count {
                    let next = classes[Int(text[position])]
                    if next == 0 || next == Class.marker { break }
                    seen |= next
                    position &+= 1
                }
                if seen & Class.digit == 0 { continue }
                position = addWord(start..<position, seen, text, classes)
            }
            skeleton.append(contentsOf: text[literalStart...])
        }
    }

    private mutating func takeWhole(_ text: UnsafeBufferPointer<UInt8>) {
        skeleton.removeAll(keepingCapacity: true)
        tokens.removeAll(keepingCapacity: true)
        skeleton.append(Kind.other.rawValue)
        tokens.append(Token(kind: .other, start: 0, count: text.count))
    }

    @inline(__always)
    private mutating func add(_ kind: Kind, _ range: Range<Int>, _ text: UnsafeBufferPointer<UInt8>)
    {
        skeleton.append(contentsOf: text[literalStart..<range.lowerBound])
        skeleton.append(kind.rawValue)
        tokens.append(Token(kind: kind, start: range.lowerBound, count: range.count))
        literalStart = range.upperBound
    }

    /// Adds the tokens of a run of letters and digits; returns where scanning goes on.
    private mutating func addWord(
        _ word: Range<Int>, _ seen: UInt8, _ text: UnsafeBufferPointer<UInt8>,
        _ classes: UnsafeBufferPointer<UInt8>
    ) -> Int {
        if word.count == 8, seen & ~(Class.digit | Class.lowerHex) == 0,
            Self.isUUID(text, at: word.lowerBound, classes)
        {
            add(.uuid, word.lowerBound..<word.lowerBound + 36, text)
            return word.lowerBound + 36
        }
        let isShort = word.count <= Self.longestToken
        switch seen {
        case Class.digit:
            if word.count <= 3, let end = Self.endOfAddress(text, at: word.lowerBound, classes) {
                add(.address, word.lowerBound..<end, text)
                return end
            }
            add(Self.number(word.count), word, text)
        case Class.digit | Class.lowerHex where word.count >= 4 && isShort:
            add(Self.lowerHex(word.count), word, text)
        case Class.digit | Class.upperHex where word.count >= 4 && isShort:
            add(.upperHex, word, text)
        default:
            addMixed(word, text, classes)
        }
        return word.upperBound
    }

    /// Letters and digits mixed: a hexadecimal id behind letters, or numbers between letters.
    private mutating func addMixed(
        _ word: Range<Int>, _ text: UnsafeBufferPointer<UInt8>,
        _ classes: UnsafeBufferPointer<UInt8>
    ) {
        var start = word.upperBound
        var seen: UInt8 = 0
        while start > word.lowerBound {
            let next = classes[Int(text[start - 1])]
            if next & (Class.digit | Class.lowerHex) == 0 { break }
            seen |= next
            start -= 1
        }
        let count = word.upperBound - start
        guard seen == Class.digit | Class.lowerHex, count >= 8, count <= Self.longestToken else {
            return addNumbers(word, text, classes)
        }
        addNumbers(word.lowerBound..<start, text, classes)
        add(Self.lowerHex(count), start..<word.upperBound, text)
    }

    private mutating func addNumbers(
        _ word: Range<Int>, _ text: UnsafeBufferPointer<UInt8>,
        _ classes: UnsafeBufferPointer<UInt8>
    ) {
        var groups = 0
        var isInside = false
        for position in word {
            let isDigit = classes[Int(text[position])] == Class.digit
            if isDigit, !isInside { groups += 1 }
            isInside = isDigit
        }
        guard groups <= Self.groupsInWord else { return add(.other, word, text) }
        var position = word.lowerBound
        while position < word.upperBound {
            let start = position
            while position < word.upperBound, classes[Int(text[position])] == Class.digit {
                position += 1
            }
            if position > start {
                add(Self.number(position - start), start..<position, text)
            } else {
                position += 1
            }
        }
    }

    private static func number(_ count: Int) -> Kind {
        count < longToken ? .number : count <= longestToken ? .longNumber : .other
    }

    private static func lowerHex(_ count: Int) -> Kind {
        count < longToken ? .lowerHex : .longLowerHex
    }

    private static func isUUID(
        _ text: UnsafeBufferPointer<UInt8>, at start: Int, _ classes: UnsafeBufferPointer<UInt8>
    ) -> Bool {
        guard start + 36 <= text.count else { return false }
        for position in 8..<36 {
            let byte = text[start + position]
            if position == 8 || position == 13 || position == 18 || position == 23 {
                if byte != 0x2D { return false }
            } else if classes[Int(byte)] & (Class.digit | Class.lowerHex) == 0 {
                return false
            }
        }
        return start + 36 == text.count || classes[Int(text[start + 36])] & 15 == 0
    }

    private static func endOfAddress(
        _ text: UnsafeBufferPointer<UInt8>, at start: Int, _ classes: UnsafeBufferPointer<UInt8>
    ) -> Int? {
        var position = start
        for octet in 0..<4 {
            if octet > 0 {
                guard position < text.count, text[position] == 0x2E else { return nil }
                position += 1
            }
            let first = position
            var value = 0
            while position < text.count, position - first < 3, text[position] &- 0x30 < 10 {
                value = value * 10 + Int(text[position] &- 0x30)
                position += 1
            }
            let count = position - first
            guard count > 0, value < 256, count == 1 || text[first] != 0x30 else { return nil }
        }
        if position < text.count, classes[Int(text[position])] & 15 != 0 { return nil }
        return position
    }
}
