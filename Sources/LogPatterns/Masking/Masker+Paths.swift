/// Paths of files and requests, and URLs.
extension Masker {
    /// A slash at a boundary begins a path, unless it leads an address (Java's `host/10.0.0.1`).
    mutating func slash() {
        let byte = previous
        let next = text[place &+ 1]
        let isInside =
            !isAtBoundary || byte == 0x29 || byte == 0x3C || byte == 0x2F || byte == 0x3E
        if isInside { return copy(upTo: place &+ 1) }
        if next == 0x20, text.startsHTTP(place &+ 2) {
            return replace(upTo: place &+ 1, by: .path)
        }
        if next.isDigit, text.addressV4End(from: place &+ 1) != nil {
            return copy(upTo: place &+ 1)
        }
        let end = text.pathEnd(from: place &+ 1)
        guard end > place &+ 1 else { return copy(upTo: place &+ 1) }
        replace(upTo: end, by: .path)
    }

    /// `a/b/c`: with two slashes a word begins a path; with one it may be `and/or`.
    mutating func relativePath(_ end: Int) -> Bool {
        guard isAtBoundary, previous != UInt8(ascii: "/") else { return false }
        let path = text.pathEnd(from: place)
        var slashes = 0
        var at = place
        while at < path {
            if text.base[at] == UInt8(ascii: "/") { slashes &+= 1 }
            at &+= 1
        }
        guard slashes >= 2 else { return false }
        replace(upTo: path, by: .path)
        return true
    }

    /// `C:\dir\file`, `\\server\share`; `start` is behind the first backslashes.
    mutating func windowsPath(from start: Int) {
        replace(upTo: text.pathEnd(from: start), by: .path)
    }
}

extension ByteText {
    /// The end of a path: a blank, a bracket, a quotation mark, a separator; `?` begins a query.
    func pathEnd(from start: Int) -> Int {
        var place = start
        var isQuery = false
        loop: while place < end {
            switch base[place] {
            case 0...0x20, 0x7F, 0x22, 0x27, 0x28, 0x29, 0x2C, 0x3A, 0x3B, 0x3C, 0x3E, 0x5B, 0x5D,
                0x60, 0x7B, 0x7C, 0x7D:
                if !(isQuery && (base[place] == 0x3A || base[place] == 0x2C)) { break loop }
            case UInt8(ascii: "?"): isQuery = true
            case UInt8(ascii: "="), UInt8(ascii: "&"): if !isQuery { break loop }
            case 0xE3...0xEF: if endsName(place) { break loop }
            default: break
            }
            place &+= 1
        }
        while place > start, self[place &- 1] == UInt8(ascii: ".") { place &-= 1 }
        return place
    }

    /// The end of a URL behind its `://`: a blank, a bracket, a quotation mark.
    func urlEnd(from start: Int) -> Int {
        var place = start
        loop: while place < end {
            switch base[place] {
            case 0...0x20, 0x7F, 0x22, 0x27, 0x28, 0x29, 0x3C, 0x3E, 0x5B, 0x5D, 0x60, 0x7B, 0x7C,
                0x7D:
                break loop
            case 0xE3...0xEF: if endsName(place) { break loop }
            default: break
            }
            place &+= 1
        }
        while place > start, isSentenceEnd(self[place &- 1]) { place &-= 1 }
        return place
    }

    /// `/data/a.csv失败`: Chinese text ends a name that it did not begin; wide marks always do.
    private func endsName(_ place: Int) -> Bool {
        let before = self[place &- 1]
        let goesOn = before >= 0x80 || before == UInt8(ascii: "/") || before == UInt8(ascii: "=")
        return isWidePunctuation(place) || !goesOn
    }

    private func isSentenceEnd(_ byte: UInt8) -> Bool {
        byte == 0x2E || byte == 0x2C || byte == 0x3A || byte == 0x3B
    }

    func startsHTTP(_ start: Int) -> Bool {
        lowercased(start, 4) == packed("http") && self[start &+ 4] == UInt8(ascii: "/")
    }
}
