/// The rule of a POSIX `TZ` string, such as `CET-1CEST,M3.5.0,M10.5.0/3`.
///
/// Format: POSIX.1 "Environment Variables, TZ", with the hours of -167 to 167 that RFC 8536
/// section 3.3.1 adds. A text that does not fit gives nil.
struct PosixZoneRule: Sendable, Equatable {
    /// One of the two days of the year on which the clock changes.
    struct Change: Sendable, Equatable {
        enum Day: Sendable, Equatable {
            /// The `week`th (5: last) `weekday` of `month`.
            case weekday(month: Int, week: Int, weekday: Int)
            /// 1 to 365; 29 February is never counted.
            case julian(Int)
            /// 0 to 365; 29 February is counted.
            case ordinal(Int)
        }
        var day: Day
        /// Seconds after midnight by the clock before the change.
        var time: Int
    }

    var standardOffset: Int
    var daylight: Daylight?

    struct Daylight: Sendable, Equatable {
        var offset: Int
        var start: Change
        var end: Change
    }

    init?(_ text: some Sequence<UInt8>) {
        var reader = Reader(bytes: Array(text))
        guard reader.skipName(), let west = reader.time(mostHours: 24) else { return nil }
        standardOffset = 0 - west
        if reader.isAtEnd { return }
        guard reader.skipName() else { return nil }
        var offset = standardOffset + 3_600
        if !reader.isAtEnd, reader.peek != UInt8(ascii: ",") {
            guard let west = reader.time(mostHours: 24) else { return nil }
            offset = 0 - west
        }
        guard let start = reader.change(), let end = reader.change(), reader.isAtEnd
        else { return nil }
        daylight = Daylight(offset: offset, start: start, end: end)
    }

    /// The two changes of a year as UTC seconds with the offset after each, earliest first.
    func changes(year: Int) -> [(at: Int64, offset: Int)] {
        guard let daylight else { return [] }
        let start = (
            at: daylight.start.localSecond(year: year) - Int64(standardOffset),
            offset: daylight.offset
        )
        let end = (
            at: daylight.end.localSecond(year: year) - Int64(daylight.offset),
            offset: standardOffset
        )
        return start.at <= end.at ? [start, end] : [end, start]
    }
}

extension PosixZoneRule.Change {
    /// The moment of the change in `year` by the clock before it, as if that clock showed UTC.
    func localSecond(year: Int) -> Int64 {
        dayNumber(year: year) * CivilTime.secondsPerDay + Int64(time)
    }

    private func dayNumber(year: Int) -> Int64 {
        let newYear = CivilTime.days(year: year, month: 1, day: 1)
        switch day {
        case .ordinal(let day):
            return newYear + Int64(day)
        case .julian(let day):
            let isAfterLeapDay = day >= 60 && CivilTime.isLeap(year: year)
            return newYear + Int64(day) - 1 + (isAfterLeapDay ? 1 : 0)
        case .weekday(let month, let week, let weekday):
            let first = CivilTime.days(year: year, month: month, day: 1)
            var day = 1 + (weekday - CivilTime.weekday(days: first) + 7) % 7 + (week - 1) * 7
            if day > CivilTime.daysInMonth(year: year, month: month) { day -= 7 }
            return first + Int64(day) - 1
        }
    }
}

private struct Reader {
    let bytes: [UInt8]
    var index = 0

    var isAtEnd: Bool { index >= bytes.count }
    var peek: UInt8 { isAtEnd ? 0 : bytes[index] }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard peek == UInt8(ascii: character) else { return false }
        index += 1
        return true
    }

    /// Three letters or more, or anything in angle brackets.
    mutating func skipName() -> Bool {
        if take("<") {
            while !isAtEnd, peek != UInt8(ascii: ">") { index += 1 }
            return take(">")
        }
        let start = index
        while (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(peek | 0x20) { index += 1 }
        return index - start >= 3
    }

    mutating func number(_ range: ClosedRange<Int>) -> Int? {
        var value = 0
        let start = index
        while !isAtEnd, index - start < 4, DigitReader.digit(peek) <= 9 {
            value = value * 10 + Int(DigitReader.digit(peek))
            index += 1
        }
        return index > start && range.contains(value) ? value : nil
    }

    /// `[+|-]hh[:mm[:ss]]` in seconds.
    mutating func time(mostHours: Int) -> Int? {
        let isNegative = take("-")
        if !isNegative { _ = take("+") }
        guard let hours = number(0...mostHours) else { return nil }
        var seconds = hours * 3_600
        for unit in [60, 1] where take(":") {
            guard let part = number(0...59) else { return nil }
            seconds += part * unit
        }
        return isNegative ? 0 - seconds : seconds
    }

    /// `,date[/time]`; without a time, two in the morning.
    mutating func change() -> PosixZoneRule.Change? {
        guard take(","), let day = day() else { return nil }
        guard take("/") else { return .init(day: day, time: 7_200) }
        guard let time = time(mostHours: 167) else { return nil }
        return .init(day: day, time: time)
    }

    private mutating func day() -> PosixZoneRule.Change.Day? {
        if take("J") { return number(1...365).map { .julian($0) } }
        guard take("M") else { return number(0...365).map { .ordinal($0) } }
        guard let month = number(1...12), take("."), let week = number(1...5), take("."),
            let weekday = number(0...6)
        else { return nil }
        return .weekday(month: month, week: week, weekday: weekday)
    }
}
