import LogModel
import Testing

@testable import LogQuery

@Suite struct TimeBinsTests {
    private static let minute: Int64 = 60_000_000_000
    private static let hour = 60 * minute

    /// The bin of a time, and where the next begins, both as UTC.
    @Test(arguments: [
        ("UTC", 5 * minute, "2026-11-20T10:17:03Z", "2026-11-20T10:15:00Z", "2026-11-20T10:20:00Z"),
        (
            "Asia/Shanghai", 24 * hour, "2026-11-20T17:00:00Z", "2026-11-20T16:00:00Z",
            "2026-11-21T16:00:00Z"
        ),
        // +05:30: hours begin on the half hour of UTC.
        (
            "Asia/Kolkata", hour, "2026-11-20T10:40:00Z", "2026-11-20T10:30:00Z",
            "2026-11-20T11:30:00Z"
        ),
        // Days of 23 and 25 hours.
        (
            "Europe/Berlin", 24 * hour, "2026-03-29T12:00:00Z", "2026-03-28T23:00:00Z",
            "2026-03-29T22:00:00Z"
        ),
        (
            "Europe/Berlin", 24 * hour, "2026-10-25T12:00:00Z", "2026-10-24T22:00:00Z",
            "2026-10-25T23:00:00Z"
        ),
        // 02:30 comes twice that night: each has an hour of its own.
        (
            "Europe/Berlin", hour, "2026-10-25T00:30:00Z", "2026-10-25T00:00:00Z",
            "2026-10-25T01:00:00Z"
        ),
        (
            "Europe/Berlin", hour, "2026-10-25T01:30:00Z", "2026-10-25T01:00:00Z",
            "2026-10-25T02:00:00Z"
        ),
        // Parts of a day are counted from the local midnight, on the clock.
        (
            "Europe/Berlin", 6 * hour, "2026-10-25T08:00:00Z", "2026-10-25T05:00:00Z",
            "2026-10-25T11:00:00Z"
        ),
        // Weeks begin on Monday.
        ("UTC", 168 * hour, "2026-11-20T10:00:00Z", "2026-11-16T00:00:00Z", "2026-11-23T00:00:00Z"),
        ("UTC", 7 * hour, "2026-11-20T22:00:00Z", "2026-11-20T21:00:00Z", "2026-11-21T00:00:00Z"),
        ("UTC", hour, "1969-12-31T23:30:00Z", "1969-12-31T23:00:00Z", "1970-01-01T00:00:00Z"),
    ])
    func binsAreOfTheLocalClock(
        zone: String, span: Int64, time: String, start: String, next: String
    ) throws {
        let bins = TimeBins(span: span, zone: try Zone.named(zone))
        let instant = try Self.instant(time)
        #expect(bins.start(of: instant) == (try Self.instant(start)))
        #expect(bins.next(after: bins.start(of: instant)) == (try Self.instant(next)))
    }

    /// Through a year of clock changes, bins follow each other without gap, and each is its own start.
    @Test(arguments: ["Europe/Berlin", "America/New_York", "Asia/Shanghai", "Australia/Lord_Howe"])
    func binsTileTime(zone: String) throws {
        for span in [
            30 * Self.minute, 2 * Self.hour, 6 * Self.hour, 24 * Self.hour, 168 * Self.hour,
        ] {
            let bins = TimeBins(span: span, zone: try Zone.named(zone))
            var start = bins.start(of: try Self.instant("2026-01-01T12:00:00Z"))
            let end = try Self.instant("2027-01-01T12:00:00Z")
            while start < end {
                let next = bins.next(after: start)
                #expect(next > start)
                #expect(bins.start(of: start) == start, "\(zone) \(span)")
                #expect(bins.start(of: next - 1) == start, "\(zone) \(span)")
                if next <= start { return }
                start = next
            }
        }
    }

    @Test func chartsHaveAboutSixtyBins() {
        #expect(TimeBins.span(for: Self.hour) == Self.minute)
        #expect(TimeBins.span(for: 24 * Self.hour) == 30 * Self.minute)
        #expect(TimeBins.span(for: 0) == 1_000_000)
        #expect(TimeBins.span(for: .max) == 364 * 24 * Self.hour)
    }

    private static func instant(_ text: String) throws -> Int64 {
        let bytes = Array(text.utf8)
        return try #require(bytes.withUnsafeBufferPointer { RFC3339.parse($0) })
    }
}
