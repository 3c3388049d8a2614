/// A set of rows of one block, a bit a row.
package struct RowSet: Equatable, Sendable, Sequence {
    @usableFromInline package var words: [UInt64]
    package let count: Int

    package init(count: Int) {
        self.count = count
        words = Array(repeating: 0, count: (count + 63) / 64)
    }

    /// All rows of a block of `count`.
    package init(all count: Int) {
        self.count = count
        words = Array(repeating: ~0, count: (count + 63) / 64)
        if count % 64 != 0, let last = words.indices.last {
            words[last] = (1 << UInt64(count % 64)) - 1
        }
    }

    /// The rows whose code is accepted; `codes` has one for each row.
    init(codes: [UInt16], accepted: [Bool]) {
        count = codes.count
        let wordCount = (codes.count + 63) / 64
        words = [UInt64](unsafeUninitializedCapacity: wordCount) { words, filled in
            // Codes were checked against the number of values when the column was decoded.
            codes.withUnsafeBufferPointer { codes in
                accepted.withUnsafeBufferPointer { accepted in
                    for index in 0..<wordCount {
                        let start = index &* 64
                        var word: UInt64 = 0
                        for place in 0..<Swift.min(64, codes.count &- start) {
                            let isAccepted = accepted[Int(codes[start &+ place])]
                            word |= (isAccepted ? 1 : 0) &<< UInt64(place)
                        }
                        words[index] = word
                    }
                }
            }
            filled = wordCount
        }
    }

    @inlinable
    package mutating func insert(_ row: Int) { words[row >> 6] |= 1 << UInt64(row & 63) }

    @inlinable
    package func contains(_ row: Int) -> Bool { words[row >> 6] >> UInt64(row & 63) & 1 != 0 }

    package var isEmpty: Bool { words.allSatisfy { $0 == 0 } }

    /// How many rows the set holds.
    package var population: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }

    /// The rows in ascending order.
    package struct Iterator: IteratorProtocol {
        @usableFromInline let words: [UInt64]
        @usableFromInline var index = -1
        @usableFromInline var rest: UInt64 = 0

        @inlinable
        init(words: [UInt64]) { self.words = words }

        @inlinable
        package mutating func next() -> Int? {
            while rest == 0 {
                index += 1
                guard index < words.count else { return nil }
                rest = words[index]
            }
            defer { rest &= rest - 1 }
            return index << 6 | rest.trailingZeroBitCount
        }
    }

    @inlinable
    package func makeIterator() -> Iterator { Iterator(words: words) }

    package var indices: [Int] {
        var indices: [Int] = []
        indices.reserveCapacity(population)
        for row in self { indices.append(row) }
        return indices
    }

    package mutating func formUnion(_ other: RowSet) {
        for index in words.indices { words[index] |= other.words[index] }
    }

    package mutating func subtract(_ other: RowSet) {
        for index in words.indices { words[index] &= ~other.words[index] }
    }

    package mutating func formIntersection(_ other: RowSet) {
        for index in words.indices { words[index] &= other.words[index] }
    }
}

extension RowSet {
    package func isSubset(of other: RowSet) -> Bool {
        zip(words, other.words).allSatisfy { $0 & ~$1 == 0 }
    }
}
