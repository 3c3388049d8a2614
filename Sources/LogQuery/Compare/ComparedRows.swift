internal import LogModel
internal import LogStore

/// What the matching rows of a block have of each kind, in the numbers of a tally.
///
/// Each distinct value of a column is looked at once.
struct ComparedRows {
    private(set) var cells: [ComparisonTally.Cell]

    init(_ matches: BlockMatches, _ tally: inout ComparisonTally) throws(BlockError) {
        cells = Array(repeating: ComparisonTally.Cell(repeating: -1), count: matches.count)
        try addKinds(matches, &tally)
        try set(.host, matches, FieldName.host) { tally.code(Self.text($0), .host) }
        try set(.logger, matches, FieldName.logger) { tally.code(Self.text($0), .logger) }
        try set(.level, matches, FieldName.severityNumber) { Self.level($0, &tally) }
        try addPaths(matches, &tally)
        try addExceptions(matches, &tally)
    }

    /// An event with a status is a request; others have a message.
    private mutating func addKinds(
        _ matches: BlockMatches, _ tally: inout ComparisonTally
    ) throws(BlockError) {
        try set(.status, matches, FieldName.status) { tally.code(Self.text($0), .status) }
        let service = Array(matches.source.service.utf8)
        let status = WindowComparison.Kind.status.lane
        var components: (requests: Int32?, messages: Int32?)
        for position in cells.indices {
            let isRequest = cells[position][status] >= 0
            let known = isRequest ? components.requests : components.messages
            let code = known ?? tally.code(service + [isRequest ? 1 : 0], .service)
            if isRequest { components.requests = code } else { components.messages = code }
            cells[position][0] = code
        }
        guard components.messages != nil else { return }
        try set(.message, matches, FieldName.body) { value in
            Self.text(value).withUnsafeBufferPointer { tally.code(ofMessage: $0) }
        }
        for position in cells.indices where cells[position][status] >= 0 {
            cells[position][WindowComparison.Kind.message.lane] = -1
        }
    }

    private mutating func addPaths(
        _ matches: BlockMatches, _ tally: inout ComparisonTally
    ) throws(BlockError) {
        for (position, path) in try EventFeatures.paths(matches).enumerated() where !path.isEmpty {
            cells[position][WindowComparison.Kind.path.lane] = tally.code(path, .path)
        }
    }

    private mutating func addExceptions(
        _ matches: BlockMatches, _ tally: inout ComparisonTally
    ) throws(BlockError) {
        let traces = try matches.values(of: Self.reference(FieldName.exceptionStackTrace))
        if traces.codes.allSatisfy({ $0 < 0 }) {
            return try set(.exception, matches, FieldName.exceptionType) {
                tally.code(Self.text($0), .exception)
            }
        }
        set(.exception, traces) { value in
            EventFeatures.exception(Self.text(value)).map { tally.code($0, .exception) } ?? -1
        }
    }

    // MARK: Columns

    private mutating func set(
        _ kind: WindowComparison.Kind, _ matches: BlockMatches, _ field: String,
        _ code: (Event.Value) -> Int32
    ) throws(BlockError) {
        set(kind, try matches.values(of: Self.reference(field)), code)
    }

    private mutating func set(
        _ kind: WindowComparison.Kind, _ column: FieldColumn, _ code: (Event.Value) -> Int32
    ) {
        let codes = column.values.map(code)
        for (position, value) in column.codes.enumerated() where value >= 0 {
            cells[position][kind.lane] = codes[Int(value)]
        }
    }

    private static func reference(_ name: String) -> FieldReference {
        FieldReference(name: name, written: name, type: .any)
    }

    static func text(_ value: Event.Value) -> [UInt8] {
        switch value {
        case .text(let text): text
        case .integer(let number): Array(String(number).utf8)
        case .number(let number): Array(String(number).utf8)
        case .list(let items): Array(items.joined(separator: [0x2C, 0x20]))
        }
    }

    private static func level(_ value: Event.Value, _ tally: inout ComparisonTally) -> Int32 {
        guard case .integer(let number) = value, (1...24).contains(number) else { return -1 }
        return tally.code(Array(Severity.name(of: UInt8(number)).utf8), .level)
    }

    // MARK: One event

    /// The same for one event.
    static func cell(of event: Event, _ tally: inout ComparisonTally) -> ComparisonTally.Cell {
        var cell = ComparisonTally.Cell(repeating: -1)
        func set(_ kind: WindowComparison.Kind, _ value: [UInt8]?) {
            if let value { cell[kind.lane] = tally.code(value, kind) }
        }
        let status = event.attribute(FieldName.status).map(text)
        set(.service, Array(event.source.service.utf8) + [status == nil ? 0 : 1])
        set(.status, status)
        if status == nil {
            let message = event.body.withUnsafeBufferPointer { tally.code(ofMessage: $0) }
            cell[WindowComparison.Kind.message.lane] = message
        }
        if let path = event.attribute(FieldName.urlPath).map(text) {
            let method = event.attribute(FieldName.method).map { text($0) + [0x20] } ?? []
            set(.path, method + EventFeatures.path(path))
        }
        if let trace = event.attribute(FieldName.exceptionStackTrace).map(text) {
            set(.exception, EventFeatures.exception(trace))
        } else {
            set(.exception, event.attribute(FieldName.exceptionType).map(text))
        }
        set(.logger, event.loggerName)
        let level = level(.integer(Int64(event.severityNumber)), &tally)
        cell[WindowComparison.Kind.level.lane] = level
        set(.host, Array(event.source.host.utf8))
        return cell
    }
}
