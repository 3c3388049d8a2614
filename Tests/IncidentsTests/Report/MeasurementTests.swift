import Incidents
import LogModel
import LogQuery
import LogStore
import StoreFixtures
import Testing

@Suite struct MeasurementTests {
    private static let second: Int64 = 1_000_000_000
    private static let minute = 60 * second
    /// 2026-11-20 02:10:00 UTC.
    private static let start: Int64 = 1_795_140_600 * second
    private let store: HandmadeStore

    init() throws {
        store = try HandmadeStore()
        try add("control", host: "control-1", every: 7, errorsEvery: 5, events: 900)
        try add("node", host: "node-1", every: 11, errorsEvery: 90, events: 500)
    }

    private func add(
        _ service: String, host: String, every seconds: Int64, errorsEvery: Int, events: Int
    ) throws {
        var builder = BatchBuilder()
        let layout = Layout(
            format: "plain", pieces: [.field(0)], fields: [Field(FieldName.body, .body)])
        for index in 0..<events {
            builder.add(
                [Array("event \(index)".utf8)], layout,
                at: Self.start + Int64(index) * seconds * Self.second,
                severity: index % errorsEvery == 0 ? Severity.error : 9)
        }
        try store.add(
            builder.batch,
            from: EventSource(host: host, service: service, path: "/logs/\(service).log"))
    }

    private func measure(_ times: Range<Int64>) throws -> Measurement {
        try Measurement(Store(directory: store.path), times: times, at: Self.start)
    }

    @Test func countsAreThoseOfATimechart() throws {
        let times = Self.start + 5 * Self.minute..<Self.start + 55 * Self.minute + 1
        let measured = try measure(times)
        #expect(measured.bin == 30 * Self.second)
        #expect(measured.times == Self.start + 5 * Self.minute..<Self.start + 3330 * Self.second)
        #expect(measured.binCount == 101)
        for (query, counts) in [
            ("", \Measurement.Series.events), ("level:>=ERROR", \.errors),
        ] {
            var request = SearchRequest(
                query: query + " | timechart 30s by service", now: Self.start)
            request.times = measured.times
            let search = try Search(request, in: Store(directory: store.path))
            let timeline = try #require(try PipedSearch(search).timeline())
            let expected = Dictionary(
                uniqueKeysWithValues: timeline.series.map {
                    (String(decoding: $0.name, as: UTF8.self), $0.values.map { Int($0) })
                })
            let found = Dictionary(
                uniqueKeysWithValues: measured.series.map { ($0.service, $0[keyPath: counts]) })
            #expect(found == expected)
        }
        #expect(measured.series.map(\.service) == ["control", "node"])
        #expect(measured.series.map(\.eventCount) == [433, 275])
        #expect(measured.series.map(\.errorCount) == [87, 3])
    }

    @Test(arguments: [
        (1, 10), (10, 10), (40, 30), (60, 60), (118, 60), (119, 120), (240, 300), (1_440, 900),
        (7_000, 3_600),
        (44_640, 43_200), (525_600, 345_600),
    ])
    func binsAreRoundAndFew(minutes: Int64, expected: Int64) throws {
        let measured = try measure(Self.start + 1..<Self.start + 1 + minutes * Self.minute)
        #expect(measured.bin == expected * Self.second)
        #expect(measured.binCount <= 120)
    }

    @Test(arguments: [
        Int64.min..<Int64.max, Int64.min..<(Int64.min + 1), (Int64.max - 1)..<Int64.max, 0..<1,
    ])
    func anyWindowIsMeasured(times: Range<Int64>) throws {
        let measured = try measure(times)
        #expect(measured.binCount <= 120)
        #expect(try #require(Measurement(json: measured.json())) == measured)
    }

