/// How many single-letter mistakes lie between two words, for guessing the word that was meant.
package enum EditDistance {
    /// The number of insertions, deletions, replacements and swaps of neighbours (each letter
    /// edited once: the optimal string alignment distance).
    ///
    /// Cost: the product of both lengths in time, three rows in memory; callers bound the lengths.
    package static func between(_ first: [UInt8], _ second: [UInt8]) -> Int {
        guard !first.isEmpty, !second.isEmpty else { return max(first.count, second.count) }
        var beforeLast = [Int](repeating: 0, count: second.count + 1)
        var last = Array(0...second.count)
        var current = last
        for row in 1...first.count {
            current[0] = row
            for column in 1...second.count {
                let replaced = first[row - 1] == second[column - 1] ? 0 : 1
                var cost = min(
                    last[column] + 1, current[column - 1] + 1, last[column - 1] + replaced)
                if row > 1, column > 1, first[row - 1] == second[column - 2],
                    first[row - 2] == second[column - 1]
                {
                    cost = min(cost, beforeLast[column - 2] + 1)
                }
                current[column] = cost
            }
            (beforeLast, last, current) = (last, current, beforeLast)
        }
        return last[second.count]
    }
}
