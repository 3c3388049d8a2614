package import LogStore

/// What the nightly job would do to each day of a store, at a time.
///
/// Nothing is changed and no lock is taken. Costs reading the summaries of all blocks.
package struct RetentionPlan: Sendable {
    /// All days, oldest first.
    package private(set) var days: [PlannedDay] = []
    /// Days that cannot be read or are not there, and what else hinders the job.
    package private(set) var problems: [String] = []
    /// What the files of the store take.
    package let storeBytes: Int64

    /// For a time in nanoseconds since 1970 UTC.
    package init(
        of store: Store, _ policy: RetentionPolicy, at now: Int64
    ) throws(StoreError) {
        storeBytes = Store.diskBytes(store.directory)
        let there = Set(try store.days())
        for day in try store.allDays() {
            if policy.keepsNothing(of: day, at: now) {
                days.append(PlannedDay(removed: day, in: store, because: policy.longestReason))
                continue
            }
            do throws(StoreError) {
                guard there.contains(day) else { continue }
                days.append(try PlannedDay(day, in: store, by: policy, at: now))
            } catch {
                problems.append(error.description)
                days.append(PlannedDay(day, store))
            }
        }
        let missing = try store.missingDays(in: .min..<Int64.max)
        for day in missing where !policy.keepsNothing(of: day, at: now) {
            problems.append(store.missingProblem(day))
        }
        try addSizeLimit(store, policy, now)
    }

    /// The oldest days go until the rest is within the limit.
    private mutating func addSizeLimit(
        _ store: Store, _ policy: RetentionPolicy, _ now: Int64
    ) throws(StoreError) {
        guard let limit = policy.sizeLimit else { return }
        let most = limit.bytes(ofDisk: try DiskSpace(of: store.directory).total)
        var total = days.reduce(storeBytes) { $0 + $1.bytesAfter - $1.bytesBefore }
        let removable = Set(try store.daysRemovableForSize(at: now))
        for index in days.indices where total > most && removable.contains(days[index].day) {
            total -= days[index].bytesAfter
            if days[index].action != .removed {
                days[index].remove(because: policy.sizeReason)
            }
        }
        if total > most { problems.append(limit.problem(total, most)) }
    }
}

extension Store {
    /// Days with a file, with one that was set aside, and with one that is missing.
    func allDays() throws(StoreError) -> [Day] {
        let missing = try missingDays(in: .min..<Int64.max)
        return Set(try days()).union(missing).union(
            try partsSetAside(in: .min..<Int64.max).map(\.day)
        ).sorted()
    }

    /// Days that may go for the size of the store, the first one first: not the newest, and none that
    /// is not over.
    func daysRemovableForSize(at now: Int64) throws(StoreError) -> [Day] {
        try days().dropLast().filter { $0.end <= now }
    }

    func missingProblem(_ day: Day) -> String {
        "\(StoreLayout.partition(directory, day)) is not there, and nothing says that it was removed; "
            + "'logq restore' brings it back from a backup"
    }
}

extension SizeLimit {
    func problem(_ total: Int64, _ most: Int64) -> String {
        "the store takes \(total) bytes, \(most) are its limit (size: \(text)), and only its newest "
            + "days are left; raise the limit or take less in"
    }
}
