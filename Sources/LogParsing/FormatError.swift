/// What is wrong with a format definition, and where.
///
/// Shown as `nginx-access.format:7: unknown key 'ngnix'; did you mean 'nginx'?`, with the column
/// after the line where a pattern is at fault.
package struct FormatError: Error, Equatable, CustomStringConvertible {
    /// The file's name or path as it was given, or the directory's.
    package let file: String
    /// Counted from one; 0 when the whole file is meant.
    package let line: Int
    /// The byte of the line, counted from one; 0 when the whole line is meant.
    package let column: Int
    package let problem: String
    /// What to do about it.
    package let help: String?

    package init(
        file: String, line: Int = 0, column: Int = 0, problem: String, help: String? = nil
    ) {
        self.file = file
        self.line = line
        self.column = column
        self.problem = problem
        self.help = help
    }

    package var description: String {
        var place = file
        if line > 0 { place += ":\(line)" }
        if column > 0 { place += ":\(column)" }
        guard let help else { return "\(place): \(problem)" }
        return "\(place): \(problem); \(help)"
    }
}

/// Guesses the word that was meant.
enum Spelling {
    /// "did you mean 'nginx'?" for the nearest of `candidates`, or nil when none is near.
    ///
    /// Near is at most a third of the word's letters wrong, and two for short words.
    static func hint(for word: String, among candidates: [String]) -> String? {
        var nearest: (word: String, distance: Int)?
        for candidate in candidates {
            let distance = distance(Array(word.utf8), Array(candidate.utf8))
            if distance < nearest?.distance ?? Int.max { nearest = (candidate, distance) }
        }
        guard let nearest, nearest.distance <= max(2, word.utf8.count / 3),
            nearest.distance < word.utf8.count
        else { return nil }
        return "did you mean '\(nearest.word)'?"
    }

    /// Insertions, deletions, replacements and swaps of neighbours that turn `a` into `b`.
    private static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
        guard a.count <= 64, b.count <= 64 else { return Int.max }
        var beforeLast = [Int](repeating: 0, count: b.count + 1)
        var last = Array(0...b.count)
        for i in 0..<a.count {
            var row = [i + 1]
            for j in 0..<b.count {
                var best = min(last[j] + (a[i] == b[j] ? 0 : 1), last[j + 1] + 1, row[j] + 1)
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
                    best = min(best, beforeLast[j - 1] + 1)
                }
                row.append(best)
            }
            beforeLast = last
            last = row
        }
        return last[b.count]
    }
}
