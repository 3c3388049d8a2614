import Testing

@testable import LogStore

@Suite struct DayTests {
    @Test(
        arguments: [
            (0, "1970-01-01"), (-1, "1969-12-31"), (20_777, "2026-11-20"), (11_016, "2000-02-29"),
            (-719_162, "0001-01-01"), (106_751, "2262-04-11"), (-106_752, "1677-09-21"),
        ] as [(Int64, String)])
    func nameIsTheDate(number: Int64, name: String) {
        #expect(Day(number: number).name == name)
        #expect(Day(name: name) == Day(number: number))
    }

    @Test(arguments: [
        "", "2026", "2026-11", "2026-11-2", "2026-1-20", "26-11-20", "2026-11-20-1", "2026-13-01",
        "2026-00-10", "2026-11-00", "2026-11-32", "2026-11-xx", "2026--1-20", "-026-11-20",
        "2026-+1-20", "+202-11-20", " 026-11-20", "2026-02-30", "2026-11-31", "2025-02-29",
    ])
    func otherNamesAreNoDays(name: String) {
        #expect(Day(name: name) == nil)
    }

    @Test(
        arguments: [
            (0, 0), (-1, -1), (86_399_999_999_999, 0), (86_400_000_000_000, 1),
            (-86_400_000_000_000, -1), (-86_400_000_000_001, -2), (.max, 106_751), (.min, -106_752),
        ] as [(Int64, Int64)])
    func instantsFallIntoTheirDay(time: Int64, number: Int64) {
        #expect(Day(of: time).number == number)
    }

    @Test(arguments: [.min, .min + 1, -1, 0, 1, 1_795_132_800_000_000_000, .max - 1] as [Int64])
    func dayHoldsItsInstants(time: Int64) {
        let day = Day(of: time)
        #expect(day.start <= time)
        #expect(day.end > time)
    }
}
