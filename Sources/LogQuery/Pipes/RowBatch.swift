internal import LogModel
package import LogStore

/// Rows whose fields can be asked for column by column: what aggregations work on.
protocol RowBatch {
    var count: Int { get }
    /// Nanoseconds since 1970 UTC, by row.
    func times() throws(BlockError) -> [Int64]
    func values(of field: FieldReference) throws(BlockError) -> FieldColumn
    /// How many rows have which value, where that is had without the rows; nil otherwise.
    func counts(of field: FieldReference) throws(BlockError) -> [(value: Event.Value?, count: Int)]?
    /// Severity numbers, by row.
    func severities() throws(BlockError) -> [UInt8]
    /// By row whether the condition of this number holds.
    func rows(meeting condition: Int) throws(BlockError) -> [Bool]
    /// What decides between rows of one time: the source, and the place in it.
    func place(of row: Int) -> (source: String, offset: Int64)
}

extension RowBatch {
    func counts(
        of field: FieldReference
    ) throws(BlockError) -> [(value: Event.Value?, count: Int)]? { nil }
}

extension BlockMatches: RowBatch {
    /// The severity numbers of the matching rows, in row order.
    package func severities() throws(BlockError) -> [UInt8] {
        let numbers = try block.open().severities()
        return isWhole ? numbers : rows.map { numbers[$0] }
    }

    func rows(meeting condition: Int) throws(BlockError) -> [Bool] {
        try rows(with: search.conditions[condition])
    }

    /// Blocks of a source do not overlap, so a row's number can stand for its offset.
    func place(of row: Int) -> (source: String, offset: Int64) {
        (source.generation, firstOffset &+ Int64(row))
    }
}

/// Rows by the combination of their keys, within one batch.
struct BatchGroups {
    /// For each row the number of its group, or nothing where all are one group.
    private(set) var codes: [Int32] = []
    /// By group how many rows it has; those without any are no groups.
    private(set) var counts: [Int]
    private var columns: [FieldColumn] = []
    /// For each group the place of its value in each column, plus one; 0 for none.
    private var slots: [Int32] = []

    init(
        _ keys: [GroupKey], of batch: some RowBatch, bins: [TimeBins?]
    ) throws(BlockError) {
        counts = [batch.count]
        for (number, key) in keys.enumerated() {
            add(try Self.column(key, of: batch, bins: bins[number]))
        }
    }

    private static func column(
        _ key: GroupKey, of batch: some RowBatch, bins: TimeBins?
    ) throws(BlockError) -> FieldColumn {
        switch key.bin {
        case nil where key.field.name == FieldName.severityText:
            return FieldColumn(levels: try batch.severities())
        case nil: return try batch.values(of: key.field)
        case .time:
            guard let bins else { return FieldColumn(nil, rows: batch.count) }
            return FieldColumn(binning: try batch.times(), into: bins)
        case .number(let width):
            var column = try batch.values(of: key.field)
            for index in column.values.indices {
                guard let number = column.values[index].number else { continue }
                column.values[index] = .number((number / width).rounded(.down) * width)
            }
            return column
        }
    }

    private mutating func add(_ column: FieldColumn) {
        if columns.isEmpty {
            codes = column.codes.map { $0 &+ 1 }
            slots = (0...Int32(column.values.count)).map { $0 }
        } else {
            combine(column)
        }
        columns.append(column)
        counts = Self.histogram(codes, of: slots.count / columns.count)
    }

    /// Pairs the groups so far with the values of a further column.
    private mutating func combine(_ column: FieldColumn) {
        let width = columns.count
        let values = column.values.count + 1
        var pairs = PairNumbers(firsts: slots.count / width, seconds: values)
        var combined: [Int32] = []
        for (row, second) in column.codes.enumerated() {
            let first = Int(codes[row])
            let (number, isNew) = pairs.number(first, Int(second) + 1)
            if isNew {
                combined += slots[first * width..<(first + 1) * width]
                combined.append(second + 1)
            }
            codes[row] = number
        }
        slots = combined
    }

    private static func histogram(_ codes: [Int32], of count: Int) -> [Int] {
        var counts = Array(repeating: 0, count: count)
        counts.withUnsafeMutableBufferPointer { counts in
            for code in codes { counts[Int(code)] &+= 1 }
        }
        return counts
    }

    /// The group's values as a key; nil where `allValues` is asked for and one is missing.
    func key(of group: Int, into key: inout [UInt8], allValues: Bool = false) -> Bool {
        key.removeAll(keepingCapacity: true)
        for (index, column) in columns.enumerated() {
            let slot = Int(slots[group * columns.count + index])
            if slot == 0, allValues { return false }
            KeyCoding.append(slot == 0 ? nil : column.values[slot - 1], to: &key)
        }
        return true
    }
}

/// Numbers pairs of small numbers in the order in which they come.
private struct PairNumbers {
    private let seconds: Int
    private var table: [Int32] = []
    private var numbers: [Int: Int32] = [:]
    private var count: Int32 = 0

    init(firsts: Int, seconds: Int) {
        self.seconds = seconds
        let (size, overflow) = firsts.multipliedReportingOverflow(by: seconds)
        if !overflow, size <= 1 << 16 { table = Array(repeating: -1, count: size) }
    }

    mutating func number(_ first: Int, _ second: Int) -> (number: Int32, isNew: Bool) {
        let index = first * seconds + second
        let known = table.isEmpty ? numbers[index] ?? -1 : table[index]
        if known >= 0 { return (known, false) }
        if table.isEmpty { numbers[index] = count } else { table[index] = count }
        count += 1
        return (count - 1, true)
    }
}

extension FieldColumn {
    /// The names of levels, one for each number: events that `level:` tests find alike are alike.
    init(levels numbers: [UInt8]) {
        self.init(nil, rows: numbers.count)
        var known: [Int32] = Array(repeating: -1, count: 256)
        for (row, number) in numbers.enumerated() where number > 0 {
            if known[Int(number)] < 0 {
                known[Int(number)] = Int32(values.count)
                values.append(.text(Array(Severity.level(of: number).utf8)))
            }
            codes[row] = known[Int(number)]
        }
    }

    /// The starts of the bins that times fall into.
    init(binning times: [Int64], into bins: TimeBins) {
        self.init(nil, rows: times.count)
        var known: [Int64: Int32] = [:]
        var current = Int64.max..<Int64.max
        var code: Int32 = -1
        for (row, time) in times.enumerated() {
            if !current.contains(time) {
                let start = bins.start(of: time)
                current = start..<max(bins.next(after: start), time &+ 1)
                if let found = known[start] {
                    code = found
                } else {
                    code = Int32(values.count)
                    known[start] = code
                    values.append(.integer(start))
                }
            }
            codes[row] = code
        }
    }
}

extension Event.Value {
    /// The number that the value is, or that its text reads as.
    var number: Double? {
        switch self {
        case .integer(let integer): Double(integer)
        case .number(let number): number
        case .text(let text): FieldValue.decimal(String(decoding: text, as: UTF8.self))
        case .list: nil
        }
    }
}
