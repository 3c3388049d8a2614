import Presentation
import Testing

struct HumanUnitsTests {
    @Test(
        arguments: [
            (0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (1049, "1.0 kB"), (1050, "1.1 kB"),
            (99_949, "99.9 kB"), (99_950, "100 kB"), (999_499, "999 kB"), (999_500, "1.0 MB"),
            (1_200_000_000, "1.2 GB"), (-1_200_000_000, "-1.2 GB"), (.max, "9.2 EB"),
            (.min, "-9.2 EB"),
        ] as [(Int64, String)])
    func writesBytes(count: Int64, expected: String) {
        #expect(HumanUnits.bytes(count) == expected)
    }

    @Test(
        arguments: [
            (0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567"), (-1000, "-1,000"),
            (-100, "-100"), (.min, "-9,223,372,036,854,775,808"),
        ] as [(Int64, String)])
    func groupsThousands(value: Int64, expected: String) {
        #expect(HumanUnits.count(value) == expected)
    }

    @Test(
        arguments: [
            (0, "0 ns"), (999, "999 ns"), (1_500, "1.5 µs"), (999_499, "999 µs"),
            (999_500, "1.0 ms"),
            (12_000_000, "12 ms"), (9_940_000, "9.9 ms"), (9_950_000, "10 ms"),
            (1_300_000_000, "1.3 s"), (59_400_000_000, "59 s"), (59_500_000_000, "1 min"),
            (125_000_000_000, "2 min 5 s"), (3_599_600_000_000, "1 h"),
            (11_520_000_000_000, "3 h 12 min"), (86_399_000_000_000, "1 d"),
            (356_400_000_000_000, "4 d 3 h"), (-1_300_000_000, "-1.3 s"),
            (.max, "106752 d"), (.min, "-106752 d"),
        ] as [(Int64, String)])
    func writesDurations(nanoseconds: Int64, expected: String) {
        #expect(HumanUnits.duration(nanoseconds: nanoseconds) == expected)
    }

    @Test(
        arguments: [
            (0.012, "12 ms"), (1e300, "106752 d"), (.nan, "unknown"), (.infinity, "unknown"),
        ] as [(Double, String)])
    func writesSeconds(seconds: Double, expected: String) {
        #expect(HumanUnits.duration(seconds: seconds) == expected)
    }

    @Test(
        arguments: [
            (1234.5, 2, "1,234.50"), (-0.004, 2, "0.00"), (-0.005, 2, "-0.01"), (0.999, 0, "1"),
            (1e18, 0, "1e+18"), (.nan, 2, "unknown"), (-1_000_000, 0, "-1,000,000"),
        ] as [(Double, Int, String)])
    func writesDecimals(value: Double, digits: Int, expected: String) {
        #expect(HumanUnits.decimal(value, digits: digits) == expected)
    }

    @Test(
        arguments: [
            (1234, "1,234"), (1234.5, "1,235"), (12.345, "12.35"), (0.0012345, "0.001235"),
            (0, "0"), (1.5, "1.500"), (1e300, "1e+300"),
        ] as [(Double, String)])
    func writesFigures(value: Double, expected: String) {
        #expect(HumanUnits.figure(value) == expected)
    }

    @Test(
        arguments: [
            (0, "0.0 %"), (0.0001, "<0.1 %"), (0.0005, "0.1 %"), (0.1234, "12.3 %"),
            (1, "100.0 %"),
        ] as [(Double, String)])
    func writesShares(share: Double, expected: String) {
        #expect(HumanUnits.percent(share) == expected)
    }
}
