package import LogModel

/// What a policy says of events, and which lines of it do.
package struct PolicyExplanation: Sendable {
    /// Events that go the same way.
    package struct Row: Sendable, Equatable {
        package let host: String
        package let service: String
        package let environment: String
        package let format: String
        /// Bit n: severity number n.
        package let severities: UInt32
        package let decision: RetentionPolicy.Decision
    }

    /// Those of each source, the highest levels first.
    package let rows: [Row]
    /// Rules that are about none of the sources.
    package let unused: [RetentionRule]

    /// Explains the policy for sources with their formats; of sources that differ in nothing that is
    /// shown, one is.
    package init(of policy: RetentionPolicy, for sources: [(EventSource, format: String)]) {
        rows = Self.distinct(sources).flatMap { source, format in
            Self.rows(policy, source, format)
        }
        unused = policy.rules.filter { rule in
            !sources.contains { rule.conditions.match($0.0, format: $0.format) }
        }
    }

    private static func distinct(
        _ sources: [(EventSource, format: String)]
    ) -> [(EventSource, format: String)] {
        func key(_ source: (EventSource, format: String)) -> [String] {
            [source.0.host, source.0.service, source.0.environment, source.format]
        }
        var seen: Set<[String]> = []
        return sources.filter { seen.insert(key($0)).inserted }
            .sorted { key($0).lexicographicallyPrecedes(key($1)) }
    }

    private static func rows(
        _ policy: RetentionPolicy, _ source: EventSource, _ format: String
    ) -> [Row] {
        var masks: [(decision: RetentionPolicy.Decision, mask: UInt32)] = []
        for (number, decision) in policy.decisions(for: source, format: format).enumerated() {
            let bit: UInt32 = 1 << UInt32(number)
            if let known = masks.firstIndex(where: { $0.decision == decision }) {
                masks[known].mask |= bit
            } else {
                masks.append((decision, bit))
            }
        }
        return masks.sorted { $0.mask > $1.mask }.map { decision, mask in
            Row(
                host: source.host, service: source.service, environment: source.environment,
                format: format, severities: mask, decision: decision)
        }
    }
}

extension RetentionPolicy {
    /// The rule that a line's age stands in; nil for the policy's own lines and the built-in ones.
    package func rule(of setting: AgeSetting) -> RetentionRule? {
        rules.first { $0.indexed == setting || $0.archived == setting }
    }
}

extension RetentionConditions {
    /// As they are written, in one line: `service: pay-*; level: >=ERROR`.
    package var text: String {
        let names = [
            ("service", services), ("host", hosts), ("env", environments), ("format", formats),
        ]
        var parts = names.compactMap { key, names in
            names.map { "\(key): " + $0.joined(separator: ", ") }
        }
        if let severities { parts.append("level: " + SeverityRanges.text(severities)) }
        return parts.joined(separator: "; ")
    }
}
