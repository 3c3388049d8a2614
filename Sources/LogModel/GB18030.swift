internal import Glibc

/// Chinese text in GB18030, of which GBK and GB2312 are parts (GB 18030-2005).
package enum GB18030 {
    /// `text`, or what it says in GB18030 if it is not UTF-8 and valid as that.
    package static func repaired(_ text: [UInt8]) -> [UInt8] {
        text.withUnsafeBufferPointer { UTF8Bytes.isValid($0) ? nil : decode($0) } ?? text
    }

    /// The UTF-8 of `bytes` read as GB18030; nil unless every byte is valid.
    ///
    /// Two bytes of another encoding often form a valid GBK character, so this is for text that is
    /// known not to be UTF-8. The conversion is the C library's `iconv`: it loads its table on first
    /// use (about a millisecond) and gives nil where the table is not installed.
    package static func decode(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        guard let input = bytes.baseAddress, bytes.count < Int.max / 2 else { return [] }
        guard let converter = iconv_open("UTF-8", "GB18030"),
            converter != UnsafeMutableRawPointer(bitPattern: -1)
        else { return nil }
        defer { _ = iconv_close(converter) }
        var isWhole = false
        // The longest growth is a two-byte character of three UTF-8 bytes; four bytes give four.
        let output = [UInt8](unsafeUninitializedCapacity: bytes.count * 2) { buffer, count in
            // iconv takes a mutable input pointer for historical reasons and never writes through
            // it; both pointers stay in their buffers, because it is told what each has left.
            var source: UnsafeMutablePointer<CChar>? = UnsafeMutableRawPointer(mutating: input)
                .assumingMemoryBound(to: CChar.self)
            var target: UnsafeMutablePointer<CChar>? = UnsafeMutableRawPointer(
                buffer.baseAddress)?.assumingMemoryBound(to: CChar.self)
            var sourceLeft = bytes.count
            var targetLeft = buffer.count
            let result = iconv(converter, &source, &sourceLeft, &target, &targetLeft)
            isWhole = result == 0 && sourceLeft == 0
            count = buffer.count - targetLeft
        }
        return isWhole ? output : nil
    }
}
