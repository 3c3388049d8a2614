internal import LogModel
internal import LogStore

/// `first` and `last`: the values of the rows that come first and last in time.
///
/// Of rows with one time, the source and the place in it decide.
struct EndAccumulator: Accumulator {
    private struct End {
        let time: Int64
        let source: String
        let offset: Int64
        let value: Event.Value

        func precedes(_ other: End) -> Bool {
            (time, source, offset) < (other.time, other.source, other.offset)
        }
    }

    private var firsts: [End?] = []
    private var lasts: [End?] = []

    mutating func grow(to groups: Int) {
        let missing = max(0, groups - firsts.count)
        firsts += Array(repeating: nil, count: missing)
        lasts += Array(repeating: nil, count: missing)
    }

    mutating func add(
        _ batch: some RowBatch, _ column: FieldColumn, groups: [Int32], codes: [Int32]
    ) throws(BlockError) {
        let times = try batch.times()
        for (row, code) in column.codes.enumerated() where code >= 0 {
            let group = Int(groups[codes.isEmpty ? 0 : Int(codes[row])])
            // Most rows lie between the ends, which two comparisons tell.
            if let first = firsts[group], let last = lasts[group], times[row] > first.time,
                times[row] < last.time
            {
                continue
            }
            let place = batch.place(of: row)
            let end = End(
                time: times[row], source: place.source, offset: place.offset,
                value: column.values[Int(code)])
            add(end, to: group)
        }
    }

    private mutating func add(_ end: End, to group: Int) {
        if firsts[group].map({ end.precedes($0) }) ?? true { firsts[group] = end }
        if lasts[group].map({ $0.precedes(end) }) ?? true { lasts[group] = end }
    }

    mutating func merge(_ other: any Accumulator, ids: [Int32]) {
        guard let other = other as? Self else { return }
        for group in other.firsts.indices {
            if let end = other.firsts[group] { add(end, to: Int(ids[group])) }
            if let end = other.lasts[group] { add(end, to: Int(ids[group])) }
        }
    }

    func result(of group: Int, _ function: Aggregate.Function) -> Event.Value? {
        (function == .first ? firsts[group] : lasts[group])?.value
    }

    var inexactness: String? { nil }
}
