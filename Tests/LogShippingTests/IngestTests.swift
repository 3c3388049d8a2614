import LogModel
import LogQuery
import LogShipping
import LogStore
import StoreFixtures
import Testing

/// Whatever happens to the files between two runs, each line is in the store once.
@Suite struct IngestTests {
    private let bench = IngestBench()
    private var directory: TemporaryDirectory { bench.directory }

    /// The store has one file, and that is `text`.
    private func expectOnly(_ text: String, sourceLocation: SourceLocation = #_sourceLocation)
        throws
    {
        try expectStored([text], sourceLocation: sourceLocation)
    }

    /// The store has these texts, each whole and once, in the order of paths and generations.
    private func expectStored(
        _ texts: [String], sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let stored = try bench.stored()
        #expect(stored.count == texts.count, sourceLocation: sourceLocation)
        #expect(stored.allSatisfy { $0.isOnce && $0.isWithoutGap }, sourceLocation: sourceLocation)
        let isSame = Set(stored.map(\.bytes)) == Set(texts.map { Array($0.utf8) })
        #expect(isSame, sourceLocation: sourceLocation)
    }

    @Test func fileComesInOnceHoweverOftenItIsRead() throws {
        let text = IngestBench.log(0..<3_000)
        directory.write(text, to: "app.log")
        let first = try bench.ingest(["app.log"])
        #expect(first.files == 1)
        #expect(first.events == 3_000)
        #expect(first.lines == 3_120)
        #expect(first.unparsed == 0)
        #expect(first.bytes == Int64(text.utf8.count))
        #expect(first.problems == [])
        for _ in 0..<2 {
            let again = try bench.ingest(["app.log"])
            #expect(again.events == 0)
            #expect(again.bytes == 0)
            #expect(again.alreadyReadFiles == 1)
            #expect(again.alreadyReadBytes == Int64(text.utf8.count))
        }
        #expect(try bench.ingest(["app.log", "app.log"]).events == 0)
        try expectOnly(text)
    }

    @Test(arguments: [1, 10, 700, 20_000])
    func growthComesIn(lines: Int) throws {
        directory.write(IngestBench.log(0..<lines), to: "app.log")
        try bench.ingest(["app.log"])
        var end = lines
        for more in [1, 3, 2_000] {
            directory.append(IngestBench.log(end..<end + more), to: "app.log")
            end += more
            let report = try bench.ingest(["app.log"])
            #expect(report.alreadyReadFiles == 0)
            try expectOnly(IngestBench.log(0..<end))
        }
        try expectOnly(IngestBench.log(0..<end))
    }

    /// An nginx line without its end is one of Tomcat's; what is known of it is read again anyway.
    @Test(arguments: [70, 73, 100, 140])
    func formatOfAHalfLineIsJudgedAgain(cut: Int) throws {
        let line =
            #"203.0.113.7 - - [20/Nov/2026:10:00:01 +0800] "GET /a HTTP/1.1" 200 12 "#
            + #""-" "curl/7.88" 0.012 0.011"# + "\n"
        let text = line + line.replacing("10:00:01", with: "10:00:02")
        directory.write(String(text.prefix(cut)), to: "access.log")
        try bench.ingest(["access.log"])
        directory.write(text, to: "access.log")
        try bench.ingest(["access.log"])
        let stored = try bench.stored()
        #expect(stored.map(\.source.service) == ["nginx"])
        #expect(stored.map(\.events) == [2])
        let search = try Search(
            SearchRequest(query: "took:12ms service:nginx", now: IngestBench.now),
            in: Store(directory: bench.store))
        #expect(try search.count() == 2)
        try expectOnly(text)
    }

    /// The last event is read again when the file has grown, since it may have grown with it.
    @Test func eventThatGrowsIsReplacedByTheWholeOfIt() throws {
        let head = "2026-11-20 10:00:00.000 [main] ERROR c.e.Job - failed\n"
        let trace = "java.lang.IllegalStateException: boom\n\tat c.e.Job.run(Job.java:1)\n"
        let parts = [
            IngestBench.log(0..<3) + String(head.dropLast(9)), String(head.suffix(9)), trace,
            "\tat c.e.Main.main(Main.java:2)\n", "2026-11-21 00:00:00.000 [main] INFO ",
            " c.e.Job - next\n",
        ]
        var text = ""
        for part in parts {
            text += part
            directory.write(text, to: "app.log")
            try bench.ingest(["app.log"])
            try expectOnly(text)
        }
        #expect(try bench.stored().map(\.events) == [5])
        let search = try Search(
            SearchRequest(query: "exception:IllegalStateException", now: IngestBench.now),
            in: Store(directory: bench.store))
        #expect(try search.count() == 1)
    }

    @Test func renamedFileIsKnownAndANewOneInItsPlaceIsNew() throws {
        let old = IngestBench.log(0..<500)
        directory.write(old, to: "app.log")
        try bench.ingest(["app.log"])
        directory.write(old + IngestBench.log(500..<600), to: "app.log.1")
        directory.write(IngestBench.log(600..<700, seed: 2), to: "app.log")
        try bench.ingest(["app.log", "app.log.1"])
        try expectStored([IngestBench.log(0..<600), IngestBench.log(600..<700, seed: 2)])
    }

    @Test func compressedCopyOfAKnownFileAddsNothing() throws {
        let text = IngestBench.log(0..<5_000)
        directory.write(text, to: "app.log")
        try bench.ingest(["app.log"])
        directory.write(gzip(text), to: "app.log.1.gz")
        let report = try bench.ingest(["app.log.1.gz"])
        #expect(report.events == 0)
        #expect(report.alreadyReadFiles == 1)
        try expectOnly(text)
    }

    @Test(arguments: [1, 100, 9_999])
    func compressedFileGoesOnWhereThePlainOneEnded(lines: Int) throws {
        directory.write(IngestBench.log(0..<lines), to: "app.log")
        try bench.ingest(["app.log"])
        directory.write(gzip(IngestBench.log(0..<10_000)), to: "app-2026-11-20.log.gz")
        try bench.ingest(["app-2026-11-20.log.gz"])
        try expectOnly(IngestBench.log(0..<10_000))
    }

    @Test func compressedFileThatGrowsByMembersGoesOn() throws {
        let parts = [0..<300, 300..<301, 301..<4_000].map { gzip(IngestBench.log($0)) }
        for count in 1...3 {
            directory.write(Array(parts[..<count].joined()), to: "app.log.gz")
            try bench.ingest(["app.log.gz"])
        }
        try expectOnly(IngestBench.log(0..<4_000))
    }

    /// The same banner and the same first lines, 4 KB of them; then each its own.
    @Test(arguments: [true, false])
    func filesThatBeginAlikeAreKeptApart(atOnce: Bool) throws {
        let start = IngestBench.log(0..<60)
        #expect(start.utf8.count > 4_096)
        let texts = [
            start + IngestBench.log(60..<900, seed: 2), start + IngestBench.log(60..<950, seed: 3),
            start + IngestBench.log(60..<70, seed: 4),
        ]
        for (number, text) in texts.enumerated() { directory.write(text, to: "\(number).log") }
        let names = ["0.log", "1.log", "2.log"]
        if atOnce {
            try bench.ingest(names)
        } else {
            for name in names { try bench.ingest([name]) }
        }
        try expectStored(texts)
        #expect(try bench.ingest(names.reversed()).events == 0)
        for (number, name) in names.enumerated() {
            directory.append(IngestBench.log(950..<960, seed: UInt64(number)), to: name)
        }
        try bench.ingest(names)
        try expectStored(
            texts.enumerated().map { $1 + IngestBench.log(950..<960, seed: UInt64($0)) })
        #expect(try bench.ingest(names).events == 0)
    }

    @Test(arguments: [40, 500, 2_900, 19_000])
    func cutCopyOfAKnownFileAddsNothing(lines: Int) throws {
        let text = IngestBench.log(0..<20_000)
        directory.write(text, to: "app.log")
        try bench.ingest(["app.log"])
        let cut = IngestBench.log(0..<lines)
        directory.write(cut, to: "copy.log")
        let report = try bench.ingest(["copy.log"])
        #expect(report.events == 0)
        #expect(report.alreadyReadFiles == 1)
        #expect(report.alreadyReadBytes == Int64(cut.utf8.count))
        directory.write(gzip(cut), to: "copy.log.gz")
        #expect(try bench.ingest(["copy.log.gz"]).events == 0)
        try expectOnly(text)
        // The file itself still grows from where it was.
        directory.append(IngestBench.log(20_000..<20_010), to: "app.log")
        try bench.ingest(["app.log"])
        try expectOnly(IngestBench.log(0..<20_010))
    }

    @Test(arguments: [10, 300, 15_000])
    func shorterFileWithOtherContentIsNew(lines: Int) throws {
        let start = IngestBench.log(0..<60)
        let old = start + IngestBench.log(60..<20_000)
        directory.write(old, to: "app.log")
        try bench.ingest(["app.log"])
        // Truncated in place and written anew, with the same first lines.
        let new = start + IngestBench.log(60..<60 + lines, seed: 9)
        directory.write(new, to: "app.log")
        #expect(try bench.ingest(["app.log"]).events == 60 + lines)
        #expect(try bench.ingest(["app.log"]).events == 0)
        try expectStored([old, new])
    }

    @Test func sameFileOfTwoHostsIsTwoFiles() throws {
        let text = IngestBench.log(0..<100)
        directory.write(text, to: "app.log")
        #expect(try bench.ingest(["app.log"], host: "a").events == 100)
        #expect(try bench.ingest(["app.log"], host: "b").events == 100)
        #expect(try bench.ingest(["app.log"], host: "a").events == 0)
        #expect(try bench.stored().map(\.source.host).sorted() == ["a", "b"])
    }

    @Test func eventsOfManyDaysGoToTheirDays() throws {
        let text = IngestBench.log(0..<6_000, daysApart: 40)
        directory.write(text, to: "app.log")
        try bench.ingest(["app.log"])
        #expect(try Store(directory: bench.store).days().count == 40)
        try expectOnly(text)
        #expect(try bench.ingest(["app.log"]).events == 0)
    }

    @Test func whatFollowsTheFirstEventIsAllKept() throws {
        let text =
            "banner of the application\n\n\n" + IngestBench.log(0..<3)
            + "\r\n\n\u{1B}[31mred\u{1B}[0m\n"
            + "\u{FEFF}odd\n" + IngestBench.log(3..<5) + "no newline at the end"
        directory.write(text, to: "app.log")
        try bench.ingest(["app.log"])
        try expectOnly(text)
    }

    @Test func sourceSaysWhereTheEventsAreFrom() throws {
        directory.write(IngestBench.log(0..<5), to: "logs/control-2026-11-20.0.log")
        try bench.ingest(["logs/control-2026-11-20.0.log"]) { $0.environment = "prod" }
        directory.write(IngestBench.log(0..<5, seed: 2), to: "logs/x.log")
        try bench.ingest(["logs/x.log"]) { $0.service = "named" }
        let sources = try bench.stored().map(\.source)
        #expect(sources.map(\.service) == ["control", "named"])
        #expect(sources.map(\.environment) == ["prod", ""])
        #expect(
            sources.map(\.path) == [
                directory("logs/control-2026-11-20.0.log"), directory("logs/x.log"),
            ])
        #expect(sources.allSatisfy { $0.observedTimestamp == IngestBench.now })
    }

