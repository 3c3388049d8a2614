/// What begins with a run of digits.
extension Masker {
    /// Takes the run of digits from `place` to `end` with all that belongs to it.
    mutating func digits(_ end: Int) {
        switch text[end] {
        case UInt8(ascii: ":"):
            if let time = text.timeEnd(from: place) {
                return replace(upTo: text.zoneEnd(from: time), by: .time)
            }
            if beforeColon(end) { return }
        case UInt8(ascii: "."):
            if let address = text.addressV4End(from: place) {
                return replace(upTo: address, by: .ip)
            }
            if dotted(end) { return }
        case UInt8(ascii: "-"), UInt8(ascii: "/"):
            if let date = text.dateEnd(from: place) { return replace(upTo: date, by: .time) }
            if text[end] == UInt8(ascii: "-"), dotted(end) { return }
        case UInt8(ascii: "*"):
            if let card = text.cardEnd(from: place, digits: end) {
                return replace(upTo: card, by: .card)
            }
        case 0x20:
            if let date = text.namedDateEnd(afterDay: place, end) {
                return replace(upTo: date, by: .time)
            }
        case 0xE5:
            if let date = text.chineseDateEnd(from: place) {
                return replace(upTo: date, by: .time)
            }
        default: break
        }
        replace(upTo: text.numberEnd(from: end), by: .number)
    }
}

extension ByteText {
    /// The end of a number whose first digits end at `start`: fraction, thousands, exponent, unit.
    func numberEnd(from start: Int) -> Int {
        var place = start
        while true {
            let byte = self[place]
            if byte == UInt8(ascii: "."), self[place &+ 1].isDigit {
                place = digitsEnd(from: place &+ 1)
            } else if byte == UInt8(ascii: ","), isThousands(place &+ 1) {
                place &+= 4
            } else {
                break
            }
        }
        let exponent = exponentEnd(from: place)
        if exponent > place { return exponent }
        return unitEnd(from: place) ?? place
    }

    /// A number with units, taken whole: `30ms`, `1h30m`, `12MB`, `5L`; nil if letters are left.
    func quantityEnd(from start: Int) -> Int? {
        var place = start
        while self[place].isDigit {
            let number = digitsEnd(from: place)
            if self[number] == UInt8(ascii: "."), self[number &+ 1].isDigit {
                return numberEnd(from: number)
            }
            guard let unit = unitEnd(from: number) else {
                let exponent = exponentEnd(from: number)
                return exponent > number ? exponent : nil
            }
            place = unit
        }
        return isWordEnd(place) ? place : nil
    }

    /// The end of the unit at `start`; nil if there is none. What follows may be a digit.
    func unitEnd(from start: Int) -> Int? {
        if self[start] == UInt8(ascii: "%") { return start &+ 1 }
        let letters = lettersEnd(from: start)
        guard letters > start, letters &- start <= 4 else { return nil }
        return ByteText.isUnit(lowercased(start, letters &- start)) ? letters : nil
    }

    private static func isUnit(_ word: UInt64) -> Bool {
        switch word {
        case packed("ms"), packed("us"), packed("ns"), packed("s"), packed("m"), packed("h"),
            packed("d"), packed("sec"), packed("secs"), packed("min"), packed("mins"),
            packed("hr"), packed("hrs"), packed("day"), packed("days"), packed("b"), packed("k"),
            packed("g"), packed("t"), packed("kb"), packed("mb"), packed("gb"), packed("tb"),
            packed("kib"), packed("mib"), packed("gib"), packed("tib"), packed("bps"),
            packed("kbps"), packed("mbps"), packed("hz"), packed("khz"), packed("mhz"),
            packed("ghz"), packed("px"), packed("l"), packed("f"), packed("x"), packed("cny"),
            packed("rmb"), packed("usd"):
            true
        default: false
        }
    }

    private func isThousands(_ start: Int) -> Bool {
        self[start].isDigit && self[start &+ 1].isDigit && self[start &+ 2].isDigit
            && isWordEnd(start &+ 3)
    }

    private func exponentEnd(from start: Int) -> Int {
        guard self[start] | 0x20 == UInt8(ascii: "e") else { return start }
        let sign = self[start &+ 1]
        let digits =
            sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") ? start &+ 2 : start &+ 1
        let end = digitsEnd(from: digits)
        return end > digits && isWordEnd(end) ? end : start
    }

    /// `6222****1234`, `138****0000`: at least three digits, at least two stars.
    func cardEnd(from start: Int, digits: Int) -> Int? {
        guard digits &- start >= 3, self[digits &+ 1] == UInt8(ascii: "*") else { return nil }
        var place = digits
        while self[place] == UInt8(ascii: "*") { place &+= 1 }
        return digitsEnd(from: place)
    }
}
