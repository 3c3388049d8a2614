import LogModel
import LogStore
import Presentation
import Retention
import StoreFixtures
import Testing

@testable import logq

/// What `logq status` says of jobs.
@Suite struct LastJobsTests {
    private let store: HandmadeStore
    private static let day: Int64 = 86_400_000_000_000

    init() throws { store = try HandmadeStore() }

    private func text(now: Int64 = Clock.now()) throws -> String {
        let jobs = try LastJobs(
            Store(directory: store.path), RetentionPolicy(indexed: .days(1), archived: .days(3)),
            now: now)
        let painter = Painter(isEnabled: false)
        return String(decoding: jobs.text(zone: .utc, painter: painter), as: UTF8.self)
    }

    @Test func ofEachKindTheNewestCounts() throws {
        store.close()
        #expect(try text() == "")
        let history = try JobHistory(directory: store.path)
        for outcome in ["stopped: the window closed", "done"] {
            try history.end(history.begin("retention"), outcome: outcome, summary: "")
        }
        let verify = try history.begin("verify")
        let at = RFC3339.clockText(verify.started, zone: .utc).prefix(16)
        #expect(try text() == "jobs: retention \(at) (done), verify \(at) (at work)\n")
    }

    /// An old day is no fault by itself, if the job came by; if it did not, it is said.
    @Test func daysThatShouldBeGoneAreSaidWhenNoJobRuns() throws {
        var batch = BatchBuilder()
        batch.add([], Layout(format: "f", pieces: [.literal(Array("x".utf8))], fields: []), at: 0)
        try store.add(batch.batch, from: EventSource(host: "h", service: "s", path: "/l"))
        store.close()
        let late = "jobs: days are older than the policy keeps them\n"
        #expect(try text(now: 6 * Self.day - 1) == "")
        #expect(try text(now: 6 * Self.day) == late)
        #expect(try text() == late)
        let history = try JobHistory(directory: store.path)
        try history.end(history.begin("retention"), outcome: "done", summary: "")
        #expect(try text().hasSuffix(" (done)\n"))
        #expect(
            try text(now: Clock.now() + 3 * Self.day).hasSuffix(" (done), " + late.dropFirst(6)))
    }
}
