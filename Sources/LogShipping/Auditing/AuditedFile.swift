package import LogStore

/// What comparing a file with the store found; offsets and sizes are of decompressed bytes.
package struct AuditedFile: Sendable {
    package let path: String
    /// Whose content it has, as the catalogue knew it when the comparison began; nil for none.
    package var generation: Generation?
    /// How long the file was then.
    package var size: Int64 = 0
    /// Bytes that lie in at least one event.
    package var indexed: Int64 = 0
    /// Bytes in no event by decision, the open event included.
    package var skipped: [SkipReason: Int64] = [:]
    /// Bytes of events that the store had once, by why it has them no more.
    package var removed: [RemovalReason: Int64] = [:]
    /// Bytes behind the place that is read: of a last line that may go on, or a backlog.
    package var pending: Int64 = 0
    /// Bytes that should be in an event and are in none; negative where more count as skipped or
    /// removed than are in no event.
    package var missing: Int64 = 0
    /// Bytes that lie in a second event.
    package var doubled: Int64 = 0
    /// Bytes of events that are not the file's: in each from the first one that differs to the event's
    /// end, or that of the piece which was compared.
    package var different: Int64 = 0
    /// Where; of each kind the first hundred. Where something is missing and something is skipped
    /// or removed, all that lies in no event is named, as only their sums are known.
    package var findings: [Finding] = []
    /// What is wrong with the file itself: a damaged end of a gzip file.
    package var warning: String?
    /// Days that could not be read, or not whole.
    package var unreadable: [StoreError] = []

    package init(path: String) { self.path = path }

    /// Whether every byte is accounted for, once, and is what the store has.
    package var holds: Bool { missing == 0 && doubled == 0 && different == 0 }

    /// Bytes in no event by decision.
    var explainedBytes: Int64 {
        skipped.values.reduce(0, +) + removed.values.reduce(0, +)
    }
}

extension AuditedFile {
    /// Bytes of a file that are not as they should be in the store.
    package struct Finding: Sendable, Equatable {
        package enum Kind: String, Sendable { case missing, doubled, different }

        package var kind: Kind
        package var bytes: Range<Int64>
        /// The times of the events before and behind missing bytes, nanoseconds since 1970 UTC; for
        /// the others of the first and last event that is affected.
        package var after: Int64?
        package var before: Int64?
        /// The blocks that have them, one for each time that they are stored.
        package var places: [Place] = []
    }

    /// A block of a day.
    package struct Place: Sendable, Equatable {
        package var day: Day
        package var block: Int64
    }
}
