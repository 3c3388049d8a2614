import Statistics
import Testing

@Suite struct QuantileSketchTests {
    @Test(arguments: [(0, 1), (0.01, 1), (0.5, 50), (0.505, 51), (0.95, 95), (0.99, 99), (1, 100)])
    func takesTheNearestRankOfUpTo1024Values(share: Double, expected: Double) {
        var sketch = QuantileSketch()
        for value in (1...100).reversed() { sketch.add(Double(value), count: 1) }
        #expect(sketch.quantile(share) == expected)
        #expect(sketch.isExact)
    }

    @Test func nothingHasNoQuantile() {
        var sketch = QuantileSketch()
        #expect(sketch.quantile(0.5) == nil)
        sketch.add(.nan, count: 1)
        sketch.add(.infinity, count: 1)
        sketch.add(1, count: 0)
        sketch.add(1, count: -3)
        #expect(sketch.quantile(0.5) == nil)
    }

    @Test func sharesBeyondTheEndsAreTheEnds() {
        var sketch = QuantileSketch()
        for value in 1...3 { sketch.add(Double(value), count: 1) }
        #expect(sketch.quantile(-1) == 1)
        #expect(sketch.quantile(2) == 3)
        #expect(sketch.quantile(.nan) == nil)
    }

    @Test func countsWeigh() {
        var sketch = QuantileSketch()
        sketch.add(5, count: 900)
        sketch.add(7, count: 100)
        #expect(sketch.quantile(0.9) == 5)
        #expect(sketch.quantile(0.91) == 7)
        sketch.add(9, count: .max)
        sketch.add(9, count: .max)
        #expect(abs((sketch.quantile(0.9) ?? 0) - 9) <= 0.09)
    }

    @Test func aMillionValuesKeepOnePercent() throws {
        var sketch = QuantileSketch()
        // 7 919 has no factor in common with a million, so each number comes once.
        var number = 0
        for _ in 0..<1_000_000 {
            number = (number + 7_919) % 1_000_000
            sketch.add(Double(number + 1) / 1000, count: 1)
        }
        #expect(!sketch.isExact)
        for share in [0.001, 0.1, 0.5, 0.9, 0.95, 0.99, 0.9999] {
            let quantile = try #require(sketch.quantile(share))
            #expect(abs(quantile / (share * 1_000) - 1) <= 0.01, "\(share)")
        }
        #expect(sketch.quantile(0) == 0.001)
        #expect(sketch.quantile(1) == 1_000)
    }

    @Test func negativeValuesAndZerosKeepTheirOrder() throws {
        var sketch = QuantileSketch()
        for value in -1_000...1_000 { sketch.add(Double(value), count: 1) }
        for (share, expected) in [(0.25, -500.0), (0.1, -800), (0.75, 500)] {
            let quantile = try #require(sketch.quantile(share))
            #expect(abs(quantile / expected - 1) < 0.012)
        }
        #expect(sketch.quantile(1001.0 / 2001) == 0)
        #expect(sketch.quantile(0) == -1_000)
    }

    @Test func aSpreadBeyondAllBinsKeepsItsHighQuantiles() throws {
        var sketch = QuantileSketch()
        for exponent in -300...300 {
            for _ in 0..<4 { sketch.add(Double("1e\(exponent)") ?? 0, count: 1) }
        }
        let quantile = try #require(sketch.quantile(0.999))
        #expect(abs(quantile / 1e300 - 1) < 0.01)
        let top = try #require(sketch.quantile(590.0 / 601))
        #expect(abs(top / 1e289 - 1) < 0.01)
        #expect(sketch.quantile(0) == 1e-300)
    }

    @Test(arguments: [(3, 5), (600, 600), (5, 4_000), (4_000, 5), (3_000, 3_000)])
    func mergedPartsEqualTheWhole(first: Int, second: Int) {
        var state = UInt64(first * 31 + second)
        var (left, right, whole) = (QuantileSketch(), QuantileSketch(), QuantileSketch())
        for index in 0..<first + second {
            state &+= 1
            let digits = Double(hash64(state) >> 40)
            // Over 24 powers of ten, so that the lowest bins are folded.
            let value = (digits - 4e6) * (index % 2 == 0 ? 1e-12 : 1e12)
            if index < first { left.add(value, count: 1) } else { right.add(value, count: 1) }
            whole.add(value, count: 1)
        }
        left.merge(right)
        #expect(left.isExact == whole.isExact)
        for percent in 0...100 {
            let share = Double(percent) / 100
            #expect(left.quantile(share) == whole.quantile(share))
        }
    }
}
