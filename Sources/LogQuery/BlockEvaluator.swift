package import LogModel
internal import LogStore

/// Finds the rows of one block that a predicate accepts.
///
/// The index only named the block; here every event is looked at. Cheap tests run first and leave
/// fewer rows to the dear ones: severity and time columns, then fields (each distinct value once),
/// then text, for which the originals of the remaining rows are rebuilt.
struct BlockEvaluator {
    private let block: Block
    private let source: EventSource
    private let columns: BlockColumns
    private var texts: RowTexts?
    private var textRows: RowSet?
    private var folded: RowTexts?

    init(_ block: Block, source: EventSource) {
        self.block = block
        self.source = source
        columns = BlockColumns(block)
    }

    mutating func rows(
        _ predicate: Predicate, among rows: RowSet
    ) throws(BlockError) -> RowSet {
        switch predicate {
        case .all: return rows
        case .none: return RowSet(count: rows.count)
        case .and(let parts): return try intersection(parts, among: rows)
        case .or(let parts):
            var hits = RowSet(count: rows.count)
            for part in parts.sorted(by: { $0.cost < $1.cost }) {
                var rest = rows
                rest.subtract(hits)
                if rest.isEmpty { break }
                hits.formUnion(try self.rows(part, among: rest))
            }
            return hits
        case .not(let inner):
            var rest = rows
            rest.subtract(try self.rows(inner, among: rows))
            return rest
        case .severity(let mask):
            let severities = try block.severities()
            return rows.keeping { mask >> Int64(severities[$0] & 31) & 1 != 0 }
        case .times(let span):
            let times = try block.times()
            return rows.keeping { span.contains(times[$0]) }
        case .text(let searcher): return try rowsWithText(searcher, among: rows)
        case .regex(let regex): return try rowsMatching(regex, among: rows)
        case .field(let name, _, let test): return try rowsWith(name, test, among: rows)
        }
    }

    private mutating func intersection(
        _ parts: [Predicate], among rows: RowSet
    ) throws(BlockError) -> RowSet {
        var rest = rows
        for part in parts.sorted(by: { $0.cost < $1.cost }) {
            if rest.isEmpty { break }
            rest = try self.rows(part, among: rest)
        }
        return rest
    }

    // MARK: Text

    private mutating func loadTexts(_ rows: RowSet) throws(BlockError) -> RowTexts {
        if let texts, let textRows, rows.isSubset(of: textRows) { return texts }
        let loaded = try block.texts(rows: rows.indices)
        texts = loaded
        textRows = rows
        folded = nil
        return loaded
    }

    private mutating func loadFolded(_ rows: RowSet) throws(BlockError) -> RowTexts {
        var texts = try loadTexts(rows)
        if let folded { return folded }
        texts.bytes.withUnsafeMutableBufferPointer { CaseFolding.fold($0) }
        folded = texts
        return texts
    }

    private mutating func rowsWithText(
        _ searcher: TextSearcher, among rows: RowSet
    ) throws(BlockError) -> RowSet {
        var (hits, rest) = (RowSet(count: rows.count), rows)
        if searcher.canSearchColumns {
            let found = try searcher.hits(in: columns, among: rows)
            (hits, rest) = (found.sure, found.possible)
        }
        if !rest.isEmpty {
            var found = searcher.rows(in: try loadFolded(rest), count: rows.count)
            found.formIntersection(rest)
            hits.formUnion(found)
        }
        try addDecoded(to: &hits, among: rows) { text in
            CaseFolding.folded(text).withUnsafeBufferPointer { searcher.matches($0) }
        }
        return hits
    }

    private mutating func rowsMatching(
        _ regex: RegexTest, among rows: RowSet
    ) throws(BlockError) -> RowSet {
        var (hits, rest) = (RowSet(count: rows.count), rows)
        if let found = try regex.hits(in: columns, among: rows) {
            (hits, rest) = (found.sure, found.possible)
        }
        if !rest.isEmpty {
            let texts = try loadTexts(rest)
            texts.forEach(in: rest) { row, text in
                if regex.matches(text) { hits.insert(row) }
            }
        }
        try addDecoded(to: &hits, among: rows) { $0.withUnsafeBufferPointer { regex.matches($0) } }
        return hits
    }

    /// Events that are not UTF-8 are searched as GBK too.
    private mutating func addDecoded(
        to hits: inout RowSet, among rows: RowSet, _ matches: ([UInt8]) -> Bool
    ) throws(BlockError) {
        let flags = try block.flags()
        let isInvalid = EventBatch.Flags.isInvalidUTF8.rawValue
        guard flags.contains(where: { $0 & isInvalid != 0 }) else { return }
        var rest = rows.keeping { flags[$0] & isInvalid != 0 }
        rest.subtract(hits)
        if rest.isEmpty { return }
        try loadTexts(rest).forEach(in: rest) { row, text in
            if let decoded = GB18030.decode(text), matches(decoded) { hits.insert(row) }
        }
    }

    // MARK: Fields

