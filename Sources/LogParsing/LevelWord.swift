internal import LogModel

/// Level words to severity numbers, without a hash for the usual ones.
enum LevelWord {
    @inline(__always)
    static func number(_ start: UnsafePointer<UInt8>, _ count: Int) -> UInt8? {
        if count == 4 || count == 5 {
            var key: UInt64 = 0
            var index = 0
            while index < count {
                key = key << 8 | UInt64(start[index])
                index &+= 1
            }
            switch key {
            case 0x494E_464F: return 9
            case 0x5741_524E: return 13
            case 0x4552_524F52: return 17
            case 0x4445_425547: return 5
            case 0x5452_414345: return 1
            default: break
            }
        }
        return Severity.number(of: UnsafeBufferPointer(start: start, count: count))
    }
}
