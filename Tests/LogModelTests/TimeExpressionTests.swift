import LogModel
import Testing

/// 2026-11-20 10:15:03.5 in Shanghai.
private let now: Int64 = 1_795_140_903_500_000_000
private let second: Int64 = 1_000_000_000

private func text(_ instant: Int64, _ zone: Zone) -> String {
    var out: [UInt8] = []
    RFC3339.append(instant, zone: zone, fractionDigits: 3, to: &out)
    return String(decoding: out, as: UTF8.self)
}

@Suite struct TimeExpressionTests {
    @Test(arguments: [
        ("now", "2026-11-20T10:15:03.500+08:00"), ("now-15m", "2026-11-20T10:00:03.500+08:00"),
        ("now - 15m", "2026-11-20T10:00:03.500+08:00"), ("now+1h", "2026-11-20T11:15:03.500+08:00"),
        ("2h", "2026-11-20T08:15:03.500+08:00"), ("-2h", "2026-11-20T08:15:03.500+08:00"),
        ("90s", "2026-11-20T10:13:33.500+08:00"), ("15m", "2026-11-20T10:00:03.500+08:00"),
        ("3d", "2026-11-17T10:15:03.500+08:00"), ("1w", "2026-11-13T10:15:03.500+08:00"),
        ("1h30m", "2026-11-20T08:45:03.500+08:00"), ("1000s", "2026-11-20T09:58:23.500+08:00"),
        ("today", "2026-11-20T00:00:00.000+08:00"), ("yesterday", "2026-11-19T00:00:00.000+08:00"),
        ("yesterday 23:10", "2026-11-19T23:10:00.000+08:00"),
        ("10:05", "2026-11-20T10:05:00.000+08:00"), ("10:15", "2026-11-20T10:15:00.000+08:00"),
        ("9:05", "2026-11-20T09:05:00.000+08:00"), ("10:15:03", "2026-11-20T10:15:03.000+08:00"),
        ("10:15:04", "2026-11-19T10:15:04.000+08:00"), ("10:16", "2026-11-19T10:16:00.000+08:00"),
        ("23:59:59.25", "2026-11-19T23:59:59.250+08:00"),
        ("2026-11-20", "2026-11-20T00:00:00.000+08:00"),
        ("2027-01-01", "2027-01-01T00:00:00.000+08:00"),
        ("2026-11-20 10:15", "2026-11-20T10:15:00.000+08:00"),
        ("2026/11/20 10:15:03", "2026-11-20T10:15:03.000+08:00"),
        ("  2026-11-20 10:15:03,123 ", "2026-11-20T10:15:03.123+08:00"),
        ("2026-11-20T10:15:03.123+08:00", "2026-11-20T10:15:03.123+08:00"),
        ("2026-11-20T02:15:03Z", "2026-11-20T10:15:03.000+08:00"),
        ("2026-11-20 02:15:03 +0000", "2026-11-20T10:15:03.000+08:00"),
        ("2026-11-19 24:00", "2026-11-20T00:00:00.000+08:00"),
        ("11-20", "2026-11-20T00:00:00.000+08:00"),
        ("11-20 10:15", "2026-11-20T10:15:00.000+08:00"),
        ("11-20 10:16", "2025-11-20T10:16:00.000+08:00"),
        ("12-31", "2025-12-31T00:00:00.000+08:00"),
        ("2-29 1:00", "2024-02-29T01:00:00.000+08:00"),
        ("@1700000000", "2023-11-15T06:13:20.000+08:00"), ("@0", "1970-01-01T08:00:00.000+08:00"),
        ("@1700000000123", "2023-11-15T06:13:20.123+08:00"),
        ("@1700000000.123", "2023-11-15T06:13:20.123+08:00"),
        ("@1700000000123456", "2023-11-15T06:13:20.123+08:00"),
        ("@1700000000123456789", "2023-11-15T06:13:20.123+08:00"),
    ])
    func namesAnInstant(typed: String, expected: String) throws {
        let zone = try Zone.named("Asia/Shanghai")
        let instant = try TimeExpression.instant(typed, now: now, zone: zone)
        #expect(text(instant, zone) == expected)
    }

    @Test(arguments: [
        ("2026-11-20", 86_400 * second), ("today", 86_400 * second), ("yesterday", 86_400 * second),
        ("11-20", 86_400 * second), ("10:05", 60 * second), ("2026-11-20 10:15", 60 * second),
        ("10:05:30", second), ("2026-11-20T10:15:03+08:00", second), ("10:05:30.5", 0), ("now", 0),
        ("2h", 0), ("@1700000000", 0),
    ])
    func coversWhatIsNamed(typed: String, length: Int64) throws {
        let zone = try Zone.named("Asia/Shanghai")
        let range = try TimeExpression.interval(typed, now: now, zone: zone)
        #expect(range.upperBound - range.lowerBound == length)
        #expect(try TimeExpression.instant(typed, now: now, zone: zone) == range.lowerBound)
    }

