import Incidents
import LogModel
import LogStore
import StoreFixtures
import Testing

@Suite struct RecurrencesTests {
    private static let second: Int64 = 1_000_000_000
    /// 2026-11-20 12:00 UTC.
    private static let noon: Int64 = 1_795_176_000 * second
    private let directory = TemporaryDirectory(inMemory: true)

    /// Lines at these seconds behind noon.
    private func logs(_ lines: [(Int64, String)]) throws -> HandmadeStore {
        let store = try HandmadeStore()
        var builder = BatchBuilder()
        for (time, line) in lines {
            builder.add(line: line, at: Self.noon + time * Self.second)
        }
        try store.add(
            builder.batch, from: EventSource(host: "h", service: "s", path: "/logs/app.log"))
        return store
    }

    private func add(
        _ patterns: [String], resolved: Int64?, to store: IncidentStore,
        status: IncidentStatus = .closed
    ) throws {
        var incident = Incident()
        (incident.title, incident.status, incident.patterns) = ("t", status, patterns)
        incident.resolved = resolved.map { Self.noon + $0 * Self.second }
        _ = try store.create(incident, by: "a", at: Self.noon)
    }

    private func find(
        _ logs: HandmadeStore, _ records: IncidentStore,
        times: Range<Int64> = .min ..< .max
    ) throws -> Recurrences {
        try records.recurrences(
            in: Store(directory: logs.path), times: times, zone: .utc, at: Self.noon)
    }

    @Test func onlyWhatCameAfterTheRecordWasResolvedHasComeAgain() throws {
        let logs = try logs([
            (-20, "deadlock detected"), (10, "deadlock detected"), (11, "deadlock detected"),
            (30, "Deadlock detected"), (40, "out of memory"),
        ])
        let records = try IncidentStore(writing: directory("records"))
        try add(["\"deadlock detected\""], resolved: 10, to: records)
        try add(["deadlock OR \"out of memory\"", "never"], resolved: 11, to: records)
        try add(["deadlock"], resolved: 31, to: records)
        try add(["deadlock"], resolved: -30, to: records, status: .reviewed)
        // Without the time, from the last change on.
        try add(["deadlock"], resolved: nil, to: records)
        let found = try find(logs, records)
        #expect(found.seen.map(\.id.number) == [2, 1, 5])
        #expect(found.seen.map(\.events) == [2, 2, 3])
        #expect(found.seen.map { ($0.first - Self.noon) / Self.second } == [30, 11, 10])
        #expect(found.seen.map { ($0.last - Self.noon) / Self.second } == [40, 30, 30])
        #expect(found.seen[1].pattern == "\"deadlock detected\"")
        let query = #"("deadlock detected") time:>"2026-11-20T12:00:10.000000000Z""#
        #expect(found.seen[1].query == query)
        #expect(found.seen[1].example.uid == "/logs/app.log-36")
        #expect(found.patterns == 5)
        #expect(found.records == 4)
        #expect(found.faulty.isEmpty)
        let later = Self.noon + 31 * Self.second
        #expect(try find(logs, records, times: later ..< .max).seen.map(\.events) == [1])
    }

    @Test func aPatternThatIsNoQueryIsToldOf() throws {
        let logs = try logs([(1, "deadlock")])
        let records = try IncidentStore(writing: directory("records"))
        try add(["deadlock", "(deadlock", "deadlock | stats count()"], resolved: 0, to: records)
        let found = try find(logs, records)
        #expect(found.seen.map(\.pattern) == ["deadlock"])
        #expect(found.faulty.map(\.pattern) == ["(deadlock", "deadlock | stats count()"])
        #expect(
            found.faulty.map(\.problem) == [
                "unclosed '('; close it with ')', or write \\( for the character itself",
                "a pipe in a query that only finds events; leave out the pipe and what is behind it",
            ])
    }

    @Test func withoutClosedRecordsNothingIsRead() throws {
        let logs = try logs([(1, "deadlock")])
        let records = try IncidentStore(writing: directory("records"))
        let found = try find(logs, records)
        #expect(found.seen.isEmpty)
        #expect(found.patterns == 0)
    }
}
