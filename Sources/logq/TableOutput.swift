internal import Glibc
internal import LogModel
internal import Presentation

/// Prints a table row by row: aligned for people, or as JSON or CSV.
///
/// Rows are written in tables of some thousands, so that they need not all be held.
struct TableOutput: ~Copyable {
    private let mode: OutputMode
    private let settings: PictureSettings
    private var table: ResultTable
    private var isUntyped = false
    private var isFirst = true
    private var stream = OutputStream(descriptor: STDOUT_FILENO)

    private static let rowsInTable = 10_000

    init(_ columns: [ResultTable.Column], _ mode: OutputMode, _ settings: PictureSettings) {
        self.mode = mode
        self.settings = settings
        table = ResultTable(columns: columns)
    }

    /// A table whose columns are numeric where their first value is a number.
    init(untyped names: [String], _ mode: OutputMode, _ settings: PictureSettings) {
        self.init(names.map { ResultTable.Column(name: $0, isNumeric: false) }, mode, settings)
        isUntyped = true
    }

    /// Takes a row; false when nobody reads any more.
    mutating func append(_ row: [ResultTable.Value]) throws -> Bool {
        table.rows.append(row)
        if table.rows.count == Self.rowsInTable { try write() }
        return stream.state == .open
    }

    /// Ends the output; people see the notes below the table.
    mutating func finish(notes: [String] = []) throws {
        table.notes = notes
        try write()
        _ = try stream.flush()
    }

    private mutating func write() throws {
        guard isFirst && mode == .csv || !table.rows.isEmpty else { return }
        if isFirst, isUntyped { findNumbers() }
        let text: [UInt8] =
            switch mode {
            case .people: TableView(settings).text(table)
            case .json: table.json()
            case .csv: table.csv(zone: settings.zone, hasHeader: isFirst)
            case .raw, .count: []
            }
        _ = try stream.write(text.span)
        table.rows.removeAll(keepingCapacity: true)
        isFirst = false
    }

    private mutating func findNumbers() {
        for index in table.columns.indices {
            switch table.rows.lazy.map({ $0[index] }).first(where: { $0 != .none }) {
            case .integer, .number: table.columns[index].isNumeric = true
            default: break
            }
        }
    }
}
