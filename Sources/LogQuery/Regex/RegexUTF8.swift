/// A run of byte ranges that spells a range of scalars in UTF-8.
typealias UTF8Sequence = [ClosedRange<UInt8>]

/// UTF-8 (RFC 3629) as byte ranges for the compiler and as single scalars for the matcher.
enum RegexUTF8 {
    /// The byte sequences of a range of scalars, in byte order; surrogates are left out.
    ///
    /// Two sequences that share a prefix have the same or disjoint ranges at the next byte.
    static func sequences(of range: ClosedRange<UInt32>) -> [UTF8Sequence] {
        var found: [UTF8Sequence] = []
        var pending = [range]
        while let next = pending.popLast() {
            if let cut = firstCut(of: next) {
                if cut < next.upperBound { pending.append((cut + 1)...next.upperBound) }
                pending.append(next.lowerBound...cut)
            } else if !(0xD800...0xDFFF).contains(next.lowerBound) {
                let pairs = zip(encode(next.lowerBound), encode(next.upperBound))
                found.append(pairs.map { $0...$1 })
            }
        }
        return found
    }

    /// The last scalar of the first part, where a range must be split to have one byte pattern.
    private static func firstCut(of range: ClosedRange<UInt32>) -> UInt32? {
        let (low, high) = (range.lowerBound, range.upperBound)
        for edge: UInt32 in [0x7F, 0x7FF, 0xD7FF, 0xDFFF, 0xFFFF] where low <= edge && edge < high {
            return edge
        }
        guard low >= 0x80 else { return nil }
        for shift: UInt32 in [6, 12, 18] {
            let mask = (UInt32(1) << shift) - 1
            guard low & ~mask != high & ~mask else { continue }
            if low & mask != 0 { return low | mask }
            if high & mask != mask { return (high & ~mask) - 1 }
        }
        return nil
    }

    private static func encode(_ value: UInt32) -> [UInt8] {
        func tail(_ shift: UInt32) -> UInt8 { UInt8(0x80 | (value >> shift) & 0x3F) }
        switch value {
        case 0..<0x80: return [UInt8(value)]
        case 0x80..<0x800: return [UInt8(0xC0 | value >> 6), tail(0)]
        case 0x800..<0x10000: return [UInt8(0xE0 | value >> 12), tail(6), tail(0)]
        default: return [UInt8(0xF0 | (value >> 18) & 7), tail(12), tail(6), tail(0)]
        }
    }

    /// The scalar that starts at `index` and its length, or nil where no valid UTF-8 starts.
    ///
    /// Never reads outside `text`. A stray continuation byte starts nothing.
    static func decode(
        _ text: UnsafeBufferPointer<UInt8>, at index: Int
    ) -> (scalar: Unicode.Scalar, length: Int)? {
        let lead = UInt32(text[index])
        let length: Int
        let least: UInt32
        var value: UInt32
        switch lead {
        case 0..<0x80: (length, least, value) = (1, 0, lead)
        case 0xC2...0xDF: (length, least, value) = (2, 0x80, lead & 0x1F)
        case 0xE0...0xEF: (length, least, value) = (3, 0x800, lead & 0x0F)
        case 0xF0...0xF4: (length, least, value) = (4, 0x10000, lead & 0x07)
        default: return nil
        }
        guard length <= text.count - index else { return nil }
        for offset in 1..<max(length, 1) {
            let byte = UInt32(text[index + offset])
            guard byte & 0xC0 == 0x80 else { return nil }
            value = value << 6 | byte & 0x3F
        }
        guard value >= least, let scalar = Unicode.Scalar(value) else { return nil }
        return (scalar, length)
    }

    /// What precedes `index`, for the assertions there.
    static func context(before index: Int, in text: UnsafeBufferPointer<UInt8>) -> RegexContext {
        guard index > 0 else { return .edge }
        let byte = text[index - 1]
        if byte == 0x0A { return .newline }
        for start in stride(from: index - 1, through: max(0, index - 4), by: -1)
        where byte < 0x80 || text[start] >= 0xC0 {
            guard let (scalar, length) = decode(text, at: start), start + length == index else {
                return .other
            }
            return RegexUnicode.isWord(scalar) ? .word : .other
        }
        return .other
    }
}

/// What lies on one side of a position in the text.
enum RegexContext: Int32, Sendable {
    case edge
    case newline
    case word
    case other
    /// The middle of a character: neither `\b` nor `\B` holds here.
    case inside
}
