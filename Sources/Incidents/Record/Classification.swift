/// The four types of faults that the manuals know, and what they have below them.
package enum FaultType: String, CaseIterable, Sendable {
    case infrastructure
    case application
    case data
    case security

    /// The names of the type's sub-types, as they are written in records.
    package var subtypes: [String] {
        switch self {
        case .infrastructure: ["server", "network", "storage"]
        case .application: ["error", "crash"]
        case .data: ["loss", "corruption"]
        case .security: ["vulnerability", "attack"]
        }
    }
}

/// A type, and a sub-type where it is known: `application` or `application/error`.
package struct FaultClass: Hashable, Sendable, CustomStringConvertible {
    package let type: FaultType
    /// One of the type's sub-types; nil where it is not known.
    package let subtype: String?

    package init(_ type: FaultType, _ subtype: String? = nil) {
        (self.type, self.subtype) = (type, subtype)
    }

    /// Reads what `description` writes.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let type = FaultType(rawValue: String(parts[0])) else { return nil }
        let subtype = parts.count > 1 ? String(parts[1]) : nil
        if let subtype, !type.subtypes.contains(subtype) { return nil }
        self.init(type, subtype)
    }

    package var description: String { type.rawValue + (subtype.map { "/" + $0 } ?? "") }
}

/// How bad it is: P0 is everything down for everybody, P4 a blemish.
package enum IncidentSeverity: String, CaseIterable, Sendable {
    case p0 = "P0"
    case p1 = "P1"
    case p2 = "P2"
    case p3 = "P3"
    case p4 = "P4"
}

/// How far the documented process has come: identify, diagnose, repair, review.
package enum IncidentStatus: String, CaseIterable, Comparable, Sendable {
    case identified
    case diagnosed
    case repaired
    case reviewed
    case closed

    package static func < (left: IncidentStatus, right: IncidentStatus) -> Bool {
        left.rank < right.rank
    }

    private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
