internal import Configuration
internal import LogModel

/// Finds what is wrong with rules together: those that never decide, and ages that contradict.
struct PolicyCheck {
    private let policy: RetentionPolicy
    private let rules: [RetentionRule]
    /// For each two rules and each kind of name, whether the first one's names have the second's.
    private let covers: [[[Bool]]]

    typealias Fault = ConfigurationError.Fault
    private typealias AgeOf = (RetentionRule) -> AgeSetting?

    /// Compares each rule with each other: milliseconds for a hundred.
    init(_ policy: RetentionPolicy) {
        self.policy = policy
        rules = policy.rules
        let names = rules.map(\.conditions.names)
        covers = names.map { outer in names.map { zip(outer, $0).map(Self.cover) } }
    }

    private static func cover(_ outer: [String]?, _ inner: [String]?) -> Bool {
        guard let outer, !outer.contains("*") else { return true }
        guard let inner else { return false }
        return inner.allSatisfy { name in outer.contains { NameGlob.covers($0, name) } }
    }

    private static func intersect(_ left: [String]?, _ right: [String]?) -> Bool {
        guard let left, let right else { return true }
        return left.contains { name in right.contains { NameGlob.intersect(name, $0) } }
    }

    func faults() -> [Fault] {
        shadowed("indexed", \.indexed) + shadowed("archived", \.archived) + inverted()
    }

    // MARK: Rules that never decide

    /// Ages in rules for whose events earlier rules have one.
    private func shadowed(_ key: String, _ age: AgeOf) -> [Fault] {
        rules.indices.compactMap { later in
            guard let setting = age(rules[later]) else { return nil }
            var mask = rules[later].conditions.mask
            for earlier in 0..<later where age(rules[earlier]) != nil {
                guard covers[earlier][later].allSatisfy(\.self) else { continue }
                mask &= ~rules[earlier].conditions.mask
                if mask != 0 { continue }
                let name = ConfigurationValue.shortened(rules[earlier].name)
                return Fault(
                    line: setting.line,
                    "this '\(key)' never decides: the rule '\(name)' in line "
                        + "\(rules[earlier].line) comes first for all that this rule is about",
                    help: "put the narrower rule before the wider one, or take this line out")
            }
            return nil
        }
    }

    // MARK: Ages that contradict

    /// The index of a rule, its conditions and an age; past the last rule, the policy's own.
    private struct Deciding {
        let place: Int
        let conditions: RetentionConditions
        let setting: AgeSetting
    }

    private func deciding(_ age: AgeOf, _ own: AgeSetting) -> [Deciding] {
        rules.indices.compactMap { place in
            age(rules[place]).map {
                Deciding(place: place, conditions: rules[place].conditions, setting: $0)
            }
        } + [Deciding(place: rules.count, conditions: RetentionConditions(), setting: own)]
    }

    /// Each two lines that would remove an event from the archive before it left the index.
    private func inverted() -> [Fault] {
        var faults: [Fault] = []
        let archived = deciding(\.archived, policy.archived)
        for index in deciding(\.indexed, policy.indexed) {
            for archive in archived where archive.setting.age < index.setting.age {
                if canDecide(index, archive) {
                    faults.append(fault(index.setting, archive.setting))
                }
            }
        }
        return faults
    }

    /// Whether some event may have its ages from these two.
    private func canDecide(_ index: Deciding, _ archive: Deciding) -> Bool {
        guard
            zip(index.conditions.names, archive.conditions.names).allSatisfy(Self.intersect)
        else { return false }
        var mask = index.conditions.mask & archive.conditions.mask
        for (place, rule) in rules.enumerated() where isCovered(place, index, archive) {
            let decidesIndex = rule.indexed != nil && place < index.place
            let decidesArchive = rule.archived != nil && place < archive.place
            if decidesIndex || decidesArchive { mask &= ~rule.conditions.mask }
        }
        return mask != 0
    }

    /// Whether the rule's names have all that both are about.
    private func isCovered(_ rule: Int, _ index: Deciding, _ archive: Deciding) -> Bool {
        rules[rule].conditions.names.indices.allSatisfy { kind in
            [index.place, archive.place].contains { place in
                place < rules.count
                    ? covers[rule][place][kind]
                    : Self.cover(rules[rule].conditions.names[kind], nil)
            }
        }
    }

    private func fault(_ index: AgeSetting, _ archive: AgeSetting) -> Fault {
        func place(_ setting: AgeSetting) -> String {
            setting.line > 0 ? "line \(setting.line)" : "built in"
        }
        return Fault(
            line: max(index.line, archive.line),
            "events would leave the archive after \(archive.age.text) (\(place(archive))), before "
                + "they leave the index after \(index.age.text) (\(place(index)))",
            help: "'archived' counts from the event on: make it at least as long as 'indexed'")
    }
}

extension RetentionConditions {
    /// The names of each kind.
    var names: [[String]?] { [services, hosts, environments, formats] }
    /// Bit n: severity number n.
    package var mask: UInt32 { severities ?? .max }
}
