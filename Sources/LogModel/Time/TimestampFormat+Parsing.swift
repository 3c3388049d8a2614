extension TimestampFormat {
    /// Reads a time stamp that starts at `start`; nil if the bytes do not fit the pattern.
    ///
    /// About 20 ns, no allocation. What a log may hold beside the canonical text is read too:
    /// names in any case, a blank-padded day for `dd`, `,` for `.` before the fraction and the
    /// reverse, a blank for `T` and the reverse, one to nine fraction digits, any spelling of the
    /// offset. `render` shows whether the text was canonical. 24:00:00 is the next midnight. A
    /// leap second, 60, is read as 59 with its own fraction. Dates that do not exist, years
    /// outside 1–9999 and trailing parts that are missing give nil, as does a bad `start`.
    package func parse(
        _ text: UnsafeBufferPointer<UInt8>, from start: Int
    ) -> ParsedTimestamp? {
        guard let bytes = text.baseAddress, start >= 0, start < text.count else { return nil }
        var reader = TimestampReader(bytes: bytes, index: start, end: text.count)
        var step = 0
        while step < operations.count {
            let operation = operations[step]
            step &+= 1
            switch operation.kind {
            case .isoDate:
                if reader.isoDate(operation.byte) { step &+= Int(operation.fusedCount) }
            case .clock:
                if reader.clock(operation.byte) { step &+= Int(operation.fusedCount) }
            case .literal:
                guard reader.literal(operation) else { return nil }
            case .fraction:
                guard reader.fraction(operation) else { return nil }
            default:
                guard reader.read(operation) else { return nil }
            }
        }
        return reader.timestamp(fields)
    }
}

/// What has been read of a time stamp so far. Never looks at or beyond `end`.
private struct TimestampReader {
    let bytes: UnsafePointer<UInt8>
    var index: Int
    let end: Int

    /// A leap year, so that 29 February can be read where the year is missing.
    var year = 1_972
    var month = 1
    var day = 1
    var dayOfYear = 1
    var hour = 0
    var halfDayHour = 0
    var isAfternoon = false
    var minute = 0
    var second = 0
    var nanoseconds = 0
    var offset: Int?
    var unixSeconds: Int64?

    init(bytes: UnsafePointer<UInt8>, index: Int, end: Int) {
        self.bytes = bytes
        self.index = index
        self.end = end
    }

    @inline(__always)
    mutating func literal(_ operation: TimestampOperation) -> Bool {
        guard index < end else { return false }
        let byte = bytes[index]
        guard byte == operation.byte || byte == operation.alternative else { return false }
        index &+= 1
        return true
    }

    @inline(__always)
    mutating func fraction(_ operation: TimestampOperation) -> Bool {
        let least = operation.isExact ? Int(operation.least) : 1
        let most = operation.isExact ? Int(operation.least) : 9
        guard let read = DigitReader.fraction(bytes, &index, end, least: least, most: most)
        else { return false }
        nanoseconds = read
        return true
    }

    /// Any step but the ones that `parse` takes itself.
    mutating func read(_ operation: TimestampOperation) -> Bool {
        switch operation.kind {
        case .monthName, .fullMonthName, .weekdayName, .fullWeekdayName:
            return name(operation.kind)
        case .halfDay: return halfDay()
        case .zoneName: return zoneName(operation)
        case .offset:
            offset = DigitReader.offset(bytes, &index, end)
            return offset != nil
        case .day where operation.least == 2: return paddedDay()
        default: return number(operation)
        }
    }

