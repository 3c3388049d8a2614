internal import LogModel
internal import LogStore

/// What is done to a day.
package enum RetentionAction: String, Sendable, CaseIterable {
    /// Small blocks into large ones, one index.
    case merged
    /// Events left the index for the archive.
    case archived
    /// Some events were removed.
    case trimmed
    /// The whole day was.
    case removed

    init(_ change: DayChange) {
        let kept = change.eventsIndexed + change.eventsArchived
        self =
            kept == 0
            ? .removed
            : change.eventsRemoved + change.eventsPartlyRemoved > 0
                ? .trimmed
                : change.eventsArchived > change.eventsArchivedBefore ? .archived : .merged
    }
}

extension RetentionPolicy {
    /// Whether no event of the day is kept.
    func keepsNothing(of day: Day, at now: Int64) -> Bool {
        let (end, isOver) = day.end.addingReportingOverflow(longestAge())
        return !isOver && end <= now
    }

    /// The line that has the longest age.
    private var longest: AgeSetting {
        rules.compactMap(\.archived).reduce(archived) { $1.age > $0.age ? $1 : $0 }
    }

    /// Why no event of a day is kept.
    var longestReason: String { text(longest, of: "archived") }

    /// Why a day goes for the size of the store.
    var sizeReason: String { "size: \(sizeLimit?.text ?? "")" }

    /// `indexed: 30d`, `archived: 7d (rule 'debug')`.
    private func text(_ setting: AgeSetting, of key: String) -> String {
        let rule = rule(of: setting).map { " (rule '\($0.name)')" } ?? ""
        return "\(key): \(setting.age.text)\(rule)"
    }

    /// Why a day is to be written anew: the ages that blocks of it have passed, or that it was not
    /// merged yet.
    func reason(
        for partition: Partition, isMerged: Bool, at now: Int64
    ) throws(StoreError) -> String {
        var reasons: Set<String> = []
        for block in try partition.blocks(Partition.Criteria()) {
            let source = try partition.source(block.source)
            for layout in try partition.layouts(of: block) {
                let decisions = decisions(for: source, format: layout.format)
                for number in 0..<32 where block.severities & (1 << Int64(number)) != 0 {
                    let decision = decisions[number]
                    switch decision.placement(of: partition.day, at: now) {
                    case .removed: reasons.insert(text(decision.archived, of: "archived"))
                    case .archived where !block.isArchived:
                        reasons.insert(text(decision.indexed, of: "indexed"))
                    case .indexed where block.isArchived:
                        reasons.insert(text(decision.indexed, of: "indexed"))
                    default: break
                    }
                }
            }
        }
        if reasons.isEmpty { return isMerged ? "late events" : "the day is over" }
        return reasons.sorted().joined(separator: ", ")
    }
}
