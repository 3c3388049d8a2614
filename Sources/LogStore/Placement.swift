package import LogModel

/// Where an event stands in its day, or that it does not any more.
package enum Placement: UInt8, Sendable, CaseIterable {
    /// In a block whose terms are in the index.
    case indexed
    /// In a block without terms, which is larger and compressed harder.
    case archived
    /// Nowhere.
    case removed
}

/// A placement for each severity number, 0 to 31.
package struct SeverityPlacements: Sendable, Equatable {
    private var placements: [Placement]

    /// All severities alike.
    package init(_ all: Placement) { placements = Array(repeating: all, count: 32) }

    /// Numbers above 31 count as they do in a block's summary: by their lowest five bits.
    package subscript(severity: UInt8) -> Placement {
        get { placements[Int(severity & 31)] }
        set { placements[Int(severity & 31)] = newValue }
    }

    /// Those that events of these severities have; bit `n` stands for number `n`.
    func placements(of severities: Int64) -> Set<Placement> {
        Set((0..<32).lazy.filter { severities & (1 << Int64($0)) != 0 }.map { placements[$0] })
    }
}

/// Where each event of a day belongs.
package struct DayTarget: Sendable {
    /// By source and format of the event's layout; nil: where its block stands now, taken in blocks
    /// as indexed ones.
    package var placements:
        (@Sendable (_ source: EventSource, _ format: String) -> SeverityPlacements)?
    /// Events to remove besides: by generation, the offsets at which they begin. Blocks that such an
    /// offset lies in are written anew each time.
    package var purged: [String: Set<Int64>] = [:]

    package init(
        placements: @escaping @Sendable (EventSource, String) -> SeverityPlacements
    ) {
        self.placements = placements
    }

    private init() {}

    /// All events in the index.
    package static let indexed = DayTarget { _, _ in SeverityPlacements(.indexed) }

    /// Everything stays indexed or archived as it is; blocks are merged.
    package static let asItIs = DayTarget()
}

/// Why events were removed.
package enum RemovalReason: String, Sendable, CaseIterable {
    /// They were older than the policy keeps events.
    case expired
    /// They had to go by name (`logq purge`).
    case purged
    /// The store was larger than its limit.
    case size
}

/// What writing a day anew, or removing it, does or did.
package struct DayChange: Sendable {
    package let day: Day
    /// Events by where they are afterwards.
    package var eventsIndexed = 0
    package var eventsArchived = 0
    package var eventsRemoved = 0
    /// Of an estimate: events in blocks of which a part is removed; it counts them as kept.
    package var eventsPartlyRemoved = 0
    /// Events that were in the archive before.
    package var eventsArchivedBefore = 0
    /// Bytes of original text: of all events that were there before, and of the removed ones.
    package var rawBytes: Int64 = 0
    package var rawBytesRemoved: Int64 = 0
    /// The day's files.
    package var bytesBefore: Int64 = 0
    package var bytesAfter: Int64 = 0
    package var blocksBefore = 0
    package var blocksAfter = 0

    package init(day: Day) { self.day = day }
}
