internal import Glibc
package import LogStore

/// What is due for a day, and why.
package struct PlannedDay: Sendable {
    package let day: Day
    /// Nil for a day that stays as it is.
    package private(set) var action: RetentionAction?
    /// Which age or limit it is.
    package private(set) var reason = ""
    package private(set) var events = 0
    package private(set) var eventsRemoved = 0
    /// Whether more events may be removed: of some blocks a part is.
    package private(set) var mayRemoveMore = false
    package private(set) var rawBytes: Int64 = 0
    /// Of the day's files; afterwards is an estimate.
    package private(set) var bytesBefore: Int64 = 0
    package private(set) var bytesAfter: Int64 = 0

    /// A day that is removed whole, if it can be read or not.
    init(removed day: Day, in store: Store, because reason: String) {
        self.init(day, store)
        if let totals = try? store.partition(day).totals() {
            (events, rawBytes) = (totals.events, Int64(totals.rawBytes))
        }
        remove(because: reason)
    }

    /// A day that is there; costs reading the summaries of its blocks. Before its end it stays.
    init(
        _ day: Day, in store: Store, by policy: RetentionPolicy, at now: Int64
    ) throws(StoreError) {
        self.init(day, store)
        let partition = try store.partition(day)
        let totals = try partition.totals()
        (events, rawBytes) = (totals.events, Int64(totals.rawBytes))
        guard day.end <= now,
            let change = try store.change(of: day, to: policy.target(for: day, at: now))
        else { return }
        action = RetentionAction(change)
        eventsRemoved = change.eventsRemoved
        mayRemoveMore = change.eventsPartlyRemoved > 0
        bytesAfter = change.bytesAfter
        let isMerged = access(Manifest.path(store.directory, day), F_OK) == 0
        reason = try policy.reason(for: partition, isMerged: isMerged, at: now)
    }

    /// A day of which nothing is known but its files, which stay.
    init(_ day: Day, _ store: Store) {
        self.day = day
        let path = StoreLayout.partition(store.directory, day)
        for ending in ["", "-wal", ".damaged"] {
            var status = stat()
            if stat(path + ending, &status) == 0 { bytesBefore += Int64(status.st_size) }
        }
        bytesAfter = bytesBefore
    }

    mutating func remove(because reason: String) {
        action = .removed
        self.reason = reason
        (eventsRemoved, mayRemoveMore) = (events, false)
        bytesAfter = 0
    }
}
