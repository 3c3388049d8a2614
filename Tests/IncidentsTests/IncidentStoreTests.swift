import Incidents
import LogStore
import StoreFixtures
import Testing

@Suite struct IncidentStoreTests {
    private let directory = TemporaryDirectory()

    @Test func aRecordComesBackAsItWasWritten() throws {
        let store = try IncidentStore(writing: directory("store"))
        var incident = Incident()
        incident.title = "数据库连接耗尽 \u{0} \"quoted\"\u{202E}"
        incident.type = FaultClass(.application, "error")
        incident.started = 1_795_399_482_123_456_789
        incident.impact = [ImpactClaim("63 requests failed", query: "status:>=500", pins: [1, 2])]
        incident.steps = [HandlingStep("rolled back", at: 1_795_400_000_000_000_000, by: "李雷")]
        incident.actions = [
            PreventionAction("limit the pool", owner: "韩梅梅", due: CalendarDate("2026-12-01"))
        ]
        incident.related = [IncidentID(year: 2026, number: 1)]
        let id = try store.create(incident, by: "alice", at: 1_795_400_100_000_000_000)
        #expect(id.description == "INC-2026-0001")
        let read = try IncidentStore(reading: directory("store")).record(id)
        incident.title = "数据库连接耗尽 \u{2400} \"quoted\"\u{202E}"
        #expect(read.incident == incident)
        #expect(read.entries == 1)
        let entries = try store.entries(of: id)
        #expect(entries[0].entry.previous == Entry.noDigest)
        #expect(read.root == entries[0].entry.digest)
    }

    @Test func aChangeThatRestsOnAnOlderRecordIsRefused() throws {
        let store = try IncidentStore(writing: directory("store"))
        let id = try store.create(Incident(), by: "alice", at: 1)
        var incident = Incident()
        incident.title = "mine"
        try store.append([.revision(incident, .edit)], to: id, expecting: 1, by: "bob", at: 2)
        #expect(throws: IncidentError.self) {
            try store.append([.revision(Incident(), .edit)], to: id, expecting: 1, by: "eve", at: 3)
        }
        #expect(try store.record(id).incident.title == "mine")
        #expect(try store.entries(of: id).map(\.entry.author) == ["alice", "bob"])
    }

    @Test func nothingIsAddedToARecordThatIsNotThere() throws {
        let store = try IncidentStore(writing: directory("store"))
        let id = IncidentID(year: 2026, number: 9)
        #expect(throws: IncidentError.self) {
            try store.append([.unpin(1, reason: "x")], to: id, by: "alice", at: 1)
        }
        #expect(throws: IncidentError.self) {
            try store.pin([Pin()], to: id, by: "alice", at: 1)
        }
        #expect(try store.entries(of: id).isEmpty)
        #expect(try store.ids().isEmpty)
    }
}