    private mutating func number(_ operation: TimestampOperation) -> Bool {
        let least = Int(operation.least)
        let most = Int(operation.most)
        guard let value = DigitReader.number(bytes, &index, end, least: least, most: most)
        else { return false }
        switch operation.kind {
        case .year: year = value
        case .yearOfCentury: year = value < 69 ? 2_000 + value : 1_900 + value
        case .month: month = value
        case .day: day = value
        case .dayOfYear: dayOfYear = value
        case .hour: hour = value
        case .hourFromOne:
            hour = value == 24 ? 0 : value
            return value >= 1 && value <= 24
        case .halfDayHour:
            halfDayHour = value
            return value <= 11
        case .halfDayHourFromOne:
            halfDayHour = value == 12 ? 0 : value
            return value >= 1 && value <= 12
        case .minute: minute = value
        case .second: second = value
        case .unixSeconds: unixSeconds = Int64(value)
        case .unixMilliseconds:
            unixSeconds = Int64(value / 1_000)
            nanoseconds = value % 1_000 &* 1_000_000
        default: return false
        }
        return true
    }
}

extension TimestampReader {
    private mutating func paddedDay() -> Bool {
        guard index &+ 2 <= end else { return false }
        let first = bytes[index] == UInt8(ascii: " ") ? 0 : DigitReader.digit(bytes[index])
        let second = DigitReader.digit(bytes[index &+ 1])
        guard first <= 9, second <= 9 else { return false }
        day = Int(first) &* 10 &+ Int(second)
        index &+= 2
        return true
    }

    private mutating func name(_ kind: TimestampOperation.Kind) -> Bool {
        guard index &+ 3 <= end else { return false }
        let (a, b, c) = (bytes[index], bytes[index &+ 1], bytes[index &+ 2])
        let isMonth = kind == .monthName || kind == .fullMonthName
        let value = isMonth ? CalendarNames.month(a, b, c) : CalendarNames.weekday(a, b, c)
        guard let value else { return false }
        if isMonth { month = value }
        if kind == .monthName || kind == .weekdayName {
            index &+= 3
            return true
        }
        let full = isMonth ? CalendarNames.months[value - 1] : CalendarNames.weekdays[value]
        guard let next = CalendarNames.restOfName(full, bytes, index, end) else { return false }
        index = next
        return true
    }

    private mutating func halfDay() -> Bool {
        guard index &+ 2 <= end, bytes[index &+ 1] | 0x20 == UInt8(ascii: "m") else { return false }
        let letter = bytes[index] | 0x20
        isAfternoon = letter == UInt8(ascii: "p")
        index &+= 2
        return isAfternoon || letter == UInt8(ascii: "a")
    }

    /// `UTC`, `GMT` or `Z`, then perhaps an offset. Where `GMT+08:00` is the canonical text, the
    /// offset alone is read too.
    private mutating func zoneName(_ operation: TimestampOperation) -> Bool {
        let hasName = take("UTC") || take("GMT")
        let isSigned = index < end && [0x2B, 0x2D].contains(bytes[index])
        if hasName, !isSigned {
            offset = 0
            return true
        }
        let isZ = index < end && bytes[index] | 0x20 == UInt8(ascii: "z")
        guard hasName || isZ || operation.offsetStyle == .named else { return false }
        offset = DigitReader.offset(bytes, &index, end)
        return offset != nil
    }

    private mutating func take(_ word: StaticString) -> Bool {
        guard index &+ word.utf8CodeUnitCount <= end else { return false }
        for position in 0..<word.utf8CodeUnitCount
        where bytes[index &+ position] != word.utf8Start[position] {
            return false
        }
        index &+= word.utf8CodeUnitCount
        return true
    }
}

extension TimestampReader {
    /// Reads `yyyy-MM-dd`, or nothing if the ten bytes have another shape.
    @inline(__always)
    mutating func isoDate(_ separator: UInt8) -> Bool {
        guard index &+ 10 <= end else { return false }
        let divider = UInt64(separator)
        let word = eightBytes(at: index) ^ (0x0030_3000_3030_3030 | divider << 32 | divider << 56)
        let first = DigitReader.digit(bytes[index &+ 8])
        let second = DigitReader.digit(bytes[index &+ 9])
        guard Self.areDigits(word, zeroes: 0xFF00_00FF_0000_0000), first <= 9, second <= 9
        else { return false }
        year = Self.pair(word, 0) &* 100 &+ Self.pair(word, 16)
        month = Self.pair(word, 40)
        day = Int(first) &* 10 &+ Int(second)
        index &+= 10
        return true
    }

