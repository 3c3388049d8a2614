/// Reads one time expression; see `TimeExpression` for what can be typed.
struct TimeExpressionReader {
    private let text: String
    private let bytes: [UInt8]
    private var index = 0
    private let now: Int64
    private let zone: Zone

    init(_ text: String, now: Int64, zone: Zone) {
        let isBlank = { (byte: UInt8) in byte == 0x20 || byte == 0x09 }
        let trimmed = text.utf8.drop(while: isBlank).reversed().drop(while: isBlank).reversed()
        bytes = Array(trimmed)
        self.text = String(decoding: bytes, as: UTF8.self)
        self.now = now
        self.zone = zone
    }

    mutating func interval() throws(TimeExpressionError) -> Range<Int64> {
        guard let first = peek else { throw error("it is empty") }
        if take("@") { return try sinceEpoch() }
        if take("now") { return try aroundNow() }
        if take("today") { return try timeOfDay(on: today) }
        if take("yesterday") { return try timeOfDay(on: today - 1) }
        if first == UInt8(ascii: "-") { return try before(bytes.dropFirst()) }
        guard let number = number(1...4) else { throw error("it is no time") }
        let digits = index
        switch peek {
        case UInt8(ascii: "-"), UInt8(ascii: "/"):
            return digits == 4 ? try date(year: number) : try date(month: number)
        case UInt8(ascii: ":") where digits <= 2:
            index = 0
            return try recentTime()
        default: return try before(bytes[...])
        }
    }

    // MARK: - Relative times

    private func before(_ duration: ArraySlice<UInt8>) throws(TimeExpressionError) -> Range<Int64> {
        guard duration.contains(where: { DigitReader.digit($0) > 9 }) else {
            throw error("a unit is missing", help: "write \(text)s, or @\(text) for Unix time")
        }
        return try shifted(by: duration, isBackward: true)
    }

    private mutating func aroundNow() throws(TimeExpressionError) -> Range<Int64> {
        skipBlanks()
        guard let sign = peek else { return now..<now }
        guard sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") else { throw leftOver() }
        index += 1
        skipBlanks()
        return try shifted(by: bytes[index...], isBackward: sign == UInt8(ascii: "-"))
    }

    private func shifted(
        by duration: ArraySlice<UInt8>, isBackward: Bool
    ) throws(TimeExpressionError) -> Range<Int64> {
        let length = try TimeExpression.duration(String(decoding: duration, as: UTF8.self))
        let (sum, overflow) =
            isBackward
            ? now.subtractingReportingOverflow(length) : now.addingReportingOverflow(length)
        guard !overflow else { throw outOfRange() }
        return sum..<sum
    }

    private mutating func sinceEpoch() throws(TimeExpressionError) -> Range<Int64> {
        let start = index
        guard let value = number(1...18) else { throw error("digits must follow the @") }
        let perSecond: Int
        switch index - start {
        case ...11: perSecond = 1
        case ...14: perSecond = 1_000
        case ...17: perSecond = 1_000_000
        default:
            // 19 digits are the nanoseconds of our days; one more than fits a checked run.
            guard let last = number(0...1) else { throw leftOver() }
            let text = String(decoding: bytes[start..<index], as: UTF8.self)
            guard let exact = Int64(text), last <= 9 else { throw outOfRange() }
            return try ended(exact..<exact)
        }
        var fraction = value % perSecond * (1_000_000_000 / perSecond)
        if perSecond == 1, take(".") {
            guard let read = self.fraction() else { throw error("digits must follow the point") }
            fraction = read
        }
        let instant = try instant(Int64(value / perSecond), fraction)
        return try ended(instant..<instant)
    }

    // MARK: - Dates and clock times

    private var today: Int64 {
        let seconds = RFC3339.split(now).seconds
        return CivilTime.split(seconds &+ Int64(zone.offset(atUTC: seconds))).days
    }

    private mutating func date(year: Int) throws(TimeExpressionError) -> Range<Int64> {
        let separator = peek
        index += 1
        guard let month = number(1...2), peek == separator else { throw error("a date has a day") }
        index += 1
        guard let day = number(1...2) else { throw error("a date has a day") }
        guard CivilTime.isValid(year: year, month: month, day: day) else {
            throw error("the calendar has no such day")
        }
        return try timeOfDay(on: CivilTime.days(year: year, month: month, day: day))
    }

    /// A date without year: the latest one that is not in the future.
    private mutating func date(month: Int) throws(TimeExpressionError) -> Range<Int64> {
        index += 1
        guard let day = number(1...2) else { throw error("a date has a day") }
        let rest = index
        let thisYear = CivilTime.civil(days: today).year
        for year in stride(from: thisYear, through: thisYear - 8, by: -1)
        where CivilTime.isValid(year: year, month: month, day: day) {
            index = rest
            let named = try timeOfDay(on: CivilTime.days(year: year, month: month, day: day))
            if named.lowerBound <= now { return named }
        }
        throw error("the calendar has no such day")
    }

