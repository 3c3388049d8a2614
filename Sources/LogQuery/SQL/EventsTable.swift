internal import LogModel
internal import LogStore
internal import SQLite

/// The SQL table `events` over a store: every statement's walk is a search.
///
/// `events('level:ERROR', '2h', 'now')` takes a query and a window. Conditions on columns become
/// conditions of the search where they can, so that the index is used; SQLite tests them again.
final class EventsTable: VirtualTable {
    /// Writes the attributes without columns as a JSON object.
    typealias AttributeText = ([(name: String, value: Event.Value)]) -> [UInt8]

    let columns: [EventColumn]
    let store: Store
    let request: SearchRequest
    let time: SQLTime
    let attributeText: AttributeText
    private var plans: [EventPlan] = []
    private var searches: [Search] = []
    /// What a walk could not begin for, which SQLite's message only repeats in part.
    private(set) var error: SearchError?
    private var generations: [String: Int64] = [:]
    private let owned: Set<String>

    init(
        _ store: Store, request: SearchRequest, time: SQLTime,
        attributeText: @escaping AttributeText
    ) throws(StoreError) {
        (self.store, self.request, self.time) = (store, request, time)
        self.attributeText = attributeText
        columns = EventColumn.all(attributes: try store.attributes())
        owned = Set(EventColumn.standard.compactMap { $0.field?.name })
    }

    var declaration: String {
        let lines = columns.map { column in
            let collation = column.kind == .time ? " COLLATE \(SQLTime.collation)" : ""
            let hidden = column.isHidden ? " HIDDEN" : ""
            return Self.quoted(column.name) + " " + column.type + hidden + collation
        }
        return "CREATE TABLE events(" + lines.joined(separator: ", ") + ")"
    }

    static func quoted(_ name: String) -> String {
        var quoted = "\""
        for scalar in name.unicodeScalars {
            if scalar == "\"" { quoted += "\"" }
            quoted.unicodeScalars.append(scalar)
        }
        return quoted + "\""
    }

    func plan(_ plan: inout QueryPlan) {
        let chosen = EventPlan(&plan, columns: columns)
        plan.number = Int32(clamping: plans.count)
        plans.append(chosen)
    }

    func makeCursor() -> any VirtualTableCursor { EventWalk(self) }

    // MARK: Walks

    /// Damage that the walks met, each once.
    var failures: [StoreError] {
        var seen: Set<String> = []
        return searches.flatMap(\.failures).filter { seen.insert($0.description).inserted }
    }

    /// The search of a walk: the table's own request, its arguments, and what its terms demand.
    func search(
        plan number: Int32, _ arguments: [[SQLValue]]
    ) throws(SearchError) -> (search: Search, plan: EventPlan, arguments: [Int: SQLValue]) {
        let plan = plans.indices.contains(Int(number)) ? plans[Int(number)] : EventPlan()
        var request = request
        var given: [Int: SQLValue] = [:]
        for (term, values) in zip(plan.terms, arguments) {
            let column = columns[term.column]
            if case .argument = column.kind {
                given[term.column] = values.first
                try apply(column.name, values.first ?? .null, to: &request)
            } else if let times = column.times(term.operation, values, time) {
                request.times = request.times.clamped(to: times)
            } else if let filter = column.filter(term.operation, values) {
                request.conditions.append(filter)
            }
        }
        request.order = plan.order ?? .newest
        do {
            let search = try Search(request, in: store)
            searches.append(search)
            return (search, plan, given)
        } catch {
            self.error = error
            throw error
        }
    }

    private func apply(
        _ argument: String, _ value: SQLValue, to request: inout SearchRequest
    ) throws(SearchError) {
        guard case .text(let bytes) = value else { return }
        let text = String(decoding: bytes, as: UTF8.self)
        if argument == "search" {
            request.query = text
            return
        }
        guard let instant = time.instant(bytes) else {
            let failure = SearchError.query(
                QueryError(
                    problem: "'\(text)' is no time", query: text, range: 0..<text.utf8.count,
                    help: "events takes (query, since, until), with times such as 2h or 10:05"))
            error = failure
            throw failure
        }
        let (from, to) = (request.times.lowerBound, request.times.upperBound)
        if argument == "since" {
            request.times = max(from, min(instant, to))..<to
        } else {
            request.times = from..<max(from, min(instant, to))
        }
    }

    // MARK: Values

    /// The attributes that have no column of their own.
    func attributes(of event: Event) -> SQLValue {
        .text(attributeText(event.attributes.filter { !owned.contains($0.name) }))
    }

    /// A number for an event: its generation's, and its offset.
    func rowNumber(of event: Event) -> Int64 {
        let known = generations[event.source.generation]
        let generation = known ?? Int64(generations.count)
        if known == nil { generations[event.source.generation] = generation }
        return generation << 44 | event.offset & (1 << 44 - 1)
    }
}
