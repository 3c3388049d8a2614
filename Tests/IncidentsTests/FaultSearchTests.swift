import Incidents
import LogModel
import LogQuery
import LogStore
import StoreFixtures
import Testing

@Suite struct FaultSearchTests {
    /// Whether both ends are as they should be, give or take so many seconds.
    private func expect(
        _ fault: Fault?, _ seconds: Range<Int>, within slack: Int,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let times = try #require(fault?.times, sourceLocation: sourceLocation)
        let start = Int((times.lowerBound - FaultyLogs.start) / FaultyLogs.second)
        let end = Int((times.upperBound - FaultyLogs.start) / FaultyLogs.second)
        #expect(abs(start - seconds.lowerBound) <= slack, sourceLocation: sourceLocation)
        #expect(abs(end - seconds.upperBound) <= slack, sourceLocation: sourceLocation)
    }

    private func names(_ fault: Fault?) -> [String] {
        (fault?.signs ?? []).map { "\($0.kind) \($0.source.service) \($0.source.host)" }.sorted()
    }

    @Test func theReleaseOfTheSamplesIsFoundToTheSecond() throws {
        let logs = try SampleLogs()
        let fault = try #require(try logs.search(SampleLogs.request()).fault)
        #expect(fault.times == SampleLogs.at(10, 14, 42)..<SampleLogs.at(10, 27, 33))
        #expect(
            names(fault) == [
                "errors control pay-app-1", "errors nginx pay-web-1", "errors tomcat pay-app-1",
                "slowness nginx pay-web-1",
            ])
    }

    @Test(arguments: 1...2 as ClosedRange<UInt64>)
    func errorsOfAllHostsMakeOneFault(seed: UInt64) throws {
        let logs = FaultyLogs(seed: seed)
        for host in ["app-1", "app-2"] {
            logs.control(120, on: host, in: 5_000..<5_400) { _ in ("ERROR", "数据库连接超时") }
        }
        logs.requests(200, in: 5_030..<5_430) { _ in (502, 3) }
        for place in [
            DraftRequest.Place.newest, .around(FaultyLogs.at(5_100)), .around(FaultyLogs.at(6_600)),
            .within(FaultyLogs.at(0)..<FaultyLogs.at(9_000)),
        ] {
            let fault = try logs.search(place).fault
            try expect(fault, 5_000..<5_430, within: 30)
            #expect(
                names(fault) == [
                    "errors control app-1", "errors control app-2", "errors nginx web-1",
                    "slowness nginx web-1",
                ])
        }
    }

    @Test func oneHostAloneIsNamedAlone() throws {
        let logs = FaultyLogs(seed: 7)
        logs.control(90, on: "app-2", in: 5_000..<5_400) { _ in ("ERROR", "disk is full") }
        let fault = try logs.search().fault
        try expect(fault, 5_000..<5_400, within: 15)
        #expect(names(fault) == ["errors control app-2"])
    }

    @Test func slowRequestsWithoutAnErrorAreAFault() throws {
        let logs = FaultyLogs(seed: 8)
        logs.remove("web-1/access.log", in: 5_000..<5_600)
        logs.requests(200, in: 5_000..<5_600) { random in
            (200, Double(random.number(500...4000)) / 1000)
        }
        let fault = try logs.search().fault
        try expect(fault, 5_000..<5_600, within: 15)
        #expect(names(fault) == ["slowness nginx web-1"])
        #expect(fault?.signs.first?.slowness == 0.5)
    }

    @Test func aServiceThatGoesSilentIsAFault() throws {
        let logs = FaultyLogs(seed: 9)
        logs.remove("web-1/access.log", in: 5_000..<5_300)
        let fault = try logs.search().fault
        try expect(fault, 5_000..<5_300, within: 15)
        #expect(names(fault) == ["silence nginx web-1"])
    }

    @Test(arguments: 1...2 as ClosedRange<UInt64>)
    func aQuietDayHasNoFault(seed: UInt64) throws {
        let logs = FaultyLogs(seed: seed)
        let search = try logs.search()
        #expect(search.fault == nil)
        #expect(search.window != nil)
    }

    @Test func someErrorsOfAServiceThatNeverHasAnyAreEnough() throws {
        let logs = FaultyLogs(seed: 1, hasTraffic: false)
        logs.control(200, on: "app-1", in: 0..<10_800) { _ in ("INFO ", "tick") }
        logs.control(12, on: "app-1", in: 5_000..<5_600) { _ in ("ERROR", "no route to host") }
        let fault = try logs.search().fault
        try expect(fault, 5_000..<5_600, within: 120)
    }

    @Test func timesAreWholeSecondsWhereverTheLogsBegin() throws {
        let logs = FaultyLogs(seed: 1)
        let first = FaultyLogs.start - 877_000_000
        logs.add(
            "2026-11-20 08:59:59.123 [pool-1] INFO  c.e.Any - start", first,
            to: "app-1/control.log")
        logs.control(120, on: "app-1", in: 5_000..<5_400) { _ in ("ERROR", "disk is full") }
        for place in [DraftRequest.Place.newest, .within(FaultyLogs.start + 1..<Int64.max)] {
            let fault = try #require(try logs.search(place).fault)
            let times = [fault.times] + fault.signs.map(\.times)
            #expect(
                times.allSatisfy {
                    $0.lowerBound % FaultyLogs.second == 0 && $0.upperBound % FaultyLogs.second == 0
                }, "\(times)")
        }
    }

    @Test func whatLastsToTheEndOfTheLogsIsOngoing() throws {
        let logs = FaultyLogs(seed: 2)
        logs.control(200, on: "app-1", in: 10_200..<10_800) { _ in ("ERROR", "out of memory") }
        let fault = try logs.search().fault
        try expect(fault, 10_200..<10_800, within: 15)
        #expect(fault?.isOngoing == true)
    }

    @Test func anEmptyStoreHasNothing() throws {
        let logs = FaultyLogs(seed: 3, hasTraffic: false)
        logs.control(1, on: "app-1", in: 0..<1) { _ in ("ERROR", "alone") }
        #expect(try logs.search().fault == nil)
        #expect(try logs.search(.within(.min..<Int64.max)).fault == nil)
        let search = try logs.search(.newest, "service:nginx")
        #expect(search.fault == nil && search.window == nil)
        #expect(throws: SearchError.self) { try logs.search(.newest, "* | stats count()") }
    }
}
