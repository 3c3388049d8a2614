import Glibc
import LogModel
import LogQuery
import LogStore
import StoreFixtures
import Testing

@testable import LogShipping

/// The last event of a file may still grow. When it was removed, it stays away as it grows.
@Suite struct RemovedOpenEventTests {
    private let bench = IngestBench()
    private static let day = Day(name: "2026-10-01")!

    private static func line(_ second: Int, _ text: String) -> String {
        "2026-10-01 10:00:0\(second).100 [main] INFO  c.e.Job - \(text)\n"
    }

    private func messages() throws -> [String] {
        var request = SearchRequest(query: "*", now: IngestBench.now)
        request.order = .oldest
        let search = try Search(request, in: Store(directory: bench.store))
        var found: [String] = []
        try search.run { event in
            found.append(String(decoding: event.original, as: UTF8.self))
            return true
        }
        #expect(search.failures.isEmpty)
        return found.map {
            String($0.drop { $0 != "-" }.dropFirst(8).drop { $0 != "-" }.dropFirst(2))
        }
    }

    private func purge(_ word: String) throws {
        let search = try Search(
            SearchRequest(query: word, now: IngestBench.now), in: Store(directory: bench.store))
        var target = DayTarget.asItIs
        try search.run { event in
            target.purged[event.source.generation, default: []].insert(event.offset)
            return true
        }
        #expect(try Maintenance(directory: bench.store).rewrite(Self.day, to: target) != nil)
    }

    private func audit() throws -> AuditedFile {
        try Audit(Store(directory: bench.store)).check(bench.directory("app.log"))
    }

    @Test func aPurgedOpenEventDoesNotComeBackWhenItsFileGrows() throws {
        bench.directory.write(Self.line(1, "one") + Self.line(2, "secret"), to: "app.log")
        try bench.ingest(["app.log"])
        try purge("secret")
        #expect(try messages() == ["one"])
        #expect(try audit().holds)
        #expect(try audit().removed == [.purged: Int64(Self.line(2, "secret").utf8.count)])
        // More lines of the same event, twice; then another event.
        for _ in 0..<2 {
            bench.directory.append("\tat c.e.Job.secret(Job.java:7)\n", to: "app.log")
            try bench.ingest(["app.log"])
            #expect(try messages() == ["one"])
            #expect(try audit().holds)
        }
        bench.directory.append(Self.line(3, "three"), to: "app.log")
        try bench.ingest(["app.log"])
        #expect(try messages() == ["one", "three"])
        let closed = try audit()
        #expect(closed.holds)
        #expect(closed.removed == [.purged: Int64(Self.line(2, "secret").utf8.count)])
        #expect(closed.skipped == [.excluded: 62])
        bench.directory.append(Self.line(4, "four"), to: "app.log")
        try bench.ingest(["app.log"])
        #expect(try messages() == ["one", "three", "four"])
        #expect(try audit().holds)
    }

    @Test func theOpenEventOfARemovedDayDoesNotComeBack() throws {
        bench.directory.write(Self.line(1, "one") + Self.line(2, "two"), to: "app.log")
        try bench.ingest(["app.log"])
        _ = try Maintenance(directory: bench.store).remove(Self.day, because: .expired)
        #expect(try audit().holds)
        bench.directory.append(
            "2026-10-02 10:00:00.100 [main] INFO  c.e.Job - three\n", to: "app.log")
        try bench.ingest(["app.log"])
        #expect(try messages() == ["three"])
        #expect(try Store(directory: bench.store).days().map(\.name) == ["2026-10-02"])
        #expect(try audit().holds)
    }

    /// What is purged is not the open event: that goes on growing.
    @Test func anotherEventLeavesTheOpenOneOpen() throws {
        bench.directory.write(Self.line(1, "secret") + Self.line(2, "two"), to: "app.log")
        try bench.ingest(["app.log"])
        try purge("secret")
        bench.directory.append("\tat c.e.Job.run(Job.java:7)\n", to: "app.log")
        try bench.ingest(["app.log"])
        #expect(try messages() == ["two\n\tat c.e.Job.run(Job.java:7)"])
        #expect(try audit().holds)
    }
}
