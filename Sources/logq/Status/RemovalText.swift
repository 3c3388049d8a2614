internal import LogQuery
internal import LogStore
internal import Presentation

/// What was removed from the store, in words.
enum RemovalText {
    /// A line for each reason.
    static func notes(_ removals: [DayRemoval]) -> [String] {
        RemovalReason.allCases.compactMap { reason in
            let own = removals.filter { $0.reason == reason }
            let days = Set(own.map(\.day))
            guard let first = days.min(), let last = days.max() else { return nil }
            let events = own.reduce(0) { $0 + $1.events }
            let span =
                first == last
                ? first.name : "\(first.name) to \(last.name) (\(days.count) days)"
            let number = events > 0 ? HumanUnits.count(Int64(events)) + " " : ""
            return number + (events == 1 ? "event" : "events") + " of \(span) "
                + (events == 1 ? "was " : "were ") + what(reason)
        }
    }

    static func what(_ reason: RemovalReason) -> String {
        switch reason {
        case .expired: "removed by the retention policy"
        case .purged: "purged"
        case .size: "removed to keep the store within its size"
        }
    }
}
