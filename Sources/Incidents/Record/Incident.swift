package import LogModel

/// A fault record, as it stands: what is known of one fault, and what follows from it.
///
/// Texts may have several lines, names and titles have one. What is not known is empty or nil. Times are
/// nanoseconds since 1970 UTC. The fields are those that the operations manuals ask for (time, type,
/// description, impact scope, handling steps, root cause, prevention, handlers) and what a
/// blameless post-mortem adds; `IncidentField` has their names.
package struct Incident: Equatable, Sendable {
    package var title = ""
    package var type: FaultClass?
    package var severity: IncidentSeverity?
    package var status = IncidentStatus.identified

    package var started: Int64?
    package var detected: Int64?
    package var acknowledged: Int64?
    package var mitigated: Int64?
    package var resolved: Int64?
    /// How it was detected: an alert, a user's report, an inspection.
    package var detection = ""

    package var description = ""
    package var services: [String] = []
    package var hosts: [String] = []
    package var scope = ""
    package var impact: [ImpactClaim] = []
    package var steps: [HandlingStep] = []

    package var trigger = ""
    package var rootCause = ""
    /// Queries that find the root cause in logs, should it come again.
    package var patterns: [String] = []
    package var factors: [String] = []
    package var whys: [String] = []

    package var prevention = ""
    package var actions: [PreventionAction] = []
    package var handlers: [String] = []
    package var reviewers: [String] = []
    package var lessons = ""
    package var related: [IncidentID] = []
    package var tags: [String] = []

    /// Where it was imported from: the other record's id and root, or the file and its digest. No field, since
    /// nobody but an import sets it; empty for a record that was written here.
    package var origin = ""

    package init() {}
}

/// A statement of what the fault did, and what it rests on.
package struct ImpactClaim: Hashable, Sendable {
    package var text: String
    /// The query whose answer the claim's number is; empty where there is none.
    package var query: String
    /// The numbers of pins that show it.
    package var pins: [Int]

    package init(_ text: String, query: String = "", pins: [Int] = []) {
        (self.text, self.query, self.pins) = (text, query, pins)
    }
}

/// Something that was done about the fault.
package struct HandlingStep: Hashable, Sendable {
    package var time: Int64?
    package var person: String
    package var text: String
    /// The numbers of pins that show it.
    package var pins: [Int]

    package init(_ text: String, at time: Int64? = nil, by person: String = "", pins: [Int] = []) {
        (self.text, self.time, self.person, self.pins) = (text, time, person, pins)
    }
}

/// What is to be done so that the fault does not come again.
package struct PreventionAction: Hashable, Sendable {
    package enum State: String, CaseIterable, Sendable {
        case open
        case done
        case dropped
    }

    package var text: String
    package var owner: String
    /// The last day on which it is in time, as people write it: no zone belongs to it.
    package var due: CalendarDate?
    package var state: State

    package init(
        _ text: String, owner: String = "", due: CalendarDate? = nil, state: State = .open
    ) {
        (self.text, self.owner, self.due, self.state) = (text, owner, due, state)
    }
}

/// A date of the calendar, `2026-12-01`.
package struct CalendarDate: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// `2026-12-01`; such texts are in the order of their dates.
    package let description: String

    /// Nil for what is no date.
    package init?(_ text: some StringProtocol) {
        let bytes = Array(text.utf8)
        let digits = bytes.map { Int($0) - 0x30 }
        guard bytes.count == 10, bytes[4] == 0x2D, bytes[7] == 0x2D,
            digits.indices.allSatisfy({ $0 == 4 || $0 == 7 || (0...9).contains(digits[$0]) })
        else { return nil }
        let year = digits[0...3].reduce(0) { $0 * 10 + $1 }
        let (month, day) = (digits[5] * 10 + digits[6], digits[8] * 10 + digits[9])
        guard (1...12).contains(month), (1...31).contains(day) else { return nil }
        let civil = CivilTime.civil(days: CivilTime.days(year: year, month: month, day: day))
        guard civil == (year, month, day) else { return nil }
        description = String(text)
    }

    /// The date that the calendar of `zone` shows at an instant.
    package init(_ time: Int64, in zone: Zone) {
        description = String(RFC3339.clockText(time, zone: zone).prefix(10))
    }

    package static func < (left: CalendarDate, right: CalendarDate) -> Bool {
        left.description < right.description
    }
}
