import LogStore
import Retention
import Testing

@Suite struct AgeTests {
    private static let nanoseconds: Int64 = 86_400_000_000_000

    /// 2026-10-21 ends at midnight; 30 days later it is 30 days old, and not a moment before.
    @Test func aDayIsAsOldAsItsLastInstant() throws {
        let day = try #require(Day(name: "2026-10-21"))
        let midnight = try #require(Day(name: "2026-11-21")).start
        #expect(!Age.days(30).isPast(day, at: midnight - 1))
        #expect(Age.days(30).isPast(day, at: midnight))
        #expect(!Age.days(0).isPast(day, at: day.end - 1))
        #expect(Age.days(0).isPast(day, at: day.end))
        #expect(!Age.forever.isPast(day, at: .max))
    }

    @Test func agesBeyondAllTimesAreNeverPast() {
        #expect(!Age.days(.max).isPast(Day(number: 0), at: .max))
        #expect(!Age.days(1).isPast(Day(number: .max - 1), at: .max))
        #expect(Age.days(.max).nanoseconds == .max)
        #expect(Age.days(36_525) < Age.forever)
    }
}
