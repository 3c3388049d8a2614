/// The name of a fault record: the year in which it was made and a number, `INC-2026-0007`.
package struct IncidentID: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let year: Int
    package let number: Int

    package init(year: Int, number: Int) { (self.year, self.number) = (year, number) }

    /// Reads `INC-2026-0007`, in any case, and `2026-7`.
    package init?(_ text: some StringProtocol) {
        var rest = text[...]
        if rest.lowercased().hasPrefix("inc-") { rest = rest.dropFirst(4) }
        let parts = rest.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].utf8.count == 4, (1...7).contains(parts[1].utf8.count),
            (String(parts[0]) + parts[1]).utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let year = Int(parts[0]), let number = Int(parts[1]), number > 0
        else { return nil }
        self.init(year: year, number: number)
    }

    package var description: String {
        "INC-" + Self.padded(year) + "-" + Self.padded(number)
    }

    private static func padded(_ value: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
    }

    package static func < (left: IncidentID, right: IncidentID) -> Bool {
        (left.year, left.number) < (right.year, right.number)
    }

    /// The key of its rows, in the order of the ids.
    var key: Int64 { Int64(year) * 10_000_000 + Int64(number) }

    init(key: Int64) {
        self.init(year: Int(key / 10_000_000), number: Int(key % 10_000_000))
    }
}
