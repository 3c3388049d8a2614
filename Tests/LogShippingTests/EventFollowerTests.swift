import LogModel
import LogQuery
import LogShipping
import LogStore
import StoreFixtures
import Testing

/// A follower gives what another writer puts into the store, each event once.
@Suite struct EventFollowerTests {
    private let bench = IngestBench()

    private func follower(_ query: String) throws -> EventFollower {
        try EventFollower(
            SearchRequest(query: query, now: IngestBench.now), in: Store(directory: bench.store))
    }

    private func messages(_ follower: EventFollower) throws -> [String] {
        var messages: [String] = []
        while let event = try follower.next() {
            messages.append(String(decoding: event.body, as: UTF8.self))
        }
        return messages
    }

    private static func line(_ time: String, _ message: String) -> String {
        "\(time) [main] ERROR c.e.Job - \(message)\n"
    }

    @Test func whatIsThereAlreadyIsNotGiven() throws {
        bench.directory.write(Self.line("2026-11-20 10:00:00.000", "old failed"), to: "a.log")
        try bench.ingest(["a.log"])
        let follower = try follower("failed")
        #expect(try messages(follower) == [])
        bench.directory.append(
            Self.line("2026-11-20 10:00:01.000", "new failed")
                + Self.line("2026-11-20 10:00:02.000", "works"), to: "a.log")
        try bench.ingest(["a.log"])
        #expect(try messages(follower) == ["new failed"])
        #expect(try messages(follower) == [])
    }

    @Test func newDaysAndNewFilesAreFollowed() throws {
        bench.directory.write(Self.line("2026-11-20 10:00:00.000", "old failed"), to: "a.log")
        try bench.ingest(["a.log"])
        let follower = try follower("failed")
        bench.directory.write(
            Self.line("2026-11-21 10:00:00.000", "next day failed")
                + Self.line("2026-11-19 10:00:00.000", "day before failed"), to: "b.log")
        try bench.ingest(["b.log"])
        #expect(try messages(follower) == ["day before failed", "next day failed"])
        bench.directory.append(Self.line("2026-11-22 10:00:00.000", "third failed"), to: "b.log")
        try bench.ingest(["b.log"])
        #expect(try messages(follower) == ["third failed"])
    }

    /// The last event is taken in again with each part; it comes when it first matches.
    @Test func eventThatGrowsComesOnce() throws {
        let parts = [
            Self.line("2026-11-20 10:00:00.000", "first"),
            "2026-11-20 10:00:01.000 [main] ERROR c.e.Job - fai", "led\n",
            "java.lang.IllegalStateException: boom\n\tat c.e.Job.run(Job.java:1)\n",
            Self.line("2026-11-20 10:00:02.000", "last failed"),
        ]
        let expected = [
            "first": [["first"], [], [], [], []],
            "failed": [[], [], ["failed"], [], ["last failed"]],
            "boom": [[], [], [], ["failed"], []],
        ]
        bench.directory.write(Self.line("2026-11-20 09:00:00.000", "before"), to: "z.log")
        try bench.ingest(["z.log"])
        let followers = try expected.mapValues { _ in () }.keys.map { ($0, try follower($0)) }
        var text = ""
        for (step, part) in parts.enumerated() {
            text += part
            bench.directory.write(text, to: "a.log")
            try bench.ingest(["a.log"])
            for (query, follower) in followers {
                #expect(try messages(follower) == expected[query]?[step], "\(query), step \(step)")
            }
        }
    }

    @Test func eventsThatASearchHasShownAreLeftOut() throws {
        bench.directory.write(Self.line("2026-11-20 10:00:00.000", "one failed"), to: "a.log")
        try bench.ingest(["a.log"])
        let follower = try follower("failed")
        bench.directory.append(Self.line("2026-11-20 10:00:01.000", "two failed"), to: "a.log")
        try bench.ingest(["a.log"])
        let search = try Search(
            SearchRequest(query: "failed", now: IngestBench.now),
            in: Store(directory: bench.store))
        try search.run { event in
            follower.leaveOut(event)
            return true
        }
        #expect(search.statistics.events == 2)
        #expect(try messages(follower) == [])
    }

    /// Many small writes, of which each event comes once and in the order of the file.
    @Test func everythingWrittenComes() throws {
        let seed = UInt64.random(in: 0..<1_000_000)
        var random = SeededRandom(seed: seed)
        bench.directory.write(Self.line("2026-11-20 00:00:00.000", "begin"), to: "a.log")
        try bench.ingest(["a.log"])
        let follower = try follower("msg:n*")
        var expected: [String] = []
        var given: [String] = []
        for step in 0..<30 {
            var text = ""
            for number in 0..<Int.random(in: 1...200, using: &random) {
                let name = "n\(step)-\(number)"
                expected.append(name)
                text += Self.line("2026-11-20 0\(step / 10):00:00.000", name)
            }
            bench.directory.append(text, to: "a.log")
            try bench.ingest(["a.log"])
            if Bool.random(using: &random) { given += try messages(follower) }
        }
        given += try messages(follower)
        #expect(given == expected, "seed \(seed)")
    }
}
