internal import LogModel
package import LogStore

/// Events that a day had once and that were removed from it, for one reason.
package struct DayRemoval: Sendable, Equatable {
    package let day: Day
    package let reason: RemovalReason
    /// 0 where the day could not be read any more.
    package let events: Int

    package init(day: Day, reason: RemovalReason, events: Int) {
        (self.day, self.reason, self.events) = (day, reason, events)
    }
}

// Days of the window that are not there, and events that are not in their days any more.
extension Search {
    /// Notes days that have events and no file.
    func noteMissingDays() throws(StoreError) {
        failures += try store.missingDayErrors(in: times)
    }

    /// Notes why a day could not be opened; one that was removed after the days were listed has
    /// nothing to read.
    func note(_ error: StoreError, opening day: Day) {
        if !store.isRemoved(day) { failures.append(error) }
    }

    /// Notes what was removed from a day. Costs a statement, and one more where something was.
    func noteRemovals(from partition: Partition) throws(StoreError) {
        let removed = try partition.removedEvents().counts
        guard !removed.isEmpty else { return }
        let sources = try partition.allSources().values
        let wanted = Set(sources.lazy.filter { self.canMatch($0) }.map(\.generation))
        var events: [RemovalReason: Int] = [:]
        for (generation, counts) in removed where wanted.contains(generation) {
            for (reason, count) in counts { events[reason, default: 0] += count.events }
        }
        for (reason, events) in events {
            statistics.removals.append(
                DayRemoval(day: partition.day, reason: reason, events: events))
        }
    }

    /// What was removed in the window, as far as the search has come, of sources that the query can
    /// match; the days before a window without a beginning count only where they were purged.
    package func removals() throws(StoreError) -> [DayRemoval] {
        let removed = try store.removals(in: times).filter { isTold($0.reason) }
        var sources: [String: EventSource] = [:]
        if !removed.isEmpty {
            for generation in try store.generations() {
                sources[generation.name] = EventSource(
                    host: generation.host, service: generation.service,
                    environment: generation.environment, path: generation.path)
            }
        }
        let whole = removed.filter { sources[$0.generation].map(canMatch) ?? true }
        return whole.map { DayRemoval(day: $0.day, reason: $0.reason, events: $0.events) }
            + statistics.removals.filter { isTold($0.reason) }
    }

    /// All time means all that the store keeps.
    private func isTold(_ reason: RemovalReason) -> Bool {
        times.lowerBound != .min || reason == .purged
    }
}