    private mutating func recentTime() throws(TimeExpressionError) -> Range<Int64> {
        let today = today
        let named = try timeOfDay(on: today)
        if named.lowerBound <= now { return named }
        index = 0
        return try timeOfDay(on: today - 1)
    }

    /// The rest of the text as a time on a day, or the whole day if there is no more.
    private mutating func timeOfDay(on day: Int64) throws(TimeExpressionError) -> Range<Int64> {
        let midnight = day * CivilTime.secondsPerDay
        if index == bytes.count {
            let end = try instant(zone.utc(fromLocal: midnight + CivilTime.secondsPerDay), 0)
            return try instant(zone.utc(fromLocal: midnight), 0)..<end
        }
        if index > 0 {
            guard take("T") || take("t") || peek == 0x20 else { throw leftOver() }
            skipBlanks()
        }
        guard let clock = clock() else { throw error("the time of day is not like 10:15:03") }
        skipBlanks()
        var utc = zone.utc(fromLocal: midnight + Int64(clock.second))
        if index < bytes.count {
            guard let offset = offset() else { throw leftOver() }
            utc = midnight + Int64(clock.second) - Int64(offset)
        }
        let start = try instant(utc, clock.nanoseconds)
        let (end, overflow) = start.addingReportingOverflow(clock.length)
        guard !overflow else { throw outOfRange() }
        return try ended(start..<end)
    }

    /// `10:15`, `10:15:03` or `10:15:03.123`, with the length of what is named.
    private mutating func clock() -> (second: Int, nanoseconds: Int, length: Int64)? {
        guard let hour = number(1...2), take(":"), let minute = number(2...2), minute <= 59,
            hour < 24 || (hour == 24 && minute == 0)
        else { return nil }
        let start = hour * 3_600 + minute * 60
        guard take(":") else { return (start, 0, 60_000_000_000) }
        guard let second = number(2...2), second <= 60, hour < 24 || second == 0 else { return nil }
        let whole = start + min(second, 59)
        guard take(".") || take(",") else { return (whole, 0, 1_000_000_000) }
        guard let nanoseconds = fraction(), hour < 24 || nanoseconds == 0 else { return nil }
        return (whole, nanoseconds, 0)
    }
}

// MARK: - Bytes and errors

extension TimeExpressionReader {
    private var peek: UInt8? { index < bytes.count ? bytes[index] : nil }

    private mutating func take(_ word: StaticString) -> Bool {
        let width = word.utf8CodeUnitCount
        guard index + width <= bytes.count else { return false }
        for position in 0..<width where bytes[index + position] != word.utf8Start[position] {
            return false
        }
        index += width
        return true
    }

    private mutating func skipBlanks() {
        while peek == 0x20 { index += 1 }
    }

    private mutating func number(_ digits: ClosedRange<Int>) -> Int? {
        read { bytes, index, end in
            DigitReader.number(
                bytes, &index, end, least: digits.lowerBound, most: digits.upperBound)
        }
    }

    private mutating func fraction() -> Int? {
        read { bytes, index, end in DigitReader.fraction(bytes, &index, end) }
    }

    private mutating func offset() -> Int? {
        read { bytes, index, end in DigitReader.offset(bytes, &index, end) }
    }

    private mutating func read(
        _ body: (UnsafePointer<UInt8>, inout Int, Int) -> Int?
    ) -> Int? {
        var position = index
        let value = bytes.withUnsafeBufferPointer { buffer in
            buffer.baseAddress.flatMap { body($0, &position, buffer.count) }
        }
        index = position
        return value
    }

    private func instant(
        _ seconds: Int64, _ nanoseconds: Int
    ) throws(TimeExpressionError) -> Int64 {
        guard let instant = RFC3339.instant(seconds: seconds, nanoseconds: nanoseconds) else {
            throw outOfRange()
        }
        return instant
    }

    private func ended(_ range: Range<Int64>) throws(TimeExpressionError) -> Range<Int64> {
        guard index == bytes.count else { throw leftOver() }
        return range
    }

    private func leftOver() -> TimeExpressionError {
        let rest = String(decoding: bytes[index...], as: UTF8.self)
        return error("'\(rest)' does not belong there")
    }

    private func outOfRange() -> TimeExpressionError {
        error("it is outside the years 1678 to 2261", help: "name a time in between")
    }

    private func error(
        _ problem: String, help: String = "write 2h, 10:05, 2026-11-20 10:15 or @1700000000"
    ) -> TimeExpressionError {
        TimeExpressionError(text, problem, help: help)
    }
}
