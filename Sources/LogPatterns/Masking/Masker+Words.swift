/// Words: runs of ASCII letters and digits, and what begins with one.
extension Masker {
    /// Takes the word at `place` with all that belongs to it.
    mutating func word() {
        let letters = text.lettersEnd(from: place)
        if letters > place, !text[letters].isDigit { return plainWord(letters) }
        var shape = WordShape(text, from: place)
        if shape.hasLetters { return mixedWord(&shape) }
        digits(shape.end)
    }

    /// A word of letters alone.
    private mutating func plainWord(_ end: Int) {
        switch text[end] {
        case UInt8(ascii: ":"): if beforeColon(end) { return }
        case UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "@"),
            UInt8(ascii: "+"):
            if dotted(end) { return }
        case UInt8(ascii: "/"): if relativePath(end) { return }
        case 0x20, UInt8(ascii: ","):
            if end &- place == 3, let date = text.namedDateEnd(from: place) {
                return replace(upTo: date, by: .time)
            }
        default: break
        }
        copy(upTo: end)
    }

    /// A word of letters and digits.
    private mutating func mixedWord(_ shape: inout WordShape) {
        switch text[shape.end] {
        case UInt8(ascii: ":"): if beforeColon(shape.end) { return }
        case UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "@"),
            UInt8(ascii: "+"):
            if dotted(shape.end) { return }
        case UInt8(ascii: "/"): if relativePath(shape.end) { return }
        default: break
        }
        if !shape.isPrefixed, text[place].isDigit, let end = text.quantityEnd(from: place) {
            return replace(upTo: end, by: .number)
        }
        if let end = text.compactTimeEnd(from: place) { return replace(upTo: end, by: .time) }
        if shape.isHex { return replace(upTo: shape.end, by: .hex) }
        if shape.isKey { return replace(upTo: shape.end, by: .id) }
        pieces(shape.end)
    }

    /// `Http11Processor`, `M35469427`, `ssh2`: the digits that are a number, not part of a name.
    private mutating func pieces(_ end: Int) {
        let start = place
        while place < end {
            copy(upTo: min(end, text.lettersEnd(from: place)))
            let number = min(end, text.digitsEnd(from: place))
            if number &- place >= 2 || (place == start && number > place) {
                replace(upTo: number, by: .number)
            } else {
                copy(upTo: number)
            }
        }
    }

    /// What only a colon tells: URLs, MAC and IPv6 addresses, Windows paths.
    mutating func beforeColon(_ end: Int) -> Bool {
        let next = text[end &+ 1]
        if next == UInt8(ascii: "/"), text[end &+ 2] == UInt8(ascii: "/") {
            replace(upTo: text.urlEnd(from: end &+ 3), by: .url)
            return true
        }
        if end &- place == 1, text[place].isLetter, next == UInt8(ascii: "\\") {
            windowsPath(from: end &+ 2)
            return true
        }
        guard next.isHexDigit || next == 0x3A, previous != 0x3A else { return false }
        if let address = text.macEnd(from: place, separator: 0x3A) {
            replace(upTo: address, by: .mac)
            return true
        }
        guard let address = text.addressV6End(from: place) else { return false }
        replace(upTo: address, by: .ip)
        return true
    }

    /// UUIDs, MAC addresses with dashes, e-mail addresses, host names.
    mutating func dotted(_ end: Int) -> Bool {
        if text[end] == UInt8(ascii: "-") {
            if end &- place == 8, let uuid = text.uuidEnd(from: place) {
                replace(upTo: uuid, by: .uuid)
                return true
            }
            if let address = text.macEnd(from: place, separator: 0x2D) {
                replace(upTo: address, by: .mac)
                return true
            }
        }
        guard isAtBoundary else { return false }
        if let found = text.mailOrHost(from: place) {
            replace(upTo: found.end, by: found.mask)
            return true
        }
        return false
    }
}

/// How letters and digits alternate in a word.
struct WordShape {
    private(set) var end: Int
    private let length: Int
    private var digits = 0
    private var changes = 0
    private var isHexadecimal = true
    /// `0x1f`.
    let isPrefixed: Bool

    init(_ text: ByteText, from start: Int) {
        var place = start
        var wasDigit = text[start].isDigit
        while place < text.end {
            let byte = text.base[place]
            let isDigit = byte.isDigit
            guard isDigit || byte.isLetter else { break }
            if isDigit { digits &+= 1 } else if !byte.isHexDigit { isHexadecimal = false }
            if isDigit != wasDigit { changes &+= 1 }
            wasDigit = isDigit
            place &+= 1
        }
        end = place
        length = place &- start
        isPrefixed =
            text[start] == 0x30 && text[start &+ 1] | 0x20 == 0x78
            && text.hexEnd(from: start &+ 2) == place && length > 2
    }

    var hasLetters: Bool { digits < length }

    /// `0x1f`, or at least eight hexadecimal digits; there are letters and digits among them.
    var isHex: Bool { isPrefixed || (isHexadecimal && length >= 8 && digits > 0) }

    /// Letters and digits in turns: no name, a token. The bounds keep `Http11Processor` and `log4j2`.
    var isKey: Bool { changes >= 3 && digits >= 3 && length >= 6 }
}
