package import LogStore

/// How long events are kept, in whole days: days are files, so nothing is finer.
package enum Age: Sendable, Hashable, Comparable {
    case days(Int64)
    case forever

    /// The longest that can be written besides `forever`: a hundred years.
    static let most: Int64 = 36_525

    static let nanosecondsPerDay: Int64 = 86_400_000_000_000

    /// In nanoseconds; the greatest number for `forever`.
    package var nanoseconds: Int64 {
        switch self {
        case .days(let days):
            let product = days.multipliedReportingOverflow(by: Self.nanosecondsPerDay)
            return product.overflow ? .max : product.partialValue
        case .forever: return .max
        }
    }

    /// Whether all of a UTC day is at least this old: its last instant is so many days ago.
    package func isPast(_ day: Day, at now: Int64) -> Bool {
        guard case .days = self else { return false }
        let (end, isOver) = day.end.addingReportingOverflow(nanoseconds)
        return !isOver && end <= now
    }

    /// As a policy has it: `30d`.
    package var text: String {
        switch self {
        case .days(let days): "\(days)d"
        case .forever: "forever"
        }
    }
}
