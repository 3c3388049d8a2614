import StoreFixtures
import Testing

@testable import LogStore

@Suite struct RowSetTests {
    private static func set(_ rows: Set<Int>, of count: Int) -> RowSet {
        var set = RowSet(count: count)
        for row in rows { set.insert(row) }
        return set
    }

    @Test(arguments: [1, 2, 63, 64, 65, 127, 128, 129, 1_000])
    func algebraIsThatOfSets(count: Int) {
        var random = SeededRandom(seed: UInt64(count))
        for _ in 0..<50 {
            let some = Set((0..<count).filter { _ in random.isTrue(oneIn: 3) })
            let others = Set((0..<count).filter { _ in random.isTrue(oneIn: 2) })
            let first = Self.set(some, of: count)
            let second = Self.set(others, of: count)
            var union = first
            union.formUnion(second)
            var intersection = first
            intersection.formIntersection(second)
            var difference = first
            difference.subtract(second)
            #expect(first.indices == some.sorted())
            #expect(union.indices == some.union(others).sorted())
            #expect(intersection.indices == some.intersection(others).sorted())
            #expect(difference.indices == some.subtracting(others).sorted())
            #expect(first.population == some.count)
            #expect(first.isEmpty == some.isEmpty)
            #expect(first.isSubset(of: second) == some.isSubset(of: others))
            #expect(intersection.isSubset(of: second))
            #expect((0..<count).allSatisfy { first.contains($0) == some.contains($0) })
        }
    }

    @Test(arguments: [0, 1, 63, 64, 65, 128, 200])
    func allIsEveryRowAndNoMore(count: Int) {
        let all = RowSet(all: count)
        #expect(all.indices == Array(0..<count))
        #expect(all.population == count)
        var rest = all
        rest.subtract(all)
        #expect(rest == RowSet(count: count))
        #expect(rest.isEmpty)
    }
}
