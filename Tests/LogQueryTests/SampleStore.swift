import LogModel
import LogQuery
import LogStore
import StoreFixtures

/// A store with two dozen events of several formats over four days, each with a short name.
final class SampleStore {
    let handmade: HandmadeStore
    /// The names of the events by their identity.
    private(set) var names: [String: String] = [:]

    static let node = EventSource(
        host: "web-1", service: "node", environment: "prod", path: "/logs/app/node.log",
        observedTimestamp: noon)
    static let nginx = EventSource(
        host: "web-2", service: "nginx", path: "/var/log/nginx/access.log", observedTimestamp: noon)
    static let control = EventSource(
        host: "web-1", service: "control", environment: "test", path: "/logs/app/control.log",
        observedTimestamp: noon)

    /// 2026-11-20 12:00 UTC.
    static let noon: Int64 = 1_795_176_000_000_000_000
    static let second: Int64 = 1_000_000_000
    static let hour = 3_600 * second

    init() throws {
        handmade = try HandmadeStore()
        try addNode()
        try addAccess()
        try addControl()
    }

    func add(_ events: [(String, SampleEvent)], from source: EventSource, offset: Int64 = 0) throws
    {
        var builder = BatchBuilder(offset: offset)
        for (name, event) in events {
            names[source.path + "-\(builder.offset)"] = name
            builder.add(
                event.values.map { Array($0) }, event.layout, at: event.time,
                severity: event.severity, flags: event.flags)
        }
        try handmade.add(builder.batch, from: source)
    }

    func search(
        _ query: String, _ change: (inout SearchRequest) -> Void = { _ in }
    ) throws -> Search {
        var request = SearchRequest(query: query, now: Self.noon)
        change(&request)
        return try Search(request, in: Store(directory: handmade.path))
    }

    /// The names of what a query lists, in its order.
    func list(
        _ query: String, _ change: (inout SearchRequest) -> Void = { _ in }
    ) throws -> [String] {
        let search = try search(query, change)
        var found: [String] = []
        try search.run { event in
            found.append(names[event.uid] ?? event.uid)
            return true
        }
        return found
    }

    /// The names in the order of the letters, for questions that are not about order.
    func sorted(_ query: String) throws -> [String] { try list(query).sorted() }

    // MARK: Content

    private func addNode() throws {
        let start = Self.noon - 36 * Self.hour
        try add(
            [
                ("n1", .java(start - 1, "INFO ", "main", "c.e.Start", "started in 3.2 s")),
                ("n2", .java(start, "WARN ", "pool-1", "c.e.Pool", "pool is full: order=A17")),
            ], from: Self.node)
        let trace =
            "\njava.lang.IllegalStateException: boom of 2026\n\tat c.e.Tasks.run(Tasks.java:12)\n"
            + "Caused by: java.net.ConnectException: Connection refused\n\t... 3 more"
        let ten = start + 10 * Self.hour
        try add(
            [
                ("n3", .java(ten, "ERROR", "pool-1", "c.e.Tasks", "task failed code=E2047", trace)),
                ("n4", .java(ten, "ERROR", "pool-2", "c.e.Pay", "支付失败 订单号=20261119001")),
                ("n5", .java(ten + 1, "DEBUG", "pool-2", "c.e.Pay", "retry 7 of 12")),
                ("n6", .java(ten + 2, "INFO ", "report", "c.e.Report", "summary", "\nsecond row")),
                (
                    "n7",
                    .unparsed(
                        ten + 3,
                        Array(
                            "com.acme.StartFailure: no port\n\tat com.acme.Main.run(M.java:1)".utf8)
                    )
                ),
                ("n8", .unparsed(ten + 4, Array("gbk ".utf8) + gbk)),
            ], from: Self.node, offset: 1_000)
    }

    private func addAccess() throws {
        let nine = Self.noon - 3 * Self.hour
        try add(
            [
                (
                    "a1",
                    .access(
                        nine, "GET", "/api/orders", "?id=7&x=1", 200, "512", "curl/8.1", "0.012")
                ),
                (
                    "a2",
                    .access(
                        nine + 5, "POST", "/api/pay", "", 500, "-",
                        #"Mozilla/5.0 \xE6\x89\x8B\xE6\x9C\xBA \x22x\x22"#, "1.500")
                ),
                ("a3", .access(nine + 5, "GET", "/missing", "", 404, "153", "-", "0.000")),
            ], from: Self.nginx)
    }

    private func addControl() throws {
        let start = Self.noon - 14 * Self.hour
        try add(
            [
                ("c1", .context(start, "INFO", "{traceId=abc-123, user=wang}", "login ok")),
                ("c2", .context(Self.noon, "WARN", "", "login failed")),
                (
                    "c3",
                    .nginxError(
                        Self.noon + 1, "open() \"/x\" failed",
                        ", client: 10.0.0.9, server: pay.example.cn, request: \"GET /x?y=1 HTTP/1.1\""
                            + ", host: \"pay.example.cn\"")
                ),
            ], from: Self.control)
    }

    /// 中文 in GBK.
    private let gbk: [UInt8] = [0xD6, 0xD0, 0xCE, 0xC4]
}

/// One event of the sample and the layout that it has.
struct SampleEvent {
    var time: Int64
    var severity: UInt8
    var flags: EventBatch.Flags = []
    var layout: Layout
    var values: [[UInt8]]