    private func rowsWith(
        _ name: String, _ test: ValueTest, among rows: RowSet
    ) throws(BlockError) -> RowSet {
        var hits = RowSet(count: rows.count)
        for (number, layout) in block.layouts.enumerated() {
            var needsEvents = false
            if name == FieldName.body, layout.fields.contains(where: { $0.kind == .body }) {
                hits.formUnion(try rowsWithContinuedBody(test, layout: number, among: rows))
            }
            for (index, field) in layout.fields.enumerated() {
                if field.name == name, field.isSimple {
                    hits.formUnion(
                        try block.forEachValue(layout: number, field: index, among: rows) { raw in
                            field.value(of: raw).map(test.accepts) ?? false
                        })
                } else if field.canYield(name) {
                    needsEvents = true
                }
            }
            if needsEvents || layout.derives(name) {
                var rest = rows
                rest.subtract(hits)
                hits.formUnion(try rowsByEvent(name, test, layout: number, among: rest))
            }
        }
        return hits
    }

    /// Messages of several lines, of which the column has the first alone: the others stand with
    /// the stack trace, if there is one.
    private func rowsWithContinuedBody(
        _ test: ValueTest, layout: Int, among rows: RowSet
    ) throws(BlockError) -> RowSet {
        var hits = RowSet(count: rows.count)
        for (index, field) in block.layouts[layout].fields.enumerated()
        where field.kind == .stackTrace {
            let continued = try block.forEachValue(layout: layout, field: index, among: rows) {
                !$0.isEmpty
            }
            if continued.isEmpty { continue }
            hits.formUnion(
                try rowsByEvent(FieldName.body, test, layout: layout, among: continued))
        }
        return hits
    }

    /// The slow way, for fields that are read out of others: whole events are made.
    private func rowsByEvent(
        _ name: String, _ test: ValueTest, layout: Int, among rows: RowSet
    ) throws(BlockError) -> RowSet {
        let numbers = try block.layoutNumbers()
        let own = rows.indices.filter { Int(numbers[$0]) == layout }
        var hits = RowSet(count: rows.count)
        let batch = try block.batch(rows: own)
        for (index, row) in own.enumerated() {
            let event = batch.event(at: index, source: source)
            if let value = event.value(of: name), test.accepts(value) { hits.insert(row) }
        }
        return hits
    }
}

extension Predicate {
    /// The order in which tests run: the cheapest first.
    fileprivate var cost: Int {
        switch self {
        case .all, .none: 0
        case .severity, .times: 1
        case .field: 3
        case .text: 5
        case .regex: 6
        case .not(let inner): inner.cost
        case .and(let parts), .or(let parts): parts.map(\.cost).max() ?? 0
        }
    }
}

extension Field {
    /// Whether the field's value is what its bytes say, and nothing else is in them.
    var isSimple: Bool {
        switch kind {
        case .stackTrace, .contextMap, .nginxErrorTail, .ignored, .original: false
        default: true
        }
    }
}

extension Layout {
    /// Whether the events of the layout have a field that is made of all of their bytes or position.
    func derives(_ name: String) -> Bool {
        switch name {
        case FieldName.body: !fields.contains { $0.kind == .body }
        case FieldName.original, FieldName.uid, FieldName.fileOffset, FieldName.fileLength,
            FieldName.timestamp, FieldName.observedTimestamp, FieldName.severityNumber,
            FieldName.severityText:
            true
        case FieldName.exceptionType, FieldName.exceptionMessage, FieldName.exceptionStackTrace:
            !isParsed
        default: false
        }
    }
}

extension Event {
    /// The value of a stored field, wherever the event keeps it.
    package func value(of name: String) -> Value? {
        switch name {
        case FieldName.body: return .text(body)
        case FieldName.original: return .text(original)
        case FieldName.uid: return .text(Array(uid.utf8))
        case FieldName.fileOffset: return .integer(offset)
        case FieldName.fileLength: return .integer(Int64(length))
        case FieldName.timestamp: return .integer(timestamp)
        case FieldName.observedTimestamp: return .integer(observedTimestamp)
        case FieldName.severityNumber: return .integer(Int64(severityNumber))
        case FieldName.severityText:
            let derived = severityNumber == 0 ? nil : Array(Severity.name(of: severityNumber).utf8)
            return (severityText ?? derived).map { .text($0) }
        case FieldName.logger: return loggerName.map { .text($0) }
        case FieldName.host: return .text(Array(source.host.utf8))
        case FieldName.service: return .text(Array(source.service.utf8))
        case FieldName.environment: return .text(Array(source.environment.utf8))
        case FieldName.filePath: return .text(Array(source.path.utf8))
        default: return attribute(name)
        }
    }
}

extension RowTexts {
    /// Calls `body` with each of `rows` and its text.
    fileprivate func forEach(
        in rows: RowSet, _ body: (Int, UnsafeBufferPointer<UInt8>) -> Void
    ) {
        bytes.withUnsafeBufferPointer { bytes in
            for (index, row) in self.rows.enumerated() where rows.contains(row) {
                body(row, UnsafeBufferPointer(rebasing: bytes[range(index)]))
            }
        }
    }
}

extension RowSet {
    fileprivate func keeping(_ accept: (Int) -> Bool) -> RowSet {
        var kept = RowSet(count: count)
        for row in self where accept(row) { kept.insert(row) }
        return kept
    }
}
