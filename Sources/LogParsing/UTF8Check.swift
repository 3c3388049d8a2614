/// Whether bytes are well-formed UTF-8 (Unicode, table 3-7), eight ASCII bytes at a time.
enum UTF8Check {
    static func isValid(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
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
