/// A time or duration that cannot be understood, and what to type instead.
package struct TimeExpressionError: Error, Equatable, CustomStringConvertible {
    /// What was typed.
    package let text: String
    /// One line for people: what failed, why, what to do.
    package let message: String

    /// The message.
    package var description: String { message }

    init(_ text: String, kind: String = "time", _ problem: String, help: String) {
        self.text = text
        message = "cannot read the \(kind) '\(text)': \(problem); \(help)"
    }
}

/// Times as people type them after `--since`, `--until` and `--at`.
///
/// | typed | meaning |
/// |---|---|
/// | `2h` `90s` `1h30m` `3d` `1w` | that long before now (`-2h` is the same) |
/// | `now` `now-15m` `now+1h` | now, and around it |
/// | `today` `yesterday`, `yesterday 10:15` | a day, or a time on it |
/// | `10:05` `10:05:30` | the latest such time that is not in the future |
/// | `2026-11-20` `2026-11-20 10:15` `2026-11-20T10:15:03.123+08:00` | `T` or a blank; `/` for `-` |
/// | `11-20` `11-20 10:15` | in the latest year in which it is not in the future |
/// | `@1700000000` `@1700000000.5` `@1700000000123` | since 1970: up to 11 digits are seconds, |
/// | | up to 14 milliseconds, up to 17 microseconds, more nanoseconds |
///
/// Local times are read in the given zone as `Zone.utc(fromLocal:)` says: of a time that the clock
/// shows twice, the earlier. Instants are nanoseconds since 1970 UTC, 1677 to 2262.
package enum TimeExpression {
    /// The instant at which what is named begins.
    package static func instant(
        _ text: String, now: Int64, zone: Zone
    ) throws(TimeExpressionError) -> Int64 {
        try interval(text, now: now, zone: zone).lowerBound
    }

    /// The span that is named: a day, a minute or a second; empty for an exact instant.
    ///
    /// `2026-11-20` is that day from midnight to midnight (23 or 25 hours when clocks change),
    /// `10:05` a minute, `10:05:30` a second. Fractions, `@…`, `now` and durations are exact.
    package static func interval(
        _ text: String, now: Int64, zone: Zone
    ) throws(TimeExpressionError) -> Range<Int64> {
        var reader = TimeExpressionReader(text, now: now, zone: zone)
        return try reader.interval()
    }

    /// The window `FROM..TO`, up to where `TO` begins; or the span of a single time, as `interval`.
    package static func window(
        _ text: String, now: Int64, zone: Zone
    ) throws(TimeExpressionError) -> Range<Int64> {
        let bytes = Array(text.utf8)
        guard
            let dots = bytes.indices.dropLast().first(where: {
                bytes[$0] == 0x2E && bytes[$0 + 1] == 0x2E
            })
        else { return try interval(text, now: now, zone: zone) }
        let from = try instant(
            String(decoding: bytes[..<dots], as: UTF8.self), now: now, zone: zone)
        let end = bytes[(dots + 2)...]
        let to = try instant(String(decoding: end, as: UTF8.self), now: now, zone: zone)
        guard from < to else {
            throw TimeExpressionError(
                text, kind: "window", "it ends before it begins", help: "write FROM..TO")
        }
        return from..<to
    }

    /// A length of time in nanoseconds: `5m`, `1h30m`, `1.5h`, `500ms`, `2d`.
    ///
    /// Units are `w d h m s ms us ns` (also `min`, `sec`), the larger first. A day is 24 hours.
    package static func duration(_ text: String) throws(TimeExpressionError) -> Int64 {
        var cursor = DurationCursor(text)
        guard let total = cursor.total() else {
            throw TimeExpressionError(
                text, kind: "duration", cursor.problem, help: "write 90s, 15m, 1h30m, 3d or 1w")
        }
        return total
    }
}

/// Reads number and unit, number and unit, to the end.
private struct DurationCursor {
    private static let units: [(name: StaticString, nanoseconds: Int64)] = [
        ("w", 604_800_000_000_000), ("d", 86_400_000_000_000), ("h", 3_600_000_000_000),
        ("m", 60_000_000_000), ("min", 60_000_000_000), ("s", 1_000_000_000),
        ("sec", 1_000_000_000), ("ms", 1_000_000), ("us", 1_000), ("ns", 1),
    ]

    private let bytes: [UInt8]
    private var index = 0
    private(set) var problem = "it is empty"

    init(_ text: String) {
        bytes = Array(text.utf8)
    }

    mutating func total() -> Int64? {
        var total: Int64 = 0
        var smallest = Int64.max
        guard !bytes.isEmpty else { return nil }
        while index < bytes.count {
            guard let part = part(below: &smallest) else { return nil }
            let sum = total.addingReportingOverflow(part)
            guard !sum.overflow else { return fail("it is longer than 292 years") }
            total = sum.partialValue
        }
        return total
    }

    private mutating func part(below smallest: inout Int64) -> Int64? {
        let whole = digits()
        guard !whole.isEmpty else { return fail("a number is missing") }
        var fraction: [UInt8] = []
        if index < bytes.count, bytes[index] == UInt8(ascii: ".") {
            index += 1
            fraction = digits()
            guard !fraction.isEmpty else { return fail("a number is missing") }
        }
        guard let unit = unit() else { return nil }
        guard unit < smallest else { return fail("the larger unit comes first, each once") }
        smallest = unit
        return length(whole, fraction, unit: unit)
    }

    private mutating func digits() -> [UInt8] {
        let start = index
        while index < bytes.count, DigitReader.digit(bytes[index]) <= 9 { index += 1 }
        return bytes[start..<index].map(DigitReader.digit)
    }

    private mutating func unit() -> Int64? {
        let start = index
        while index < bytes.count, bytes[index] >= UInt8(ascii: "A") { index += 1 }
        let word = String(decoding: bytes[start..<index], as: UTF8.self)
        guard !word.isEmpty else { return fail("a unit is missing") }
        guard let unit = Self.units.first(where: { $0.name.description == word }) else {
            return fail("'\(word)' is no unit (w d h m s ms us ns)")
        }
        return unit.nanoseconds
    }

    private mutating func length(_ whole: [UInt8], _ fraction: [UInt8], unit: Int64) -> Int64? {
        guard whole.count <= 18 else { return fail("the number is too large") }
        let product = whole.reduce(Int64(0)) { $0 * 10 + Int64($1) }
            .multipliedReportingOverflow(by: unit)
        var rest: Int64 = 0
        var place = unit
        for digit in fraction {
            rest += place * Int64(digit) / 10
            place /= 10
        }
        let sum = product.partialValue.addingReportingOverflow(rest)
        guard !product.overflow, !sum.overflow else { return fail("it is longer than 292 years") }
        return sum.partialValue
    }

    private mutating func fail<T>(_ problem: String) -> T? {
        self.problem = problem
        return nil
    }
}