    @Test(arguments: [
        ("09:00..10:00", "2026-11-20T09:00:00.000+08:00", 3_600),
        ("10:05", "2026-11-20T10:05:00.000+08:00", 60),
        ("15m..now", "2026-11-20T10:00:03.500+08:00", 900),
        ("2026-11-19..2026-11-20 01:00:00.5", "2026-11-19T00:00:00.000+08:00", 90_000.5),
    ])
    func aWindowGoesFromOneTimeToAnother(typed: String, start: String, seconds: Double) throws {
        let zone = try Zone.named("Asia/Shanghai")
        let range = try TimeExpression.window(typed, now: now, zone: zone)
        #expect(text(range.lowerBound, zone) == start)
        #expect(Double(range.upperBound - range.lowerBound) == seconds * 1e9)
    }

    @Test(arguments: ["10:00..09:00", "now..now", "..", "10:00..", "..10:00", "a..b"])
    func windowsThatAreNone(typed: String) {
        #expect(throws: TimeExpressionError.self) {
            try TimeExpression.window(typed, now: now, zone: .utc)
        }
    }

    @Test(arguments: [
        ("2026-03-29", "2026-03-29T00:00:00.000+01:00", 23),
        ("2026-10-25", "2026-10-25T00:00:00.000+02:00", 25),
        ("2090-03-26", "2090-03-26T00:00:00.000+01:00", 23),
    ])
    func daysOnWhichClocksChangeHave23Or25Hours(typed: String, start: String, hours: Int64) throws {
        let zone = try Zone.named("Europe/Berlin")
        let range = try TimeExpression.interval(typed, now: now, zone: zone)
        #expect(text(range.lowerBound, zone) == start)
        #expect(range.upperBound - range.lowerBound == hours * 3_600 * second)
    }

    @Test(
        arguments: [
            "", " ", "soon", "now-", "now15m", "nowadays", "today-", "todayx", "10", "1700000000",
            "10:5",
            "10:60", "25:00", "24:01", "10:05:61", "10:05:", "10:05:30.", "2026-13-01",
            "2026-02-29",
            "2026-11", "2026-11-", "2026-11/20", "2026-11-20x", "2026-11-20 10",
            "2026-11-20 10:15 CST", "2026-11-20 10:15 +19:00", "2026-11-20T10:15:03Zz", "13-01",
            "2-30",
            "02-29 25:00", "@", "@-1", "@12x", "@1.", "@1700000000123.5", "@99999999999", "1h1h",
            "1m1h",
            "5x", "2H", "h", "1.h", "1h30", "99999999999999999999s", "300y", "9999999w",
            "0001-01-01",
            "9999-12-31", "2262-04-12", "-", "--2h", "2026-11-20 10:15:03.1234567891", "１0:05", "😀",
        ])
    func refuses(typed: String) {
        #expect(throws: TimeExpressionError.self) {
            try TimeExpression.interval(typed, now: now, zone: .utc)
        }
    }

    @Test(arguments: [
        (
            "1700000000",
            "cannot read the time '1700000000': a unit is missing; "
                + "write 1700000000s, or @1700000000 for Unix time"
        ),
        (
            "5x",
            "cannot read the duration '5x': 'x' is no unit (w d h m s ms us ns); "
                + "write 90s, 15m, 1h30m, 3d or 1w"
        ),
        (
            "2026-02-29",
            "cannot read the time '2026-02-29': the calendar has no such day; "
                + "write 2h, 10:05, 2026-11-20 10:15 or @1700000000"
        ),
    ])
    func errorSaysWhatToType(typed: String, message: String) {
        #expect {
            try TimeExpression.instant(typed, now: now, zone: .utc)
        } throws: { error in
            (error as? TimeExpressionError)?.message == message
        }
    }

    @Test(arguments: [
        ("5m", 300 * second), ("1h30m", 5_400 * second), ("500ms", second / 2),
        ("2d", 172_800 * second),
        ("1w", 604_800 * second), ("1.5h", 5_400 * second), ("0s", 0), ("10us", 10_000), ("7ns", 7),
        ("1w2d3h4m5s6ms7us8ns", 788_645_006_007_008), ("5min", 300 * second),
        ("30sec", 30 * second),
        ("0.000000001s", 1), ("0.5ns", 0), ("106751d", 9_223_286_400 * second),
    ])
    func readsDurations(typed: String, nanoseconds: Int64) throws {
        #expect(try TimeExpression.duration(typed) == nanoseconds)
    }

    @Test(arguments: [
        "", "5", "m", "5 m", "-5m", "1h1h", "1s1m", "5M", "1..5h", ".5h", "106752d", "5m ",
    ])
    func refusesDurations(typed: String) {
        #expect(throws: TimeExpressionError.self) { try TimeExpression.duration(typed) }
    }

    @Test(arguments: 1...4 as ClosedRange<UInt64>)
    func anyTextAtAnyNowIsReadOrRefused(seed: UInt64) throws {
        var random = SplitMix(state: seed)
        let pieces = [
            "now", "today", "yesterday", "-", "+", "@", ":", "/", ".", " ", "T", "Z", "h", "m", "d",
            "9", "99", "2026", "0", "12", "24:00", "2026-11-20", "10:15", "😀", "99999999999",
        ]
        let zone = try Zone.named("Europe/Berlin")
        for _ in 0..<20_000 {
            let count = Int.random(in: 0...5, using: &random)
            let typed = (0..<count).compactMap { _ in pieces.randomElement(using: &random) }
                .joined()
            let now = [Int64.min, 0, now, .max].randomElement(using: &random) ?? 0
            _ = try? TimeExpression.interval(typed, now: now, zone: zone)
        }
    }
}
