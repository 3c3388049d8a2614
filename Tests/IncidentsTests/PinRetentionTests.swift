import Incidents
import LogModel
import LogQuery
import LogStore
import Retention
import StoreFixtures
import Testing

/// E4: what is pinned outlives the days that it was taken from.
@Suite struct PinRetentionTests {
    private let store: HandmadeStore
    /// 2026-11-21, half past one.
    private static let now = Day(name: "2026-11-21").map { $0.start + 5_400_000_000_000 } ?? 0
    private static let policy = RetentionPolicy(indexed: .days(3), archived: .days(9))

    /// One file over three days: one to remove, one to archive, one to merge; three blocks a day.
    init() throws {
        store = try HandmadeStore()
        let source = EventSource(host: "h", service: "pay", path: "/pay.log")
        var offset: Int64 = 0
        for daysAgo: Int64 in [20, 5, 1] {
            let day = Day(number: Day(of: Self.now).number - daysAgo)
            for part in 0..<3 {
                var builder = BatchBuilder(offset: offset)
                for line in 0..<20 {
                    builder.add(
                        line: "day \(daysAgo) part \(part) line \(line) 失败",
                        at: day.start + Int64(part * 20 + line), severity: 17)
                }
                offset = builder.offset
                try store.add(builder.batch, from: source)
            }
        }
        store.close()
    }

    private func pins() throws -> [Pin] {
        var request = SearchRequest(query: "\"line 19\"", now: Self.now)
        request.order = .oldest
        let pinning = Pinning(try Store(directory: store.path), zone: .utc)
        return try pinning.pins(request, limit: 100, note: "").pins
    }

    @Test func pinsSurviveTheRetentionJob() throws {
        let records = try IncidentStore(writing: store.path)
        let id = try records.create(Incident(), by: "alice", at: Self.now)
        let pinned = try records.pin(pins(), to: id, by: "alice", at: Self.now).new
        #expect(pinned.count == 9)
        let report = try RetentionJob(directory: store.path, policy: Self.policy, now: Self.now)
            .run()
        #expect(report.steps.map(\.action) == [.removed, .archived, .merged])
        #expect(try Store(directory: store.path).days().count == 2)
        #expect(try records.pins(of: id) == pinned)
        #expect(try IncidentStore(reading: store.path).pins(of: id) == pinned)
    }

    @Test func eventsOfArchivedAndMergedDaysArePinnedWithTheSameBytes() throws {
        let before = try pins()
        _ = try RetentionJob(directory: store.path, policy: Self.policy, now: Self.now).run()
        let after = try pins()
        #expect(after.count == 6)
        for pin in after {
            let own = try #require(before.first { $0.event.uid == pin.event.uid })
            #expect(pin.place == own.place && pin.event == own.event)
            #expect(pin.originals.event == own.originals.event)
            #expect(pin.originals.after == own.originals.after)
            #expect(pin.originals.before == own.originals.before)
        }
    }
}
