/// One step of a compiled date pattern.
struct TimestampOperation: Sendable, Hashable {
    /// The parts of a time stamp that a pattern can have.
    struct Field: OptionSet, Sendable, Hashable {
        let rawValue: UInt16
        static let year = Field(rawValue: 1)
        static let month = Field(rawValue: 2)
        static let dayOfMonth = Field(rawValue: 4)
        static let dayOfYear = Field(rawValue: 8)
        /// A day is known: month and day, day of the year, or seconds since 1970.
        static let day = Field(rawValue: 16)
        static let zone = Field(rawValue: 32)
        /// The hour of a 24-hour clock.
        static let hour = Field(rawValue: 64)
        /// The hour of a 12-hour clock.
        static let halfDayHour = Field(rawValue: 128)
        static let anyDate: Field = [.year, .month, .dayOfMonth, .dayOfYear]
    }

    enum Kind: UInt8 {
        /// `byte`, or `alternative` when reading.
        case literal
        case year, yearOfCentury
        case month, monthName, fullMonthName
        case day, dayOfYear
        case weekdayName, fullWeekdayName
        case hour, hourFromOne, halfDayHour, halfDayHourFromOne, halfDay
        case minute, second, fraction
        case zoneName, offset
        case unixSeconds, unixMilliseconds
        /// `yyyy-MM-dd` and `HH:mm:ss` at once, `byte` between the numbers. If the bytes do not
        /// fit, the `fusedCount` plain operations that follow have the last word.
        case isoDate, clock
    }

    var kind: Kind
    /// The digits written at least, and read at least.
    var least: UInt8 = 0
    /// The digits read at most.
    var most: UInt8 = 0
    /// The literal or the separator.
    var byte: UInt8 = 0
    var alternative: UInt8 = 0
    var fusedCount: UInt8 = 0
    /// A fraction that a number follows: nothing else marks its end.
    var isExact = false
    var offsetStyle = OffsetStyle.basic

    /// How an offset is written; all are read alike.
    enum OffsetStyle: UInt8 {
        case hours, basic, extended
        case hoursOrZ, basicOrZ, extendedOrZ
        /// `GMT+08:00`.
        case named

        var writesZ: Bool { self == .hoursOrZ || self == .basicOrZ || self == .extendedOrZ }
        var hasColon: Bool { self == .extended || self == .extendedOrZ || self == .named }
        var isShort: Bool { self == .hours || self == .hoursOrZ }
    }

    static func literal(_ byte: UInt8) -> Self {
        Self(kind: .literal, byte: byte, alternative: byte)
    }

    var isNumber: Bool {
        switch kind {
        case .year, .yearOfCentury, .month, .day, .dayOfYear, .hour, .hourFromOne, .halfDayHour,
            .halfDayHourFromOne, .minute, .second, .fraction, .unixSeconds, .unixMilliseconds:
            true
        default: false
        }
    }
}
