internal import LogModel

/// A UTC day, counted from 1970-01-01: what a partition holds.
package struct Day: Hashable, Comparable, Sendable {
    package let number: Int64

    package init(number: Int64) { self.number = number }

    /// The day of an instant in nanoseconds since 1970 UTC.
    package init(of time: Int64) {
        number = time.flooredDivision(by: Self.nanoseconds)
    }

    /// Reads `2026-11-20`.
    package init?(name: String) {
        let parts = name.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].count == 4, parts[1].count == 2, parts[2].count == 2,
            let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2]),
            (1...12).contains(month), (1...31).contains(day)
        else { return nil }
        number = CivilTime.days(year: year, month: month, day: day)
        guard self.name == name else { return nil }
    }

    static let nanoseconds: Int64 = 86_400_000_000_000

    /// The first instant of the day; the least one where that is out of range.
    package var start: Int64 {
        let product = number.multipliedReportingOverflow(by: Self.nanoseconds)
        return product.overflow ? (number < 0 ? .min : .max) : product.partialValue
    }

    /// The first instant after the day; the greatest one where that is out of range.
    package var end: Int64 {
        let product = (number + 1).multipliedReportingOverflow(by: Self.nanoseconds)
        return product.overflow ? (number < 0 ? .min : .max) : product.partialValue
    }

    /// `2026-11-20`: the file's name without its ending.
    package var name: String {
        let (year, month, day) = CivilTime.civil(days: number)
        func padded(_ value: Int, _ width: Int) -> String {
            let digits = String(value)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
    }

    package static func < (left: Day, right: Day) -> Bool { left.number < right.number }
}

extension Int64 {
    func flooredDivision(by divisor: Int64) -> Int64 {
        let quotient = self / divisor
        return self % divisor < 0 ? quotient - 1 : quotient
    }

    func flooredRemainder(by divisor: Int64) -> Int64 {
        let remainder = self % divisor
        return remainder < 0 ? remainder + divisor : remainder
    }
}
