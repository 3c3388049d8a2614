internal import LogModel
internal import LogStore
internal import SQLite

/// One walk over `events`: event by event where the order matters, else block by block.
final class EventWalk: VirtualTableCursor {
    private let table: EventsTable
    private var arguments: [Int: SQLValue] = [:]
    private var search: Search?
    private var events: EventCursor?
    private var event: Event?
    private var blocks: BlockCursor?
    private var rows: BlockRows?

    init(_ table: EventsTable) { self.table = table }

    func begin(plan number: Int32, _ values: [[SQLValue]]) throws {
        (events, event, blocks, rows) = (nil, nil, nil, nil)
        do {
            let (search, plan, arguments) = try table.search(plan: number, values)
            (self.search, self.arguments) = (search, arguments)
            if plan.order == nil {
                blocks = try BlockCursor(search)
            } else {
                events = try search.events()
            }
        } catch {
            throw SearchFailure(error)
        }
        try advance()
    }

    func advance() throws {
        if let events {
            event = events.next()
            return
        }
        if rows?.advance() ?? false { return }
        rows = nil
        guard let search else { return }
        while let candidate = blocks?.next() {
            rows = BlockRows(candidate, of: search, table: table)
            if rows != nil { return }
        }
    }

    var isAtEnd: Bool { event == nil && rows == nil }

    func column(_ number: Int, _ result: SQLResult) throws {
        guard table.columns.indices.contains(number) else { return }
        if let argument = arguments[number] { return result.set(argument) }
        if let rows { return rows.column(number, result) }
        guard let event else { return }
        let column = table.columns[number]
        if case .attributes = column.kind { return result.set(table.attributes(of: event)) }
        result.set(column.value(of: event, zone: table.request.zone))
    }

    func rowNumber() throws -> Int64 {
        guard let event = event ?? rows?.event else { return 0 }
        return table.rowNumber(of: event)
    }
}

/// A search's error in words, for SQLite to pass on.
struct SearchFailure: Error, CustomStringConvertible {
    let description: String

    init(_ error: SearchError) {
        switch error {
        case .query(let error): description = error.problem
        case .store(let error): description = error.description
        }
    }
}
