package import LogModel
package import LogStore
internal import Synchronization

/// How long which events can be searched by index, and how long they are kept at all.
///
/// Ages count from the end of an event's UTC day. Of the rules that match an event the first one that
/// has an age decides it; what no rule decides is decided by the policy's own lines.
package struct RetentionPolicy: Sendable, Equatable {
    package var indexed: AgeSetting
    /// From the event on, not from when it left the index.
    package var archived: AgeSetting
    package var rules: [RetentionRule] = []
    /// What all files of the store may take; nil for as much as there is.
    package var sizeLimit: SizeLimit?
    /// When the nightly job may run; nil for any time.
    package var window: JobWindow?

    package init(indexed: Age, archived: Age) {
        self.indexed = AgeSetting(indexed)
        self.archived = AgeSetting(archived)
    }

    /// What applies to one kind of event.
    package struct Decision: Sendable, Hashable {
        package let indexed: AgeSetting
        package let archived: AgeSetting

        package func placement(of day: Day, at now: Int64) -> Placement {
            archived.age.isPast(day, at: now)
                ? .removed : indexed.age.isPast(day, at: now) ? .archived : .indexed
        }
    }

    /// What applies to events of a source in a format, for each severity number from 0 to 31.
    package func decisions(for source: EventSource, format: String) -> [Decision] {
        let matching = rules.filter { $0.conditions.match(source, format: format) }
        return (0..<32).map { (number: UInt32) in
            let own = matching.filter { ($0.conditions.severities ?? .max) >> number & 1 == 1 }
            return Decision(
                indexed: own.lazy.compactMap(\.indexed).first ?? indexed,
                archived: own.lazy.compactMap(\.archived).first ?? archived)
        }
    }

    /// Where the events of a day belong at a time in nanoseconds since 1970 UTC.
    ///
    /// Looks at the rules once for each kind of source and format that it is asked for.
    package func target(for day: Day, at now: Int64) -> DayTarget {
        let known = KnownPlacements()
        return DayTarget { source, format in
            known.placements(source, format) {
                var placements = SeverityPlacements(.indexed)
                for (number, decision) in decisions(for: source, format: format).enumerated() {
                    placements[UInt8(number)] = decision.placement(of: day, at: now)
                }
                return placements
            }
        }
    }

    /// The age in nanoseconds past which every event of a day is removed; the greatest number if
    /// some are kept forever.
    package func longestAge() -> Int64 {
        rules.compactMap(\.archived).reduce(archived.age) { max($0, $1.age) }.nanoseconds
    }
}

/// What a target has said: it is asked for each block of a day, of which there are thousands.
private final class KnownPlacements: Sendable {
    private struct Key: Hashable {
        let host: String
        let service: String
        let environment: String
        let format: String
    }

    private let known = Mutex<[Key: SeverityPlacements]>([:])

    func placements(
        _ source: EventSource, _ format: String, _ decide: () -> SeverityPlacements
    ) -> SeverityPlacements {
        let key = Key(
            host: source.host, service: source.service, environment: source.environment,
            format: format)
        return known.withLock { known in
            if let placements = known[key] { return placements }
            let placements = decide()
            known[key] = placements
            return placements
        }
    }
}

/// How much the store may take on its disk.
package enum SizeLimit: Sendable, Equatable {
    case bytes(Int64)
    /// Of the whole disk, 1 to 100.
    case perCent(Int)

    /// In bytes, on a disk of `total` bytes.
    package func bytes(ofDisk total: Int64) -> Int64 {
        switch self {
        case .bytes(let bytes): return bytes
        case .perCent(let share):
            let (whole, rest) = total.quotientAndRemainder(dividingBy: 100)
            return whole * Int64(share) + rest * Int64(share) / 100
        }
    }

    /// As a policy has it: `80%`, `500000000000B`.
    package var text: String {
        switch self {
        case .bytes(let bytes): "\(bytes)B"
        case .perCent(let share): "\(share)%"
        }
    }
}
