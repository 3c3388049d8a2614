internal import LogModel
internal import LogStore
internal import SQLite

/// The matching rows of one block, whose values are taken from the columns where they stand there.
final class BlockRows {
    private let search: Search
    private let table: EventsTable
    private let matches: BlockMatches
    private var position = 0
    private var readers: [Int: ColumnReader] = [:]
    /// Whole events, made when a column first needs them.
    private var events: [Event]?

    /// Nil where nothing matches, or the block is damaged.
    init?(_ candidate: BlockCursor.Candidate, of search: Search, table: EventsTable) {
        guard let matches = search.blockMatches(candidate) else { return nil }
        (self.search, self.table, self.matches) = (search, table, matches)
    }

    /// Goes to the next row; false at the end.
    func advance() -> Bool {
        position += 1
        return position < matches.count
    }

    /// The row as a whole event.
    var event: Event? {
        if events == nil { events = noting { () throws(BlockError) in try matches.events() } }
        return events.flatMap { $0.indices.contains(position) ? $0[position] : nil }
    }

    func column(_ number: Int, _ result: SQLResult) {
        let column = table.columns[number]
        let reader: ColumnReader
        if let known = readers[number] {
            reader = known
        } else {
            reader =
                noting { () throws(BlockError) in try ColumnReader(column, of: matches) } ?? .none
            readers[number] = reader
        }
        switch reader {
        case .none: break
        case .constant(let value): result.set(value)
        case .coded(let values, let codes):
            let code = Int(codes[position])
            if code >= 0 { result.set(values[code]) }
        case .times(let times):
            result.set(.text(SQLTime.text(times[position], zone: table.request.zone)))
        case .instants(let times): result.set(times[position])
        case .texts(let texts):
            texts.bytes.withUnsafeBufferPointer {
                result.set(UnsafeBufferPointer(rebasing: $0[texts.range(position)]))
            }
        case .attributes: event.map { result.set(table.attributes(of: $0)) }
        case .event: event.map { result.set(column.value(of: $0, zone: table.request.zone)) }
        }
    }

    /// What `body` gives; damage is noted with the search.
    private func noting<Result>(_ body: () throws(BlockError) -> Result) -> Result? {
        do {
            return try body()
        } catch {
            search.failures.append(
                matches.block.failure
                    ?? .damaged(path: matches.source.path, reason: "\(error)"))
            return nil
        }
    }
}
