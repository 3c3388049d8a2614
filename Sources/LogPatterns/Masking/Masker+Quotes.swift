/// Quoted text.
extension Masker {
    /// What is quoted in one or two words is a value; in more it is a sentence or a request line,
    /// whose words are masked one by one. A JSON key stays.
    mutating func quote(_ mark: UInt8) {
        let isOpening =
            place != closingQuote && !(mark == UInt8(ascii: "'") && !text.isWordEnd(place &- 1))
        guard isOpening, let quoted = text.quotation(from: place, mark) else {
            return copy(upTo: place &+ 1)
        }
        guard quoted.end > place &+ 1 else { return copy(upTo: place &+ 2) }
        if quoted.blanks >= 2 || text[quoted.end &+ 1] == 0x3A {
            closingQuote = quoted.end
            return copy(upTo: place &+ 1)
        }
        copy(upTo: place &+ 1)
        replace(upTo: quoted.end, by: .string)
        copy(upTo: place &+ 1)
    }
}

extension ByteText {
    /// Longer quotations are taken for stray marks; keeps the search for the closing one short.
    private static var longestQuotation: Int { 512 }

    /// Where the quotation that begins at `start` ends, and how many blanks it has.
    func quotation(from start: Int, _ mark: UInt8) -> (end: Int, blanks: Int)? {
        var blanks = 0
        var place = start &+ 1
        let limit = min(end, place &+ ByteText.longestQuotation)
        while place < limit {
            let byte = base[place]
            if byte == mark {
                let isApostrophe = mark == UInt8(ascii: "'") && !isWordEnd(place &+ 1)
                if !isApostrophe { return (place, blanks) }
            }
            if byte == 0x0A { return nil }
            if byte == 0x20 { blanks &+= 1 }
            place &+= byte == UInt8(ascii: "\\") ? 2 : 1
        }
        return nil
    }
}
