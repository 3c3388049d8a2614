import LogModel
import StoreFixtures
import Testing

@testable import Incidents

@Suite struct IncidentStatisticsTests {
    private let directory = TemporaryDirectory(inMemory: true)
    private static let minute: Int64 = 60_000_000_000
    /// 2026-10-31T23:30Z, in Shanghai November already.
    private static let halloween: Int64 = 1_793_489_400_000_000_000

    private func add(
        _ store: IncidentStore, at start: Int64?, minutes: Int64?, services: [String],
        _ change: (inout Incident) -> Void = { _ in }
    ) throws {
        var incident = Incident()
        (incident.started, incident.services) = (start, services)
        if let start, let minutes {
            incident.detected = start + Self.minute
            incident.resolved = start + minutes * Self.minute
        }
        change(&incident)
        _ = try store.create(incident, by: "alice", at: Self.halloween + 100 * 1440 * Self.minute)
    }

    private func filled() throws -> IncidentStore {
        let store = try IncidentStore(writing: directory("store"))
        try add(store, at: Self.halloween - 1440 * Self.minute, minutes: 10, services: ["node"]) {
            ($0.status, $0.severity) = (.closed, .p3)
            $0.actions = [PreventionAction("late", owner: "bob", due: CalendarDate("2026-11-30"))]
        }
        try add(store, at: Self.halloween, minutes: 20, services: ["node", "control"]) {
            ($0.status, $0.type) = (.closed, FaultClass(.application, "crash"))
            $0.actions = [
                PreventionAction("in time", due: CalendarDate("2026-12-02")),
                PreventionAction("done", due: CalendarDate("2026-11-01"), state: .done),
                PreventionAction("later", due: CalendarDate("2026-12-01")),
            ]
        }
        try add(store, at: Self.halloween + Self.minute, minutes: 60, services: ["node"]) {
            ($0.severity, $0.type) = (.p0, FaultClass(.application))
        }
        // It ends before it begins, so it has no length.
        try add(store, at: Self.halloween + 2 * Self.minute, minutes: -5, services: [])
        // Its beginning is not known.
        try add(store, at: nil, minutes: nil, services: [])
        return store
    }

    private func statistics(
        _ times: Range<Int64> = .always, zone: Zone = .utc
    ) throws -> IncidentStatistics {
        let store = try filled()
        let today = try #require(CalendarDate("2026-12-02"))
        return try IncidentStatistics(of: store, times: times, today: today, zone: zone)
    }

    private static func line(_ group: IncidentStatistics.Group) -> String {
        func minutes(_ span: Double?) -> String { span.map { "\($0 / 60e9)" } ?? "-" }
        let resolve = group.toResolve
        return "\(group.name): \(group.records) records, \(group.open) open, "
            + "\(resolve.count) lasted \(minutes(resolve.mean))/\(minutes(resolve.median)) min"
    }

    @Test func allRecordsComeToATotal() throws {
        let total = try statistics().total
        #expect(Self.line(total) == ": 5 records, 3 open, 3 lasted 30.0/20.0 min")
        #expect(total.toDetect == Spans([Self.minute, Self.minute, Self.minute, Self.minute]))
    }

    @Test func recordsAreGroupedByWhatTheySay() throws {
        let groups = try statistics().groups.mapValues { $0.map(Self.line) }
        #expect(
            groups == [
                .month: [
                    "2026-10: 4 records, 2 open, 3 lasted 30.0/20.0 min",
                    "2027-02: 1 records, 1 open, 0 lasted -/- min",
                ],
                .type: [
                    ": 3 records, 2 open, 1 lasted 10.0/10.0 min",
                    "application: 2 records, 1 open, 2 lasted 40.0/40.0 min",
                ],
                .severity: [
                    "P0: 1 records, 1 open, 1 lasted 60.0/60.0 min",
                    "P3: 1 records, 0 open, 1 lasted 10.0/10.0 min",
                    ": 3 records, 2 open, 1 lasted 20.0/20.0 min",
                ],
                .service: [
                    "node: 3 records, 1 open, 3 lasted 30.0/20.0 min",
                    ": 2 records, 2 open, 0 lasted -/- min",
                    "control: 1 records, 0 open, 1 lasted 20.0/20.0 min",
                ],
            ])
    }

    @Test func monthsAreThoseOfTheZone() throws {
        let shanghai = Zone(name: "+08:00", offset: 8 * 3600)
        let months = try statistics(zone: shanghai).groups[.month]?.map(Self.line)
        #expect(
            months == [
                "2026-10: 1 records, 0 open, 1 lasted 10.0/10.0 min",
                "2026-11: 3 records, 2 open, 2 lasted 40.0/40.0 min",
                "2027-02: 1 records, 1 open, 0 lasted -/- min",
            ])
    }

    @Test func theTrendHasTheMonthsWithoutRecordsToo() throws {
        let months = try statistics().months
        #expect(months.map(\.name) == ["2026-10", "2026-11", "2026-12", "2027-01", "2027-02"])
        #expect(months.map(\.mean) == [1_800e9, nil, nil, nil, nil])
    }

    @Test func aWindowHasTheFaultsThatBeganInIt() throws {
        let one = try statistics(Self.halloween..<Self.halloween + Self.minute)
        #expect(Self.line(one.total) == ": 1 records, 0 open, 1 lasted 20.0/20.0 min")
        #expect(one.repeats == [])
    }

    @Test func overdueActionsAndRepeatedServicesAreNamed() throws {
        let statistics = try statistics()
        #expect(
            statistics.overdue.map { "\($0.due) \($0.owner) \($0.text) \($0.id)" } == [
                "2026-11-30 bob late INC-2027-0001", "2026-12-01  later INC-2027-0002",
            ])
        let third = IncidentID(year: 2027, number: 3)
        #expect(
            statistics.repeats == [.init(service: "node", records: 3, last: third)])
    }
}
