internal import LogModel

/// How a fault shows in the counts of one service on one host.
package struct FaultSign: Sendable, Equatable {
    package enum Kind: String, Sendable, Comparable {
        case errors
        /// Requests that took unusually long.
        case slowness
        /// No events where there usually are some.
        case silence

        package static func < (left: Kind, right: Kind) -> Bool { left.weight > right.weight }

        /// How much the same likelihood says of a fault: what is missing may be late only.
        var weight: Double {
            switch self {
            case .errors: 1
            case .slowness: 0.5
            case .silence: 0.1
            }
        }
    }

    package let source: SourceName
    package let kind: Kind
    package var times: Range<Int64>
    /// The events of the kind in these times (of silence, all there were), and how many are usual.
    package var count: Int
    package var usual: Double
    /// The logarithm of how much likelier the counts are with a fault, over their dispersion.
    package var likelihood: Double
    /// From how many seconds on a request is slow.
    package let slowness: Double?

    var weight: Double { likelihood * kind.weight }
}

/// A stretch of time in which something was wrong.
package struct Fault: Sendable, Equatable {
    /// Nanoseconds since 1970 UTC, to about a second.
    package var times: Range<Int64>
    /// Whether it lasts to the end of the logs.
    package var isOngoing = false
    /// The strongest first.
    package var signs: [FaultSign]

    var weight: Double { signs.reduce(0) { $0 + $1.weight } }

    init(_ sign: FaultSign) { (times, signs) = (sign.times, [sign]) }

    /// Whether a sign is of this fault: it lies with half of its time within it, or it with half of
    /// its own within the sign, give or take two minutes.
    func covers(_ sign: FaultSign) -> Bool {
        let near = times.widened(by: 2 * .minute)
        guard near.overlaps(sign.times) else { return false }
        let shared = near.clamped(to: sign.times).length
        let isLong = sign.times.length > 4 * near.length
        if isLong, sign.weight < weight / 4 { return false }
        return shared >= Swift.min(near.length, sign.times.length) / 2
    }

    mutating func add(_ sign: FaultSign) {
        signs.append(sign)
        times =
            Swift.min(
                times.lowerBound, sign.times.lowerBound)..<Swift.max(
                times.upperBound, sign.times.upperBound)
    }
}
