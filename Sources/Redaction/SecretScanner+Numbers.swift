/// Numbers that name people and accounts, and addresses that begin with a digit.
extension SecretScanner {
    /// The secret that the digits `start..<end` are, or begin.
    func number(_ start: Int, _ end: Int) -> Secret? {
        let length = end &- start
        guard text.isNumberStart(start) else { return nil }
        switch length {
        case 1...3:
            if text[end] == UInt8(ascii: ".") { return addressV4(start) }
            if length == 3, text[end] == UInt8(ascii: "-") { return groupedPhone(start) }
            return addressV6(start)
        case 4:
            return groupedCard(start) ?? addressV6(start)
        case 11...19: return isAlone(start, end) ? wholeNumber(start, end) : identity(start, end)
        default: return nil
        }
    }

    private func isAlone(_ start: Int, _ end: Int) -> Bool { text.isNumberEnd(end) }

    private func wholeNumber(_ start: Int, _ end: Int) -> Secret? {
        let length = end &- start
        let prefix =
            length == 13 && text.has("86", at: start)
            ? 2 : length == 15 && text.has("0086", at: start) ? 4 : 0
        if length == 11 &+ prefix, isMobile(start &+ prefix) {
            return Secret(.phone, start &+ prefix..<end)
        }
        return identity(start, end) ?? card(start, end)
    }

    // MARK: Phones

    /// 13 to 19 are the networks.
    private func isMobile(_ start: Int) -> Bool {
        text[start] == UInt8(ascii: "1") && text[start &+ 1] >= UInt8(ascii: "3")
    }

    /// `138-0013-8000`
    private func groupedPhone(_ start: Int) -> Secret? {
        let dash = UInt8(ascii: "-")
        guard isMobile(start), text.end(from: start &+ 4, while: { $0.isDigit }) == start &+ 8,
            text[start &+ 8] == dash,
            text.end(from: start &+ 9, while: { $0.isDigit }) == start &+ 13,
            text.isNumberEnd(start &+ 13), text[start &+ 13] != dash, text[start &- 1] != dash
        else { return nil }
        return Secret(.phone, start..<start &+ 13)
    }

    // MARK: Identities

    /// 18 digits, or 17 and an X: a region, a date of birth, a number, a check digit (ISO 7064, MOD 11-2).
    private func identity(_ start: Int, _ end: Int) -> Secret? {
        let hasX = end &- start == 17 && text[end] | 0x20 == UInt8(ascii: "x")
        guard end &- start == 18 || hasX, text.isNumberEnd(start &+ 18),
            (11...82).contains(value(start, 2)), (1900...2099).contains(value(start &+ 6, 4)),
            (1...12).contains(value(start &+ 10, 2)), (1...31).contains(value(start &+ 12, 2))
        else { return nil }
        var sum = 0
        for index in 0..<17 { sum = (sum &+ value(start &+ index, 1)) &* 2 % 11 }
        let check = (12 &- sum) % 11
        guard hasX ? check == 10 : check == value(start &+ 17, 1) else { return nil }
        return Secret(.identity, start..<start &+ 18)
    }

    /// The number that so many digits are.
    private func value(_ start: Int, _ count: Int) -> Int {
        var value = 0
        for place in start..<start &+ count { value = value &* 10 &+ Int(text[place] &- 0x30) }
        return value
    }

    // MARK: Cards

    private func card(_ start: Int, _ end: Int) -> Secret? {
        isCard((start..<end).map { text[$0] &- 0x30 }) ? Secret(.card, start..<end) : nil
    }

    /// Groups of four with blanks or hyphens between them, the last one of one to four; also 4-6-5.
    private func groupedCard(_ start: Int) -> Secret? {
        let separator = text[start &+ 4]
        guard separator == UInt8(ascii: " ") || separator == UInt8(ascii: "-"),
            text[start &- 1] != UInt8(ascii: "-")
        else { return nil }
        var digits = (start..<start &+ 4).map { text[$0] &- 0x30 }
        var place = start &+ 4
        while text[place] == separator, text[place &+ 1].isDigit, digits.count < 20 {
            let end = text.end(from: place &+ 1, while: { $0.isDigit })
            guard end &- place <= 7 else { return nil }
            digits += (place &+ 1..<end).map { text[$0] &- 0x30 }
            let isShort = end &- place < 5
            place = end
            // A short group is the last one.
            if isShort { break }
        }
        guard text.isNumberEnd(place), text[place] != UInt8(ascii: "-"), isCard(digits) else {
            return nil
        }
        return Secret(.card, start..<place)
    }

