/// Dates and times in the usual notations.
extension ByteText {
    /// `10:15`, `10:15:30`, `10:15:30.123`, `10:15:30,123456`.
    func timeEnd(from start: Int) -> Int? {
        let hours = digitsEnd(from: start)
        guard hours > start, hours &- start <= 2, self[hours] == 0x3A, isPair(hours &+ 1) else {
            return nil
        }
        var place = hours &+ 3
        if self[place] == 0x3A {
            guard isPair(place &+ 1) else { return nil }
            place &+= 3
            let mark = self[place]
            if mark == UInt8(ascii: ".") || mark == UInt8(ascii: ","), self[place &+ 1].isDigit {
                place = digitsEnd(from: place &+ 1)
            }
        }
        let next = self[place]
        if next == 0x3A, self[place &+ 1].isHexDigit { return nil }
        return isWordEnd(place) || next | 0x20 == UInt8(ascii: "z") ? place : nil
    }

    /// Exactly two digits.
    private func isPair(_ start: Int) -> Bool {
        self[start].isDigit && self[start &+ 1].isDigit && !self[start &+ 2].isDigit
    }

    /// The end of the zone behind a time, or `start`: `Z`, `+08:00`, ` +0800`, ` PM`.
    func zoneEnd(from start: Int) -> Int {
        var place = start
        if self[place] == UInt8(ascii: "Z"), isWordEnd(place &+ 1) { return place &+ 1 }
        if self[place] == 0x20 { place &+= 1 }
        let sign = self[place]
        if sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") {
            let digits = digitsEnd(from: place &+ 1)
            if digits == place &+ 5, isWordEnd(digits) { return digits }
            if digits == place &+ 3, self[digits] == 0x3A, isPair(digits &+ 1) {
                return digits &+ 3
            }
        }
        let isHalf = sign == UInt8(ascii: "A") || sign == UInt8(ascii: "P")
        if isHalf, self[place &+ 1] == UInt8(ascii: "M"), isWordEnd(place &+ 2) {
            return place &+ 2
        }
        return start
    }

    /// `2026-11-18`, `2026/11/18`, `18/Nov/2026`, `18-Nov-2026`, `11/18/2026`, with a time behind.
    func dateEnd(from start: Int) -> Int? {
        let first = digitsEnd(from: start)
        let mark = self[first]
        var second = digitsEnd(from: first &+ 1)
        if second == first &+ 1, month(at: second) { second &+= 3 }
        guard second > first &+ 1, second &- first <= 4, self[second] == mark else { return nil }
        let third = digitsEnd(from: second &+ 1)
        let last = third &- second &- 1
        let isYearFirst = first &- start == 4 && (last == 1 || last == 2)
        let isShort = last == 2 && mark == UInt8(ascii: "/") && timeEnd(from: third &+ 1) != nil
        let isYearLast = first &- start <= 2 && (last == 4 || isShort)
        guard isYearFirst || isYearLast, second &- first <= 3 || isYearLast else { return nil }
        return timeEnd(behindDate: third)
    }

    /// The end of the time behind a date that ends at `start`; `start` if there is none.
    private func timeEnd(behindDate start: Int) -> Int? {
        let mark = self[start]
        let isMark =
            mark == 0x20 || mark == UInt8(ascii: "T") || mark == 0x3A || mark == UInt8(ascii: "_")
        if isMark, let time = timeEnd(from: start &+ 1) { return zoneEnd(from: time) }
        return isWordEnd(start) ? start : nil
    }

    /// `Nov 18`, `Nov 18, 2026 10:15:30`, `Sun Dec 04 04:47:44 CST 2026`, `Sun, 04 Dec 2026`.
    func namedDateEnd(from start: Int) -> Int? {
        guard month(at: start) || weekday(at: start) else { return nil }
        var place = start &+ 3
        if weekday(at: start) {
            if self[place] == 0x2C { place &+= 1 }
            guard self[place] == 0x20 else { return nil }
            let day = digitsEnd(from: place &+ 1)
            if day > place &+ 1 { return namedDateEnd(afterDay: place &+ 1, day) }
            guard month(at: place &+ 1), self[place &+ 4] == 0x20 else { return nil }
            place &+= 4
        }
        while self[place] == 0x20 { place &+= 1 }
        let day = digitsEnd(from: place)
        guard day > place, day &- place <= 2, isWordEnd(day), self[day] != 0x3A else { return nil }
        return yearEnd(from: day)
    }

    /// `18 Nov 2026`: the day stands at `start..<end`.
    func namedDateEnd(afterDay start: Int, _ end: Int) -> Int? {
        guard end &- start <= 2, self[end] == 0x20 || self[end] == 0x2D, month(at: end &+ 1),
            isWordEnd(end &+ 4)
        else { return nil }
        return yearEnd(from: end &+ 4)
    }

    /// Year and time in either order behind day and month, both optional.
    private func yearEnd(from start: Int) -> Int {
        var place = year(from: start)
        let mark = self[place] == 0x2C ? place &+ 1 : place
        guard self[mark] == 0x20, let time = timeEnd(from: mark &+ 1) else { return place }
        place = zoneEnd(from: time)
        if self[place] == 0x20 {
            let zone = lettersEnd(from: place &+ 1)
            let isZone = zone &- place >= 4 && zone &- place <= 5
            if isZone, year(from: zone) > zone { return year(from: zone) }
        }
        return year(from: place)
    }

    private func year(from start: Int) -> Int {
        let mark = self[start] == 0x2C ? start &+ 1 : start
        guard self[mark] == 0x20 || self[mark] == 0x2D else { return start }
        let end = digitsEnd(from: mark &+ 1)
        let leads = self[mark &+ 1] == 0x31 || self[mark &+ 1] == 0x32
        return end == mark &+ 5 && leads && isWordEnd(end) && self[end] != 0x3A ? end : start
    }

    /// `20261118T101530Z`, `20261118T101530`.
    func compactTimeEnd(from start: Int) -> Int? {
        guard digitsEnd(from: start) == start &+ 8, self[start &+ 8] == UInt8(ascii: "T"),
            digitsEnd(from: start &+ 9) == start &+ 15
        else { return nil }
        let end = zoneEnd(from: start &+ 15)
        return isWordEnd(end) ? end : nil
    }

    /// `2026年11月18日 10时15分30秒`, or the first of its parts.
    func chineseDateEnd(from start: Int) -> Int? {
        var place = start
        var end: Int?
        while true {
            let digits = digitsEnd(from: place)
            guard digits > place, let unit = chineseUnitEnd(digits) else { return end }
            end = unit
            place = self[unit] == 0x20 ? unit &+ 1 : unit
        }
    }

    /// 年 (E5 B9 B4) must be the first; 月 (E6 9C 88), 日 (E6 97 A5), 时, 分, 秒 follow.
    private func chineseUnitEnd(_ place: Int) -> Int? {
        switch (self[place], self[place &+ 1], self[place &+ 2]) {
        case (0xE5, 0xB9, 0xB4), (0xE6, 0x9C, 0x88), (0xE6, 0x97, 0xA5), (0xE6, 0x97, 0xB6),
            (0xE5, 0x88, 0x86), (0xE7, 0xA7, 0x92):
            place &+ 3
        default: nil
        }
    }

    func month(at start: Int) -> Bool {
        guard self[start] &- 0x41 < 26 else { return false }
        switch lowercased(start, 3) {
        case packed("jan"), packed("feb"), packed("mar"), packed("apr"), packed("may"),
            packed("jun"), packed("jul"), packed("aug"), packed("sep"), packed("oct"),
            packed("nov"), packed("dec"):
            return true
        default: return false
        }
    }

    private func weekday(at start: Int) -> Bool {
        guard self[start] &- 0x41 < 26 else { return false }
        switch lowercased(start, 3) {
        case packed("mon"), packed("tue"), packed("wed"), packed("thu"), packed("fri"),
            packed("sat"), packed("sun"):
            return true
        default: return false
        }
    }
}
