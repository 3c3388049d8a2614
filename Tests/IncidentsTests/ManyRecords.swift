import Glibc
import LogStore
import StoreFixtures
import Testing

@testable import Incidents

/// Fills the store `LOGQ_MANY_RECORDS` names with 10 000 records and 100 000 pins, for
/// `Benchmarks/incidents.py`; without the variable, one in memory with 50 records.
@Suite struct ManyRecords {
    @Test func aStoreIsFilledWithRecordsAndPins() throws {
        let directory = TemporaryDirectory(inMemory: true)
        let given = getenv("LOGQ_MANY_RECORDS").map { String(cString: $0) }
        let store = try IncidentStore(writing: given ?? directory("store"))
        var records = MadeUpRecords(seed: 7)
        let count = given == nil ? 50 : 10_000
        for number in 0..<count {
            let (incident, pins) = records.next(number, of: count)
            let time = (incident.started ?? 0) + 3_600_000_000_000
            _ = try store.create(incident, pins: pins, by: "alice (ops on pay-ops-1)", at: time)
        }
        #expect(try store.count(IncidentSelection()) == count)
    }
}

/// Records like those of a team over three years, ten pins each.
struct MadeUpRecords {
    private var random: SeededRandom

    init(seed: UInt64) { random = SeededRandom(seed: seed) }

    private static let services = ["control", "node", "gateway", "account", "结算", "风控", "notify"]
    private static let people = ["alice", "bob", "carol", "李雷", "韩梅梅"]
    private static let titles = [
        "数据库连接池耗尽导致支付超时", "Checkout fails after the release", "磁盘写满，日志丢失",
        "Certificate of the gateway expired", "内存溢出导致节点重启", "Slow queries block settlement",
    ]
    private static let causes = [
        "连接池没有上限，慢查询占满全部连接", "the release dropped an index of the order table",
        "日志轮转没有压缩，磁盘在夜间写满", "nobody was told that the certificate ends",
    ]
    private static let end: Int64 = 1_795_000_000_000_000_000
    private static let hour: Int64 = 3_600_000_000_000

    mutating func next(_ number: Int, of count: Int) -> (Incident, [Pin]) {
        var incident = Incident()
        let start = Self.end - Int64(count - number) * 9_460 * 1_000_000_000
        incident.title = random.pick(Self.titles) + " #\(number)"
        let type = random.pick(FaultType.allCases)
        incident.type = FaultClass(type, random.pick(type.subtypes))
        incident.severity = random.pick(IncidentSeverity.allCases)
        incident.status =
            number > count - 100 ? random.pick(IncidentStatus.allCases) : .closed
        incident.started = start
        incident.detected = start + Int64(random.number(10...900)) * 1_000_000_000
        incident.resolved = start + Int64(random.number(10...600)) * 60_000_000_000
        incident.detection = "alert"
        incident.description = "支付请求返回 502，错误率上升 (\(number))"
        incident.services = [random.pick(Self.services), random.pick(Self.services)]
        incident.hosts = ["pay-app-\(random.number(1...40))"]
        incident.scope = "部分商户"
        incident.impact = [ImpactClaim("63 requests", query: "status:>=500", pins: [1, 2])]
        incident.steps = [HandlingStep("重启", at: start + Self.hour, by: "alice", pins: [3])]
        incident.rootCause = random.pick(Self.causes)
        incident.patterns = ["\"Connection is not available\" service:control"]
        incident.actions = [
            PreventionAction(
                "limit the pool", owner: random.pick(Self.people),
                due: CalendarDate("2026-12-0\(random.number(1...9))"),
                state: random.isTrue(oneIn: 50) ? .open : .done)
        ]
        incident.handlers = [random.pick(Self.people)]
        incident.tags = ["tag-\(random.number(1...30))"]
        return (incident, (0..<10).map { pin($0, at: start) })
    }

    private mutating func pin(_ index: Int, at start: Int64) -> Pin {
        var pin = Pin()
        pin.place.host = "pay-app-\(random.number(1...40))"
        pin.place.service = random.pick(Self.services)
        pin.place.path = "/var/log/pay/control.log"
        pin.place.generation = "7"
        pin.place.offset = Int64(random.number(0...1_000_000_000))
        pin.event.timestamp = start + Int64(index) * 60_000_000_000
        pin.event.severityNumber = 17
        pin.event.format = "java-logback"
        pin.event.uid = "7-\(pin.place.offset)"
        pin.event.fields = [Pin.Field("logger", "c.e.OrderMapper"), Pin.Field("level", "ERROR")]
        pin.finding.query = "level:ERROR"
        let line =
            "2026-11-20 10:15:03.123 ERROR [http-8] c.e.OrderMapper - 连接超时 \(pin.event.uid)\n"
        pin.originals.event = Array(line.utf8)
        pin.originals.before = Array((line + line + line).utf8)
        pin.originals.after = pin.originals.before
        return pin
    }
}
