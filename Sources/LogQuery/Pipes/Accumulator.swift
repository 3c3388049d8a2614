internal import LogModel
internal import LogStore
internal import Statistics

/// The states of one function for all groups.
protocol Accumulator: Sendable {
    mutating func grow(to groups: Int)
    mutating func add(
        _ batch: some RowBatch, _ column: FieldColumn, groups: [Int32], codes: [Int32]
    ) throws(BlockError)
    /// Takes over what `other` gathered; its group `i` is here `ids[i]`.
    mutating func merge(_ other: any Accumulator, ids: [Int32])
    func result(of group: Int, _ function: Aggregate.Function) -> Event.Value?
    /// How far results may be off, as a phrase; nil where they are exact.
    var inexactness: String? { get }
}

/// What a function keeps of one group.
protocol GroupState: Sendable {
    /// What a value is turned into, once for all rows that have it.
    associatedtype Prepared
    init()
    static func prepare(_ value: Event.Value, of type: FieldType) -> Prepared?
    mutating func add(_ value: Prepared, count: Int)
    mutating func merge(_ other: Self)
    func result(_ function: Aggregate.Function) -> Event.Value?
    var isExact: Bool { get }
    static var inexactness: String { get }
}

extension GroupState {
    var isExact: Bool { true }
    static var inexactness: String { "" }
}

/// States that look at values only, not at the rows' order: each pair of group and value comes once
/// for all of its rows in a batch.
struct ValueAccumulator<State: GroupState>: Accumulator {
    private var states: [State] = []
    private let type: FieldType

    init(_ type: FieldType) { self.type = type }

    mutating func grow(to groups: Int) {
        while states.count < groups { states.append(State()) }
    }

    mutating func add(
        _ batch: some RowBatch, _ column: FieldColumn, groups: [Int32], codes: [Int32]
    ) {
        let prepared = column.values.map { State.prepare($0, of: type) }
        let width = prepared.count
        if groups.count * width <= max(1024, 2 * column.codes.count) {
            var cells = Array(repeating: 0, count: groups.count * width)
            for (row, code) in column.codes.enumerated() where code >= 0 {
                let group = codes.isEmpty ? 0 : Int(codes[row])
                cells[group * width + Int(code)] &+= 1
            }
            for (cell, count) in cells.enumerated() where count > 0 {
                guard let value = prepared[cell % width] else { continue }
                states[Int(groups[cell / width])].add(value, count: count)
            }
        } else {
            for (row, code) in column.codes.enumerated() where code >= 0 {
                guard let value = prepared[Int(code)] else { continue }
                let group = codes.isEmpty ? 0 : Int(codes[row])
                states[Int(groups[group])].add(value, count: 1)
            }
        }
    }

    mutating func merge(_ other: any Accumulator, ids: [Int32]) {
        guard let other = other as? Self else { return }
        for (group, state) in other.states.enumerated() { states[Int(ids[group])].merge(state) }
    }

    func result(of group: Int, _ function: Aggregate.Function) -> Event.Value? {
        states[group].result(function)
    }

    var inexactness: String? {
        states.allSatisfy(\.isExact) ? nil : State.inexactness
    }
}

/// `sum`, `avg` and `stddev`: Welford's algorithm, in Chan's form for merging (1979).
struct Moments: GroupState {
    private var count = 0
    private var mean = 0.0
    private var squares = 0.0
    /// The sum while all values are whole and it fits.
    private var whole: Int64? = 0

    static func prepare(_ value: Event.Value, of type: FieldType) -> (Double, Int64?)? {
        guard let number = value.number else { return nil }
        if case .integer(let integer) = value { return (number, integer) }
        return (number, nil)
    }

    mutating func add(_ value: (Double, Int64?), count: Int) {
        var other = Moments()
        other.count = count
        other.mean = value.0
        other.whole = value.1.flatMap {
            let product = $0.multipliedReportingOverflow(by: Int64(count))
            return product.overflow ? nil : product.partialValue
        }
        merge(other)
    }

    mutating func merge(_ other: Moments) {
        guard other.count > 0 else { return }
        if let own = whole, let added = other.whole {
            let sum = own.addingReportingOverflow(added)
            whole = sum.overflow ? nil : sum.partialValue
        } else {
            whole = nil
        }
        let total = Double(count + other.count)
        let distance = other.mean - mean
        squares += other.squares + distance * distance * Double(count) * Double(other.count) / total
        mean += distance * Double(other.count) / total
        count += other.count
    }

    func result(_ function: Aggregate.Function) -> Event.Value? {
        guard count > 0 else { return nil }
        switch function {
        case .average: return .number(Self.rounded(mean))
        case .deviation:
            guard count > 1 else { return nil }
            return .number(Self.rounded((squares / Double(count - 1)).squareRoot()))
        default: return whole.map { .integer($0) } ?? .number(Self.rounded(mean * Double(count)))
        }
    }

