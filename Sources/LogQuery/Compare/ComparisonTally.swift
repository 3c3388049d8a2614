internal import LogModel
internal import LogPatterns

/// The combinations of features that events of two windows have, and how many events have each.
///
/// Memory grows with the combinations, not with the events: kinds keep at most 20 000 values, and
/// beyond 200 000 combinations only component, message and status are told apart.
struct ComparisonTally: Sendable {
    /// The values of an event by the kind's number; -1 where it has none. Lane 0 is the component.
    typealias Cell = SIMD8<Int32>

    /// The parts of the good window that tell how bursty its counts are.
    static let partCount = 16
    private static let valueLimit = 20_000
    private static let cellLimit = 200_000
    private static let mostBuckets: Int64 = 1800

    let bad: Range<Int64>
    let good: Range<Int64>
    /// The resolution of onsets in nanoseconds, a whole number of seconds, and how many there are.
    let bucketWidth: Int64
    let bucketCount: Int

    private(set) var cells: [Cell] = []
    private(set) var badCounts: [Int] = []
    private(set) var goodCounts: [Int] = []
    /// For each cell its counts in the parts of the good window.
    private(set) var parts: [Int32] = []
    private var numbers: [Cell: Int32] = [:]
    /// Counts by cell and bucket of the bad window.
    private var buckets: [UInt64: Int32] = [:]
    private var values: [ValueTable] = Array(repeating: ValueTable(), count: 8)
    /// Messages: until `groupMessages`, their code is a leaf of the miner, then a template.
    private var miner = TemplateMiner()
    private var templateOfLeaf: [Int] = []
    /// Whether values or combinations were left out.
    private(set) var isCut = false

    init(bad: Range<Int64>, good: Range<Int64>) {
        self.bad = bad
        self.good = good
        let second: Int64 = 1_000_000_000
        let length = bad.upperBound.subtractingReportingOverflow(bad.lowerBound).partialValue
        let seconds = max(1, (length - 1) / (Self.mostBuckets * second) + 1)
        bucketWidth = seconds * second
        bucketCount = Int((max(1, length) - 1) / bucketWidth) + 1
    }

    /// The number of a value of a kind; -1 when there are too many.
    mutating func code(_ value: [UInt8], _ kind: WindowComparison.Kind) -> Int32 {
        let table = kind.lane
        if let known = values[table].codes[value] { return known }
        guard values[table].names.count < Self.valueLimit else {
            isCut = true
            return -1
        }
        return values[table].add(value)
    }

    /// The number of a message's leaf, or of its template once the messages are grouped.
    mutating func code(ofMessage message: UnsafeBufferPointer<UInt8>) -> Int32 {
        let leaf = miner.add(message)
        return Int32(leaf < templateOfLeaf.count ? templateOfLeaf[leaf] : leaf)
    }

    func value(_ code: Int32, _ kind: WindowComparison.Kind) -> [UInt8] {
        values[kind.lane].names[Int(code)]
    }

    mutating func addBad(_ cell: Cell, at time: Int64) {
        let number = number(of: cell)
        badCounts[number] += 1
        let bucket = UInt64(max(0, time - bad.lowerBound) / bucketWidth)
        buckets[UInt64(number) << 32 | bucket, default: 0] += 1
    }

    mutating func addGood(_ cell: Cell, at time: Int64) {
        let number = number(of: cell)
        goodCounts[number] += 1
        let place = Double(time - good.lowerBound) / Double(good.upperBound - good.lowerBound)
        let part = max(0, min(Self.partCount - 1, Int(place * Double(Self.partCount))))
        parts[number * Self.partCount + part] += 1
    }

    /// Adds what another tally of the same windows has counted, before messages are grouped.
    mutating func merge(_ other: ComparisonTally) {
        var codes = WindowComparison.Kind.allCases.map { kind in
            other.values[kind.lane].names.map { code($0, kind) }
        }
        codes[WindowComparison.Kind.message.lane] = miner.merge(other.miner).map { Int32($0) }
        absorb(other, codes)
    }

    /// Puts the messages that differ in variables only into one template.
    mutating func groupMessages() {
        let (templates, ofLeaf) = miner.finish()
        let lane = WindowComparison.Kind.message.lane
        var grouped = ComparisonTally(bad: bad, good: good)
        var codes = values.map { $0.names.indices.map { Int32($0) } }
        codes[lane] = ofLeaf.map { Int32($0) }
        grouped.values = values
        grouped.values[lane] = ValueTable(names: templates.map(\.text))
        grouped.miner = miner
        grouped.templateOfLeaf = ofLeaf
        grouped.absorb(self, codes)
        self = grouped
    }

    /// Adds the counts of `other`, whose values have the numbers `codes` here.
    private mutating func absorb(_ other: ComparisonTally, _ codes: [[Int32]]) {
        isCut = isCut || other.isCut
        var own: [Int] = []
        for (index, cell) in other.cells.enumerated() {
            var translated = cell
            for lane in 0..<8 where cell[lane] >= 0 {
                translated[lane] = codes[lane][Int(cell[lane])]
            }
            let number = number(of: translated)
            own.append(number)
            badCounts[number] += other.badCounts[index]
            goodCounts[number] += other.goodCounts[index]
            for part in 0..<Self.partCount {
                parts[number * Self.partCount + part] += other.parts[index * Self.partCount + part]
            }
        }
        for (key, count) in other.buckets {
            let number = UInt64(own[Int(key >> 32)])
            buckets[number << 32 | key & 0xFFFF_FFFF, default: 0] += count
        }
    }

    /// The counts in the buckets of the bad window, for each set of cells.
    func series(of sets: [[Int]]) -> [[Int]] {
        var owners: [Int: [Int]] = [:]
        for (index, cells) in sets.enumerated() {
            for cell in cells { owners[cell, default: []].append(index) }
        }
        var series = Array(repeating: Array(repeating: 0, count: bucketCount), count: sets.count)
        for (key, count) in buckets {
            let bucket = min(bucketCount - 1, Int(key & 0xFFFF_FFFF))
            for owner in owners[Int(key >> 32)] ?? [] { series[owner][bucket] += Int(count) }
        }
        return series
    }

    private mutating func number(of cell: Cell) -> Int {
        if let known = numbers[cell] { return Int(known) }
        var cell = cell
        if cells.count >= Self.cellLimit {
            isCut = true
            let kept: [WindowComparison.Kind] = [.service, .message, .status]
            for kind in WindowComparison.Kind.allCases where !kept.contains(kind) {
                cell[kind.lane] = -1
            }
            if let known = numbers[cell] { return Int(known) }
        }
        numbers[cell] = Int32(cells.count)
        cells.append(cell)
        badCounts.append(0)
        goodCounts.append(0)
        parts.append(contentsOf: repeatElement(0, count: Self.partCount))
        return cells.count - 1
    }

    private struct ValueTable: Sendable {
        var codes: [[UInt8]: Int32] = [:]
        var names: [[UInt8]] = []

        mutating func add(_ value: [UInt8]) -> Int32 {
            codes[value] = Int32(names.count)
            names.append(value)
            return Int32(names.count - 1)
        }
    }
}

extension WindowComparison.Kind {
    /// The kind's place in a cell.
    var lane: Int {
        switch self {
        case .service: 0
        case .message: 1
        case .exception: 2
        case .status: 3
        case .path: 4
        case .logger: 5
        case .level: 6
        case .host: 7
        }
    }
}
