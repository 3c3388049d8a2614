import LogModel
import Testing

@Suite struct RFC3339Tests {
    private func text(_ instant: Int64, _ zone: String, _ digits: Int = 9) throws -> String {
        var out: [UInt8] = Array("> ".utf8)
        RFC3339.append(instant, zone: try Zone.named(zone), fractionDigits: digits, to: &out)
        return String(decoding: out, as: UTF8.self)
    }

    private func parse(_ text: String) -> Int64? {
        Array(text.utf8).withUnsafeBufferPointer { RFC3339.parse($0) }
    }

    @Test(arguments: [
        (Int64(1_795_140_903_123_000_000), "UTC", "2026-11-20T02:15:03.123000000Z"),
        (1_795_140_903_123_000_000, "Asia/Shanghai", "2026-11-20T10:15:03.123000000+08:00"),
        (1_795_140_903_123_000_000, "America/New_York", "2026-11-19T21:15:03.123000000-05:00"),
        (0, "UTC", "1970-01-01T00:00:00.000000000Z"), (-1, "UTC", "1969-12-31T23:59:59.999999999Z"),
        (.max, "UTC", "2262-04-11T23:47:16.854775807Z"),
        (.min, "UTC", "1677-09-21T00:12:43.145224192Z"),
        // Local mean time, 8:05:43 ahead, is shown to the minute.
        (-3_000_000_000_000_000_000, "Asia/Shanghai", "1874-12-08T02:45:00.000000000+08:05"),
    ])
    func writesAndReadsBack(instant: Int64, zone: String, expected: String) throws {
        #expect(try text(instant, zone) == "> " + expected)
        #expect(parse(expected) == instant)
    }

    @Test(arguments: [
        (0, "2026-11-20T02:15:03Z"), (3, "2026-11-20T02:15:03.987Z"),
        (6, "2026-11-20T02:15:03.987654Z"),
        (-1, "2026-11-20T02:15:03Z"), (12, "2026-11-20T02:15:03.987654321Z"),
    ])
    func writesAsManyDigitsAsAsked(digits: Int, expected: String) throws {
        #expect(try text(1_795_140_903_987_654_321, "UTC", digits) == "> " + expected)
    }

    @Test(arguments: [
        ("2026-11-20T02:15:03Z", Int64(1_795_140_903_000_000_000)),
        ("2026-11-20t02:15:03z", 1_795_140_903_000_000_000),
        ("2026-11-20 02:15:03,5Z", 1_795_140_903_500_000_000),
        ("2026-11-20T10:15:03.123456789+08:00", 1_795_140_903_123_456_789),
        ("2026-11-20T10:15:03+0800", 1_795_140_903_000_000_000),
        ("2016-12-31T23:59:60Z", 1_483_228_799_000_000_000),
    ])
    func readsOtherSpellings(text: String, instant: Int64) {
        #expect(parse(text) == instant)
    }

    @Test(arguments: [
        "", "2026-11-20", "2026-11-20T02:15:03", "2026-11-20T02:15:03.Z", "2026-11-20T02:15:03Zx",
        "2026-11-20X02:15:03Z", "2026-02-29T00:00:00Z", "2026-11- 5T00:00:00Z",
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z", "2262-04-11T23:47:16.854775808Z", "1677-09-21T00:12:43.145224191Z",
        "2026-11-20T02:15:03.1234567891Z", "2026-11-20T2:15:03Z",
    ])
    func refusesOtherTexts(text: String) {
        #expect(parse(text) == nil)
    }

    @Test func joinsAndSplits() {
        #expect(RFC3339.split(-1) == (-1, 999_999_999))
        #expect(RFC3339.instant(seconds: -1, nanoseconds: 999_999_999) == -1)
        #expect(RFC3339.instant(seconds: .max, nanoseconds: 0) == nil)
        #expect(RFC3339.instant(seconds: .min, nanoseconds: 0) == nil)
    }
}
