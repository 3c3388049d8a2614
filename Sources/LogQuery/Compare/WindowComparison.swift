package import LogModel
package import LogStore

/// Two windows of the same logs, and how sure a difference has to be.
package struct ComparisonRequest: Sendable {
    /// The events that count; empty for all.
    package var query: String
    /// What must hold of them besides.
    package var conditions: [Filter] = []
    /// The window in which something is wrong, and the one in which nothing was; ns since 1970 UTC.
    package var bad: Range<Int64>
    package var good: Range<Int64>
    /// The share of the changes listed that may be chance: the false-discovery rate.
    package var falseDiscoveryRate = 0.01
    /// By what factor a rate must change at least.
    package var smallestRatio = 2.0
    /// How many events, in one of the windows, a change must consist of at least.
    package var fewestEvents = 5
    /// The zone and the moment in which times inside the query are read.
    package var zone: Zone = .utc
    package var now: Int64

    package init(query: String, bad: Range<Int64>, good: Range<Int64>, now: Int64) {
        self.query = query
        self.bad = bad
        self.good = good
        self.now = now
    }
}

/// What two windows differ in.
///
/// Compared are messages by their template, exceptions by their classes, HTTP statuses, paths,
/// loggers, levels and hosts, each within its component: the requests, or the other events, of one
/// service. A change counts when both its rate in time and its rate against the component's other
/// traffic differ: traffic alone, which comes and goes with the hour, makes no change.
package struct WindowComparison: Sendable {
    /// What is compared of an event; the raw value is its name in answers.
    package enum Kind: String, CaseIterable, Sendable {
        case service, message, exception, status, path, logger, level, host
    }

    package enum Sign: String, Sendable {
        /// There was none in the good window.
        case new
        case up
        /// There is none in the bad window.
        case gone
        case down

        package var isRise: Bool { self == .new || self == .up }
    }

    /// One thing that differs.
    package struct Change: Sendable {
        package var sign: Sign
        package var kind: Kind
        package var service: String
        /// The template, class, status, path, name.
        package var value: [UInt8]
        /// Events in the windows.
        package var good: Int
        package var bad: Int
        /// The bad window's rate over the good one's, with half an event more on both sides.
        package var ratio: Double
        /// When it began, nanoseconds since 1970 UTC, to a second or 1/1800 of the bad window.
        package var onset: Int64
        /// The least false-discovery rate at which it is listed.
        package var q: Double
        /// The identity of its first event from the onset on; nil for what is gone or down.
        package var example: String?
        /// Changes of the same events, such as the exception that comes with a message.
        package var echoes: [Change] = []

        package init(
            sign: Sign, kind: Kind, service: String, value: [UInt8], good: Int, bad: Int,
            ratio: Double, onset: Int64, q: Double, example: String? = nil, echoes: [Change] = []
        ) {
            self.sign = sign
            self.kind = kind
            self.service = service
            self.value = value
            self.good = good
            self.bad = bad
            self.ratio = ratio
            self.onset = onset
            self.q = q
            self.example = example
            self.echoes = echoes
        }
    }

    /// How much more or less of a component's usual traffic there was.
    package struct Traffic: Sendable {
        package var service: String
        /// Whether it is the service's requests, or its other events.
        package var isRequests: Bool
        package var ratio: Double
    }

    /// The first change of each component in the order in which they began, then the others. What
    /// cannot be told apart in time is ordered by how much it tells.
    package var changes: [Change]
    /// The components whose usual traffic changed by half or more, the largest first.
    package var traffic: [Traffic]
    package var goodEvents: Int
    package var badEvents: Int
    /// What was tested, and what the reader must know of the answer.
    package var tests: Int
    package var notes: [String]
    /// Days that could not be read; the answer is incomplete when there are any.
    package var failures: [StoreError]
}
