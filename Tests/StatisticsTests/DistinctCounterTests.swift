import Statistics
import Testing

@Suite struct DistinctCounterTests {
    @Test func countsExactlyUpTo4096() {
        var counter = DistinctCounter()
        #expect(counter.estimate == 0)
        for round in 0..<3 {
            for number in 0..<4096 as Range<UInt64> { counter.add(hash: hash64(number)) }
            #expect(counter.estimate == 4096, "round \(round)")
        }
        #expect(counter.isExact)
        counter.add(hash: hash64(4096 as UInt64))
        #expect(!counter.isExact)
    }

    @Test func theHashZeroIsAValueToo() {
        var counter = DistinctCounter()
        counter.add(hash: 0)
        counter.add(hash: 0)
        counter.add(hash: 7)
        #expect(counter.estimate == 2)
    }

    /// Four standard errors of 0.81 %, where Flajolet's estimate would change its method as well.
    @Test(arguments: [5_000, 20_000, 41_000, 60_000, 100_000] as [UInt64])
    func staysWithinFourStandardErrors(count: UInt64) {
        for seed in 1...3 as ClosedRange<UInt64> {
            let estimate = counter(of: 0..<count, seed: seed).estimate
            #expect(abs(Double(estimate) / Double(count) - 1) < 0.0325, "seed \(seed)")
        }
    }

    @Test func countsAMillion() {
        let estimate = counter(of: 0..<1_000_000, seed: 9).estimate
        #expect(abs(Double(estimate) / 1_000_000 - 1) < 0.0244)
    }

    @Test(
        arguments: [
            (0, 100, 50, 200), (0, 3_000, 2_000, 4_096), (0, 3_000, 2_000, 6_000),
            (0, 50, 10, 90_000), (0, 90_000, 10, 50), (0, 30_000, 20_000, 90_000),
        ] as [(UInt64, UInt64, UInt64, UInt64)])
    func mergedPartsEqualTheWhole(a: UInt64, b: UInt64, c: UInt64, d: UInt64) {
        var left = counter(of: a..<b, seed: 5)
        let right = counter(of: c..<d, seed: 5)
        left.merge(right)
        let whole = counter(of: min(a, c)..<max(b, d), seed: 5)
        #expect(left.estimate == whole.estimate)
        #expect(left.isExact == whole.isExact)
    }

    private func counter(of numbers: Range<UInt64>, seed: UInt64) -> DistinctCounter {
        var counter = DistinctCounter()
        for number in numbers { counter.add(hash: hash64(number &+ seed << 40)) }
        return counter
    }
}
