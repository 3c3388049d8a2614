/// One step through bytes that may or may not be UTF-8.
///
/// Well-formed means the Unicode Standard's table 3-7: no surrogates, no overlong forms, nothing
/// above U+10FFFF. What is not well-formed is read as U+FFFD with the length of the longest part
/// that a character could have begun with, so that each broken character counts once.
struct DecodedScalar {
    let value: UInt32
    let length: Int
    let isValid: Bool

    /// Reads the scalar at `index`, which must be inside `bytes`.
    static func read(_ bytes: Span<UInt8>, at index: Int) -> DecodedScalar {
        let lead = bytes[index]
        if lead < 0x80 { return DecodedScalar(value: UInt32(lead), length: 1, isValid: true) }
        guard let form = Form(lead: lead) else { return broken(length: 1) }
        var value = form.leadBits
        var allowed = form.second
        for offset in 1..<form.length {
            guard index + offset < bytes.count else { return broken(length: offset) }
            let byte = bytes[index + offset]
            guard allowed.contains(byte) else { return broken(length: offset) }
            value = value << 6 | UInt32(byte & 0x3F)
            allowed = 0x80...0xBF
        }
        return DecodedScalar(value: value, length: form.length, isValid: true)
    }

    private static func broken(length: Int) -> DecodedScalar {
        DecodedScalar(value: 0xFFFD, length: length, isValid: false)
    }

    /// What a lead byte says about the bytes after it.
    private struct Form {
        let length: Int
        let leadBits: UInt32
        let second: ClosedRange<UInt8>

        init?(lead: UInt8) {
            switch lead {
            case 0xC2...0xDF: (length, second) = (2, 0x80...0xBF)
            case 0xE0: (length, second) = (3, 0xA0...0xBF)
            case 0xED: (length, second) = (3, 0x80...0x9F)
            case 0xE1...0xEF: (length, second) = (3, 0x80...0xBF)
            case 0xF0: (length, second) = (4, 0x90...0xBF)
            case 0xF1...0xF3: (length, second) = (4, 0x80...0xBF)
            case 0xF4: (length, second) = (4, 0x80...0x8F)
            default: return nil
            }
            leadBits = UInt32(lead & (0x7F >> UInt8(length)))
        }
    }
}

extension [UInt8] {
    /// Appends the bytes of `bytes` that lie in `range`.
    mutating func append(_ bytes: Span<UInt8>, in range: Range<Int>) {
        guard !range.isEmpty else { return }
        // The pointer is used only within the call, while the span is alive.
        bytes.extracting(range).withUnsafeBufferPointer { append(contentsOf: $0) }
    }

    /// Appends the UTF-8 of `scalar`, or of U+FFFD when it is none.
    mutating func append(scalar value: UInt32) {
        let scalar = Unicode.Scalar(value) ?? "\u{FFFD}"
        append(contentsOf: Unicode.UTF8.encode(scalar) ?? Unicode.UTF8.encodedReplacementCharacter)
    }

    /// Appends `value` in hexadecimal with at least `minimumDigits` lower-case digits.
    mutating func append(hexadecimal value: UInt32, minimumDigits: Int) {
        var digits = Swift.max(1, (35 - value.leadingZeroBitCount) / 4)
        digits = Swift.min(8, Swift.max(digits, minimumDigits))
        for position in stride(from: (digits - 1) * 4, through: 0, by: -4) {
            let digit = UInt8(truncatingIfNeeded: value >> UInt32(position)) & 0xF
            append(digit < 10 ? 0x30 + digit : 0x57 + digit)
        }
    }

    /// Appends `value` in decimal, without making a string.
    mutating func append(decimal value: UInt64) {
        var digits = InlineArray<20, UInt8>(repeating: 0)
        var rest = value
        var start = 20
        repeat {
            start -= 1
            digits[start] = 0x30 + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        } while rest > 0
        append(digits.span, in: start..<20)
    }
}
