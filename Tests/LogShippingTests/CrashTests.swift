import Glibc
import LogModel
import LogQuery
import LogShipping
import LogStore
import SQLite
import StoreFixtures
import Testing

/// A run that ends anywhere leaves a store on which the next run ends as if nothing had been.
@Suite struct CrashTests {
    private let bench = IngestBench()
    private var directory: TemporaryDirectory { bench.directory }

    private func expectWhole(
        _ texts: [String], _ comment: Comment, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let stored = try bench.stored()
        #expect(stored.count == texts.count, comment, sourceLocation: sourceLocation)
        #expect(
            stored.allSatisfy { $0.isOnce && $0.isWithoutGap }, comment,
            sourceLocation: sourceLocation)
        let isSame = Set(stored.map(\.bytes)) == Set(texts.map { Array($0.utf8) })
        #expect(isSame, comment, sourceLocation: sourceLocation)
    }

    /// Days are committed one after the other, then the catalogue: a crash between any two.
    @Test(arguments: 0...4)
    func crashBetweenCommitsOfTheLastRunIsMadeGood(daysCommitted: Int) throws {
        let first = IngestBench.log(0..<400, daysApart: 4)
        let whole = IngestBench.log(0..<9_000, daysApart: 4)
        directory.write(first, to: "app.log")
        try bench.ingest(["app.log"])
        let names = try Store(directory: bench.store).days().map {
            "store/partitions/\($0.name).db"
        }
        #expect(names.count == 4)
        let before = names.map { TemporaryDirectory.read(directory($0)) }
        let catalog = TemporaryDirectory.read(directory("store/catalog.db"))
        directory.write(whole, to: "app.log")
        try bench.ingest(["app.log"])
        for name in names.dropFirst(daysCommitted) {
            directory.write(before[names.firstIndex(of: name) ?? 0], to: name)
        }
        directory.write(catalog, to: "store/catalog.db")
        try bench.ingest(["app.log"])
        try expectWhole([whole], "\(daysCommitted) days")
        #expect(try bench.ingest(["app.log"]).events == 0)
    }

    /// The same for the first run, of which the catalogue has the generations only.
    @Test(arguments: [[], [0], [1, 2], [0, 1, 2]])
    func crashOfTheFirstRunIsMadeGood(daysLost: [Int]) throws {
        let texts = [
            IngestBench.log(0..<800, seed: 1, daysApart: 3),
            IngestBench.log(0..<20, seed: 1, daysApart: 3)
                + IngestBench.log(0..<900, seed: 2, daysApart: 3),
        ]
        directory.write(texts[0], to: "a.log")
        directory.write(texts[1], to: "b.log")
        try bench.ingest(["a.log", "b.log"])
        let days = try Store(directory: bench.store).days()
        for day in daysLost {
            for ending in ["", "-wal", "-shm"] {
                unlink(directory("store/partitions/\(days[day].name).db" + ending))
            }
        }
        let catalog = try Connection(directory("store/catalog.db"), mode: .readWrite)
        try catalog.execute(
            """
            UPDATE generation SET position = 0, last_time = fallback_time; DELETE FROM checkpoint;
            DELETE FROM attribute
            """)
        try bench.ingest(["a.log", "b.log"])
        try expectWhole(texts, "days lost: \(daysLost)")
        #expect(try bench.ingest(["b.log", "a.log"]).events == 0)
    }

    /// As above, and the files come in another order the next time.
    @Test func crashOfTheFirstRunIsMadeGoodInAnotherOrder() throws {
        let start = IngestBench.log(0..<60)
        let texts = [
            start + IngestBench.log(60..<400, seed: 1), start + IngestBench.log(60..<300, seed: 2),
        ]
        directory.write(texts[0], to: "a.log")
        directory.write(texts[1], to: "b.log")
        try bench.ingest(["a.log"])
        let catalog = try Connection(directory("store/catalog.db"), mode: .readWrite)
        try catalog.execute(
            "UPDATE generation SET position = 0, last_time = fallback_time; DELETE FROM checkpoint")
        try bench.ingest(["b.log", "a.log"])
        try expectWhole(texts, "")
    }

    /// Times without a zone must not change between a run and its repetition.
    /// The days have the first half of the last event, the catalogue knows nothing of it, and the
    /// file goes on inside of that event: on the same day, or once its time is whole on another.
    @Test(arguments: [
        "2026-11-20 10:00:01.000 [main] ERROR c.e.A - failed\njava.io.IOException: gone\n",
        "2026-11-2",
    ])
    func openEventOfACrashThatGrewIsWhole(cut: String) throws {
        let first = "2026-11-20 10:00:00.000 [main] INFO  c.e.A - first\n"
        let whole =
            "2026-11-20 10:00:01.000 [main] ERROR c.e.A - failed\njava.io.IOException: gone\n"
            + "\tat a.B.c(D.java:1)\n2026-11-21 10:00:02.000 [main] INFO  c.e.A - last\n"
        directory.write(first + cut, to: "a.log")
        try bench.ingest(["a.log"])
        let catalog = try Connection(directory("store/catalog.db"), mode: .readWrite)
        try catalog.execute(
            """
            UPDATE generation SET position = 0, last_time = fallback_time, open_offset = 0,
                open_day = NULL;
            DELETE FROM checkpoint
            """)
        directory.write("4711", to: "store/writer.lock")
        directory.write(first + whole, to: "a.log")
        try bench.ingest(["a.log"])
        try expectWhole([first + whole], "")
    }

    @Test func crashIsMadeGoodUnderAnotherZone() throws {
        let text = IngestBench.log(0..<90_000).split(separator: "\n").enumerated()
            .filter { $0.offset % 60 == 0 && $0.element.hasPrefix("2026") }
            .map { $0.element + "\n" }.joined()
        directory.write(text, to: "a.log")
        try bench.ingest(["a.log"])
        let catalog = try Connection(directory("store/catalog.db"), mode: .readWrite)
        try catalog.execute(
            "UPDATE generation SET position = 0, last_time = fallback_time; DELETE FROM checkpoint")
        let zone = try Zone.named("Asia/Shanghai")
        try bench.ingest(["a.log"]) { $0.zone = zone }
        try expectWhole([text], "")
    }

    /// What a killed run leaves can be searched at once, before any writer has come again.
    private func expectReadable(_ comment: Comment) throws {
        do {
            let store = try Store(directory: bench.store)
            let search = try Search(SearchRequest(query: "*", now: IngestBench.now), in: store)
            _ = try search.count()
            #expect(search.failures.map(\.description) == [], comment)
        } catch StoreError.missing {
            // Killed before there was a store.
        } catch {
            Issue.record("\(comment): \(error)")
        }
    }

    private static let tool: String = {
        var buffer = [CChar](repeating: 0, count: 4_096)
        let count = readlink("/proc/self/exe", &buffer, buffer.count)
        let path = String(
            decoding: buffer.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return path.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 } + "/logq"
    }()

    /// Starts `logq ingest` and kills it after a while; true if it was done before that.
    private func isDone(_ names: [String], killedAfter milliseconds: Int) -> Bool {
        let words = [
            Self.tool, "ingest", "--quiet", "--host", "h", "--tz", "UTC", "--data", bench.store,
        ]
        var arguments: [UnsafeMutablePointer<CChar>?] =
            (words + names.map { directory($0) }).map { strdup($0) }
        defer { for argument in arguments { free(argument) } }
        arguments.append(nil)
        var child: pid_t = 0
        guard posix_spawn(&child, Self.tool, nil, nil, arguments, environ) == 0 else {
            Issue.record("\(Self.tool) can be started")
            return true
        }
        usleep(UInt32(milliseconds * 1_000))
        kill(child, SIGKILL)
        var status: Int32 = 0
        waitpid(child, &status, 0)
        return status == 0
    }

    /// Batches that touch more days than stay open are committed one by one, so that kills hit
    /// commits often.
    @Test(.enabled(if: access(tool, X_OK) == 0), arguments: 1...3 as ClosedRange<UInt64>)
    func killedRunsAreMadeGood(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let texts = [
            IngestBench.log(0..<16_000, seed: 1, daysApart: 40),
            IngestBench.log(0..<60, seed: 1, daysApart: 40)
                + IngestBench.log(0..<9_000, seed: 2, daysApart: 30),
            IngestBench.log(0..<3_000, seed: 3),
        ]
        directory.write(texts[0], to: "a.log")
        directory.write(gzip(texts[1]), to: "b.log.gz")
        directory.write(texts[2], to: "c.log")
        let names = ["a.log", "b.log.gz", "c.log"]
        var kills = 0
        for _ in 0..<12 {
            if isDone(names, killedAfter: random.number(10...900)) { break }
            kills += 1
            try expectReadable("seed \(seed), after \(kills) kills")
        }
        #expect(kills > 0)
        let report = try bench.ingest(names)
        #expect(report.problems == [])
        try expectWhole(texts, "seed \(seed), \(kills) kills")
        #expect(try bench.ingest(names).events == 0)
    }
}
