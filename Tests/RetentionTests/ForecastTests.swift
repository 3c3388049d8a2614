import LogStore
import Retention
import Testing

@Suite struct ForecastTests {
    private static let today = Day(number: 20_000)
    private static let gigabyte: Int64 = 1_000_000_000
    private static let standard = Forecast.Stream(
        share: 1, indexed: .days(30), archived: .days(90))

    /// The last days, each with 10 GB of text in 1 GB, compacted.
    private static func days(_ count: Int64) -> [Forecast.StoredDay] {
        (0..<count).map {
            Forecast.StoredDay(
                day: Day(number: today.number - 1 - $0), rawBytes: 10 * gigabyte,
                compactedBytes: 10 * gigabyte, archivedBytes: 0, diskBytes: gigabyte)
        }
    }

    private static func forecast(
        _ days: [Forecast.StoredDay], _ streams: [Forecast.Stream] = [standard],
        available: Int64, limit: Int64? = nil
    ) -> Forecast {
        Forecast(
            days: days, streams: streams, today: today,
            storeBytes: days.reduce(0) { $0 + $1.diskBytes }, available: available * gigabyte,
            limit: limit.map { $0 * gigabyte })
    }

    @Test func nothingIsKnownWithoutTwoWholeDays() {
        #expect(Self.forecast([], available: 1).outcome == .unknown)
        #expect(Self.forecast(Self.days(1), available: 1).outcome == .unknown)
        let old = Self.days(20).filter { $0.day.number < Self.today.number - 7 }
        #expect(Self.forecast(old, available: 1).outcome == .unknown)
        #expect(Self.forecast(Self.days(2), available: 1).outcome != .unknown)
    }

    /// A gigabyte a day: ten fit, the eleventh does not.
    @Test func saysTheDayThatDoesNotFit() {
        let forecast = Self.forecast(Self.days(3), available: 10)
        #expect(forecast.bytesPerDay == Self.gigabyte)
        #expect(forecast.outcome == .full(Day(number: Self.today.number + 11)))
    }

    /// 31 days in the index and 60 in the archive, at 7.5 % of the text: 31 + 45 GB. A day is
    /// written anew the night after it is 30 days old, when the next one has come.
    @Test func growsToWhatThePolicyKeeps() {
        #expect(Self.forecast(Self.days(3), available: 200).outcome == .enough(76 * Self.gigabyte))
        let short = Forecast.Stream(share: 1, indexed: .days(7), archived: .days(7))
        #expect(
            Self.forecast(Self.days(3), [short], available: 200).outcome
                == .enough(8 * Self.gigabyte))
    }

    @Test func archivedDaysShowTheirOwnRatio() {
        let archived = (40..<45).map {
            Forecast.StoredDay(
                day: Day(number: Self.today.number - $0), rawBytes: 10 * Self.gigabyte,
                compactedBytes: 0, archivedBytes: 10 * Self.gigabyte,
                diskBytes: Self.gigabyte / 2)
        }
        // 31 days of 1 GB and 60 of 0.5 GB.
        #expect(
            Self.forecast(Self.days(7) + archived, available: 200).outcome
                == .enough(61 * Self.gigabyte))
    }

    @Test func partsOfWhatComesInGoTheirOwnWay() {
        let streams = [
            Forecast.Stream(share: 0.5, indexed: .days(9), archived: .days(9)),
            Forecast.Stream(share: 0.5, indexed: .days(19), archived: .days(19)),
        ]
        #expect(
            Self.forecast(Self.days(3), streams, available: 200).outcome
                == .enough(15 * Self.gigabyte))
    }

    @Test func theCapHoldsTheStoreDown() {
        #expect(
            Self.forecast(Self.days(3), available: 20, limit: 15).outcome
                == .enough(15 * Self.gigabyte))
        // A cap above what the disk has is none.
        #expect(
            Self.forecast(Self.days(3), available: 20, limit: 40).outcome
                == .full(Day(number: Self.today.number + 21)))
    }

    @Test func whatIsKeptForeverFillsTheDisk() {
        let forever = Forecast.Stream(share: 1, indexed: .forever, archived: .forever)
        #expect(
            Self.forecast(Self.days(7), [forever], available: 1000).outcome
                == .full(Day(number: Self.today.number + 1001)))
        #expect(
            Self.forecast(Self.days(7), [forever], available: 5000).outcome
                == .enough(3657 * Self.gigabyte))
    }

    /// Days that should be gone make room on the next one; a day in the gap counts as quiet.
    @Test func overdueDaysGoAtOnce() {
        let forecast = Self.forecast(Self.days(100), available: 1)
        // 100 days of 1 GB; on the first new day those over 90 go, and those over 30 shrink.
        #expect(forecast.outcome == .enough(100 * Self.gigabyte))
        let quiet = Self.days(7).filter { $0.day.number % 2 == 1 }
        #expect(Self.forecast(quiet, available: 5).bytesPerDay == 4 * Self.gigabyte / 7)
    }
}
