package import LogModel

/// An age and the line of the policy that says so; 0 for the built-in policy's.
package struct AgeSetting: Sendable, Hashable {
    package let age: Age
    package let line: Int

    package init(_ age: Age, line: Int = 0) {
        self.age = age
        self.line = line
    }
}

/// Which events a rule is about; a condition that is nil holds for all.
package struct RetentionConditions: Sendable, Equatable {
    /// Globs of names, of which one has to match.
    package var services: [String]?
    package var hosts: [String]?
    package var environments: [String]?
    package var formats: [String]?
    /// Bit n: severity number n.
    package var severities: UInt32?

    package init(
        services: [String]? = nil, hosts: [String]? = nil, environments: [String]? = nil,
        formats: [String]? = nil, severities: UInt32? = nil
    ) {
        self.services = services
        self.hosts = hosts
        self.environments = environments
        self.formats = formats
        self.severities = severities
    }

    /// Whether events of the source in that format are meant, those of some severities at least.
    package func match(_ source: EventSource, format: String) -> Bool {
        Self.matches(services, source.service) && Self.matches(hosts, source.host)
            && Self.matches(environments, source.environment) && Self.matches(formats, format)
    }

    private static func matches(_ globs: [String]?, _ name: String) -> Bool {
        guard let globs else { return true }
        return globs.contains { NameGlob.matches(name, $0) }
    }
}

/// Ages for some events.
package struct RetentionRule: Sendable, Equatable {
    package let name: String
    package let line: Int
    package var conditions: RetentionConditions
    package var indexed: AgeSetting?
    package var archived: AgeSetting?

    package init(
        _ name: String, line: Int = 0, conditions: RetentionConditions,
        indexed: AgeSetting? = nil, archived: AgeSetting? = nil
    ) {
        self.name = name
        self.line = line
        self.conditions = conditions
        self.indexed = indexed
        self.archived = archived
    }
}
