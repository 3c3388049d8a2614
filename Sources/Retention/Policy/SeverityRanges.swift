internal import LogModel

/// Sets of severity numbers as a policy writes them.
package enum SeverityRanges {
    /// Levels that policies and queries have exact numbers for.
    private static let names: [UInt8: String] = [
        1: "TRACE", 5: "DEBUG", 9: "INFO", 10: "NOTICE", 13: "WARN", 17: "ERROR", 18: "CRIT",
        19: "ALERT", 21: "FATAL",
    ]
    /// Numbers above are not given to events.
    private static let greatest: UInt8 = 24

    /// What is in the mask, the highest levels first: `>=ERROR`, `>DEBUG <ERROR, none`, or `all`.
    package static func text(_ mask: UInt32) -> String {
        let levels: UInt32 = (1 << (UInt32(greatest) + 1)) - 2
        if mask & levels == levels, mask & 1 == 1 { return "all" }
        var parts: [String] = []
        var upper = greatest
        while upper > 0 {
            guard mask >> UInt32(upper) & 1 == 1 else {
                upper -= 1
                continue
            }
            var lower = upper
            while lower > 1, mask >> UInt32(lower - 1) & 1 == 1 { lower -= 1 }
            parts.append(range(lower, upper))
            upper = lower - 1
        }
        if mask & 1 == 1 { parts.append("none") }
        return parts.joined(separator: ", ")
    }

    private static func range(_ lower: UInt8, _ upper: UInt8) -> String {
        if lower == upper { return names[lower] ?? "\(lower)" }
        var bounds: [String] = []
        if lower > 1 {
            let after = names[lower - 1].map { ">" + $0 }
            bounds.append(names[lower].map { ">=" + $0 } ?? after ?? ">=\(lower)")
        }
        if upper < greatest {
            let before = names[upper + 1].map { "<" + $0 }
            bounds.append(names[upper].map { "<=" + $0 } ?? before ?? "<=\(upper)")
        }
        return bounds.isEmpty ? ">=TRACE" : bounds.joined(separator: " ")
    }
}
