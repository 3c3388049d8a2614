/// Addresses of machines and people.
extension ByteText {
    /// `10.0.0.1`, `10.0.0.1:8080`, `10.0.0.0/8`; nil for a fifth group or a letter behind.
    func addressV4End(from start: Int) -> Int? {
        var place = start
        for group in 0..<4 {
            let end = digitsEnd(from: place)
            guard end > place, end &- place <= 3, isOctet(place, end) else { return nil }
            place = end
            guard group < 3 else { break }
            guard self[place] == UInt8(ascii: ".") else { return nil }
            place &+= 1
        }
        if self[place] == UInt8(ascii: "."), self[place &+ 1].isDigit { return nil }
        guard isWordEnd(place) else { return nil }
        return portEnd(from: place)
    }

    private func isOctet(_ start: Int, _ end: Int) -> Bool {
        guard end &- start == 3 else { return true }
        return (Int(self[start]) &- 48) &* 100 &+ (Int(self[start &+ 1]) &- 48) &* 10
            &+ Int(self[start &+ 2]) &- 48 < 256
    }

    /// The end of `:port` or `/length` at `start`, or `start`.
    private func portEnd(from start: Int) -> Int {
        let mark = self[start]
        guard mark == 0x3A || mark == UInt8(ascii: "/") else { return start }
        let end = digitsEnd(from: start &+ 1)
        let limit = mark == 0x3A ? 5 : 2
        let isPort = end > start &+ 1 && end &- start &- 1 <= limit && isWordEnd(end)
        let goesOn = self[end] == UInt8(ascii: ".") && self[end &+ 1].isDigit
        return isPort && !goesOn ? end : start
    }

    /// Hexadecimal groups of up to four digits with `::` or seven colons; an eighth is a port's.
    ///
    /// One of them is a digit: `fade::` is a name.
    func addressV6End(from start: Int) -> Int? {
        var place = start
        var colons = 0
        var isShortened = false
        var digits = 0
        while true {
            let end = hexEnd(from: place)
            guard end &- place <= 4 || colons >= 8 else { return nil }
            for index in place..<end where self[index].isDigit { digits &+= 1 }
            place = end
            guard self[place] == 0x3A, colons < 8 else { break }
            if self[place &+ 1] == 0x3A {
                guard !isShortened else { return nil }
                isShortened = true
            }
            let isLast = !self[place &+ 1].isHexDigit && self[place &+ 1] != 0x3A
            if isLast && !(isShortened && self[place &- 1] == 0x3A) { break }
            colons &+= 1
            place &+= 1
        }
        guard colons >= 2, digits >= 1, isShortened || colons >= 7, isWordEnd(place) else {
            return nil
        }
        return place
    }

    /// Six pairs of hexadecimal digits.
    func macEnd(from start: Int, separator: UInt8) -> Int? {
        var place = start
        for group in 0..<6 {
            guard hexEnd(from: place) == place &+ 2 else { return nil }
            place &+= 2
            guard group < 5 else { break }
            guard self[place] == separator else { return nil }
            place &+= 1
        }
        return isWordEnd(place) && self[place] != separator ? place : nil
    }

    /// Groups of 8, 4, 4, 4 and 12 hexadecimal digits.
    func uuidEnd(from start: Int) -> Int? {
        var place = start
        for group in 0..<5 {
            let length = group == 0 ? 8 : group == 4 ? 12 : 4
            guard hexEnd(from: place) == place &+ length else { return nil }
            place &+= length
            guard group < 4 else { break }
            guard self[place] == UInt8(ascii: "-") else { return nil }
            place &+= 1
        }
        return isWordEnd(place) ? place : nil
    }

    /// `someone@example.com`, or a name under a known top-level domain with an optional port.
    func mailOrHost(from start: Int) -> (end: Int, mask: Mask)? {
        var place = start
        var lastDot = -1
        while isNameByte(self[place]) {
            if self[place] == UInt8(ascii: ".") { lastDot = place }
            place &+= 1
        }
        if self[place] == UInt8(ascii: "@"), let end = domainEnd(from: place &+ 1) {
            return (end, .email)
        }
        while place > start, !self[place &- 1].isLetter { place &-= 1 }
        guard lastDot > start, place > lastDot &+ 1, isTopLevel(lastDot &+ 1, place) else {
            return nil
        }
        for index in start..<lastDot {
            let byte = self[index]
            guard byte &- 0x41 >= 26, byte != UInt8(ascii: "_") else { return nil }
        }
        return (portEnd(from: place), .host)
    }

    private func isNameByte(_ byte: UInt8) -> Bool {
        byte.isLetter || byte.isDigit || byte == 0x2E || byte == 0x2D || byte == 0x5F
            || byte == 0x2B
    }

    /// The end of a domain name with at least one dot.
    private func domainEnd(from start: Int) -> Int? {
        var place = start
        var hasDot = false
        while self[place].isLetter || self[place].isDigit || self[place] == 0x2D
            || (self[place] == 0x2E && !isWordEnd(place &+ 1))
        {
            if self[place] == 0x2E { hasDot = true }
            place &+= 1
        }
        return hasDot && place > start ? place : nil
    }

    /// Domains that end host names and hardly ever file names, Java classes or sentences.
    private func isTopLevel(_ start: Int, _ end: Int) -> Bool {
        guard end &- start <= 8, self[end] != UInt8(ascii: "("), self[end] != 0x5F else {
            return false
        }
        var value: UInt64 = 0
        for place in start..<end {
            guard self[place] &- 0x61 < 26 else { return false }
            value = value << 8 | UInt64(self[place])
        }
        switch value {
        case packed("com"), packed("net"), packed("org"), packed("edu"), packed("gov"),
            packed("cn"), packed("hk"), packed("tw"), packed("jp"), packed("kr"), packed("ru"),
            packed("de"), packed("uk"), packed("fr"), packed("nl"), packed("br"), packed("au"),
            packed("eu"), packed("io"), packed("biz"), packed("local"), packed("lan"),
            packed("internal"), packed("arpa"):
            return true
        default: return false
        }
    }
}
