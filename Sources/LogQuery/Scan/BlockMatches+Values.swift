internal import LogModel
package import LogStore

extension BlockMatches {
    /// The field's values over the matching rows, each as `Event.value(of:)` would have it.
    ///
    /// Costs the decoding of one column, and a conversion for each distinct value. Fields that are
    /// read out of others (parts of a request in an error line, exceptions, the original) are taken
    /// from whole events, which is a hundred times as dear.
    package func values(of field: FieldReference) throws(BlockError) -> FieldColumn {
        if let shared = source.value(of: field.name) {
            return FieldColumn(shared.isEmpty ? nil : .text(shared), rows: count)
        }
        switch field.name {
        case FieldName.timestamp:
            let times = try times()
            var column = FieldColumn(nil, rows: count)
            for (position, time) in times.enumerated() { column.set(.integer(time), at: position) }
            return column
        case FieldName.observedTimestamp:
            return FieldColumn(.integer(source.observedTimestamp), rows: count)
        case FieldName.severityNumber: return try severities { .integer(Int64($0)) }
        default: break
        }
        var column = FieldColumn(nil, rows: count)
        if try block.layouts().allSatisfy({ $0.lacks(field.name) }) { return column }
        let block = try block.open()
        for (number, layout) in block.layouts.enumerated() {
            try add(layout.access(to: field.name), of: block, layout: number, to: &column, field)
        }
        if field.name == FieldName.severityText, column.codes.contains(-1) {
            try fill(&column, with: severities(Self.levelName))
        }
        return column
    }

    /// How many of the matching rows have which value, where the block has one layout and a dictionary
    /// of the field; nil elsewhere. A value may stand more than once.
    func counts(
        of field: FieldReference
    ) throws(BlockError) -> [(value: Event.Value?, count: Int)]? {
        let isOfSource = source.value(of: field.name) != nil
        if isOfSource || Self.withoutColumn.contains(field.name) { return nil }
        if try block.layouts().allSatisfy({ $0.lacks(field.name) }) { return [(nil, count)] }
        let block = try block.open()
        guard block.layouts.count == 1,
            case .column(let index) = block.layouts[0].access(to: field.name),
            let stored = try block.values(layout: 0, field: index)
        else { return nil }
        let counts: [Int]
        switch stored.rows {
        case .one: return nil
        case .all: counts = [count]
        case .coded(let codes): counts = histogram(codes, of: stored.texts.count)
        }
        let description = block.layouts[0].fields[index]
        return stored.texts.bytes.withUnsafeBufferPointer { bytes in
            counts.enumerated().map { number, count in
                let text = UnsafeBufferPointer(rebasing: bytes[stored.texts.range(number)])
                return (description.columnValue(of: text), count)
            }
        }
    }

    /// Fields of which no single column of the layout has all values.
    private static let withoutColumn: Set<String> = [
        FieldName.timestamp, FieldName.observedTimestamp, FieldName.severityNumber,
        FieldName.severityText, FieldName.body,
    ]

    /// Four counters a value, in turn: most rows have one value, and each increment of one counter
    /// would wait for the one before.
    private func histogram(_ codes: [UInt16], of count: Int) -> [Int] {
        var counters = Array(repeating: 0, count: count * 4)
        counters.withUnsafeMutableBufferPointer { counters in
            if isWhole {
                for (row, code) in codes.enumerated() {
                    counters[Int(code) &* 4 &+ row & 3] &+= 1
                }
            } else {
                for row in rows { counters[Int(codes[row]) &* 4 &+ row & 3] &+= 1 }
            }
        }
        return (0..<count).map { counters[$0 * 4..<$0 * 4 + 4].reduce(0, +) }
    }

    /// Levels that no line has written are called by their number.
    private func fill(_ column: inout FieldColumn, with names: FieldColumn) {
        let first = Int32(column.values.count)
        column.values += names.values
        for (position, code) in names.codes.enumerated()
        where column.codes[position] == -1 && code >= 0 {
            column.codes[position] = first + code
        }
    }

    private static func levelName(_ number: UInt8) -> Event.Value? {
        number == 0 ? nil : .text(Array(Severity.name(of: number).utf8))
    }

    /// A column made of the severity numbers.
    private func severities(
        _ value: (UInt8) -> Event.Value?
    ) throws(BlockError) -> FieldColumn {
        let numbers = try block.open().severities()
        var column = FieldColumn(nil, rows: count)
        var known: [Int32] = Array(repeating: -2, count: 256)
        for (position, row) in rows.enumerated() {
            let number = Int(numbers[row])
            if known[number] == -2 {
                let value = value(numbers[row])
                known[number] = value == nil ? -1 : Int32(column.values.count)
                if let value { column.values.append(value) }
            }
            column.codes[position] = known[number]
        }
        return column
    }

