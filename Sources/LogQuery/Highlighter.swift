internal import LogModel

/// Finds in a text what a query asked for, to be shown highlighted.
package struct Highlighter {
    private var searchers: [TextSearcher] = []
    private var expressions: [RegexTest] = []

    package init(_ search: Search) { add(search.predicate) }

    private mutating func add(_ predicate: Predicate) {
        switch predicate {
        case .text(let searcher): searchers.append(searcher)
        case .regex(let regex): expressions.append(regex)
        case .field(_, _, .contains(let searcher)): searchers.append(searcher)
        case .field(_, _, .regex(let regex)): expressions.append(regex)
        case .and(let parts), .or(let parts): for part in parts { add(part) }
        default: break
        }
    }

    /// The places, in order and without overlap; at most 100.
    package func ranges(in text: UnsafeBufferPointer<UInt8>) -> [Range<Int>] {
        var found: [Range<Int>] = []
        let folded = CaseFolding.folded(Array(text))
        for searcher in searchers where !searcher.parts.isEmpty {
            folded.withUnsafeBufferPointer { folded in
                var position = 0
                while found.count < 100,
                    let range = searcher.firstMatch(in: folded, from: position)
                {
                    found.append(range)
                    position = max(range.upperBound, range.lowerBound + 1)
                }
            }
        }
        for regex in expressions {
            var position = 0
            while found.count < 100, position <= text.count,
                let range = regex.firstMatch(in: text, from: position)
            {
                if !range.isEmpty { found.append(range) }
                position = max(range.upperBound, range.lowerBound + 1)
            }
        }
        found.sort { ($0.lowerBound, $1.upperBound) < ($1.lowerBound, $0.upperBound) }
        var merged: [Range<Int>] = []
        for range in found where range.lowerBound >= merged.last?.upperBound ?? 0 {
            merged.append(range)
        }
        return merged
    }
}