    @Test func filesThatAreNoLogsAreLeftOutAndTheOthersTaken() throws {
        directory.write([], to: "empty.log")
        directory.write([0x50, 0x4B, 3, 4] + Array(repeating: 7, count: 50), to: "a.zip")
        directory.write(gzip([]), to: "empty.gz")
        directory.write(Array(gzip(IngestBench.log(0..<2_000)).dropLast(3_000)), to: "cut.gz")
        directory.write(IngestBench.log(0..<10, seed: 5), to: "good.log")
        let report = try bench.ingest([
            "empty.log", "a.zip", "none.log", "empty.gz", "cut.gz", "good.log",
        ])
        #expect(report.emptyFiles == 2)
        #expect(
            report.problems == [
                "\(directory("a.zip")): left out, it is a zip archive; unpack it first",
                "\(directory("none.log")): No such file or directory",
                "\(directory("cut.gz")): the gzip data end too early",
            ])
        #expect(try bench.stored().map(\.events).last == 10)
        #expect(try bench.stored().count == 2)
    }

    /// A copy that is still being made: what was there comes in, then the rest.
    @Test(arguments: [200, 3_000, 9_000])
    func cutCompressedFileGoesOnWhenItIsWhole(count: Int) throws {
        let text = IngestBench.log(0..<5_000)
        let whole = gzip(text)
        directory.write(Array(whole.prefix(count)), to: "app.log.gz")
        try bench.ingest(["app.log.gz"])
        directory.write(whole, to: "app.log.gz")
        try bench.ingest(["app.log.gz"])
        try expectOnly(text)
        #expect(try bench.ingest(["app.log.gz"]).events == 0)
    }

    @Test func searchFindsWhatWasTakenIn() throws {
        directory.write(IngestBench.log(0..<500), to: "app.log")
        directory.write(
            """
            10.0.0.7 - - [20/Nov/2026:10:00:00 +0800] "GET /api/x?id=1 HTTP/1.1" 502 17 "-" "curl/8.1"
            10.0.0.8 - - [20/Nov/2026:10:00:01 +0800] "GET /ok HTTP/1.1" 200 17 "-" "Mozilla/5.0"

            """, to: "access.log")
        directory.write(
            """
            2026/11/20 10:00:00 [error] 9#9: *1 open() failed, client: 10.0.0.7, server: pay.cn, \
            request: "GET /a HTTP/1.1", host: "pay.cn"

            """, to: "error.log")
        try bench.ingest(["app.log", "access.log", "error.log"])
        let store = try Store(directory: bench.store)
        for (query, count) in [
            ("level:ERROR service:app", 72), ("exception:IllegalStateException", 10), ("订单", 500),
            ("exception.message:\"no 99\"", 1), ("thread:pool-1-3", 100), ("\"step 77 of 1\"", 1),
            ("status:502", 1), ("ip:10.0.0.7", 2), ("path:/api/x level:>=ERROR", 1),
            ("url.query:id=1", 1), ("time:\"2026-11-20 02:00:00\"", 1),
            ("server.address:pay.cn", 1),
            ("file:app.log", 500), ("NOT file:app.log", 3), ("logger:c.e.Job", 500),
        ] {
            do {
                let search = try Search(
                    SearchRequest(query: query, now: IngestBench.now), in: store)
                #expect(try search.count() == count, "\(query)")
            } catch {
                Issue.record("\(query): \(error)")
            }
        }
    }
}
