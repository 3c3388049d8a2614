internal import LogModel
internal import LogStore

/// One end of the rows: a stage that passes them on, or what receives the last.
protocol PipeSink: AnyObject {
    /// Takes a row; false when no further one is wanted.
    func take(_ row: PipeRow) throws(SearchError) -> Bool
    /// Says that no row follows. Called once, also after `take` gave false.
    func finish() throws(SearchError)
}

/// `where` behind other stages.
final class FilterSink: PipeSink {
    private let condition: Predicate
    private let fields: RowFields
    private let next: any PipeSink

    init(_ condition: Predicate, _ shape: PipeShape, next: any PipeSink) {
        self.condition = condition
        fields = RowFields(shape)
        self.next = next
    }

    func take(_ row: PipeRow) throws(SearchError) -> Bool {
        guard condition.accepts(row, fields) else { return true }
        return try next.take(row)
    }

    func finish() throws(SearchError) { try next.finish() }
}

/// `fields`.
final class FieldsSink: PipeSink {
    private let columns: [PipeColumn]
    private let fields: RowFields
    private let next: any PipeSink

    init(_ columns: [PipeColumn], _ shape: PipeShape, next: any PipeSink) {
        self.columns = columns
        fields = RowFields(shape)
        self.next = next
    }

    func take(_ row: PipeRow) throws(SearchError) -> Bool {
        try next.take(.values(columns.map { fields.value(of: $0.field.name, in: row) }))
    }

    func finish() throws(SearchError) { try next.finish() }
}

/// `head`.
final class HeadSink: PipeSink {
    private var remaining: Int
    private let next: any PipeSink

    init(_ count: Int, next: any PipeSink) {
        remaining = count
        self.next = next
    }

    func take(_ row: PipeRow) throws(SearchError) -> Bool {
        guard remaining > 0 else { return false }
        remaining -= 1
        return try next.take(row) && remaining > 0
    }

    func finish() throws(SearchError) { try next.finish() }
}

/// `tail`: keeps at most twice as many rows as it gives.
final class TailSink: PipeSink {
    private let count: Int
    private var rows: [PipeRow] = []
    private let next: any PipeSink

    init(_ count: Int, next: any PipeSink) {
        self.count = count
        self.next = next
    }

    func take(_ row: PipeRow) -> Bool {
        rows.append(row)
        if rows.count >= 2 * count { rows.removeFirst(rows.count - count) }
        return true
    }

    func finish() throws(SearchError) {
        for row in rows.suffix(count) {
            guard try next.take(row) else { break }
        }
        try next.finish()
    }
}

/// `dedup`: the first row of each combination of values; rows without one of them pass.
final class DedupSink: PipeSink {
    /// Combinations that are remembered, of about a hundred bytes each.
    static let mostValues = 500_000

    private let names: [String]
    private let fields: RowFields
    private let fault: QueryError
    private var seen: Set<[UInt8]> = []
    private let next: any PipeSink

    init(_ wanted: [FieldReference], _ shape: PipeShape, fault: QueryError, next: any PipeSink) {
        names = wanted.map(\.name)
        fields = RowFields(shape)
        self.fault = fault
        self.next = next
    }

    func take(_ row: PipeRow) throws(SearchError) -> Bool {
        var key: [UInt8] = []
        for name in names { KeyCoding.append(fields.value(of: name, in: row), to: &key) }
        guard seen.insert(key).inserted else { return true }
        guard seen.count <= Self.mostValues else { throw .query(fault) }
        return try next.take(row)
    }

    func finish() throws(SearchError) { try next.finish() }
}

/// `sort`: holds all rows, or as many as a `head` behind it takes.
final class SortSink: PipeSink {
    static let mostEvents = 100_000
    static let mostRows = 1_000_000

    private struct Entry {
        let row: PipeRow
        let keys: [Event.Value?]
        let number: Int
    }

    private let keys: [SortKey]
    private let fields: RowFields
    private let limit: Int?
    private let most: Int
    private let fault: QueryError
    private var entries: [Entry] = []
    private var taken = 0
    private let next: any PipeSink

    /// `limit` is how many rows are wanted of it, `fault` the error where they are too many.
    init(
        _ keys: [SortKey], _ shape: PipeShape, limit: Int?, fault: QueryError, next: any PipeSink
    ) {
        self.keys = keys
        fields = RowFields(shape)
        self.limit = limit
        most = shape == .events ? Self.mostEvents : Self.mostRows
        self.fault = fault
        self.next = next
    }

    func take(_ row: PipeRow) throws(SearchError) -> Bool {
        let values = keys.map {
            fields.value(of: $0.field.name, in: row)?.comparable(as: $0.field.type)
        }
        entries.append(Entry(row: row, keys: values, number: taken))
        taken += 1
        if let limit {
            if entries.count >= max(1024, 2 * limit) { cut(to: limit) }
        } else if entries.count > most {
            throw .query(fault)
        }
        return true
    }

    private func cut(to limit: Int) {
        entries.sort(by: precedes)
        entries.removeLast(max(0, entries.count - limit))
    }

    /// Rows that are the same to all keys stay in the order in which they came.
    private func precedes(_ first: Entry, _ second: Entry) -> Bool {
        for (index, key) in keys.enumerated() {
            let order = AggregateStage.order(
                first.keys[index], second.keys[index], isDescending: key.isDescending)
            if let order { return order }
        }
        return first.number < second.number
    }

    func finish() throws(SearchError) {
        cut(to: limit ?? entries.count)
        for entry in entries {
            guard try next.take(entry.row) else { break }
        }
        try next.finish()
    }
}

/// A stage that aggregates rows instead of blocks.
final class AggregateSink: PipeSink {
    /// Rows that are added at once.
    private static let batchSize = 4096

    private var stage: AggregateStage
    private let fields: RowFields
    private let conditions: [Predicate]
    private var rows: [PipeRow] = []
    private var taken = 0
    private let done: (AggregateStage) throws(SearchError) -> Void

    /// `done` gets the stage when all rows are in.
    init(
        _ stage: AggregateStage, _ shape: PipeShape, conditions: [Predicate],
        done: @escaping (AggregateStage) throws(SearchError) -> Void
    ) {
        self.stage = stage
        fields = RowFields(shape)
        self.conditions = conditions
        self.done = done
    }

    func take(_ row: PipeRow) throws(SearchError) -> Bool {
        rows.append(row)
        taken += 1
        if rows.count >= Self.batchSize { try flush() }
        return true
    }

    private func flush() throws(SearchError) {
        let batch = RowsBatch(
            rows: rows, fields: fields, conditions: conditions, firstNumber: taken - rows.count)
        // Rows that are there already cannot be damaged.
        do { try stage.add(batch) } catch { throw .store(.damaged(path: "", reason: "\(error)")) }
        rows.removeAll(keepingCapacity: true)
    }

    func finish() throws(SearchError) {
        try flush()
        try done(stage)
    }
}

/// The end of the chain.
final class LastSink: PipeSink {
    private var remaining: Int
    private let emit: (PipeRow) -> Bool
    private(set) var count = 0

    init(limit: Int?, _ emit: @escaping (PipeRow) -> Bool) {
        remaining = limit ?? .max
        self.emit = emit
    }

    func take(_ row: PipeRow) -> Bool {
        guard remaining > 0 else { return false }
        remaining -= 1
        count += 1
        return emit(row) && remaining > 0
    }

    func finish() {}
}
