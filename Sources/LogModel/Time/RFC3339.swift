/// Instants as RFC 3339 text: `2026-11-20T02:15:03.123000000Z`.
///
/// Instants are nanoseconds since 1970 in 64 bits, which covers 1677-09-21 to 2262-04-11.
package enum RFC3339 {
    /// Appends an instant as the clock of `zone` shows it, `Z` for an offset of zero.
    ///
    /// About 80 ns; `fractionDigits` (0 to 9) are cut, not rounded. Offsets with seconds, as
    /// before the introduction of standard time, are written without them and the time with them.
    package static func append(
        _ nanoseconds: Int64, zone: Zone = .utc, fractionDigits: Int = 9, to out: inout [UInt8]
    ) {
        let (seconds, fraction) = split(nanoseconds)
        let offset = zone.offset(atUTC: seconds) / 60 * 60
        let digits = min(max(fractionDigits, 0), 9)
        formats[digits]?.render(
            seconds: seconds, nanoseconds: fraction, offset: offset, into: &out)
    }

    /// `2026-11-20T02:15:03.123000000Z`.
    package static func text(_ nanoseconds: Int64) -> String {
        var bytes: [UInt8] = []
        append(nanoseconds, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// `2026-11-20 10:15:03`, as the clock of `zone` shows it: for people who know the zone.
    package static func clockText(_ nanoseconds: Int64, zone: Zone) -> String {
        var bytes: [UInt8] = []
        append(nanoseconds, zone: zone, fractionDigits: 0, to: &bytes)
        bytes = Array(bytes.prefix(19))
        if bytes.count > 10 { bytes[10] = 0x20 }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// `2026-11-20 10:15:03 and 10:15:09`: two instants of which the second names its day only if it
    /// is another one.
    package static func clockTexts(
        _ first: Int64, _ second: Int64, joinedBy word: String, zone: Zone
    ) -> String {
        let (start, end) = (clockText(first, zone: zone), clockText(second, zone: zone))
        let isOfOneDay = start.count == 19 && start.prefix(11) == end.prefix(11)
        return "\(start) \(word) \(isOfOneDay ? String(end.dropFirst(11)) : end)"
    }

    /// Reads an instant; nil unless the whole text is one.
    ///
    /// As the RFC allows, `t`, `z` and a blank for `T` are read too; as logs have it, `,` before
    /// the fraction and offsets without colon. A fraction has one to nine digits or is absent. A
    /// leap second is read as second 59.
    package static func parse(_ text: UnsafeBufferPointer<UInt8>) -> Int64? {
        let hasFraction = text.count > 19 && [0x2E, 0x2C].contains(text[19])
        guard text.count > 19, [0x54, 0x74, 0x20].contains(text[10]), text[8] != 0x20,
            let date = dateFormat?.parse(text, from: 0),
            let time = (hasFraction ? fractionFormat : secondFormat)?.parse(text, from: 11),
            time.end == text.count, let offset = time.offset
        else { return nil }
        return instant(
            seconds: date.localSeconds &+ time.localSeconds &- Int64(offset),
            nanoseconds: time.nanoseconds)
    }

    /// Joins UTC seconds and nanoseconds (0–999 999 999); nil beyond 64 bits.
    package static func instant(seconds: Int64, nanoseconds: Int) -> Int64? {
        // One second is lent to the fraction, so that the earliest instants do not overflow.
        let isBefore = seconds < 0
        let whole = (seconds &+ (isBefore ? 1 : 0)).multipliedReportingOverflow(by: 1_000_000_000)
        let rest = Int64(nanoseconds) &- (isBefore ? 1_000_000_000 : 0)
        let sum = whole.partialValue.addingReportingOverflow(rest)
        return whole.overflow || sum.overflow ? nil : sum.partialValue
    }

    /// Splits an instant into UTC seconds and nanoseconds (0–999 999 999).
    package static func split(_ instant: Int64) -> (seconds: Int64, nanoseconds: Int) {
        let seconds = instant / 1_000_000_000
        let rest = instant % 1_000_000_000
        return rest < 0 ? (seconds - 1, Int(rest + 1_000_000_000)) : (seconds, Int(rest))
    }

    /// What `append` writes, by number of fraction digits.
    private static let formats: [TimestampFormat?] = (0...9).map { digits in
        let fraction = digits == 0 ? "" : "." + String(repeating: "S", count: digits)
        return try? TimestampFormat("yyyy-MM-dd'T'HH:mm:ss\(fraction)XXX")
    }
    private static let dateFormat = try? TimestampFormat("yyyy-MM-dd")
    private static let secondFormat = try? TimestampFormat("HH:mm:ssXXX")
    private static let fractionFormat = try? TimestampFormat("HH:mm:ss.SSSXXX")
}
