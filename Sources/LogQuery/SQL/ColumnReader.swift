internal import LogModel
internal import LogStore
internal import SQLite

/// How the values of a column are read for the matching rows of one block, by their position.
enum ColumnReader {
    /// NULL in all rows.
    case none
    case constant(SQLValue)
    /// Distinct values, and which of them each row has; -1 for NULL.
    case coded([SQLValue], [Int32])
    case times([Int64])
    case instants([Int64])
    case texts(RowTexts)
    case attributes
    /// From whole events, the slow way.
    case event
}

extension ColumnReader {
    init(_ column: EventColumn, of matches: BlockMatches) throws(BlockError) {
        switch column.kind {
        case .argument: self = .none
        case .attributes: self = .attributes
        case .instant: self = .instants(try matches.times())
        case .time:
            self =
                column.field?.name == FieldName.timestamp
                ? .times(try matches.times()) : .event
        case .severity: self = try Self.values(of: FieldName.severityNumber, as: column, matches)
        case .level: self = try Self.values(of: FieldName.severityText, as: column, matches)
        case .text, .number, .any:
            guard let name = column.field?.name else {
                self = .none
                return
            }
            self =
                name == FieldName.original
                ? try Self.originals(of: matches)
                : try Self.values(of: name, as: column, matches)
        }
    }

    private static func values(
        of name: String, as column: EventColumn, _ matches: BlockMatches
    ) throws(BlockError) -> ColumnReader {
        let field = FieldReference(name: name, written: name, type: .any)
        let values = try matches.values(of: field)
        return .coded(values.values.map(column.value), values.codes)
    }

    /// Texts that are not UTF-8 are shown as what they say in GB18030, which events do.
    private static func originals(of matches: BlockMatches) throws(BlockError) -> ColumnReader {
        let block = try matches.block.open()
        let invalid = EventBatch.Flags.isInvalidUTF8.rawValue
        if try block.flags().contains(where: { $0 & invalid != 0 }) { return .event }
        return .texts(try block.texts(rows: matches.rows.indices))
    }
}
