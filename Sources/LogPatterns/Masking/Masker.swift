/// Replaces the variable parts of a message by the names of their kinds, in one pass.
///
/// What a part is follows from its own form and the bytes beside it, never from other messages, so
/// a message always gives the same masked text. Any bytes may come; nothing is decoded.
///
/// The output is at most `Masker.growth` times as long as the input: each step takes at least one
/// byte and writes one, or one mask. The caller's buffer is as large as that.
struct Masker {
    /// The longest mask has eight bytes; blanks are written one for one.
    static let growth = 8

    let text: ByteText
    let output: UnsafeMutablePointer<UInt8>
    var place = 0
    var written = 0
    /// Where a quotation ends that is masked word by word; its closing mark is no opening one.
    var closingQuote = -1
    private var lastMask = Mask.star
    private var lastMaskEnd = -1

    /// `output` has room for `growth` times `message.count` bytes.
    init(_ message: UnsafeBufferPointer<UInt8>, into output: UnsafeMutablePointer<UInt8>) {
        text = ByteText(message)
        self.output = output
    }

    /// Masks the whole message; how many bytes were written.
    mutating func run() -> Int {
        while place < text.end {
            let byte = text.base[place]
            if byte.isLetter || byte.isDigit {
                word()
            } else if byte <= 0x20 || byte == 0x7F {
                blank()
            } else if byte >= 0x80 {
                ideographs()
            } else {
                punctuation(byte)
            }
        }
        while written > 0, output[written &- 1] == 0x20 { written &-= 1 }
        return written
    }

    /// The byte before `place`; a blank at the start.
    @inline(__always)
    var previous: UInt8 { place > 0 ? text.base[place &- 1] : 0x20 }

    /// Whether what stands at `place` begins something: no name or number goes on into it.
    @inline(__always)
    var isAtBoundary: Bool {
        let byte = previous
        let goesOn =
            byte.isLetter || byte.isDigit || byte == 0x2E || byte == 0x2D || byte == 0x5F
            || byte == 0x40 || byte == 0x24 || byte == 0x2B
        return !goesOn
    }

    @inline(__always)
    mutating func copy(upTo end: Int) {
        while place < end {
            output[written] = text.base[place]
            written &+= 1
            place &+= 1
        }
    }

    /// Writes `mask` for what stands between `place` and `end`.
    ///
    /// In a list (`1, 2, 3`) the mask is written once, or lists of every length would be patterns.
    mutating func replace(upTo end: Int, by mask: Mask) {
        place = end
        if mask == lastMask, lastMaskEnd >= 0, isListSeparator(from: lastMaskEnd) {
            written = lastMaskEnd
            return
        }
        let name = mask.name
        let bytes = name.utf8Start
        for index in 0..<name.utf8CodeUnitCount { output[written &+ index] = bytes[index] }
        written &+= name.utf8CodeUnitCount
        lastMask = mask
        lastMaskEnd = written
    }

    /// Whether a comma, a blank or both is all that was written since `start`.
    private func isListSeparator(from start: Int) -> Bool {
        switch written &- start {
        case 1: return output[start] == 0x2C || output[start] == 0x20
        case 2: return output[start] == 0x2C && output[start &+ 1] == 0x20
        default: return false
        }
    }

    /// Runs of blanks, line ends and control bytes become one blank; none at the start.
    private mutating func blank() {
        if written > 0, output[written &- 1] != 0x20 {
            output[written] = 0x20
            written &+= 1
        }
        place &+= 1
    }

    private mutating func punctuation(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "/"): slash()
        case UInt8(ascii: "\""), UInt8(ascii: "'"): quote(byte)
        case UInt8(ascii: "-"), UInt8(ascii: "+"): sign()
        case UInt8(ascii: "@"): objectID()
        case UInt8(ascii: ":"): colon()
        case UInt8(ascii: "\\") where text[place &+ 1] == byte && isAtBoundary:
            windowsPath(from: place &+ 2)
        default: copy(upTo: place &+ 1)
        }
    }

    /// A sign belongs to the number behind it unless a name or number stands before.
    private mutating func sign() {
        let byte = previous
        let isSign =
            text[place &+ 1].isDigit && !byte.isLetter && !byte.isDigit && byte != 0x29
            && byte != 0x5D && byte != 0x3E && byte < 0x80
        guard isSign else { return copy(upTo: place &+ 1) }
        place &+= 1
        word()
    }

    /// `Foo@1a2b3c`: the identity that `Object.toString` prints.
    private mutating func objectID() {
        let byte = previous
        copy(upTo: place &+ 1)
        guard byte.isLetter || byte.isDigit || byte == 0x5D || byte == 0x3B else { return }
        let end = text.hexEnd(from: place)
        guard end > place, end &- place <= 16, !text[end].isLetter, !text[end].isDigit else {
            return
        }
        replace(upTo: end, by: .hex)
    }

    private mutating func colon() {
        if text[place &+ 1] == 0x3A, isAtBoundary, previous != 0x3A,
            let end = text.addressV6End(from: place)
        {
            return replace(upTo: end, by: .ip)
        }
        copy(upTo: place &+ 1)
    }
}
