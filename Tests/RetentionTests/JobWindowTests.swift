import LogModel
import Retention
import Testing

@Suite struct JobWindowTests {
    private static func window(_ text: String) throws -> JobWindow {
        try #require(try PolicyReadingTests.read("window: \(text)").window)
    }

    private static func time(_ text: String) throws -> Int64 {
        var text = text
        return try #require(text.withUTF8 { RFC3339.parse($0) })
    }

    private static func text(_ time: Int64) -> String {
        RFC3339.clockText(time, zone: .utc).prefix(16) + "Z"
    }

    /// Opening and closing on one night, in UTC: what the clocks of the zone show, and on nights
    /// with a change of clocks what is left of it.
    @Test(
        arguments: [
            // An ordinary night.
            (
                "01:00-05:00 Asia/Shanghai", "2026-11-20T12:00:00Z", "2026-11-20 17:00Z",
                "2026-11-20 21:00Z"
            ),
            (
                "22:00-24:00 Asia/Shanghai", "2026-11-20T12:00:00Z", "2026-11-20 14:00Z",
                "2026-11-20 16:00Z"
            ),
            // Across midnight.
            ("23:30-04:00 UTC", "2026-11-20T12:00:00Z", "2026-11-20 23:30Z", "2026-11-21 04:00Z"),
            (
                "22:00-06:00 Asia/Shanghai", "2026-11-20T12:00:00Z", "2026-11-20 14:00Z",
                "2026-11-20 22:00Z"
            ),
            // Berlin, 29 March 2026: at 02:00 (01:00Z) clocks go to 03:00.
            (
                "01:00-05:00 Europe/Berlin", "2026-03-28T12:00:00Z", "2026-03-29 00:00Z",
                "2026-03-29 03:00Z"
            ),
            (
                "02:10-02:50 Europe/Berlin", "2026-03-28T12:00:00Z", "2026-03-29 01:00Z",
                "2026-03-29 01:50Z"
            ),
            (
                "02:30-03:10 Europe/Berlin", "2026-03-28T12:00:00Z", "2026-03-29 01:00Z",
                "2026-03-29 01:10Z"
            ),
            (
                "01:30-02:30 Europe/Berlin", "2026-03-28T12:00:00Z", "2026-03-29 00:30Z",
                "2026-03-29 01:30Z"
            ),
            (
                "23:00-02:30 Europe/Berlin", "2026-03-28T12:00:00Z", "2026-03-28 22:00Z",
                "2026-03-29 01:30Z"
            ),
            // Berlin, 25 October 2026: at 03:00 (01:00Z) clocks go back to 02:00.
            (
                "01:00-05:00 Europe/Berlin", "2026-10-24T12:00:00Z", "2026-10-24 23:00Z",
                "2026-10-25 04:00Z"
            ),
            (
                "02:30-02:45 Europe/Berlin", "2026-10-24T12:00:00Z", "2026-10-25 00:30Z",
                "2026-10-25 00:45Z"
            ),
            (
                "01:30-02:30 Europe/Berlin", "2026-10-24T12:00:00Z", "2026-10-24 23:30Z",
                "2026-10-25 00:30Z"
            ),
            (
                "02:30-03:30 Europe/Berlin", "2026-10-24T12:00:00Z", "2026-10-25 00:30Z",
                "2026-10-25 02:30Z"
            ),
            // New York, 8 March 2026: at 02:00 (07:00Z) to 03:00; 1 November: at 02:00 (06:00Z) to 01:00.
            (
                "02:00-03:00 America/New_York", "2026-03-08T00:00:00Z", "2026-03-08 07:00Z",
                "2026-03-08 08:00Z"
            ),
            (
                "01:00-05:00 America/New_York", "2026-03-08T00:00:00Z", "2026-03-08 06:00Z",
                "2026-03-08 09:00Z"
            ),
            (
                "01:00-05:00 America/New_York", "2026-11-01T00:00:00Z", "2026-11-01 05:00Z",
                "2026-11-01 10:00Z"
            ),
        ])
    func opensAndClosesByTheClocksOfItsZone(
        text: String, now: String, opening: String, closing: String
    ) throws {
        let window = try Self.window(text)
        let now = try Self.time(now)
        #expect(!window.contains(now))
        let opened = window.nextOpening(after: now)
        #expect(Self.text(opened) == opening)
        let closed = try #require(window.closing(from: opened))
        #expect(Self.text(closed) == closing)
        #expect(!window.contains(opened - 1))
        #expect(window.contains(opened))
        #expect(window.contains(closed - 1))
        #expect(!window.contains(closed))
        #expect(window.nextOpening(after: opened) > closed)
    }

    @Test func aWholeDayIsAlwaysOpen() throws {
        let window = try Self.window("00:00-24:00 Europe/Berlin")
        let march = try Self.time("2026-03-28T00:00:00Z")
        for minute in 0..<2880 { #expect(window.contains(march + Int64(minute) * 60_000_000_000)) }
    }

    /// Each hour of two years has one next opening, at most 25 hours away.
    @Test(arguments: ["01:00-05:00", "02:30-02:40", "23:00-01:00"], ["America/New_York", "UTC"])
    func opensOnceADay(hours: String, zone: String) throws {
        let window = try Self.window("\(hours) \(zone)")
        let start = try Self.time("2026-01-01T00:00:00Z")
        var opening = window.nextOpening(after: start)
        for _ in 0..<730 {
            let next = window.nextOpening(after: opening)
            #expect((23...25).contains((next - opening) / 3_600_000_000_000))
            #expect(window.contains(opening))
            opening = next
        }
    }
}