    @Test func gapsAreToldInBothLanguages() throws {
        var gap = LogGap(.gone)
        (gap.host, gap.path, gap.bytes) = ("node-1", "/home/pay/node/node.log", 1_234)
        (gap.since, gap.until) = (Self.start, Self.start + 5 * Self.minute)
        var behind = LogGap(.behind)
        (behind.path, behind.since, behind.bytes) = ("/logs/a.log", Self.start, 2_000)
        var expired = LogGap(.expired)
        (expired.since, expired.until, expired.events) = (Self.start, Self.start, 12)
        let zone = try Zone.named("Asia/Shanghai")
        let gaps = [gap, behind, expired]
        #expect(
            gaps.map { $0.text(in: .english, zone: zone) } == [
                "node.log on node-1: 1,234 bytes were not read before the file was gone "
                    + "(between 2026-11-20 10:10:00 and 10:15:00)",
                "a.log: 2.0 kB of it was not read yet since 2026-11-20 10:10:00",
                "12 events of 2026-11-20 were removed by the retention policy",
            ])
        #expect(
            gaps.map { $0.text(in: .chinese, zone: zone) } == [
                "node.log（node-1）：2026-11-20 10:10:00 至 10:15:00 之间"
                    + "有 1,234 字节在读取之前文件已消失",
                "a.log：自 2026-11-20 10:10:00 起有 2.0 kB 尚未读入",
                "2026-11-20的 12 条事件已按保留策略删除",
            ])
        let measured = Measurement(
            times: 0..<Self.minute, bin: Self.minute, taken: 1,
            series: [.init(service: "控制", events: [3], errors: [1])], missing: gaps)
        #expect(Measurement(json: measured.json()) == measured)
    }

    @Test(arguments: [
        "", "{}", "[1]",
        #"{"since":"2026-11-20T00:00:00Z","until":"2026-11-20T00:01:00Z","#
            + #""taken":"2026-11-20T00:01:00Z","bin_seconds":0,"services":[],"gaps":[]}"#,
        #"{"since":"2026-11-20T00:00:00Z","until":"2026-11-20T00:01:00Z","#
            + #""taken":"2026-11-20T00:01:00Z","bin_seconds":60,"#
            + #""services":[{"service":"a","events":[-1],"errors":[0]}],"gaps":[]}"#,
        #"{"since":"1700-11-20T00:00:00Z","until":"2200-11-20T00:01:00Z","#
            + #""taken":"2026-11-20T00:01:00Z","bin_seconds":60,"services":[],"gaps":[]}"#,
    ])
    func whatIsNoMeasurementIsNotRead(text: String) {
        #expect(Measurement(json: Array(text.utf8)) == nil)
    }

    @Test func aRecordsWindowIsItsTimeAndHalfAsMuchAround() {
        var incident = Incident()
        #expect(Measurement.window(of: incident) == nil)
        incident.detected = Self.start
        #expect(
            Measurement.window(of: incident) == Self.start - 15 * Self.minute..<Self.start + 15
                * Self.minute)
        incident.started = Self.start - 40 * Self.minute
        incident.resolved = Self.start + 20 * Self.minute
        #expect(
            Measurement.window(of: incident) == Self.start - 70 * Self.minute..<Self.start + 50
                * Self.minute)
        (incident.started, incident.resolved) = (.min, .max)
        #expect(Measurement.window(of: incident) == nil)
    }

    @Test func theLastMeasurementStaysWithTheRecord() throws {
        let records = try IncidentStore(writing: store.directory("records"))
        let id = try records.create(Incident(), by: "alice", at: Self.start)
        #expect(try records.measurement(of: id) == nil)
        let measured = try measure(Self.start..<Self.start + Self.minute)
        let later = try measure(Self.start..<Self.start + 2 * Self.minute)
        try records.append(
            [.measurement(measured), .measurement(later)], to: id, by: "alice", at: Self.start)
        #expect(try records.measurement(of: id) == later)
        #expect(
            try records.entries(of: id).map(\.entry.kind) == [.new, .measurement, .measurement])
    }
}