    /// Twelve figures: what is behind them depends on the order in which blocks came.
    static func rounded(_ value: Double) -> Double {
        guard value.isFinite, value != 0 else { return value }
        var scale = 1.0
        var magnitude = value.magnitude
        while magnitude < 1e11, scale < 1e30 {
            magnitude *= 10
            scale *= 10
        }
        while magnitude >= 1e12, scale > 1e-200 {
            magnitude /= 10
            scale /= 10
        }
        let result = (value * scale).rounded() / scale
        return result.isFinite ? result : value
    }
}

/// `p50`, `p99.9` …
struct Quantiles: GroupState {
    private var sketch = QuantileSketch()

    static func prepare(_ value: Event.Value, of type: FieldType) -> Double? { value.number }

    mutating func add(_ value: Double, count: Int) { sketch.add(value, count: count) }

    mutating func merge(_ other: Quantiles) { sketch.merge(other.sketch) }

    func result(_ function: Aggregate.Function) -> Event.Value? {
        guard case .quantile(let part) = function, let value = sketch.quantile(part) else {
            return nil
        }
        return .number(isExact ? value : Moments.rounded(value))
    }

    var isExact: Bool { sketch.isExact }
    static let inexactness = "within 1 % of the value"
}

/// `dc`.
struct DistinctValues: GroupState {
    private var counter = DistinctCounter()

    static func prepare(_ value: Event.Value, of type: FieldType) -> UInt64? {
        var key: [UInt8] = []
        KeyCoding.append(value, to: &key)
        return key.withUnsafeBufferPointer { hash64($0) }
    }

    mutating func add(_ value: UInt64, count: Int) { counter.add(hash: value) }

    mutating func merge(_ other: DistinctValues) { counter.merge(other.counter) }

    func result(_ function: Aggregate.Function) -> Event.Value? {
        .integer(Int64(counter.estimate))
    }

    var isExact: Bool { counter.isExact }
    static let inexactness = "±1.6 % (two standard errors)"
}

/// `min` and `max`.
struct Extremes: GroupState {
    private var least: Event.Value?
    private var greatest: Event.Value?

    static func prepare(_ value: Event.Value, of type: FieldType) -> Event.Value? {
        value.comparable(as: type)
    }

    mutating func add(_ value: Event.Value, count: Int) {
        if least.map({ value.precedes($0) }) ?? true { least = value }
        if greatest.map({ $0.precedes(value) }) ?? true { greatest = value }
    }

    mutating func merge(_ other: Extremes) {
        if let value = other.least { add(value, count: 1) }
        if let value = other.greatest { add(value, count: 1) }
    }

    func result(_ function: Aggregate.Function) -> Event.Value? {
        function == .minimum ? least : greatest
    }
}

/// `values`: the distinct values, in order, at most a hundred of them.
struct ValueList: GroupState {
    private var values: Set<[UInt8]> = []
    private var isCut = false

    static func prepare(_ value: Event.Value, of type: FieldType) -> [UInt8]? { value.bytes }

    mutating func add(_ value: [UInt8], count: Int) {
        if values.count >= 100, !values.contains(value) {
            isCut = true
            // The least hundred stay, whatever the order in which they come.
            guard let last = values.max(by: { $0.lexicographicallyPrecedes($1) }),
                value.lexicographicallyPrecedes(last)
            else { return }
            values.remove(last)
        }
        values.insert(value)
    }

    mutating func merge(_ other: ValueList) {
        isCut = isCut || other.isCut
        for value in other.values { add(value, count: 1) }
    }

    func result(_ function: Aggregate.Function) -> Event.Value? {
        values.isEmpty ? nil : .list(values.sorted { $0.lexicographicallyPrecedes($1) })
    }

    var isExact: Bool { !isCut }
    static let inexactness = "cut to 100 values"
}

extension Event.Value {
    /// The value in the form in which values of the type are in order: numbers where they are.
    func comparable(as type: FieldType) -> Event.Value {
        guard type != .text, type != .file, case .text = self, let number else { return self }
        return .number(number)
    }

    /// Numbers come before texts, and texts by their bytes.
    func precedes(_ other: Event.Value) -> Bool {
        switch (self, other) {
        case (.integer(let a), .integer(let b)): a < b
        case (.integer, .number), (.number, .integer), (.number, .number):
            (number ?? 0) < (other.number ?? 0)
        case (.integer, _), (.number, _): true
        case (_, .integer), (_, .number): false
        default: bytes.lexicographicallyPrecedes(other.bytes)
        }
    }

    /// The value as text.
    var bytes: [UInt8] {
        switch self {
        case .text(let text): text
        case .integer(let integer): Array(String(integer).utf8)
        case .number(let number): Array(String(number).utf8)
        case .list(let items): Array(items.joined(separator: [0x2C, 0x20]))
        }
    }
}
