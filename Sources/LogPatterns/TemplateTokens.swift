/// A masked text as tokens and the separators between them.
struct TemplateTokens {
    /// What stands between separators.
    struct Token {
        var hash: UInt64
        var kind: Kind
        /// Where it stands in the text it was read from.
        var range: Range<Int>
    }

    enum Kind {
        /// Letters only.
        case word
        /// A mask, or a word with a digit or a mask in it.
        case variable
        /// `<*>`.
        case star
    }

    /// A hash of the separators: only texts that agree in it and in the number of tokens compare.
    private(set) var skeleton: UInt64 = 0
    private(set) var tokens: [Token] = []
    /// How many tokens are words; the empty ones are not counted.
    private(set) var words = 0
    /// What follows so many tokens is one more; bounds memory.
    private static let mostTokens = 256

    /// Reads `text[range]`.
    init(_ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) {
        let slice = UnsafeBufferPointer(start: text.baseAddress, count: range.upperBound)
        var place = range.lowerBound
        var start = place
        var isVariable = false
        while place < range.upperBound {
            let byte = slice[place]
            if byte == 0x3C, let end = Mask.end(in: slice, from: place) {
                isVariable = true
                place = end
                continue
            }
            if tokens.count < TemplateTokens.mostTokens, TemplateTokens.isSeparator(byte) {
                append(slice, start..<place, isVariable)
                skeleton = PatternHash.fold(skeleton ^ UInt64(byte), 0xA076_1D64_78BD_642F)
                start = place + 1
                isVariable = false
            } else if byte.isDigit {
                isVariable = true
            }
            place += 1
        }
        append(slice, start..<place, isVariable)
        skeleton = PatternHash.fold(skeleton ^ UInt64(tokens.count), 0xE703_7ED1_A0B4_28DB)
    }

    /// Empty tokens count too: they hold the place between two separators.
    private mutating func append(
        _ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, _ isVariable: Bool
    ) {
        let hash = PatternHash.of(UnsafeBufferPointer(rebasing: text[range]))
        let isStar = hash == TemplateTokens.starHash
        let kind: Kind = isStar ? .star : isVariable ? .variable : .word
        tokens.append(Token(hash: hash, kind: kind, range: range))
        if isWord(tokens.count - 1) { words += 1 }
    }

    func isWord(_ place: Int) -> Bool {
        tokens[place].kind == .word && !tokens[place].range.isEmpty
    }

    mutating func makeStar(_ place: Int) {
        if isWord(place) { words -= 1 }
        tokens[place].hash = TemplateTokens.starHash
        tokens[place].kind = .star
    }

    static let starHash = PatternHash.of(Array("<*>".utf8))

    static func isSeparator(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x20, 0x22, 0x26, 0x27, 0x28, 0x29, 0x2C, 0x2F, 0x3A, 0x3B, 0x3C, 0x3D, 0x3E, 0x3F,
            0x5B, 0x5C, 0x5D, 0x60, 0x7B, 0x7C, 0x7D:
            true
        default: false
        }
    }
}
