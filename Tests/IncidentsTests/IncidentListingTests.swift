import LogModel
import LogStore
import StoreFixtures
import Testing

@testable import Incidents

@Suite struct IncidentListingTests {
    private let directory = TemporaryDirectory(inMemory: true)
    private let today = CalendarDate("2026-12-02")
    private static let hour: Int64 = 3_600_000_000_000
    private static let noon: Int64 = 1_795_348_800_000_000_000  // 2026-11-22T12:00Z

    private func incident(_ title: String, at start: Int64?) -> Incident {
        var incident = Incident()
        (incident.title, incident.started) = (title, start)
        return incident
    }

    private func pin(at time: Int64) -> Pin {
        var pin = Pin()
        pin.event.timestamp = time
        pin.event.uid = "1-\(time)"
        pin.place.offset = time
        pin.place.generation = "1"
        return pin
    }

    /// Three records: an old closed one, one with a late action, and one of which little is known.
    private func filled() throws -> IncidentStore {
        let store = try IncidentStore(writing: directory("store"))
        var old = incident("disk full", at: Self.noon)
        (old.status, old.severity) = (.closed, .p3)
        (old.type, old.resolved) = (FaultClass(.infrastructure, "storage"), Self.noon + Self.hour)
        (old.services, old.tags) = (["node", "control"], ["disk"])
        old.actions = [PreventionAction("a", due: CalendarDate("2026-12-01"), state: .done)]
        var late = incident("连接池耗尽", at: Self.noon + 24 * Self.hour)
        (late.status, late.severity, late.services) = (.repaired, .p1, ["control"])
        late.type = FaultClass(.application, "error")
        late.actions = [
            PreventionAction("b", due: CalendarDate("2026-12-01")),
            PreventionAction("c", due: CalendarDate("2026-12-02")), PreventionAction("d"),
        ]
        _ = try store.create(old, pins: [pin(at: Self.noon)], by: "alice", at: Self.noon)
        _ = try store.create(late, by: "alice", at: Self.noon)
        _ = try store.create(incident("?", at: nil), by: "alice", at: Self.noon)
        return store
    }

    private func numbers(
        _ store: IncidentStore, _ change: (inout IncidentSelection) -> Void
    ) throws -> [Int] {
        var selection = IncidentSelection()
        change(&selection)
        let today = try #require(today)
        let ids = try store.summaries(selection, today: today).map(\.id.number)
        if selection.limit == nil { #expect(try store.count(selection) == ids.count) }
        return ids
    }

    @Test func aSummaryHasWhatAListShows() throws {
        let store = try filled()
        let today = try #require(today)
        let records = try store.summaries(IncidentSelection(), today: today)
        #expect(
            records[2]
                == IncidentSummary(
                    id: IncidentID(year: 2026, number: 1), title: "disk full",
                    type: FaultClass(.infrastructure, "storage"), severity: .p3, status: .closed,
                    started: Self.noon, resolved: Self.noon + Self.hour,
                    services: ["control", "node"], pins: 1, openActions: 0, overdueActions: 0))
        #expect(records[2].toResolve == Self.hour)
        #expect((records[1].openActions, records[1].overdueActions) == (3, 1))
    }

    @Test func conditionsSelectRecords() throws {
        let store = try filled()
        #expect(try numbers(store) { _ in } == [3, 2, 1])
        #expect(try numbers(store) { $0.limit = 1 } == [3])
        #expect(try numbers(store) { $0.statuses = [.closed, .repaired] } == [2, 1])
        #expect(try numbers(store) { $0.isOpen = true } == [3, 2])
        #expect(try numbers(store) { $0.severities = [.p3] } == [1])
        #expect(try numbers(store) { $0.types = [FaultClass(.infrastructure)] } == [1])
        #expect(try numbers(store) { $0.types = [FaultClass(.infrastructure, "server")] } == [])
        #expect(try numbers(store) { $0.labels = [(.services, ["control"])] } == [2, 1])
        #expect(
            try numbers(store) { $0.labels = [(.services, ["node"]), (.tags, ["disk"])] } == [1])
        #expect(try numbers(store) { $0.overdueOn = today } == [2])
        #expect(try numbers(store) { $0.started = Self.noon + 1..<Int64.max } == [2])
        #expect(try numbers(store) { $0.started = Int64.min..<Self.noon + 1 } == [1])
    }

    @Test func theDayOfAPinKnowsItsRecord() throws {
        let store = try filled()
        let day = Self.noon - 12 * Self.hour..<Self.noon + 12 * Self.hour
        let one = IncidentID(year: 2026, number: 1)
        #expect(try store.records(withPinsIn: day) == [DayEvidence(id: one, pins: 1)])
        #expect(try store.records(withPinsIn: day.upperBound..<Int64.max) == [])
        try store.append([.unpin(1, reason: "wrong")], to: one, by: "bob", at: Self.noon)
        #expect(try store.records(withPinsIn: day) == [])
        #expect(try store.keptPins(of: one) == [])
    }

    @Test func openRecordsWithoutPinsOfTheirTimeAreNamed() throws {
        let store = try filled()
        let two = IncidentID(year: 2026, number: 2)
        let start = Self.noon + 12 * Self.hour
        #expect(try store.openRecords(withoutPinsIn: start - 24 * Self.hour..<start) == [])
        #expect(try store.openRecords(withoutPinsIn: start..<start + 24 * Self.hour) == [two])
        try store.append([.pin(pin(at: start + 1))], to: two, by: "bob", at: Self.noon)
        #expect(try store.openRecords(withoutPinsIn: start..<start + 24 * Self.hour) == [])
        // It began on that day, and is not resolved: the day after may still be of it, no later one.
        let next = start + 24 * Self.hour
        #expect(try store.openRecords(withoutPinsIn: next..<next + 24 * Self.hour) == [two])
        #expect(try store.openRecords(withoutPinsIn: next + 24 * Self.hour..<Int64.max) == [])
    }

    @Test func changesAreToldFieldByField() throws {
        var old = incident("slow", at: Self.noon)
        old.services = ["control", "node"]
        var new = old
        (new.title, new.severity, new.services) = ("down", .p0, ["node", "结算"])
        (new.started, new.actions) = (nil, [PreventionAction("b", owner: "bob")])
        let changes = FieldChange.changes(from: old, to: new, zone: .utc, language: .english)
        #expect(changes.map(\.field) == [.title, .severity, .started, .services, .actions])
        #expect(
            changes.map(\.lines) == [
                ["slow → down"], ["P0"], ["− 2026-11-22 12:00:00 Z"], ["− control", "+ 结算"],
                ["b (bob, open)"],
            ])
    }
}
