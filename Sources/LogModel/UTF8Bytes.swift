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
}

/// Validation (Unicode, table 3-7), eight ASCII bytes at a time.
extension UTF8Bytes {
    /// Whether all of the bytes are well-formed. About 10 GB/s for ASCII, 0.5 GB/s for Chinese.
    package static func isValid(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let base = bytes.baseAddress else { return true }
        let raw = UnsafeRawPointer(base)
        let count = bytes.count
        var index = 0
        while index < count {
            // Within the buffer, since eight bytes are left; any alignment is allowed.
            while index &+ 8 <= count {
                let word = raw.loadUnaligned(fromByteOffset: index, as: UInt64.self)
                let high = word & 0x8080_8080_8080_8080
                if high != 0 {
                    index &+= high.trailingZeroBitCount >> 3
                    break
                }
                index &+= 8
            }
            guard index < count else { return true }
            let lead = base[index]
            if lead < 0x80 {
                index &+= 1
                continue
            }
            let length = length(base, index, count, lead)
            guard length > 0 else { return false }
            index &+= length
        }
        return true
    }

    /// The length of the character at `index`; 0 if there is none.
    @inline(__always)
    private static func length(
        _ base: UnsafePointer<UInt8>, _ index: Int, _ count: Int, _ lead: UInt8
    ) -> Int {
        let left = count &- index
        if lead >= 0xE1, lead <= 0xEC || lead == 0xEE || lead == 0xEF {
            guard left >= 3, base[index &+ 1] & 0xC0 == 0x80, base[index &+ 2] & 0xC0 == 0x80
            else { return 0 }
            return 3
        }
        if lead >= 0xC2, lead <= 0xDF {
            return left >= 2 && base[index &+ 1] & 0xC0 == 0x80 ? 2 : 0
        }
        guard left >= 3, base[index &+ 2] & 0xC0 == 0x80 else { return 0 }
        let second = base[index &+ 1]
        switch lead {
        case 0xE0: return second >= 0xA0 && second <= 0xBF ? 3 : 0
        case 0xED: return second >= 0x80 && second <= 0x9F ? 3 : 0
        case 0xF0...0xF4:
            guard left >= 4, base[index &+ 3] & 0xC0 == 0x80 else { return 0 }
            let least: UInt8 = lead == 0xF0 ? 0x90 : 0x80
            let most: UInt8 = lead == 0xF4 ? 0x8F : 0xBF
            return second >= least && second <= most ? 4 : 0
        default: return 0
        }
    }
}
