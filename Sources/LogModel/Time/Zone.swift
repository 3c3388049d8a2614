/// A time zone: the offset from UTC at every moment, past and future.
///
/// Immutable and shared; both conversions are one binary search (about 10 ns) and never fail.
/// Times after the zone file's last transition follow the rule in its footer.
package final class Zone: Sendable, Hashable {
    /// The zone's name in the database, or its offset as `+08:00`.
    package let name: String
    /// The changes of offset in UTC seconds, ascending.
    private let changes: [Int64]
    /// For each change, the first local second that belongs after it: the later of what the clock
    /// shows just before and just after, which resolves overlaps and gaps as `utc` promises.
    private let localChanges: [Int64]
    /// `offsets[i]` holds before `changes[i]`, the last one after all.
    private let offsets: [Int32]
    /// Whether the changes after `cycleStart` repeat every 400 years.
    private let repeats: Bool
    private let cycleStart: Int64

    /// Coordinated Universal Time.
    package static let utc = Zone(name: "UTC", offset: 0)

    /// 146 097 days: the Gregorian calendar, weekdays included, repeats after 400 years.
    private static let cycle: Int64 = 146_097 * CivilTime.secondsPerDay

    /// A zone with one offset, in seconds east of UTC.
    package init(name: String, offset: Int) {
        self.name = name
        changes = []
        localChanges = []
        offsets = [Int32(clamping: offset)]
        repeats = false
        cycleStart = .max
    }

    /// A zone of a compiled file, with the footer's rule written out for one calendar cycle.
    init(name: String, file: TimeZoneFile) {
        var changes = file.times
        var offsets = [file.firstOffset] + file.offsets
        var cycleStart = Int64.max
        if let rule = file.rule {
            if changes.isEmpty { offsets[0] = rule.standardOffset }
            let lastYear = changes.last.map { CivilTime.civil(days: $0 / 86_400).year } ?? 1_899
            let first = max(lastYear, 1_899)
            if rule.daylight != nil, first < 9_999 {
                Self.append(rule, years: first...first + 402, to: &changes, &offsets)
                cycleStart = CivilTime.days(year: first + 2, month: 1, day: 1) * 86_400
            }
        }
        self.name = name
        self.changes = changes
        self.offsets = offsets.map { Int32(clamping: $0) }
        self.cycleStart = cycleStart
        repeats = cycleStart != .max
        localChanges = changes.indices.map {
            changes[$0] &+ Int64(max(offsets[$0], offsets[$0 + 1]))
        }
    }

    private static func append(
        _ rule: PosixZoneRule, years: ClosedRange<Int>, to changes: inout [Int64],
        _ offsets: inout [Int]
    ) {
        for year in years {
            for change in rule.changes(year: year) {
                if change.at == changes.last {
                    // Daylight time all year: each year's end is the next one's start.
                    offsets[offsets.count - 1] = change.offset
                } else if change.at > changes.last ?? .min {
                    changes.append(change.at)
                    offsets.append(change.offset)
                }
            }
        }
    }

    /// The seconds east of UTC at a moment given in UTC seconds since 1970.
    package func offset(atUTC seconds: Int64) -> Int {
        Int(offsets[Self.position(of: folded(seconds), in: changes)])
    }

    /// The UTC second at which this zone's clocks show `seconds` (civil time as if it were UTC).
    ///
    /// A time that clocks show twice gives the earlier instant; one that they skip is shifted
    /// forward by the gap.
    package func utc(fromLocal seconds: Int64) -> Int64 {
        let index = Self.position(of: folded(seconds), in: localChanges)
        return seconds &- Int64(offsets[index])
    }

    /// A later moment moved back by whole calendar cycles into the part that is written out.
    private func folded(_ seconds: Int64) -> Int64 {
        guard repeats, seconds >= cycleStart else { return seconds }
        let distance = UInt64(bitPattern: seconds &- cycleStart) % UInt64(Self.cycle)
        return cycleStart &+ Int64(distance)
    }

    /// The number of elements that are not after `second`.
    private static func position(of second: Int64, in sorted: [Int64]) -> Int {
        var low = 0
        var high = sorted.count
        while low < high {
            let middle = (low &+ high) >> 1
            if sorted[middle] <= second { low = middle &+ 1 } else { high = middle }
        }
        return low
    }

    /// Zones are equal when their names and their offsets at all times are.
    package static func == (a: Zone, b: Zone) -> Bool {
        a === b
            || (a.name == b.name && a.changes == b.changes && a.offsets == b.offsets
                && a.cycleStart == b.cycleStart)
    }

    /// By name.
    package func hash(into hasher: inout Hasher) {
        hasher.combine(name)
    }
}
