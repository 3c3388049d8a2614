/// The hash of texts and tokens: the same on every machine and in every version.
///
/// Multiply and fold over eight bytes at a time, as wyhash does. Stable ids are made of it, so
/// changing it changes them all.
enum PatternHash {
    static func of(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
        var state = 0x9E37_79B9_7F4A_7C15 ^ UInt64(bytes.count)
        var place = 0
        while place &+ 8 <= bytes.count {
            let word = UnsafeRawBufferPointer(bytes).loadUnaligned(
                fromByteOffset: place, as: UInt64.self)
            state = fold(state ^ UInt64(littleEndian: word), 0xA076_1D64_78BD_642F)
            place &+= 8
        }
        var rest: UInt64 = 0
        while place < bytes.count {
            rest = rest << 8 | UInt64(bytes[place])
            place &+= 1
        }
        return fold(state ^ rest, 0xE703_7ED1_A0B4_28DB)
    }

    static func of(_ bytes: [UInt8]) -> UInt64 { bytes.withUnsafeBufferPointer { of($0) } }

    @inline(__always)
    static func fold(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let product = left.multipliedFullWidth(by: right)
        return product.high ^ product.low
    }

    /// Eight hexadecimal digits of the hash.
    static func identifier(_ bytes: [UInt8]) -> String {
        let digits = String(UInt32(truncatingIfNeeded: of(bytes) >> 16), radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }
}
