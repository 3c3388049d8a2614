import Statistics
import Testing

@Suite struct OnsetTests {
    @Test func theFirstEventOfSomethingNewIsItsOnset() {
        var counts = [Int](repeating: 0, count: 600)
        for second in stride(from: 200, to: 500, by: 7) { counts[second] = 1 }
        let change = onset(counts: counts, usual: 0, isRise: true)
        #expect(change?.buckets.lowerBound == 200)
        #expect(change?.buckets.upperBound == 495)
    }

    @Test func aRiseInTheNoiseIsFoundToTheSecond() {
        var off: [Int] = []
        for seed in 1...50 as ClosedRange<UInt64> {
            var source = PoissonSource(seed: seed)
            let counts = (0..<900).map { second in
                source.count(mean: (300..<600).contains(second) ? 3 : 0.2)
            }
            let found = onset(counts: counts, usual: 0.2, isRise: true)
            off.append(abs((found?.buckets.lowerBound ?? -99) - 300))
        }
        #expect(off.sorted()[25] <= 1)
        #expect(off.sorted()[45] <= 4)
    }

    @Test func aFallIsFoundToo() {
        var source = PoissonSource(seed: 3)
        let counts = (0..<600).map { source.count(mean: $0 < 250 ? 4 : 0.1) }
        let change = onset(counts: counts, usual: 4, isRise: false)
        #expect(abs((change?.buckets.lowerBound ?? 0) - 250) <= 2)
        #expect(change?.buckets.upperBound == 600)
    }

    @Test func aSeriesThatIsHigherThroughoutBeginsAtItsStart() {
        let change = onset(counts: [9, 8, 9, 10, 9], usual: 1, isRise: true)
        #expect(change?.buckets == 0..<5)
        #expect(change?.rate == 9)
    }

    @Test func withoutAChangeThereIsNoOnset() {
        #expect(onset(counts: [], usual: 1, isRise: true) == nil)
        #expect(onset(counts: [1, 1, 1], usual: 1, isRise: true) == nil)
        #expect(onset(counts: [0, 0, 0], usual: 1, isRise: true) == nil)
        #expect(onset(counts: [5, 5, 5], usual: 1, isRise: false) == nil)
        #expect(onset(counts: [1, 2], usual: .nan, isRise: true) == nil)
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func noStretchIsLikelierThanTheOneFound(seed: UInt64) throws {
        var source = PoissonSource(seed: seed)
        let counts = (0..<60).map { source.count(mean: $0 % 30 < 20 ? 1 : 4) }
        let found = try #require(onset(counts: counts, usual: 1.5, isRise: true))
        var best = 0.0
        for start in 0..<60 {
            var sum = 0.0
            for end in start..<60 {
                sum += Double(counts[end])
                let length = Double(end - start + 1)
                guard sum / length > 1.5 else { continue }
                best = max(best, sum * Self.log(sum / length / 1.5) - sum + 1.5 * length)
            }
        }
        #expect(found.logLikelihoodRatio > best * 0.999 && found.logLikelihoodRatio < best * 1.001)
    }

    @Test func aRiseIsOneAgainstWhatIsUsualThere() {
        let usual = (0..<100).map { $0 < 50 ? 1.0 : 10 }
        let counts = usual.enumerated().map { bucket, mean in
            (20..<25).contains(bucket) ? 10 : Int(mean)
        }
        let found = onset(counts: counts, usual: usual, isRise: true)
        #expect(found?.buckets == 20..<25)
        #expect(found?.rate == 10)
        #expect(onset(counts: [1, 2], usual: [1], isRise: true) == nil)
    }

    @Test func allRisesAreFoundInOrder() {
        let counts = (0..<300).map { bucket in
            switch bucket {
            case 40..<45: 6
            case 120..<180: 9
            case 250..<251: 4
            default: bucket % 3 == 0 ? 1 : 0
            }
        }
        let usual = Array(repeating: 1.0 / 3, count: 300)
        let found = rateChanges(counts: counts, usual: usual, isRise: true, leastLikelihood: 20)
        #expect(found.map(\.buckets) == [40..<45, 120..<180])
        let all = rateChanges(counts: counts, usual: usual, isRise: true, leastLikelihood: 5)
        #expect(all.map(\.buckets) == [40..<45, 120..<180, 250..<251])
        #expect(rateChanges(counts: [], usual: [], isRise: true, leastLikelihood: 0).isEmpty)
    }

    /// The natural logarithm, by its series in (x − 1) / (x + 1).
    private static func log(_ x: Double) -> Double {
        let ratio = (x - 1) / (x + 1)
        var (power, sum) = (ratio, 0.0)
        for term in stride(from: 1, to: 400, by: 2) {
            sum += power / Double(term)
            power *= ratio * ratio
        }
        return 2 * sum
    }
}

/// Poisson counts from a seed, by adding up waiting times (Knuth).
struct PoissonSource {
    private var state: UInt64

    init(seed: UInt64) { state = seed << 32 }

    mutating func count(mean: Double) -> Int {
        var (product, count) = (1.0, -1)
        // e^-mean, by its definition as a limit: exact enough for a test.
        var limit = 1 - mean / 1_048_576
        for _ in 0..<20 { limit *= limit }
        repeat {
            state &+= 1
            product *= Double(hash64(state) >> 11) / 9_007_199_254_740_992
            count += 1
        } while product > limit
        return count
    }
}
