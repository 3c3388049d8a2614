internal import Glibc

extension TimestampFormat {
    /// Appends the text of an instant, as its clock `offset` seconds east of UTC shows it.
    ///
    /// About 30 ns, one append. Undoes `parse` byte for byte where the text was canonical.
    /// Instants outside the years 1–9999 are written as the nearest inside, nanoseconds outside
    /// 0–999 999 999 and offsets beyond 18 hours likewise; the fraction is cut, not rounded.
    package func render(
        seconds: Int64, nanoseconds: Int, offset: Int, into out: inout [UInt8]
    ) {
        withRendered(seconds, nanoseconds, offset) { out.append(contentsOf: $0) }
    }

    /// Whether `render` would write exactly `text`; costs a `render` without its append.
    package func renders(
        _ text: UnsafeBufferPointer<UInt8>, seconds: Int64, nanoseconds: Int, offset: Int
    ) -> Bool {
        withRendered(seconds, nanoseconds, offset) { rendered in
            guard rendered.count == text.count else { return false }
            guard let a = rendered.baseAddress, let b = text.baseAddress else { return true }
            // Both have the same length.
            return memcmp(a, b, rendered.count) == 0
        }
    }

    @inline(__always)
    private func withRendered<Result>(
        _ seconds: Int64, _ nanoseconds: Int, _ offset: Int,
        _ body: (UnsafeBufferPointer<UInt8>) -> Result
    ) -> Result {
        let offset = min(max(offset, -64_800), 64_800)
        let utc = Self.clamped(seconds)
        return withUnsafeTemporaryAllocation(
            of: UInt8.self, capacity: TimestampCompiler.widthLimit
        ) { buffer in
            guard let base = buffer.baseAddress else { return body(UnsafeBufferPointer(buffer)) }
            var writer = TimestampWriter(
                bytes: base, utc: utc, local: Self.clamped(utc &+ Int64(offset)),
                nanoseconds: min(max(nanoseconds, 0), 999_999_999), offset: offset,
                needsDate: !fields.isDisjoint(with: .anyDate))
            var step = 0
            while step < operations.count {
                let operation = operations[step]
                writer.write(operation)
                step &+= 1 &+ Int(operation.fusedCount)
            }
            return body(UnsafeBufferPointer(start: base, count: writer.count))
        }
    }

    private static func clamped(_ seconds: Int64) -> Int64 {
        min(max(seconds, CivilTime.earliestSecond), CivilTime.latestSecond)
    }
}

/// Writes the fields of one instant. The compiler has checked that the pattern's widest text fits.
private struct TimestampWriter {
    let bytes: UnsafeMutablePointer<UInt8>
    var count = 0
    let utc: Int64
    let days: Int64
    let date: (year: Int, month: Int, day: Int)
    let hour: Int
    let minute: Int
    let second: Int
    let nanoseconds: Int
    let offset: Int

    @inline(__always)
    init(
        bytes: UnsafeMutablePointer<UInt8>, utc: Int64, local: Int64, nanoseconds: Int, offset: Int,
        needsDate: Bool
    ) {
        self.bytes = bytes
        self.utc = utc
        self.nanoseconds = nanoseconds
        self.offset = offset
        let (days, secondOfDay) = CivilTime.split(local)
        self.days = days
        date = needsDate ? CivilTime.civil(days: days) : (1_970, 1, 1)
        hour = secondOfDay / 3_600
        minute = secondOfDay / 60 % 60
        second = secondOfDay % 60
    }

    @inline(__always)
    mutating func write(_ operation: TimestampOperation) {
        switch operation.kind {
        case .isoDate:
            digits(date.year, width: 4)
            byte(operation.byte)
            twoDigits(date.month)
            byte(operation.byte)
            twoDigits(date.day)
        case .clock:
            twoDigits(hour)
            byte(operation.byte)
            twoDigits(minute)
            byte(operation.byte)
            twoDigits(second)
        case .literal: byte(operation.byte)
        case .fraction: fraction(operation)
        default: field(operation)
        }
    }

