/// A time zone that could not be had: its name, why, and names that may have been meant.
package struct ZoneError: Error, Equatable, CustomStringConvertible {
    /// What was asked for.
    package let name: String
    /// Why it could not be had.
    package let problem: String
    /// Names from the system's zone directory that are close to `name`, the closest first.
    package let suggestions: [String]

    /// One line for people: what failed, why, what to do.
    package var description: String {
        let help =
            suggestions.isEmpty
            ? "give a name such as Asia/Shanghai, or an offset such as +08:00"
            : "did you mean \(suggestions.joined(separator: " or "))?"
        return "time zone '\(name)': \(problem); \(help)"
    }
}

/// Finds the zone names nearest to a misspelt one.
enum ZoneSuggestions {
    /// Up to three names, nearest first; a name's last part alone (`shanghai`) is enough.
    static func near(_ name: String, among names: [String]) -> [String] {
        let wanted = Array(name.utf8.map(folded))
        let limit = min(3, max(1, wanted.count / 4))
        let ranked = names.compactMap { candidate -> (distance: Int, name: String)? in
            let bytes = candidate.utf8.map(folded)
            let city = Array(bytes.split(separator: UInt8(ascii: "/")).last ?? [])
            let whole = distance(wanted, bytes, limit: limit)
            let part = distance(wanted, city, limit: limit)
            let best = min(whole, part)
            return best <= limit ? (best, candidate) : nil
        }
        let nearest = ranked.map(\.distance).min() ?? 0
        return ranked.filter { $0.distance == nearest }.map(\.name).sorted().prefix(3).map { $0 }
    }

    private static func folded(_ byte: UInt8) -> UInt8 {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
        case UInt8(ascii: " "), UInt8(ascii: "-"): UInt8(ascii: "_")
        default: byte
        }
    }

    /// Insertions, deletions, replacements and swaps of neighbours between two words; any number
    /// above `limit` when there are more.
    private static func distance(_ a: [UInt8], _ b: [UInt8], limit: Int) -> Int {
        guard abs(a.count - b.count) <= limit else { return limit + 1 }
        var previous: [Int] = []
        var row = Array(0...b.count)
        for i in a.indices {
            let older = previous
            previous = row
            row[0] = i + 1
            for j in b.indices {
                let replaced = previous[j] + (a[i] == b[j] ? 0 : 1)
                row[j + 1] = min(previous[j + 1] + 1, row[j] + 1, replaced)
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
                    row[j + 1] = min(row[j + 1], older[j - 1] + 1)
                }
            }
        }
        return row[b.count]
    }
}