    private func add(
        _ access: Layout.Access, of block: Block, layout: Int, to column: inout FieldColumn,
        _ field: FieldReference
    ) throws(BlockError) {
        switch access {
        case .absent: return
        case .column(let index):
            guard let stored = try block.values(layout: layout, field: index) else {
                return try addByEvent(of: block, layout: layout, rows, to: &column, field)
            }
            let description = block.layouts[layout].fields[index]
            try add(stored, description, of: block, layout: layout, to: &column)
            guard field.name == FieldName.body else { return }
            try addContinuedBodies(of: block, layout: layout, to: &column, field)
        case .trace(let index):
            let wanted = try block.forEachValue(layout: layout, field: index, among: rows) {
                !$0.isEmpty
            }
            try addByEvent(of: block, layout: layout, wanted, to: &column, field)
        case .events: try addByEvent(of: block, layout: layout, rows, to: &column, field)
        }
    }

    /// Takes a stored column over, each of its values that some matching row has once.
    private func add(
        _ stored: (texts: ByteStrings, rows: Block.ValueRows), _ field: Field, of block: Block,
        layout: Int, to column: inout FieldColumn
    ) throws(BlockError) {
        var known = Array(repeating: Int32(-2), count: stored.texts.count)
        func code(_ index: Int, _ values: inout [Event.Value]) -> Int32 {
            if known[index] != -2 { return known[index] }
            let value = stored.texts.bytes.withUnsafeBufferPointer {
                field.columnValue(of: UnsafeBufferPointer(rebasing: $0[stored.texts.range(index)]))
            }
            known[index] = value == nil ? -1 : Int32(values.count)
            if let value { values.append(value) }
            return known[index]
        }
        let single = block.layouts.count == 1
        if single, isWhole, case .coded(let codes) = stored.rows {
            for index in known.indices { _ = code(index, &column.values) }
            column.codes = codes.map { known[Int($0)] }
            return
        }
        let numbers = single ? [] : try block.layoutNumbers()
        let ordinals = single ? [] : try block.ordinals()
        for (position, row) in rows.enumerated() where single || Int(numbers[row]) == layout {
            let ordinal = single ? row : Int(ordinals[row])
            let index =
                switch stored.rows {
                case .all: 0
                case .one: ordinal
                case .coded(let codes): Int(codes[ordinal])
                }
            column.codes[position] = code(index, &column.values)
        }
    }

    /// Messages of several lines, of which the column has the first alone.
    private func addContinuedBodies(
        of block: Block, layout: Int, to column: inout FieldColumn, _ field: FieldReference
    ) throws(BlockError) {
        for (index, other) in block.layouts[layout].fields.enumerated()
        where other.kind == .stackTrace {
            let continued = try block.forEachValue(layout: layout, field: index, among: rows) {
                !$0.isEmpty
            }
            try addByEvent(of: block, layout: layout, continued, to: &column, field)
        }
    }

    /// The slow way: whole events are made of `wanted`.
    private func addByEvent(
        of block: Block, layout: Int, _ wanted: RowSet, to column: inout FieldColumn,
        _ field: FieldReference
    ) throws(BlockError) {
        let numbers = try block.layoutNumbers()
        var places: [Int] = []
        var own: [Int] = []
        for (position, row) in rows.enumerated()
        where Int(numbers[row]) == layout && wanted.contains(row) {
            places.append(position)
            own.append(row)
        }
        if own.isEmpty { return }
        let batch = try block.batch(rows: own)
        for (index, position) in places.enumerated() {
            let event = batch.event(at: index, source: source)
            if let value = event.value(of: field.name) { column.set(value, at: position) }
        }
    }
}

extension EventSource {
    /// The value of a field that all events of a source share, empty where the source has none; nil
    /// for other fields.
    func value(of name: String) -> [UInt8]? {
        switch name {
        case FieldName.host: Array(host.utf8)
        case FieldName.service: Array(service.utf8)
        case FieldName.environment: Array(environment.utf8)
        case FieldName.filePath: Array(path.utf8)
        default: nil
        }
    }
}

extension Layout {
    /// How the values of a field are had from a block's rows of this layout.
    enum Access {
        case absent
        /// From the column of `fields[index]`, value by value.
        case column(Int)
        /// From events, and only those of which the column `fields[index]` has a stack trace.
        case trace(Int)
        /// From whole events.
        case events
    }

    /// Whether no event of the layout has the field, whatever stands in it.
    func lacks(_ name: String) -> Bool {
        // A level that is not written follows from its number.
        guard name != FieldName.severityText else { return false }
        if case .absent = access(to: name) { return true }
        return false
    }

    func access(to name: String) -> Access {
        if name == FieldName.severityText {
            let levels = fields.indices.filter { fields[$0].kind == .severity }
            return levels.count == 1 ? .column(levels[0]) : levels.isEmpty ? .absent : .events
        }
        if derives(name) { return .events }
        let yielding = fieldIndices(named: name)
        guard let first = yielding.first else { return .absent }
        guard yielding.count == 1 else { return .events }
        if fields[first].isSimple { return .column(first) }
        return fields[first].kind == .stackTrace ? .trace(first) : .events
    }
}

extension Field {
    /// The value of a capture in its column; levels are trimmed, and absent where they are blank.
    fileprivate func columnValue(of capture: UnsafeBufferPointer<UInt8>) -> Event.Value? {
        guard kind == .severity else { return value(of: capture) }
        let level = CaptureValue.trimmed(capture)
        return level.isEmpty ? nil : .text(Array(level))
    }
}
