internal import SQLite

/// Something that is not as it should be in a day's file.
package struct DayProblem: Sendable, Equatable {
    package enum Kind: String, Sendable {
        /// The day is known to have events, and there is no file.
        case missing
        /// A part of the day was set aside as damaged.
        case setAside = "set aside"
        /// The file, or a page of it, cannot be read.
        case unreadable
        /// The file's tables do not fit together.
        case structure
        /// A block cannot be decoded.
        case block
        /// A block decodes, to other lines than were taken in.
        case lines
        /// A block is not what the day says of it.
        case summary
        /// The day has events from behind the place up to which it says to have them.
        case progress
        /// The index does not find what its blocks have.
        case index
        /// The file is not the one that its manifest tells of.
        case manifest
    }

    package let kind: Kind
    /// What was found, as a phrase without the day.
    package let detail: String

    package init(_ kind: Kind, _ detail: String) {
        self.kind = kind
        self.detail = detail
    }

    /// Of an error that damage causes; nil for one that says nothing of the file's content.
    package init?(_ error: StoreError, _ kind: Kind = .unreadable) {
        switch error {
        case .damaged(_, let reason): self.init(kind, reason)
        case .notAStore: self.init(.unreadable, "it is not a file of a logq store")
        default: return nil
        }
    }
}

/// What a check of a day found.
package struct DayCheckResult: Sendable {
    package let day: Day
    package var problems: [DayProblem] = []
    /// Why the day could not be looked at, or not whole, where that is no damage.
    package internal(set) var failure: StoreError?
    package internal(set) var blocks = 0
    package internal(set) var events = 0
    package internal(set) var rawBytes: Int64 = 0
    /// Whether a manifest vouches for the whole file.
    package internal(set) var hasManifest = false

    /// Whether the day's file was not there.
    package var isGone: Bool {
        if case .database(let cause) = failure { cause.isCannotOpen } else { false }
    }

    package init(day: Day) { self.day = day }
}
