/// Counts the lines of a text.
enum NewlineCounter {
    /// How many newlines there are; eight bytes at a time.
    static func count(in bytes: UnsafeBufferPointer<UInt8>) -> Int {
        var total = 0
        var position = 0
        if let base = UnsafeRawPointer(bytes.baseAddress) {
            while bytes.count - position >= 8 {
                // Each byte of `hits` counts to 255 at most.
                let words = min(255, (bytes.count - position) / 8)
                var hits: UInt64 = 0
                for word in 0..<words {
                    hits &+= marks(
                        base.loadUnaligned(fromByteOffset: position &+ word &* 8, as: UInt64.self))
                }
                total += sum(hits)
                position += words * 8
            }
        }
        for byte in bytes[position...] where byte == 0x0A { total += 1 }
        return total
    }

    /// 1 in each byte that is a newline, 0 in the others.
    ///
    /// Adding 0x7F carries into a byte's top bit unless its low bits are zero, never out of the byte.
    @inline(__always)
    private static func marks(_ word: UInt64) -> UInt64 {
        let difference = word ^ 0x0A0A_0A0A_0A0A_0A0A
        let low = 0x7F7F_7F7F_7F7F_7F7F as UInt64
        return ~((difference & low &+ low) | difference | low) >> 7
    }

    private static func sum(_ hits: UInt64) -> Int {
        let pairs = (hits & 0x00FF_00FF_00FF_00FF) &+ (hits >> 8 & 0x00FF_00FF_00FF_00FF)
        return Int((pairs &* 0x0001_0001_0001_0001) >> 48)
    }
}