    static func java(
        _ time: Int64, _ level: String, _ thread: String, _ logger: String, _ body: String,
        _ rest: String = ""
    ) -> SampleEvent {
        SampleEvent(
            time: time, severity: number(level), layout: javaLayout,
            values: [
                text(of: time, javaTime), Array(thread.utf8), Array(level.utf8),
                Array(logger.utf8), Array(body.utf8), Array(rest.utf8),
            ])
    }

    static func access(
        _ time: Int64, _ method: String, _ path: String, _ query: String, _ status: Int,
        _ size: String, _ agent: String, _ seconds: String
    ) -> SampleEvent {
        let values = [
            "10.0.0.\(status % 10)", method, path, query, "1.1", String(status), size, agent,
            seconds,
        ].map { Array($0.utf8) }
        return SampleEvent(
            time: time, severity: Severity.number(ofHTTPStatus: status), flags: .severityIsDerived,
            layout: accessLayout, values: [text(of: time, accessTime)] + values)
    }

    static func context(
        _ time: Int64, _ level: String, _ context: String, _ body: String
    ) -> SampleEvent {
        SampleEvent(
            time: time, severity: number(level), layout: contextLayout,
            values: [text(of: time, isoTime)] + [level, context, body].map { Array($0.utf8) })
    }

    static func nginxError(_ time: Int64, _ body: String, _ tail: String) -> SampleEvent {
        SampleEvent(
            time: time, severity: 17, layout: errorLayout,
            values: [Array(body.utf8), Array(tail.utf8)])
    }

    static func unparsed(_ time: Int64, _ bytes: [UInt8]) -> SampleEvent {
        SampleEvent(
            time: time, severity: 0, flags: [.isUnparsed, .timeIsDerived], layout: .unparsed,
            values: [bytes])
    }

    private static func number(_ level: String) -> UInt8 {
        Severity.number(of: String(level.prefix { $0 != " " })) ?? 0
    }

    static let javaTime = try? TimestampFormat("yyyy-MM-dd HH:mm:ss.SSS")
    static let isoTime = try? TimestampFormat("yyyy-MM-dd'T'HH:mm:ss.SSS")
    static let accessTime = try? TimestampFormat("dd/MMM/yyyy:HH:mm:ss Z")

    static func text(of time: Int64, _ format: TimestampFormat?) -> [UInt8] {
        var text: [UInt8] = []
        format?.render(
            seconds: time / 1_000_000_000, nanoseconds: Int(time % 1_000_000_000), offset: 0,
            into: &text)
        return text
    }

    static let javaLayout = Layout(
        format: "java",
        pieces: [
            .field(0), .literal(Array(" [".utf8)), .field(1), .literal(Array("] ".utf8)),
            .field(2), .literal([0x20]), .field(3), .literal(Array(" - ".utf8)), .field(4),
            .field(5),
        ],
        fields: [
            Field(FieldName.timestamp, .timestamp, format: javaTime), Field(FieldName.thread),
            Field(FieldName.severityText, .severity), Field(FieldName.logger),
            Field(FieldName.body, .body), Field(FieldName.exceptionStackTrace, .stackTrace),
        ])

    static let accessLayout = Layout(
        format: "access",
        pieces: [
            .field(1), .literal(Array(" - - [".utf8)), .field(0), .literal(Array("] \"".utf8)),
            .field(2), .literal([0x20]), .field(3), .field(4), .literal(Array(" HTTP/".utf8)),
            .field(5), .literal(Array("\" ".utf8)), .field(6), .literal([0x20]), .field(7),
            .literal(Array(" \"".utf8)), .field(8), .literal(Array("\" ".utf8)), .field(9),
        ],
        fields: [
            Field(FieldName.timestamp, .timestamp, format: accessTime),
            Field(FieldName.clientAddress), Field(FieldName.method),
            Field(FieldName.urlPath, escape: .access),
            Field(FieldName.urlQuery, .urlQuery, escape: .access), Field(FieldName.protocolVersion),
            Field(FieldName.status, .integer),
            Field(FieldName.bodySize, .integer, dashMeansAbsent: true),
            Field(FieldName.userAgent, dashMeansAbsent: true, escape: .access),
            Field(FieldName.duration, .seconds),
        ])

    static let contextLayout = Layout(
        format: "context",
        pieces: [
            .field(0), .literal([0x20]), .field(1), .literal([0x20]), .field(2),
            .literal(Array(" - ".utf8)), .field(3),
        ],
        fields: [
            Field(FieldName.timestamp, .timestamp, format: isoTime),
            Field(FieldName.severityText, .severity), Field("mdc", .contextMap),
            Field(FieldName.body, .body),
        ])

    static let errorLayout = Layout(
        format: "nginx-error", pieces: [.literal(Array("[error] ".utf8)), .field(0), .field(1)],
        fields: [
            Field(FieldName.body, .body), Field("nginx.error.context", .nginxErrorTail),
        ])
}
