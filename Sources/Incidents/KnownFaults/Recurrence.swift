package import LogModel
package import LogQuery
package import LogStore
internal import SQLite

/// A closed record's root cause that shows in the logs again.
package struct Recurrence: Sendable {
    package let id: IncidentID
    package let title: String
    /// The query of the record that finds its root cause.
    package let pattern: String
    /// When the fault was over; only what came later counts.
    package let resolved: Int64
    package let events: Int
    /// The times of the first and of the last of the events.
    package let first: Int64
    package let last: Int64
    package let example: Event

    /// A query that finds the events.
    package var query: String { "(\(pattern)) \(ClosedPattern.condition(after: resolved))" }
}

/// What has come again, and what could not be looked for.
package struct Recurrences {
    /// The last seen first.
    package let seen: [Recurrence]
    /// How many patterns of how many closed records there are.
    package let patterns: Int
    package let records: Int
    /// Patterns that are no queries, each with what is wrong with it.
    package let faulty: [(id: IncidentID, pattern: String, problem: String)]
    /// The search for them, run to its end: it knows what is missing in its window.
    package let search: Search

    package var failures: [StoreError] { search.failures }
}

extension IncidentStore {
    /// Looks for the root causes of all closed records in the time after each was resolved, in one pass.
    ///
    /// Nothing before the first of these times is read. A record without the time counts from its last change on. A pattern that is no query is told of, and the others go on.
    package func recurrences(
        in store: Store, times: Range<Int64>, zone: Zone, at now: Int64
    ) throws(RecurrenceError) -> Recurrences {
        do {
            let patterns = try closedPatterns()
            let attributes = try store.attributes()
            var filters: [Filter] = []
            var asked: [ClosedPattern] = []
            var faulty: [(id: IncidentID, pattern: String, problem: String)] = []
            for pattern in patterns {
                do throws(QueryError) {
                    filters.append(try pattern.filter(attributes, now: now, zone: zone))
                    asked.append(pattern)
                } catch {
                    let help = error.help.map { "; " + $0 } ?? ""
                    faulty.append((pattern.id, pattern.text, error.problem + help))
                }
            }
            var request = SearchRequest(query: "", now: now)
            request.zone = zone
            let first = patterns.map(\.resolved).min() ?? times.lowerBound
            request.times = times.clamped(to: first..<Int64.max)
            let search = try Search(anyOf: filters, request, in: store)
            let tallies = try search.tally(filters.indices.map { $0..<$0 + 1 })
            let seen = zip(asked, tallies).compactMap { $0.recurrence($1) }
            return Recurrences(
                seen: seen.sorted { $0.last > $1.last }, patterns: patterns.count,
                records: Set(patterns.map(\.id)).count, faulty: faulty, search: search)
        } catch let error as IncidentError {
            throw .records(error)
        } catch let error as SearchError {
            throw .search(error)
        } catch let error as StoreError {
            throw .search(.store(error))
        } catch {
            throw .search(.store(.damaged(path: store.directory, reason: "\(error)")))
        }
    }

    private func closedPatterns() throws(IncidentError) -> [ClosedPattern] {
        try asking(
            """
            SELECT key, title, value, ifnull(resolved, changed) FROM label
            JOIN incident ON key = incident
            WHERE field = 'patterns' AND status = 'closed' ORDER BY key, value
            """, []
        ) {
            ClosedPattern(
                id: IncidentID(key: $0.integer(0)), title: $0.text(1), text: $0.text(2),
                resolved: $0.integer(3))
        }
    }
}

/// Why recurrences could not be looked for.
package enum RecurrenceError: Error {
    case records(IncidentError)
    case search(SearchError)
}

/// A root cause as a closed record has it.
struct ClosedPattern {
    let id: IncidentID
    let title: String
    let text: String
    let resolved: Int64

    static func condition(after time: Int64) -> String { "time:>\"\(RFC3339.text(time))\"" }

    func filter(
        _ attributes: Set<String>, now: Int64, zone: Zone
    ) throws(QueryError) -> Filter {
        let own = try Filter(query: text, knownAttributes: attributes, now: now, zone: zone)
        let later = try Filter(
            query: Self.condition(after: resolved), knownAttributes: [], now: now, zone: zone)
        return .and([own, later])
    }

    func recurrence(_ tally: FilterTally) -> Recurrence? {
        guard let times = tally.times, let example = tally.first else { return nil }
        return Recurrence(
            id: id, title: title, pattern: text, resolved: resolved, events: tally.events,
            first: times.lowerBound, last: times.upperBound, example: example)
    }
}
