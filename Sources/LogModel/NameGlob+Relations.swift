extension NameGlob {
    private static let star = UInt8(ascii: "*")

    /// Whether every name that matches `inner` matches `outer`.
    ///
    /// No answer is wrong with true; some with `?` against `*` are false though it holds.
    package static func covers(_ outer: String, _ inner: String) -> Bool {
        if outer.utf8.contains(UInt8(ascii: "?")), inner.utf8.contains(star) {
            return outer == inner
        }
        // Read as a name, a wildcard of the inner one is matched by one of the outer only.
        return matches(inner, outer)
    }

    /// Whether some name matches both.
    ///
    /// Takes time and memory in proportion to the product of the lengths.
    package static func intersect(_ left: String, _ right: String) -> Bool {
        let left = Array(left.utf8)
        let right = Array(right.utf8)
        // Whether what is left of both from there on has a name in common, for each place of the
        // right one; filled from the end.
        var below = [Bool](repeating: false, count: right.count + 1)
        for i in stride(from: left.count, through: 0, by: -1) {
            var row = [Bool](repeating: false, count: right.count + 1)
            for j in stride(from: right.count, through: 0, by: -1) {
                let hasLeft = i < left.count
                let hasRight = j < right.count
                if hasLeft, left[i] == star {
                    row[j] = below[j] || hasRight && row[j + 1]
                } else if hasRight, right[j] == star {
                    row[j] = row[j + 1] || hasLeft && below[j]
                } else if hasLeft, hasRight {
                    row[j] =
                        (isSame(left[i], right[j]) || isSame(right[j], left[i])) && below[j + 1]
                } else {
                    row[j] = !hasLeft && !hasRight
                }
            }
            below = row
        }
        return below[0]
    }
}
