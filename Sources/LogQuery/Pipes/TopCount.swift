internal import LogModel
internal import LogStore
internal import Statistics

/// The most frequent combinations of values: exact up to 65 536 of them, SpaceSaving beyond
/// (Metwally, Agrawal and El Abbadi, 2005).
struct TopCount: Sendable {
    private let keys: [GroupKey]
    private let bins: [TimeBins?]
    private var hitters = HeavyHitters(capacity: capacity)
    /// Rows that have all of the values.
    private var total = 0
    private var scratch: [UInt8] = []

    static let capacity = 65_536

    init(_ keys: [GroupKey], zone: Zone) {
        self.keys = keys
        bins = keys.map {
            guard case .time(let span) = $0.bin else { return nil }
            return TimeBins(span: span, zone: zone)
        }
    }

    mutating func add(_ batch: some RowBatch) throws(BlockError) {
        let local = try BatchGroups(keys, of: batch, bins: bins)
        for (group, count) in local.counts.enumerated() where count > 0 {
            guard local.key(of: group, into: &scratch, allValues: true) else { continue }
            hitters.add(scratch, count: count)
            total += count
        }
    }

    mutating func merge(_ other: TopCount) {
        hitters.merge(other.hitters)
        total += other.total
    }

    /// The rows of the result: the values, the count, the share; the most frequent first.
    func rows(_ limit: Int) -> (rows: [[Event.Value?]], notes: [String]) {
        let found = hitters.top(limit)
        let rows = found.map { entry -> [Event.Value?] in
            KeyCoding.values(of: entry.key) + [
                .integer(Int64(entry.count)), .number(Double(entry.count) / Double(max(1, total))),
            ]
        }
        guard !hitters.isExact else { return (rows, []) }
        let error = found.map(\.error).max() ?? 0
        return (
            rows, ["more than \(Self.capacity) values: counts may be too high by up to \(error)"]
        )
    }
}
