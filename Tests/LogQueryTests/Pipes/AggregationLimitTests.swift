import LogModel
import LogStore
import Testing

@testable import LogQuery

/// States stay bounded however many groups and values come.
@Suite struct AggregationLimitTests {
    private static let key = FieldReference(name: "k", written: "k", type: .text)
    private static let group = GroupKey(field: key, bin: nil)

    /// Numbers from `first` on as texts, a row each.
    private struct Numbers: RowBatch {
        let first: Int
        let count: Int

        func times() -> [Int64] { Array(repeating: 0, count: count) }
        func severities() -> [UInt8] { Array(repeating: 0, count: count) }
        func rows(meeting condition: Int) -> [Bool] { Array(repeating: true, count: count) }
        func place(of row: Int) -> (source: String, offset: Int64) { ("", Int64(first + row)) }
        func values(of field: FieldReference) -> FieldColumn {
            var column = FieldColumn(nil, rows: count)
            for row in 0..<count { column.set(.text(Array(String(first + row).utf8)), at: row) }
            return column
        }
    }

    @Test func groupsBeyondTheLimitAreTheOthers() throws {
        var left = Aggregation([Self.group], [.countAll], zone: .utc)
        var right = left
        for first in stride(from: 0, to: 150_000, by: 10_000) {
            try left.add(Numbers(first: first, count: 10_000))
            try right.add(Numbers(first: 100_000 + first, count: 10_000))
        }
        #expect(!left.isOverfull && !right.isOverfull)
        left.merge(right)
        #expect(left.isOverfull)
        #expect(left.groups.count == Aggregation.mostGroups + 1)
        #expect(left.counts.reduce(0, +) == 300_000)
        // 100 000 to 149 999 were in both, 200 000 to 249 999 found no place.
        #expect(left.counts.count { $0 == 2 } == 50_000)
        let others = try #require(left.groups.firstIndex { $0 == nil })
        #expect(left.counts[others] == 50_000)
        #expect(left.keyValues(of: others) == [.text(Array("(other)".utf8))])
        #expect(left.notes.count == 1)
    }

    @Test func distinctCountsOfTwoHundredThousandAreNear() throws {
        let distinct = Aggregate(
            function: .distinct, field: Self.key, condition: nil, name: "dc(k)")
        var state = Aggregation([], [distinct], zone: .utc)
        for first in stride(from: 0, to: 200_000, by: 10_000) {
            try state.add(Numbers(first: first, count: 10_000))
            try state.add(Numbers(first: first, count: 10_000))
        }
        let found = try #require(state.results(of: 0)[0]?.number)
        #expect((found - 200_000).magnitude < 200_000 * 0.032)
        #expect(state.notes == ["dc(k) is approximate: ±1.6 % (two standard errors)"])
    }

    @Test func frequentValuesAreFoundAmongManyRareOnes() throws {
        var top = TopCount([Self.group], zone: .utc)
        for first in stride(from: 0, to: 200_000, by: 10_000) {
            try top.add(Numbers(first: 0, count: 10))
            try top.add(Numbers(first: first, count: 10_000))
        }
        let (rows, notes) = top.rows(10)
        #expect(
            Set(rows.map { $0[0]?.bytes ?? [] }) == Set((0..<10).map { Array(String($0).utf8) }))
        #expect(rows.allSatisfy { ($0[1]?.number ?? 0) >= 21 })
        #expect(notes.count == 1)
    }

    @Test func sumsAreWholeWhileTheyFit() throws {
        var moments = Moments()
        moments.add((3, 3), count: 4)
        #expect(moments.result(.sum) == .integer(12))
        moments.add((Double(Int64.max), .max), count: 2)
        let sum = try #require(moments.result(.sum)?.number)
        #expect((sum - 2 * Double(Int64.max)).magnitude < 1e9)
    }
}
