/// Dates of the proleptic Gregorian calendar as day numbers, day 0 being 1970-01-01.
///
/// A few nanoseconds a call, no tables. To day numbers by Howard Hinnant's `days_from_civil`
/// ("chrono-Compatible Low-Level Date Algorithms"), back by Neri and Schneider ("Euclidean affine
/// functions and their application to calendar algorithms", 2023) within Hinnant's 400-year eras.
/// Exact for every year that a log can hold; arithmetic wraps, so absurd arguments give absurd
/// dates and no trap.
package enum CivilTime {
    /// 0001-01-01T00:00:00Z.
    package static let earliestSecond: Int64 = -62_135_596_800
    /// 9999-12-31T23:59:59Z.
    package static let latestSecond: Int64 = 253_402_300_799
    /// Leap seconds are not counted.
    package static let secondsPerDay: Int64 = 86_400

    /// The day number of a date.
    ///
    /// A day beyond the month's end counts on into the next month; see `isValid` to refuse it.
    package static func days(year: Int, month: Int, day: Int) -> Int64 {
        let y = Int64(year) &- (month <= 2 ? 1 : 0)
        let era = (y >= 0 ? y : y &- 399) / 400
        let yearOfEra = y &- era &* 400
        let shiftedMonth = Int64(month) &+ (month > 2 ? -3 : 9)
        let dayOfYear = (153 &* shiftedMonth &+ 2) / 5 &+ Int64(day) &- 1
        let dayOfEra = yearOfEra &* 365 &+ yearOfEra / 4 &- yearOfEra / 100 &+ dayOfYear
        return era &* 146_097 &+ dayOfEra &- 719_468
    }

    /// The date of a day number: the inverse of `days(year:month:day:)`.
    package static func civil(days: Int64) -> (year: Int, month: Int, day: Int) {
        let z = days &+ 719_468
        let era = (z >= 0 ? z : z &- 146_096) / 146_097
        // Fixed-point reciprocals in place of divisions that wait for one another: 4 ns, not 9.
        let quarterDays = UInt32(truncatingIfNeeded: z &- era &* 146_097) &* 4 &+ 3
        let century = quarterDays / 146_097
        let scaled = UInt64(quarterDays % 146_097 | 3) &* 2_939_745
        let dayOfYear = UInt32(truncatingIfNeeded: scaled) / 2_939_745 / 4
        let monthAndDay = dayOfYear &* 2_141 &+ 197_913
        let isNextYear = dayOfYear >= 306
        let yearOfEra = Int64(century &* 100) &+ Int64(scaled >> 32) &+ (isNextYear ? 1 : 0)
        let month = Int(monthAndDay >> 16) &- (isNextYear ? 12 : 0)
        let day = Int((monthAndDay & 0xFFFF) / 2_141) &+ 1
        return (Int(truncatingIfNeeded: era &* 400 &+ yearOfEra), month, day)
    }

    /// The day of the week, 0 for Sunday to 6 for Saturday.
    package static func weekday(days: Int64) -> Int {
        let remainder = (days % 7 &+ 4) % 7
        return Int(remainder < 0 ? remainder &+ 7 : remainder)
    }

    /// Whether the year has a 29 February.
    package static func isLeap(year: Int) -> Bool {
        year & 3 == 0 && (year % 100 != 0 || year % 400 == 0)
    }

    /// The number of days of a month; 0 for a month that does not exist.
    package static func daysInMonth(year: Int, month: Int) -> Int {
        switch month {
        case 2: isLeap(year: year) ? 29 : 28
        case 4, 6, 9, 11: 30
        case 1...12: 31
        default: 0
        }
    }

    /// Whether the date exists and its year is one that a log can hold, 1 to 9999.
    package static func isValid(year: Int, month: Int, day: Int) -> Bool {
        guard year >= 1, year <= 9_999, month >= 1, month <= 12, day >= 1 else { return false }
        return day <= 28 || day <= daysInMonth(year: year, month: month)
    }

    /// Splits seconds since 1970 into a day number and the second of that day.
    package static func split(_ seconds: Int64) -> (days: Int64, secondOfDay: Int) {
        var days = seconds / secondsPerDay
        var rest = seconds &- days &* secondsPerDay
        if rest < 0 {
            days &-= 1
            rest &+= secondsPerDay
        }
        return (days, Int(rest))
    }
}
