import Statistics
import Testing

@Suite struct HeavyHittersTests {
    @Test func countsExactlyUpToItsCapacity() {
        var hitters = HeavyHitters(capacity: 3)
        for word in ["b", "a", "c", "a", "b", "a", ""] where word != "" { add(word, &hitters) }
        #expect(described(hitters.top(9)) == ["a 3 ±0", "b 2 ±0", "c 1 ±0"])
        #expect(described(hitters.top(1)) == ["a 3 ±0"])
        #expect(hitters.top(-1).isEmpty)
        #expect(hitters.isExact)
        hitters.add([], count: 0)
        #expect(hitters.isExact)
    }

    @Test func aNewKeyTakesThePlaceOfTheRarest() {
        var hitters = HeavyHitters(capacity: 2)
        for word in ["a", "a", "a", "b", ""] { add(word, &hitters) }
        #expect(!hitters.isExact)
        #expect(described(hitters.top(9)) == ["a 3 ±0", " 2 ±1"])
        add("b", &hitters)
        #expect(described(hitters.top(9)) == ["a 3 ±0", "b 3 ±2"])
    }

    @Test func equalCountsComeInTheOrderOfTheirBytes() {
        var hitters = HeavyHitters(capacity: 10)
        for word in ["c", "a", "ab", "b"] { add(word, &hitters) }
        #expect(described(hitters.top(4)) == ["a 1 ±0", "ab 1 ±0", "b 1 ±0", "c 1 ±0"])
    }

    @Test(arguments: 1...20)
    func countsAreBoundedAsAgainstATrueCount(seed: UInt64) {
        var stream = Stream(seed: seed)
        let capacity = 1 + stream.number(40)
        var hitters = HeavyHitters(capacity: capacity)
        var model = Model(capacity: capacity)
        for _ in 0..<3_000 { model.add(stream.key(), stream.number(3), to: &hitters) }
        model.check(hitters, bound: model.total / capacity, "seed \(seed)")
    }

    @Test(arguments: 1...20)
    func mergedCountsAreBoundedToo(seed: UInt64) {
        var stream = Stream(seed: seed)
        let capacity = 1 + stream.number(40)
        var parts = (0..<4).map { _ in HeavyHitters(capacity: capacity + stream.number(9)) }
        var model = Model(capacity: capacity)
        for _ in 0..<2_000 { model.add(stream.key(), 1, to: &parts[stream.number(4)]) }
        var whole = HeavyHitters(capacity: capacity)
        for part in parts { whole.merge(part) }
        // A summary that has been merged goes on counting.
        for _ in 0..<500 { model.add(stream.key(), 1, to: &whole) }
        model.check(whole, bound: 2 * model.total / capacity + 1, "seed \(seed)")
    }

    @Test func exactPartsMergedEqualTheWhole() {
        var (left, right, whole) = (
            HeavyHitters(capacity: 500), HeavyHitters(capacity: 500), HeavyHitters(capacity: 500)
        )
        for number in 0..<2_000 {
            let key = "k\(number * number % 499)"
            if number % 3 == 0 { add(key, &left) } else { add(key, &right) }
            add(key, &whole)
        }
        left.merge(right)
        #expect(left.isExact)
        #expect(described(left.top(500)) == described(whole.top(500)))
    }

    @Test func theFrequentOnesAmongManyDistinctKeysAreFound() {
        var hitters = HeavyHitters(capacity: 1_000)
        for number in 0..<100_000 {
            add("order-\(number)", &hitters)
            if number % 100 == 0 { add("often", &hitters) }
            if number % 300 == 0 { add("less often", &hitters) }
        }
        let top = hitters.top(2)
        #expect(top.map { String(decoding: $0.key, as: UTF8.self) } == ["often", "less often"])
        #expect(top[0].count >= 1_000 && top[0].count - top[0].error <= 1_000)
        #expect(hitters.top(.max).count == 1_000)
    }

    private func add(_ word: String, _ hitters: inout HeavyHitters) {
        hitters.add(Array(word.utf8), count: 1)
    }

    private func described(_ top: [(key: [UInt8], count: Int, error: Int)]) -> [String] {
        top.map { "\(String(decoding: $0.key, as: UTF8.self)) \($0.count) ±\($0.error)" }
    }
}

/// Keys of which some are frequent, from a seed.
private struct Stream {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 1_000_003 }

    mutating func number(_ limit: Int) -> Int {
        state &+= 1
        return Int(hash64(state) % UInt64(limit))
    }

    mutating func key() -> [UInt8] {
        Array("key \(number(1 + number(1 + number(300))))".utf8)
    }
}

/// The true counts, and what they demand of a summary.
private struct Model {
    let capacity: Int
    private(set) var total = 0
    private var counts: [[UInt8]: Int] = [:]

    init(capacity: Int) { self.capacity = capacity }

    mutating func add(_ key: [UInt8], _ count: Int, to hitters: inout HeavyHitters) {
        hitters.add(key, count: count)
        counts[key, default: 0] += count
        total += count
    }

    func check(_ hitters: HeavyHitters, bound: Int, _ comment: Comment) {
        let top = hitters.top(.max)
        #expect(top.count <= capacity, comment)
        for entry in top {
            let truth = counts[entry.key] ?? 0
            #expect(entry.count >= truth && entry.count - entry.error <= truth, comment)
            #expect(entry.error <= bound, comment)
        }
        let kept = Set(top.map(\.key))
        for (key, count) in counts where count > bound { #expect(kept.contains(key), comment) }
    }
}
