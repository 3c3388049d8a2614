import LogModel
import LogStore
import StoreFixtures
import Testing

@testable import Incidents

/// A record with all there is: every field, pins, a removed one, a purged one, a measurement with gaps.
struct ReportFixture {
    static let second: Int64 = 1_000_000_000
    /// 2026-11-20 10:14:42 in Shanghai.
    static let start: Int64 = 1_795_140_882 * second
    private let directory = TemporaryDirectory()
    let store: IncidentStore

    init() throws { store = try IncidentStore(writing: directory("store")) }

    static func settings(_ language: Language) throws -> ReportSettings {
        ReportSettings(
            language: language, zone: try Zone.named("Asia/Shanghai"),
            generated: start + 86_400 * second)
    }

    static func golden(_ name: String) throws -> [UInt8] {
        let folder = String(#filePath.dropLast("ReportFixture.swift".count))
        return try SmallFile.read(folder + "Golden/" + name, limit: 1 << 24)
    }

    static func update(_ name: String, _ bytes: [UInt8]) throws {
        let folder = String(#filePath.dropLast("ReportFixture.swift".count))
        try SmallFile.replace(folder + "Golden/" + name, by: bytes)
    }

    // MARK: The story of the samples

    func story(_ language: Language) throws -> IncidentDocument {
        let incident = try Incident(json: Self.golden("story.\(language.rawValue).json"))
        let trace = (0..<20).map { "\tat cn.example.pay.control.Step\($0).run(Step.java:\($0))\n" }
        let time = "2026-11-20 10:14:42.599 [http-nio-8080-exec-6] ERROR"
        let pins = [
            Self.pin(
                "catalina.out", "tomcat", after: -561,
                "control release2.8.0-pro-20261120 started\n",
                found: "release2.8.0"),
            Self.pin(
                "control.log", "control", after: 0, "\(time) c.e.p.OrderService - 数据库连接超时\n",
                found: "service:control 数据库连接超时", before: "2026-11-20 10:14:37 INFO 退款申请\n"),
            Self.pin(
                "node.log", "node", after: 0, "WARN 调用 control 失败，第 1 次重试\n",
                found: "service:node 重试"),
            Self.pin(
                "catalina.out", "tomcat", after: 207,
                "java.sql.SQLTransientConnectionException: timed out\n" + trace.joined(),
                found: "exception:*Transient*"),
            Self.pin(
                "catalina.out", "tomcat", after: 296, "java.io.IOException: Too many open files\n",
                found: "\"too many open files\""),
            Self.pin(
                "catalina.out", "tomcat", after: 717, "control release2.7.3 started\n",
                found: "release2.7.3"),
            Self.pin("access.log", "nginx", after: 1, "502 /api/pay\n", found: "status:502"),
        ]
        let id = try store.create(incident, pins: pins, by: "李雷 (root)", at: Self.start + 1)
        try store.append(
            [.unpin(7, reason: "of another fault"), .measurement(Self.measurement())], to: id,
            by: "韩梅梅 (root)", at: Self.start + 2 * Self.second)
        return try IncidentDocument(id, in: store)
    }

    static func pin(
        _ file: String, _ service: String, after seconds: Int64, _ line: String, found: String,
        before: String = "", next: String = ""
    ) -> Pin {
        var pin = Pin()
        pin.note = "note of \(file)"
        (pin.place.host, pin.place.service) = ("pay-app-1", service)
        pin.place.path = "/home/pay/" + file
        (pin.place.offset, pin.place.length) = (1_000, Int64(line.utf8.count))
        pin.event.timestamp = start + seconds * second
        pin.event.observedTimestamp = start + 3_600 * second
        pin.event.uid = "\(file)-\(seconds)"
        (pin.finding.query, pin.finding.matched) = (found, 63)
        pin.originals.event = Array(line.utf8)
        (pin.originals.before, pin.originals.after) = (Array(before.utf8), Array(next.utf8))
        return pin
    }

    /// Forty minutes around the story: control rises from none to 36 errors, nginx to 12.
    static func measurement() -> Measurement {
        let bin = 30 * second
        let first = start - 702 * second
        var (control, nginx) = (Array(repeating: 0, count: 80), Array(repeating: 0, count: 80))
        for index in 23..<47 { control[index] = 36 - abs(33 - index) * 2 }
        for index in 23..<47 { nginx[index] = 12 }
        control[3] = 1
        var gap = LogGap(.truncated)
        (gap.host, gap.path) = ("pay-app-1", "/home/pay/node.log")
        (gap.since, gap.until) = (start, start + 60 * second)
        return Measurement(
            times: first..<first + 80 * bin, bin: bin, taken: start + 7_200 * second,
            series: [
                .init(service: "control", events: control.map { $0 + 20 }, errors: control),
                .init(service: "nginx", events: nginx.map { $0 * 3 + 5 }, errors: nginx),
            ], missing: [gap])
    }

    // MARK: One text everywhere

    /// A record that has `text` wherever people or logs have a say: two pins, one removed, one purged.
    func record(of text: String, bytes: [UInt8]? = nil) throws -> IncidentDocument {
        let pin = Self.pin(of: text, bytes)
        let id = try store.create(
            Self.incident(of: text), pins: [pin, pin, pin, pin], by: text, at: Self.start)
        try store.append(
            [.unpin(3, reason: text), .measurement(Self.measurement(of: text))], to: id, by: text,
            at: Self.start)
        _ = try store.purge(
            pins: [4], entries: [], of: id, because: text, by: text, at: Self.start)
        return try IncidentDocument(id, in: store)
    }

    /// The same document with another text, without writing it anywhere.
    static func replacing(
        _ document: IncidentDocument, by text: String, bytes: [UInt8]? = nil
    ) -> IncidentDocument {
        var document = document
        let record = document.record
        document.record = StoredIncident(
            id: record.id, incident: incident(of: text), entries: record.entries,
            revision: record.revision, root: record.root, created: record.created,
            changed: record.changed)
        document.pins = document.pins.map {
            var pin = pin(of: text, bytes)
            pin.number = $0.number
            return pin
        }
        document.removals = document.removals.map {
            RemovedPin(
                number: $0.number, entry: $0.entry, reason: text, by: text, time: $0.time,
                isPurged: $0.isPurged)
        }
        document.entries = document.entries.map {
            Entry(
                incident: $0.incident, number: $0.number, time: $0.time, author: text,
                kind: $0.kind, content: [], previous: $0.previous)
        }
        document.measurement = measurement(of: text)
        return document
    }

    private static func incident(of text: String) -> Incident {
        var incident = Incident()
        for field in IncidentField.allCases {
            switch field.shape {
            case .line(let path), .text(let path): incident[keyPath: path] = text
            case .lines(let path): incident[keyPath: path] = [text, "a" + text]
            case .time(let path): incident[keyPath: path] = start
            default: break
            }
        }
        incident.type = FaultClass(.application, "error")
        incident.impact = [ImpactClaim(text, query: text, pins: [1, 9])]
        incident.steps = [
            HandlingStep(text, at: start, by: text, pins: [1, 2]), HandlingStep(text),
        ]
        incident.actions = [PreventionAction(text, owner: text, due: CalendarDate("2026-11-21"))]
        incident.related = [IncidentID(year: 2026, number: 9)]
        incident.resolved = start + 600 * second
        return incident
    }

    private static func pin(of text: String, _ bytes: [UInt8]?) -> Pin {
        var pin = pin(text, text, after: 1, "", found: text)
        (pin.note, pin.place.host, pin.place.path) = (text, text, text)
        pin.originals.event = bytes ?? Array((text + "\n" + text + "\n").utf8)
        pin.originals.before = pin.originals.event
        pin.originals.after = pin.originals.event
        pin.event.fields = [Pin.Field(text, text)]
        return pin
    }

    private static func measurement(of text: String) -> Measurement {
        var measurement = measurement()
        measurement.series[0].service = text
        for kind in LogGap.Kind.allCases {
            var gap = LogGap(kind)
            (gap.host, gap.path, gap.reason) = (text, text, text)
            measurement.missing.append(gap)
        }
        return measurement
    }
}
