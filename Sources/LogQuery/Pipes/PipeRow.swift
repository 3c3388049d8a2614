internal import LogModel
internal import LogStore

/// What goes through the stages one by one.
enum PipeRow {
    case event(Event)
    case values([Event.Value?])
}

/// Where fields are found in rows of one shape.
struct RowFields {
    private let columns: [String: Int]
    private let levels: Int?

    init(_ shape: PipeShape) {
        guard case .table(let columns) = shape else {
            (self.columns, levels) = ([:], nil)
            return
        }
        self.columns = Dictionary(
            columns.enumerated().map { ($1.field.name, $0) },
            uniquingKeysWith: { first, _ in first })
        levels = columns.firstIndex { $0.field.type == .severity }
    }

    func value(of name: String, in row: PipeRow) -> Event.Value? {
        switch row {
        case .event(let event):
            if let shared = event.source.value(of: name) {
                return shared.isEmpty ? nil : .text(shared)
            }
            return event.value(of: name)
        case .values(let values): return columns[name].flatMap { values[$0] }
        }
    }

    func time(of row: PipeRow) -> Int64? {
        if case .event(let event) = row { return event.timestamp }
        guard case .integer(let time) = value(of: FieldName.timestamp, in: row) else { return nil }
        return time
    }

    func severity(of row: PipeRow) -> UInt8 {
        switch row {
        case .event(let event): return event.severityNumber
        case .values(let values):
            guard let levels, let value = values[levels] else { return 0 }
            return value.bytes.withUnsafeBufferPointer { Severity.number(of: $0) } ?? 0
        }
    }
}

extension Predicate {
    /// Whether one row passes; the same answer as `BlockEvaluator` gives for the row of a block.
    func accepts(_ row: PipeRow, _ fields: RowFields) -> Bool {
        switch self {
        case .all: return true
        case .none: return false
        case .and(let parts): return parts.allSatisfy { $0.accepts(row, fields) }
        case .or(let parts): return parts.contains { $0.accepts(row, fields) }
        case .not(let inner): return !inner.accepts(row, fields)
        case .text(let searcher):
            return Self.holds(row) { text in
                CaseFolding.folded(text).withUnsafeBufferPointer { searcher.matches($0) }
            }
        case .regex(let regex):
            return Self.holds(row) { $0.withUnsafeBufferPointer { regex.matches($0) } }
        case .severity(let mask):
            return mask >> Int64(fields.severity(of: row) & 31) & 1 != 0
        case .times(let span): return fields.time(of: row).map(span.contains) ?? false
        case .field(let name, _, let test):
            if case .event(let event) = row {
                switch resolved(for: event.source) {
                case .all: return true
                case .none: return false
                default: break
                }
            }
            return fields.value(of: name, in: row).map(test.accepts) ?? false
        }
    }

    /// Whether the original of an event passes, also as the GBK that it may be.
    private static func holds(_ row: PipeRow, _ matches: ([UInt8]) -> Bool) -> Bool {
        guard case .event(let event) = row else { return false }
        if matches(event.original) { return true }
        guard event.flags.contains(.isInvalidUTF8) else { return false }
        let decoded = event.original.withUnsafeBufferPointer { GB18030.decode($0) }
        return decoded.map(matches) ?? false
    }
}

/// Rows gathered for an aggregation.
struct RowsBatch: RowBatch {
    let rows: [PipeRow]
    let fields: RowFields
    let conditions: [Predicate]
    /// The number of the first row, for rows that have no place in a file.
    let firstNumber: Int

    var count: Int { rows.count }

    func times() -> [Int64] { rows.map { fields.time(of: $0) ?? 0 } }

    func severities() -> [UInt8] { rows.map { fields.severity(of: $0) } }

    func values(of field: FieldReference) -> FieldColumn {
        var column = FieldColumn(nil, rows: rows.count)
        for (position, row) in rows.enumerated() {
            guard let value = fields.value(of: field.name, in: row) else { continue }
            column.set(value, at: position)
        }
        return column
    }

    func place(of row: Int) -> (source: String, offset: Int64) {
        guard case .event(let event) = rows[row] else { return ("", Int64(firstNumber + row)) }
        return (event.source.generation, event.offset)
    }

    func rows(meeting condition: Int) -> [Bool] {
        rows.map { conditions[condition].accepts($0, fields) }
    }
}
