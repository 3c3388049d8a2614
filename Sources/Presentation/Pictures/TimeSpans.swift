package import LogModel

/// Lengths of time that people count in, and the text of points in time.
package enum TimeSpans {
    static let second: Int64 = 1_000_000_000
    static let minute = 60 * second
    static let hour = 60 * minute
    static let day = 24 * hour

    /// From a millisecond to a year of weeks, in steps of two to five.
    package static let round: [Int64] =
        [1, 2, 5, 10, 20, 50, 100, 200, 500].map { $0 * (second / 1000) }
        + [1, 2, 5, 10, 15, 20, 30].map { $0 * second }
        + [1, 2, 5, 10, 15, 20, 30].map { $0 * minute } + [1, 2, 3, 4, 6, 8, 12].map { $0 * hour }
        + [1, 2, 7, 14, 28, 56, 91, 182, 364].map { $0 * day }

    /// The shortest round length of which at most `count` cover `window`.
    ///
    /// The fewest columns that a picture of `count` columns would want; a window without an end
    /// gives the longest.
    package static func span(of window: Int64, inAtMost count: Int) -> Int64 {
        let limit = Int64(max(1, count))
        return round.first { window / $0 < limit } ?? round[round.count - 1]
    }

    /// The last point not after `time` at which the local clock shows a multiple of `span`.
    ///
    /// Weeks begin on Monday.
    package static func floor(_ time: Int64, to span: Int64, in zone: Zone) -> Int64 {
        guard span > 0 else { return time }
        let shift = Int64(zone.offset(atUTC: RFC3339.split(time).seconds)) &* second
        // Day 0 of the calendar was a Thursday.
        let phase = span % (7 * day) == 0 ? 4 * day : 0
        let local = time &+ shift &- phase
        let rest = local % span
        return time &- (rest < 0 ? rest &+ span : rest)
    }

    /// `1 min`, `5 s`, `250 ms`, `7 d`.
    package static func text(_ span: Int64) -> String {
        if span >= second, span < minute, span % second == 0 { return "\(span / second) s" }
        let millisecond = second / 1000
        if span >= millisecond, span < second, span % millisecond == 0 {
            return "\(span / millisecond) ms"
        }
        return HumanUnits.duration(nanoseconds: span)
    }
}

/// The parts of a local time as text.
package struct LocalTime {
    /// `2026-11-20`.
    package let date: String
    /// `10:15:03.250`, without what is zero at its end: never without minutes.
    package let clock: String

    package init(_ time: Int64, in zone: Zone) {
        var text: [UInt8] = []
        RFC3339.append(time, zone: zone, fractionDigits: 3, to: &text)
        date = String(decoding: text.prefix(10), as: UTF8.self)
        var clock = Array(text.dropFirst(11).prefix(12))
        if clock.suffix(4).elementsEqual(".000".utf8) { clock.removeLast(4) }
        if clock.suffix(3).elementsEqual(":00".utf8), clock.count == 8 { clock.removeLast(3) }
        self.clock = String(decoding: clock, as: UTF8.self)
    }

    /// `11-20`.
    package var monthAndDay: String { String(date.dropFirst(5)) }
    /// `2026`.
    var year: String { String(date.prefix(4)) }
}
