import LogModel
import Testing

@Suite struct CivilTimeTests {
    @Test(arguments: [
        (1970, 1, 1, Int64(0), 4),
        (2000, 2, 29, 11_016, 2),
        (2026, 11, 20, 20_777, 5),
        (1969, 12, 31, -1, 3),
        (1900, 3, 1, -25_508, 4),
        (1, 1, 1, -719_162, 1),
        (9999, 12, 31, 2_932_896, 5),
    ])
    func countsDays(year: Int, month: Int, day: Int, days: Int64, weekday: Int) {
        #expect(CivilTime.days(year: year, month: month, day: day) == days)
        #expect(CivilTime.civil(days: days) == (year, month, day))
        #expect(CivilTime.weekday(days: days) == weekday)
    }

    @Test func everyDayOfTheSupportedYearsIsOneMoreThanTheDayBefore() {
        var expected = Int64(-719_162)
        var mismatches = 0
        for year in 1...9999 {
            for month in 1...12 {
                for day in 1...CivilTime.daysInMonth(year: year, month: month) {
                    let date = CivilTime.civil(days: expected)
                    if date.year != year || date.month != month || date.day != day {
                        mismatches += 1
                    }
                    if CivilTime.days(year: year, month: month, day: day) != expected {
                        mismatches += 1
                    }
                    expected += 1
                }
            }
        }
        #expect(mismatches == 0)
        #expect(expected == 2_932_897)
    }

    @Test(arguments: [
        (2024, 2, 29, true), (2026, 2, 29, false), (1900, 2, 29, false), (2000, 2, 29, true),
        (2026, 4, 31, false), (2026, 13, 1, false), (2026, 0, 1, false), (2026, 1, 0, false),
        (0, 1, 1, false), (10_000, 1, 1, false), (1, 1, 1, true), (9999, 12, 31, true),
    ])
    func knowsWhichDatesExist(year: Int, month: Int, day: Int, exists: Bool) {
        #expect(CivilTime.isValid(year: year, month: month, day: day) == exists)
    }

    @Test func absurdArgumentsDoNotTrap() {
        for number in [Int64.min, .min + 1, -1, .max - 1, .max] {
            _ = CivilTime.civil(days: number)
            _ = CivilTime.weekday(days: number)
            _ = CivilTime.split(number)
            _ = CivilTime.days(year: Int(number), month: Int(number), day: Int(number))
        }
    }

    @Test(arguments: [
        (Int64(0), Int64(0), 0), (86_399, 0, 86_399), (86_400, 1, 0), (-1, -1, 86_399),
        (-86_400, -1, 0), (-86_401, -2, 86_399),
    ])
    func splitsSecondsIntoDays(seconds: Int64, days: Int64, secondOfDay: Int) {
        #expect(CivilTime.split(seconds) == (days, secondOfDay))
    }
}
