/// Reads decimal digits and zone offsets from raw bytes, without allocation.
///
/// Every function takes the bytes' end and never looks beyond it.
enum DigitReader {
    /// The digit's value, or more than 9 when the byte is no digit.
    @inline(__always)
    static func digit(_ byte: UInt8) -> UInt8 { byte &- 0x30 }

    /// Reads a run of `least` to `most` (up to 18) digits at `index`, which then follows the run.
    @inline(__always)
    static func number(
        _ bytes: UnsafePointer<UInt8>, _ index: inout Int, _ end: Int, least: Int, most: Int
    ) -> Int? {
        let limit = min(end, index &+ most)
        var position = index
        var value = 0
        while position < limit {
            let digit = digit(bytes[position])
            guard digit <= 9 else { break }
            value = value &* 10 &+ Int(digit)
            position &+= 1
        }
        guard position &- index >= least else { return nil }
        index = position
        return value
    }

    /// Reads one to nine digits as the fraction of a second, in nanoseconds.
    @inline(__always)
    static func fraction(
        _ bytes: UnsafePointer<UInt8>, _ index: inout Int, _ end: Int, least: Int = 1, most: Int = 9
    ) -> Int? {
        let start = index
        guard let value = number(bytes, &index, end, least: least, most: most) else { return nil }
        return value &* nanoseconds(perUnitOf: index &- start)
    }

    /// The nanoseconds of one unit of the last of `digits` fraction digits.
    @inline(__always)
    static func nanoseconds(perUnitOf digits: Int) -> Int {
        switch digits {
        case 3: 1_000_000
        case 6: 1_000
        case 9: 1
        case 1: 100_000_000
        case 2: 10_000_000
        case 4: 100_000
        case 5: 10_000
        case 7: 100
        case 8: 10
        default: 1_000_000_000
        }
    }

    /// Reads `Z`, `+08`, `+0800` or `+08:00` at `index` as seconds east of UTC, 18 hours at most.
    static func offset(_ bytes: UnsafePointer<UInt8>, _ index: inout Int, _ end: Int) -> Int? {
        guard index < end else { return nil }
        let first = bytes[index]
        var position = index &+ 1
        if first | 0x20 == UInt8(ascii: "z") {
            index = position
            return 0
        }
        guard first == UInt8(ascii: "+") || first == UInt8(ascii: "-"),
            let hours = number(bytes, &position, end, least: 2, most: 2)
        else { return nil }
        index = position
        if position < end, bytes[position] == UInt8(ascii: ":") { position &+= 1 }
        var minutes = 0
        if let read = number(bytes, &position, end, least: 2, most: 2) {
            minutes = read
            index = position
        }
        let seconds = hours &* 3_600 &+ minutes &* 60
        guard minutes <= 59, seconds <= 64_800 else { return nil }
        return first == UInt8(ascii: "-") ? 0 &- seconds : seconds
    }
}