    private mutating func field(_ operation: TimestampOperation) {
        let least = Int(operation.least)
        switch operation.kind {
        case .year: number(date.year, least: least)
        case .yearOfCentury: twoDigits(date.year % 100)
        case .month: number(date.month, least: least)
        case .monthName: name(CalendarNames.months[date.month - 1], 3)
        case .fullMonthName: name(CalendarNames.months[date.month - 1], 9)
        case .day: number(date.day, least: least)
        case .dayOfYear:
            let newYear = CivilTime.days(year: date.year, month: 1, day: 1)
            number(Int(days &- newYear) &+ 1, least: least)
        case .weekdayName: name(CalendarNames.weekdays[CivilTime.weekday(days: days)], 3)
        case .fullWeekdayName: name(CalendarNames.weekdays[CivilTime.weekday(days: days)], 9)
        case .hour: number(hour, least: least)
        case .hourFromOne: number(hour == 0 ? 24 : hour, least: least)
        case .halfDayHour: number(hour % 12, least: least)
        case .halfDayHourFromOne: number(hour % 12 == 0 ? 12 : hour % 12, least: least)
        case .halfDay: name(hour < 12 ? "AM" : "PM", 2)
        case .minute: number(minute, least: least)
        case .second: number(second, least: least)
        case .zoneName: zoneName(operation)
        case .offset: zoneOffset(operation.offsetStyle)
        case .unixSeconds: signed(utc)
        case .unixMilliseconds: signed(utc &* 1_000 &+ Int64(nanoseconds / 1_000_000))
        default: break
        }
    }
}

extension TimestampWriter {
    @inline(__always)
    private mutating func byte(_ value: UInt8) {
        bytes[count] = value
        count &+= 1
    }

    @inline(__always)
    private mutating func twoDigits(_ value: Int) {
        pair(value, at: count)
        count &+= 2
    }

    /// Writes 0–99 as two digits.
    @inline(__always)
    private func pair(_ value: Int, at position: Int) {
        let tens = value / 10
        bytes[position] = 0x30 | UInt8(truncatingIfNeeded: tens)
        bytes[position &+ 1] = 0x30 | UInt8(truncatingIfNeeded: value &- tens &* 10)
    }

    /// Writes a number padded with zeros to `least` digits.
    @inline(__always)
    private mutating func number(_ value: Int, least: Int) {
        if least == 2, value < 100 { return twoDigits(value) }
        if least == 4, value < 10_000 { return digits(value, width: 4) }
        var width = 1
        var limit = 10
        while width < least || (width < 18 && value >= limit) {
            width &+= 1
            limit = limit &* 10
        }
        digits(value, width: width)
    }

    /// Writes exactly `width` digits, the last pair first.
    @inline(__always)
    private mutating func digits(_ value: Int, width: Int) {
        let start = count
        var position = start &+ width
        var rest = value
        count = position
        while position &- 2 >= start {
            position &-= 2
            let next = rest / 100
            pair(rest &- next &* 100, at: position)
            rest = next
        }
        if position > start { bytes[start] = 0x30 | UInt8(truncatingIfNeeded: rest) }
    }

    @inline(__always)
    private mutating func fraction(_ operation: TimestampOperation) {
        // Divisions by constants are several times as fast.
        switch operation.least {
        case 3: digits(nanoseconds / 1_000_000, width: 3)
        case 6: digits(nanoseconds / 1_000, width: 6)
        case 9: digits(nanoseconds, width: 9)
        case let width:
            let unit = DigitReader.nanoseconds(perUnitOf: Int(width))
            digits(nanoseconds / unit, width: Int(width))
        }
    }

    private mutating func signed(_ value: Int64) {
        if value < 0 { byte(UInt8(ascii: "-")) }
        number(Int(value.magnitude), least: 1)
    }

    private mutating func name(_ text: StaticString, _ most: Int) {
        let width = min(most, text.utf8CodeUnitCount)
        for position in 0..<width { byte(text.utf8Start[position]) }
    }

    private mutating func zoneName(_ operation: TimestampOperation) {
        let isNamed = operation.offsetStyle == .named
        if offset == 0 { return name(isNamed ? "GMT" : "UTC", 3) }
        name("GMT", 3)
        zoneOffset(.extended)
    }

    private mutating func zoneOffset(_ style: TimestampOperation.OffsetStyle) {
        if offset == 0, style.writesZ { return byte(UInt8(ascii: "Z")) }
        let minutes = abs(offset) / 60
        byte(offset < 0 ? UInt8(ascii: "-") : UInt8(ascii: "+"))
        twoDigits(minutes / 60)
        if style.isShort, minutes % 60 == 0 { return }
        if style.hasColon { byte(UInt8(ascii: ":")) }
        twoDigits(minutes % 60)
    }
}
