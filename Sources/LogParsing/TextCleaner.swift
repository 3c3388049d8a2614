/// Takes out of a line what programs print for terminals and disks leave behind: escape sequences
/// (ECMA-48), a byte order mark, and NULs before the text.
enum TextCleaner {
    static let escape: UInt8 = 0x1B

    /// Whether the line begins with a byte order mark or NULs.
    @inline(__always)
    static func hasJunk(_ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> Bool {
        guard start < end else { return false }
        switch base[start] {
        case 0: return true
        case 0xEF: return isMark(base, start, end)
        default: return false
        }
    }

    private static func isMark(_ base: UnsafePointer<UInt8>, _ place: Int, _ end: Int) -> Bool {
        end &- place >= 3 && base[place] == 0xEF && base[place &+ 1] == 0xBB
            && base[place &+ 2] == 0xBF
    }

    /// Appends the bytes `start..<end` without what is no text.
    static func append(
        _ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int, to out: inout [UInt8]
    ) {
        var index = start
        while index < end {
            if base[index] == 0 {
                index &+= 1
            } else if isMark(base, index, end) {
                index &+= 3
            } else {
                break
            }
        }
        var kept = index
        while index < end {
            guard base[index] == escape else {
                index &+= 1
                continue
            }
            out.append(contentsOf: UnsafeBufferPointer(start: base + kept, count: index &- kept))
            index = sequenceEnd(base, index, end)
            kept = index
        }
        out.append(contentsOf: UnsafeBufferPointer(start: base + kept, count: end &- kept))
    }

    /// The end of the escape sequence at `start`; never beyond a newline.
    private static func sequenceEnd(
        _ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int
    ) -> Int {
        var index = start &+ 1
        guard index < end else { return index }
        switch base[index] {
        case UInt8(ascii: "["):
            index &+= 1
            while index < end, base[index] >= 0x20, base[index] < 0x40 { index &+= 1 }
            return index < end && base[index] >= 0x40 && base[index] < 0x7F ? index &+ 1 : index
        case UInt8(ascii: "]"):
            while index < end, base[index] != 0x07, base[index] != escape, base[index] != 0x0A {
                index &+= 1
            }
            guard index < end else { return index }
            if base[index] == 0x07 { return index &+ 1 }
            return index &+ 1 < end && base[index] == escape && base[index &+ 1] == 0x5C
                ? index &+ 2 : index
        case 0x20...0x7E: return index &+ 1
        default: return index
        }
    }
}
