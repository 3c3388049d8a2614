internal import Configuration

/// Makes a policy of scanned lines and gathers what is wrong with it.
struct PolicyBuilder {
    private let sections: [Section]
    private(set) var faults: Set<Fault>

    typealias Entry = ConfigurationEntry<PolicyKey>
    typealias Section = ConfigurationSection<PolicyKey>
    typealias Fault = ConfigurationError.Fault

    /// Each rule is held against each other.
    private static let mostRules = 100

    init(_ scanner: ConfigurationScanner<PolicyKey>) {
        sections = scanner.sections
        faults = Set(scanner.faults)
    }

    /// The policy; of use only if there are no faults then.
    mutating func policy() -> RetentionPolicy {
        var policy = RetentionPolicy(indexed: .days(30), archived: .days(90))
        guard let top = sections.first else { return policy }
        policy.indexed = faults.value(of: top[.indexed].first, PolicyValues.age) ?? policy.indexed
        policy.archived =
            faults.value(of: top[.archived].first, PolicyValues.age) ?? policy.archived
        policy.sizeLimit = faults.value(of: top[.size].first, PolicyValues.size)
        policy.window = faults.value(of: top[.window].first, PolicyValues.window)
        for section in sections.dropFirst() {
            if let rule = rule(section, among: policy.rules) { policy.rules.append(rule) }
        }
        // With other mistakes, what rules say together is not known.
        if faults.isEmpty { faults.formUnion(PolicyCheck(policy).faults()) }
        return policy
    }

    private mutating func rule(
        _ section: Section, among rules: [RetentionRule]
    ) -> RetentionRule? {
        func text(_ entry: Entry) throws(Fault) -> String { try entry.value.text().text }
        let name = faults.value(of: section.head, text) ?? ""
        let line = section.head?.line ?? 0
        let rule = RetentionRule(
            name, line: line,
            conditions: RetentionConditions(
                services: faults.value(of: section[.service].first, PolicyValues.names),
                hosts: faults.value(of: section[.host].first, PolicyValues.names),
                environments: faults.value(of: section[.env].first, PolicyValues.names),
                formats: faults.value(of: section[.format].first, PolicyValues.names),
                severities: faults.value(of: section[.level].first, PolicyValues.levels)),
            indexed: faults.value(of: section[.indexed].first, PolicyValues.age),
            archived: faults.value(of: section[.archived].first, PolicyValues.age))
        guard let head = section.head else { return nil }
        if let first = rules.first(where: { $0.name == name }) {
            faults.insert(
                head.value.fault(
                    "a second rule '\(ConfigurationValue.shortened(name))'",
                    help: "the first one is line \(first.line); give one another name"))
        }
        if rules.count == Self.mostRules {
            faults.insert(
                head.value.fault(
                    "there are more than \(Self.mostRules) rules",
                    help: "put several names into one, such as 'service: pay-*, order'"))
        }
        checkIsWhole(section, head, name)
        return rule
    }

    private mutating func checkIsWhole(_ section: Section, _ head: Entry, _ name: String) {
        func lacks(_ keys: [PolicyKey]) -> Bool {
            keys.allSatisfy { section[$0].isEmpty && !section.faulty.contains($0) }
        }
        let shown = ConfigurationValue.shortened(name)
        if lacks(PolicyKey.conditions) {
            faults.insert(
                head.value.fault(
                    "the rule '\(shown)' has no condition",
                    help: "say below it what it is about, such as 'service: NAME' or "
                        + "'level: >=ERROR'; what holds for all stands above the first rule"))
        }
        if lacks(PolicyKey.ages) {
            faults.insert(
                head.value.fault(
                    "the rule '\(shown)' has no age",
                    help: "write 'indexed: 7d' or 'archived: 90d' below it"))
        }
    }
}
