/// A message's bytes, which read as 0 outside.
struct ByteText {
    let base: UnsafePointer<UInt8>
    let end: Int

    /// `base` of an empty buffer is never read: `end` is 0.
    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        base = bytes.baseAddress ?? ByteText.nothing
        end = bytes.baseAddress == nil ? 0 : bytes.count
    }

    private static var nothing: UnsafePointer<UInt8> { ("" as StaticString).utf8Start }

    @inline(__always)
    subscript(place: Int) -> UInt8 { place >= 0 && place < end ? base[place] : 0 }

    @inline(__always)
    func digitsEnd(from start: Int) -> Int {
        var place = start
        while place < end, base[place].isDigit { place &+= 1 }
        return place
    }

    @inline(__always)
    func lettersEnd(from start: Int) -> Int {
        var place = start
        while place < end, base[place].isLetter { place &+= 1 }
        return place
    }

    func hexEnd(from start: Int) -> Int {
        var place = start
        while place < end, base[place].isHexDigit { place &+= 1 }
        return place
    }

    /// Whether neither a letter nor a digit stands at `place`.
    @inline(__always)
    func isWordEnd(_ place: Int) -> Bool {
        let byte = self[place]
        return !byte.isLetter && !byte.isDigit
    }

    /// The bytes `start..<start + count`, at most eight, as a number, letters made small.
    @inline(__always)
    func lowercased(_ start: Int, _ count: Int) -> UInt64 {
        var value: UInt64 = 0
        for index in 0..<count { value = value << 8 | UInt64(self[start &+ index] | 0x20) }
        return value
    }
}

extension UInt8 {
    @inline(__always)
    var isDigit: Bool { self &- 0x30 < 10 }

    @inline(__always)
    var isLetter: Bool { (self | 0x20) &- 0x61 < 26 }

    @inline(__always)
    var isHexDigit: Bool { isDigit || (self | 0x20) &- 0x61 < 6 }
}

/// A short lower-case ASCII word as the number that `ByteText.lowercased` gives.
func packed(_ word: StaticString) -> UInt64 {
    var value: UInt64 = 0
    for index in 0..<word.utf8CodeUnitCount { value = value << 8 | UInt64(word.utf8Start[index]) }
    return value
}
