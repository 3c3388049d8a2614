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

/// Decoding of UTF-8, one character at a time, that accepts any bytes.
package enum UTF8Bytes {
    /// The scalar at `position` and its length; nil for a byte that begins no valid character.
    ///
    /// Strict: no overlong forms, no surrogates, nothing above U+10FFFF (RFC 3629).
    @inline(__always)
    package static func scalar(
        in text: UnsafeBufferPointer<UInt8>, at position: Int
    ) -> (value: UInt32, length: Int)? {
        let first = text[position]
        if first < 0x80 { return (UInt32(first), 1) }
        return multibyte(in: text, at: position, first: first)
    }

    private static func multibyte(
        in text: UnsafeBufferPointer<UInt8>, at position: Int, first: UInt8
    ) -> (value: UInt32, length: Int)? {
        func continuation(_ distance: Int) -> UInt32? {
            let index = position + distance
            guard index < text.count, text[index] & 0xC0 == 0x80 else { return nil }
            return UInt32(text[index] & 0x3F)
        }
        if first < 0xC2 { return nil }
        guard let second = continuation(1) else { return nil }
        if first < 0xE0 { return (UInt32(first & 0x1F) << 6 | second, 2) }
        guard let third = continuation(2) else { return nil }
        if first < 0xF0 {
            let value = UInt32(first & 0x0F) << 12 | second << 6 | third
            return value < 0x800 || (0xD800..<0xE000).contains(value) ? nil : (value, 3)
        }
        guard first < 0xF5, let fourth = continuation(3) else { return nil }
        let value = UInt32(first & 0x07) << 18 | second << 12 | third << 6 | fourth
        return value < 0x10000 || value > 0x10FFFF ? nil : (value, 4)
    }

    /// The class of the character that ends just before `position`; a separator at the start.
    package static func classBefore(
        _ position: Int, in text: UnsafeBufferPointer<UInt8>
    ) -> CharacterClass {
        guard position > 0 else { return .separator }
        let last = text[position - 1]
        if last < 0x80 { return CharacterClass.isASCIIWord(last) ? .word : .separator }
        var start = position - 1
        while start > 0, position - start < 4, text[start] & 0xC0 == 0x80 { start -= 1 }
        guard let found = scalar(in: text, at: start), start + found.length == position else {
            return .separator
        }
        return .of(found.value)
    }

    /// Where the terminal escape sequence ends that begins at `position` with ESC, `[`
    /// (ECMA-48, 5.4); `position + 1` for an ESC that begins none.
    package static func endOfEscape(
        at position: Int, in text: UnsafeBufferPointer<UInt8>
    ) -> Int {
        guard position + 1 < text.count, text[position + 1] == 0x5B else { return position + 1 }
        var end = position + 2
        while end < text.count, end - position < 32, text[end] &- 0x20 < 0x20 { end += 1 }
        return end < text.count && text[end] &- 0x40 < 0x3F ? end + 1 : position + 1
    }

    /// Whether an escape sequence ends just before `position`: its last letter is no word's.
    package static func isBehindEscape(
        _ position: Int, in text: UnsafeBufferPointer<UInt8>
    ) -> Bool {
        var start = position - 1
        while start > 0, position - start < 34, text[start] != 0x1B { start -= 1 }
        return start >= 0 && text[start] == 0x1B && endOfEscape(at: start, in: text) == position
    }

    /// The class of the character at `position`; a separator at the end.
    package static func classAt(
        _ position: Int, in text: UnsafeBufferPointer<UInt8>
    ) -> CharacterClass {
        guard position < text.count else { return .separator }
        let first = text[position]
        if first < 0x80 { return CharacterClass.isASCIIWord(first) ? .word : .separator }
        guard let found = scalar(in: text, at: position) else { return .separator }
        return .of(found.value)
    }

    /// Whether all of `text` is valid UTF-8. About 10 GB/s for ASCII, 0.5 GB/s for Chinese.
    package static func isValid(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        var position = 0
        let base = UnsafeRawPointer(text.baseAddress)
        while position < text.count {
            if let base, position + 8 <= text.count {
                let word = base.loadUnaligned(fromByteOffset: position, as: UInt64.self)
                if word & 0x8080_8080_8080_8080 == 0 {
                    position += 8
                    continue
                }
            }
            guard let found = scalar(in: text, at: position) else { return false }
            position += found.length
        }
        return true
    }
}
