import LogModel
import LogQuery
import StoreFixtures
import Testing

@Suite struct WindowComparisonTests {
    /// The hour has 60 events a minute, the bad minutes from a fifth to five times as many.
    @Test(arguments: [12, 60, 300])
    func moreOrLessTrafficIsNoChange(rate: Int) throws {
        for seed in 1...4 as ClosedRange<UInt64> {
            var logs = ComparedLogs(seed: seed)
            logs.addTraffic(60, to: ComparedLogs.good)
            logs.addTraffic(rate, to: ComparedLogs.bad)
            let answer = try logs.compare()
            #expect(answer.changes.isEmpty, "seed \(seed): \(answer.changes)")
            #expect(answer.traffic.map(\.service) == (rate == 60 ? [] : ["node"]))
            let ratio = answer.traffic.first?.ratio ?? 1
            #expect(abs(ratio / (Double(rate) / 60) - 1) < 0.35, "seed \(seed)")
        }
    }

    @Test func aNewMessageIsFoundWithItsOnsetAndItsEchoes() throws {
        var logs = ComparedLogs(seed: 5)
        logs.addTraffic(60, to: ComparedLogs.good)
        logs.addTraffic(60, to: ComparedLogs.bad)
        logs.add(300, to: ComparedLogs.bad, from: 240) { time, random in
            .java(
                time, "ERROR", "pool-1", "c.e.Dao", "数据库连接超时 waiting=\(random.number(1...300))",
                random.isTrue(oneIn: 3)
                    ? "\ncom.x.LinkException: down\n\tat c.e.Dao.get(Dao.java:1)"
                        + "\nCaused by: java.net.ConnectException: refused\n\t... 3 more" : "")
        }
        let answer = try logs.compare()
        let change = try #require(answer.changes.first)
        #expect(answer.changes.count == 1, "\(answer.changes)")
        #expect("\(change)" == "new node message 数据库连接超时 waiting=<num> 0 → 300")
        #expect((240...243).contains(change.second))
        #expect(change.q < 1e-9)
        #expect(change.example?.hasPrefix("/logs/app/node.log-") == true)
        let echoes = change.echoes.map { "\($0.kind) \(String(decoding: $0.value, as: UTF8.self))" }
        #expect(
            Set(echoes) == [
                "exception com.x.LinkException < java.net.ConnectException", "logger c.e.Dao",
                "level ERROR",
            ])
    }

    @Test func whatIsGoneOrRarerIsFoundToo() throws {
        var logs = ComparedLogs(seed: 6)
        logs.addTraffic(60, to: ComparedLogs.good)
        logs.addTraffic(60, to: ComparedLogs.bad)
        let beat = { (time: Int64, _: inout SeededRandom) in
            SampleEvent.java(time, "INFO ", "timer", "c.e.Beat", "heartbeat sent")
        }
        let sync = { (time: Int64, _: inout SeededRandom) in
            SampleEvent.java(time, "INFO ", "timer", "c.e.Sync", "ledger synchronised")
        }
        logs.add(600, to: ComparedLogs.good, beat)
        logs.add(900, to: ComparedLogs.good, sync)
        logs.add(20, to: ComparedLogs.bad, sync)
        let found = try logs.compare().changes.map { "\($0)" }
        #expect(
            Set(found) == [
                "gone node message heartbeat sent 600 → 0",
                "down node message ledger synchronised 900 → 20",
            ])
    }

    @Test func aStatusTakesThePlaceOfAnother() throws {
        var logs = ComparedLogs(seed: 7)
        logs.addRequests(3_000, to: ComparedLogs.good, status: 200)
        logs.addRequests(6, to: ComparedLogs.good, status: 502)
        logs.addRequests(100, to: ComparedLogs.bad, status: 200)
        logs.addRequests(400, to: ComparedLogs.bad, status: 502)
        let changes = try logs.compare().changes
        #expect(changes.map { "\($0)" } == ["up nginx status 502 6 → 400"])
        #expect((changes.first?.ratio ?? 0) > 300)
        let echoes = Set(changes.first?.echoes.map { "\($0.sign) \($0.kind)" } ?? [])
        #expect(echoes == ["up level", "down status", "down level"])
    }

    @Test func theFirstMoverOfEachServiceComesFirst() throws {
        var logs = ComparedLogs(seed: 8)
        logs.addTraffic(60, to: ComparedLogs.good)
        logs.addTraffic(60, to: ComparedLogs.bad)
        logs.addRequests(3_000, to: ComparedLogs.good, status: 200)
        logs.addRequests(400, to: ComparedLogs.bad, status: 200)
        for (message, second, count) in [
            ("pool exhausted", 100, 80), ("order failed", 160, 900), ("task dropped", 300, 300),
        ] {
            logs.add(count, to: ComparedLogs.bad, from: second) { time, _ in
                .java(time, "ERROR", "main", "c.e.Any", message)
            }
        }
        logs.addRequests(300, to: ComparedLogs.bad, status: 504, from: 200)
        let changes = try logs.compare().changes
        #expect(
            changes.map { String(decoding: $0.value, as: UTF8.self) } == [
                "pool exhausted", "504", "order failed", "task dropped",
            ])
        for (change, second) in zip(changes, [100, 200, 160, 300]) {
            #expect((second...second + 20).contains(change.second), "\(change)")
        }
    }

    @Test func aServiceThatFellSilentIsOneLine() throws {
        var logs = ComparedLogs(seed: 9)
        logs.addTraffic(60, to: ComparedLogs.good)
        logs.addTraffic(60, to: ComparedLogs.bad)
        logs.addRequests(3_000, to: ComparedLogs.good, status: 200)
        let changes = try logs.compare().changes
        #expect(changes.map { "\($0)" } == ["gone nginx service nginx 3000 → 0"])
    }

    @Test func whatComesInBurstsAnywayIsNoChange() throws {
        var logs = ComparedLogs(seed: 10)
        logs.addTraffic(60, to: ComparedLogs.good)
        logs.addTraffic(60, to: ComparedLogs.bad)
        let dump = { (time: Int64, _: inout SeededRandom) in
            SampleEvent.java(time, "WARN ", "gc", "c.e.Cache", "cache is being rebuilt")
        }
        // Twice an hour for a minute: a bad window with a burst has six times the mean.
        for burst in [600, 2_400] {
            let start = ComparedLogs.good.lowerBound + Int64(burst) * SampleStore.second
            logs.add(60, to: start..<start + 60 * SampleStore.second, dump)
        }
        logs.add(60, to: ComparedLogs.bad, dump)
        let changes = try logs.compare().changes
        #expect(changes.isEmpty, "\(changes)")
    }

    @Test func anExceptionOfTheServerBelowIsAnEchoOfTheApplications() throws {
        var logs = ComparedLogs(seed: 11)
        logs.addTraffic(60, to: ComparedLogs.good)
        logs.addTraffic(60, to: ComparedLogs.bad)
        let trace = "\ncom.x.LinkException: down\n\tat c.e.Dao.get(Dao.java:1)"
        logs.add(300, to: ComparedLogs.bad, from: 60) { time, _ in
            .java(time, "ERROR", "pool-1", "c.e.Dao", "database gone", trace)
        }
        logs.add(500, to: ComparedLogs.good, of: SampleStore.control) { time, _ in
            .java(time, "INFO ", "main", "o.a.Valve", "session expired")
        }
        logs.add(80, to: ComparedLogs.bad, of: SampleStore.control) { time, _ in
            .java(time, "INFO ", "main", "o.a.Valve", "session expired")
        }
        logs.add(100, to: ComparedLogs.bad, from: 60, of: SampleStore.control) { time, _ in
            .java(time, "ERROR", "main", "o.a.Valve", "Servlet.service() threw", trace)
        }
        let changes = try logs.compare().changes
        #expect(changes.map { "\($0)" } == ["new node message database gone 0 → 300"])
        let echo = changes.first?.echoes.first { $0.service == "control" }
        #expect(echo?.description == "new control message Servlet.service() threw 0 → 100")
    }

    @Test func onlyWhatTheQueryMatchesIsCompared() throws {
        var logs = ComparedLogs(seed: 12)
        logs.addTraffic(60, to: ComparedLogs.good)
        logs.addTraffic(60, to: ComparedLogs.bad)
        logs.add(100, to: ComparedLogs.bad) { time, _ in
            .java(time, "ERROR", "main", "c.e.Any", "broken")
        }
        #expect(try logs.compare("-level:ERROR").changes.isEmpty)
        #expect(try logs.compare("level:ERROR").badEvents == 100)
        #expect(throws: SearchError.self) { try logs.compare("nosuch:field") }
    }

    @Test func emptyWindowsAreSaid() throws {
        let answer = try ComparedLogs(seed: 13).compare()
        #expect(answer.changes.isEmpty)
        #expect(
            answer.notes == ["the good window has no events", "the bad window has no events"])
    }
}
