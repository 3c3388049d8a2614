/// What a character is to search: part of a word, part of a Chinese run, or a separator.
///
/// Index and search must agree on this to the last character; both ask here. A word is a run of
/// letters, digits and `_`; Han, kana and Hangul characters form runs of their own, which are found
/// at any place, because their writing puts no blanks between words.
package enum CharacterClass: UInt8, Sendable {
    case separator = 0
    case word = 1
    case ideograph = 2

    /// The class of an ASCII byte by value: 1 for letters, digits and `_`, else 0.
    package static let asciiIsWord: [Bool] = (0..<128).map { byte in
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
            || (0x61...0x7A).contains(byte) || byte == 0x5F
    }

    @inline(__always)
    package static func isASCIIWord(_ byte: UInt8) -> Bool {
        (byte | 0x20) &- 0x61 < 26 || byte &- 0x30 < 10 || byte == 0x5F
    }

    /// The class of a scalar outside ASCII.
    package static func of(_ scalar: UInt32) -> CharacterClass {
        switch scalar {
        case 0..<0x80: isASCIIWord(UInt8(scalar)) ? .word : .separator
        case 0x80..<0xC0: scalar == 0xAA || scalar == 0xB5 || scalar == 0xBA ? .word : .separator
        case 0xD7, 0xF7: .separator
        case 0xC0..<0x2000: .word
        case 0x2000..<0x2C00: .separator
        case 0x2C00..<0x2E00: .word
        case 0x2E00..<0x2E80: .separator
        case 0x2E80..<0x3000: .ideograph
        case 0x3005, 0x3007: .ideograph
        case 0x3000..<0x3040: .separator
        case 0x30FB: .separator
        case 0x3040..<0xA000: .ideograph
        case 0xA000..<0xAC00: .word
        case 0xAC00..<0xD7B0: .ideograph
        case 0xD7B0..<0xF900: .separator
        case 0xF900..<0xFB00: .ideograph
        case 0xFB00..<0xFE10: .word
        case 0xFE10..<0xFE70: .separator
        case 0xFE70..<0xFEFF: .word
        case 0xFF10...0xFF19, 0xFF21...0xFF3A, 0xFF41...0xFF5A: .word
        case 0xFF66..<0xFFDD: .ideograph
        case 0xFEFF..<0x10000: .separator
        case 0x10000..<0x1F000: .word
        case 0x1F000..<0x20000: .separator
        case 0x20000..<0x40000: .ideograph
        default: .separator
        }
    }
}