    /// Prefixes of the networks (ISO/IEC 7812), then Luhn's check digit: the prefixes leave times and order numbers out.
    private func isCard(_ digits: [UInt8]) -> Bool {
        guard (13...19).contains(digits.count) else { return false }
        let four = digits.prefix(4).reduce(0) { $0 * 10 + Int($1) }
        let isKnown =
            switch digits.count {
            case 13: digits[0] == 4
            case 14: [30, 36, 38, 39].contains(four / 100)
            case 15: four / 100 == 34 || four / 100 == 37
            case 16:
                digits[0] == 4 || (51...55).contains(four / 100) || (2221...2720).contains(four)
                    || (3528...3589).contains(four) || [6011, 9558].contains(four)
                    || [62, 65].contains(four / 100)
            default: four / 100 == 62 || four == 9558
            }
        guard isKnown else { return false }
        var sum = 0
        for (index, digit) in digits.reversed().enumerated() {
            let doubled = index % 2 == 1 ? Int(digit) * 2 : Int(digit)
            sum += doubled > 9 ? doubled - 9 : doubled
        }
        return sum % 10 == 0
    }

    // MARK: Addresses

    /// A public address of four groups.
    private func addressV4(_ start: Int) -> Secret? {
        var place = start
        var (first, second) = (0, 0)
        for group in 0..<4 {
            let end = text.end(from: place) { $0.isDigit }
            guard (1...3).contains(end &- place), end == place &+ 1 || text[place] != 0x30 else {
                return nil
            }
            let number = value(place, end &- place)
            guard number < 256 else { return nil }
            if group == 0 { first = number } else if group == 1 { second = number }
            place = end
            guard group < 3 else { break }
            guard text[place] == UInt8(ascii: ".") else { return nil }
            place &+= 1
        }
        guard text.isNumberEnd(place), isPublic(first, second), !isVersion(start) else {
            return nil
        }
        return Secret(.ip, start..<place)
    }

    /// Whether it is behind a product's name, as in `Chrome/120.0.0.0`; names with a dot are hosts.
    private func isVersion(_ start: Int) -> Bool {
        guard text[start &- 1] == UInt8(ascii: "/"), !text.isEdge(start &- 2) else { return false }
        let word = text.start(to: start &- 1, limit: floor) {
            $0.isLetter || $0.isDigit || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_")
        }
        return text[word &- 1] != UInt8(ascii: ".")
    }

    private func isPublic(_ first: Int, _ second: Int) -> Bool {
        switch first {
        case 0, 10, 127, 224...255: false
        case 100: !(64...127).contains(second)
        case 169: second != 254
        case 172: !(16...31).contains(second)
        case 192: second != 168
        default: true
        }
    }

    /// A global unicast address of IPv6, 2000::/3.
    private func addressV6(_ start: Int) -> Secret? {
        guard text[start] == UInt8(ascii: "2") || text[start] == UInt8(ascii: "3"),
            text.end(from: start, while: { $0.isHexDigit }) == start &+ 4,
            text[start &+ 4] == UInt8(ascii: ":"), text[start &- 1] != UInt8(ascii: ":")
        else { return nil }
        var (place, groups, isShortened) = (start, 0, false)
        while groups < 8 {
            let end = text.end(from: place, while: { $0.isHexDigit })
            guard end &- place <= 4 else { return nil }
            if end == place { break }
            groups &+= 1
            place = end
            guard text[place] == UInt8(ascii: ":"), groups < 8 else { break }
            if text[place &+ 1] == UInt8(ascii: ":") {
                guard !isShortened else { return nil }
                isShortened = true
                place &+= 2
            } else if text[place &+ 1].isHexDigit {
                place &+= 1
            } else {
                break
            }
        }
        guard isShortened ? groups < 8 : groups == 8, text.isEdge(place) else { return nil }
        return Secret(.ip, start..<place)
    }
}
