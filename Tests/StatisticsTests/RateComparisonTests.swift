import Statistics
import Testing

@Suite struct RateComparisonTests {
    /// Expected values from sums of exact fractions.
    @Test(
        arguments: [
            (0, 1, 0, 1, 1.0), (5, 1, 0, 1, 0.0625), (10, 1, 0, 1, 0.001953125),
            (5, 1, 0, 12, 5.386581486858088e-06), (0, 1, 7, 1, 0.015625),
            (12, 1, 3, 2, 0.0005702176479365292), (50, 3, 40, 3, 0.34283311942078826),
            (100, 1, 30, 1, 5.421168026537843e-10), (1000, 1, 1100, 1, 0.030720707864242296),
            (200, 10, 12, 120, 1.5680311818774404e-204),
        ] as [(Int, Double, Int, Double, Double)])
    func isTheExactConditionalTest(a: Int, ea: Double, b: Int, eb: Double, expected: Double) {
        let value = twoRatePValue(countA: a, exposureA: ea, countB: b, exposureB: eb)
        #expect(abs(value / expected - 1) < 1e-9)
        let mirrored = twoRatePValue(countA: b, exposureA: eb, countB: a, exposureB: ea)
        #expect(abs(mirrored / expected - 1) < 1e-9)
    }

    /// Expected values from SciPy's binomial distribution.
    @Test(arguments: [
        (100_000, 101_500, 0.000839654119712958), (1_000_000, 1_004_000, 0.004729576493365678),
        (60_000_000, 60_030_000, 0.0061780390221179),
    ])
    func largeCountsStayStable(a: Int, b: Int, expected: Double) {
        let value = twoRatePValue(countA: a, exposureA: 1, countB: b, exposureB: 1)
        #expect(abs(value / expected - 1) < 1e-4)
    }

    @Test func whatCannotBeComparedIsNoDifference() {
        #expect(twoRatePValue(countA: 5, exposureA: 0, countB: 0, exposureB: 1) == 1)
        #expect(twoRatePValue(countA: 5, exposureA: 1, countB: 0, exposureB: .infinity) == 1)
        #expect(twoRatePValue(countA: 5, exposureA: .nan, countB: 0, exposureB: 1) == 1)
        #expect(twoRatePValue(countA: -5, exposureA: 1, countB: 0, exposureB: 1) == 1)
    }

    @Test func burstyCountsNeedMore() {
        let plain = twoRatePValue(countA: 100, exposureA: 1, countB: 50, exposureB: 1)
        let bursty = twoRatePValue(
            countA: 100, exposureA: 1, countB: 50, exposureB: 1, dispersion: 10)
        let fewer = twoRatePValue(countA: 10, exposureA: 1, countB: 5, exposureB: 1)
        #expect(plain < 1e-4)
        #expect(bursty == fewer)
        #expect(bursty > 0.1)
    }

    /// Equal rates: of 4 000 tests at most the share `level` is below it, the test being exact.
    @Test func equalRatesAreRarelyTakenForDifferentOnes() {
        var source = PoissonSource(seed: 11)
        for level in [0.05, 0.01] {
            var wrong = 0
            for _ in 0..<4_000 {
                let (a, b) = (source.count(mean: 12), source.count(mean: 36))
                if twoRatePValue(countA: a, exposureA: 1, countB: b, exposureB: 3) <= level {
                    wrong += 1
                }
            }
            #expect(Double(wrong) <= level * 4_000)
        }
    }

    @Test func theLogRatioIsShrunkWhereEventsAreFew() {
        let none = shrunkenLogRatio(countA: 0, exposureA: 1, countB: 0, exposureB: 5)
        #expect(abs(none) < 1e-12)
        let few = shrunkenLogRatio(countA: 3, exposureA: 1, countB: 0, exposureB: 1)
        #expect(abs(few - 1.9459101490553132) < 1e-12)  // ln 7
        let many = shrunkenLogRatio(countA: 3_000, exposureA: 1, countB: 1_000, exposureB: 1)
        #expect(abs(many - 1.0982789) < 1e-6)
    }

    @Test func dispersionIsOneForPoissonAndMoreForBursts() {
        #expect(dispersion(of: [5, 5, 5, 5], expected: [1, 1, 1, 1]) == 1)
        // χ² = (15² + 3 · 5²) / 5 = 60 with three degrees of freedom.
        #expect(dispersion(of: [20, 0, 0, 0], expected: [1, 1, 1, 1]) == 20)
        #expect(dispersion(of: [30, 10], expected: [3, 1]) == 1)
        #expect(dispersion(of: [0, 0], expected: [1, 1]) == 1)
        #expect(dispersion(of: [7], expected: [1]) == 1)
    }

    /// The worked example of Benjamini and Hochberg (1995), section 3.2.
    @Test func falseDiscoveriesAreControlledAsInThePaper() {
        let values = [
            0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262,
            0.5719, 0.6528, 0.7590, 1.0,
        ]
        let order = [3, 0, 14, 7, 1, 9, 2, 13, 4, 11, 5, 12, 6, 10, 8]
        let kept = benjaminiHochberg(order.map { values[$0] }, q: 0.05)
        #expect(zip(order, kept).filter(\.1).map(\.0).sorted() == [0, 1, 2, 3])
        let rates = falseDiscoveryRates(values)
        #expect(abs(rates[3] - 0.035625) < 1e-12)
        #expect(abs(rates[4] - 0.0603) < 1e-12)
        #expect(rates[14] == 1)
        #expect(benjaminiHochberg([], q: 0.05).isEmpty)
        #expect(benjaminiHochberg([.nan, 0], q: 0.05) == [false, true])
    }
}