    /// Reads `HH:mm:ss`, or nothing if the eight bytes have another shape.
    @inline(__always)
    mutating func clock(_ separator: UInt8) -> Bool {
        guard index &+ 8 <= end else { return false }
        let divider = UInt64(separator)
        let word = eightBytes(at: index) ^ (0x3030_0030_3000_3030 | divider << 16 | divider << 40)
        guard Self.areDigits(word, zeroes: 0x0000_FF00_00FF_0000) else { return false }
        hour = Self.pair(word, 0)
        minute = Self.pair(word, 24)
        second = Self.pair(word, 48)
        index &+= 8
        return true
    }

    /// The caller has checked that eight bytes are left.
    @inline(__always)
    private func eightBytes(at index: Int) -> UInt64 {
        UInt64(littleEndian: UnsafeRawPointer(bytes + index).loadUnaligned(as: UInt64.self))
    }

    /// Whether every byte is 0 to 9 and the bytes under the mask are 0.
    ///
    /// Adding 0x76 carries 10 and more into a byte's top bit; bytes whose top bit was set already
    /// are caught by the second term, so carries between bytes do no harm.
    @inline(__always)
    private static func areDigits(_ word: UInt64, zeroes: UInt64) -> Bool {
        let overflow = ((word &+ 0x7676_7676_7676_7676) | word) & 0x8080_8080_8080_8080
        return overflow | (word & zeroes) == 0
    }

    @inline(__always)
    private static func pair(_ word: UInt64, _ shift: UInt64) -> Int {
        Int(truncatingIfNeeded: (word &>> shift) & 15 &* 10 &+ (word &>> (shift &+ 8)) & 15)
    }

    /// Checks the fields and puts them together.
    @inline(__always)
    func timestamp(_ fields: TimestampOperation.Field) -> ParsedTimestamp? {
        if let unixSeconds {
            guard unixSeconds <= CivilTime.latestSecond else { return nil }
            return .init(end: index, localSeconds: unixSeconds, nanoseconds: nanoseconds, offset: 0)
        }
        guard let days = days(fields), let secondOfDay = secondOfDay(fields) else { return nil }
        let seconds = days &* CivilTime.secondsPerDay &+ secondOfDay
        guard seconds <= CivilTime.latestSecond else { return nil }
        return .init(end: index, localSeconds: seconds, nanoseconds: nanoseconds, offset: offset)
    }

    @inline(__always)
    private func days(_ fields: TimestampOperation.Field) -> Int64? {
        if fields.isDisjoint(with: .anyDate) { return 0 }
        guard CivilTime.isValid(year: year, month: month, day: day) else { return nil }
        guard fields.contains(.dayOfYear) else {
            return CivilTime.days(year: year, month: month, day: day)
        }
        let length = CivilTime.isLeap(year: year) ? 366 : 365
        guard dayOfYear >= 1, dayOfYear <= length else { return nil }
        return CivilTime.days(year: year, month: 1, day: 1) &+ Int64(dayOfYear) &- 1
    }

    @inline(__always)
    private func secondOfDay(_ fields: TimestampOperation.Field) -> Int64? {
        var hour = hour
        if !fields.contains(.hour) { hour = halfDayHour &+ (isAfternoon ? 12 : 0) }
        guard hour <= 24, minute <= 59, second <= 60 else { return nil }
        guard hour < 24 || (minute == 0 && second == 0 && nanoseconds == 0) else { return nil }
        return Int64(hour &* 3_600 &+ minute &* 60 &+ min(second, 59))
    }
}
