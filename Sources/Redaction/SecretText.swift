/// A text's bytes, which read as 0 outside.
struct SecretText {
    private let bytes: UnsafeBufferPointer<UInt8>

    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    var count: Int { bytes.count }

    /// The place is compared with both ends, so nothing outside is read.
    @inline(__always)
    subscript(place: Int) -> UInt8 { place >= 0 && place < bytes.count ? bytes[place] : 0 }

    /// The end of the run of such bytes that begins at `start`.
    @inline(__always)
    func end(from start: Int, while isPart: (UInt8) -> Bool) -> Int {
        var place = start
        while place < bytes.count, isPart(self[place]) { place &+= 1 }
        return place
    }

    /// The start of the run of such bytes that ends at `end`, not before `limit`.
    @inline(__always)
    func start(to end: Int, limit: Int, while isPart: (UInt8) -> Bool) -> Int {
        var place = end
        while place > limit, isPart(self[place &- 1]) { place &-= 1 }
        return place
    }

    /// Whether `text` stands at `place`; in small letters, it stands for both cases.
    func has(_ text: StaticString, at place: Int, anyCase: Bool = false) -> Bool {
        for index in 0..<text.utf8CodeUnitCount {
            let byte = self[place &+ index]
            let folded = anyCase && byte.isLetter ? byte | 0x20 : byte
            guard folded == text.utf8Start[index] else { return false }
        }
        return true
    }

    /// Whether neither a letter, a digit nor `_` stands at `place`.
    @inline(__always)
    func isEdge(_ place: Int) -> Bool { !self[place].isWord }

    /// Whether a number may begin at `place`: no word and no fraction goes on there. `%3D` before it is no word.
    func isNumberStart(_ place: Int) -> Bool {
        if self[place &- 3] == 0x25, self[place &- 2].isHexDigit, self[place &- 1].isHexDigit {
            return true
        }
        if self[place &- 1] == UInt8(ascii: ".") { return !self[place &- 2].isDigit }
        return isEdge(place &- 1)
    }

    /// Whether a number may end before `place`.
    func isNumberEnd(_ place: Int) -> Bool {
        isEdge(place) && !(self[place] == UInt8(ascii: ".") && self[place &+ 1].isDigit)
    }
}

extension UInt8 {
    @inline(__always)
    var isDigit: Bool { self &- 0x30 < 10 }

    @inline(__always)
    var isLetter: Bool { (self | 0x20) &- 0x61 < 26 }

    @inline(__always)
    var isWord: Bool { isLetter || isDigit || self == 0x5F }

    @inline(__always)
    var isHexDigit: Bool { isDigit || (self | 0x20) &- 0x61 < 6 }
}
