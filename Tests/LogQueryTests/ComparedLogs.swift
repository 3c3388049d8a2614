import LogModel
import LogQuery
import LogStore
import StoreFixtures

/// Logs of a good hour and, a day later, of ten bad minutes, made from a seed.
struct ComparedLogs {
    static let good = SampleStore.noon..<(SampleStore.noon + SampleStore.hour)
    static let bad = badStart..<(badStart + 600 * SampleStore.second)
    /// 2026-11-21 12:20 UTC.
    static let badStart = SampleStore.noon + 24 * SampleStore.hour + 1_200 * SampleStore.second

    private var random: SeededRandom
    private var events: [(source: EventSource, event: SampleEvent)] = []

    init(seed: UInt64) { random = SeededRandom(seed: seed) }

    /// Adds events at random times of a window, or of the bad one from a second on.
    mutating func add(
        _ count: Int, to window: Range<Int64>, from second: Int = 0,
        of source: EventSource = SampleStore.node,
        _ make: (Int64, inout SeededRandom) -> SampleEvent
    ) {
        let start = window.lowerBound + Int64(second) * SampleStore.second
        for _ in 0..<count {
            let time = Int64.random(in: start..<window.upperBound, using: &random)
            events.append((source, make(time, &random)))
        }
    }

    /// Usual traffic: `rate` events a minute of 16 messages, one as frequent as the next two.
    mutating func addTraffic(_ rate: Int, to window: Range<Int64>) {
        let minutes = Int((window.upperBound - window.lowerBound) / (60 * SampleStore.second))
        for _ in 0..<poisson(rate * minutes) {
            var kind = 0
            while kind < 15, random.isTrue(oneIn: 4) == false { kind += 1 }
            add(1, to: window) { time, random in
                .java(
                    time, kind == 15 ? "WARN " : "INFO ", "pool-\(random.number(1...9))",
                    "c.e.Service\(Self.words[kind % 5])",
                    "\(Self.words[kind]) of order \(random.number(1...99_999)) is done")
            }
        }
    }

    /// Requests with a status.
    mutating func addRequests(
        _ count: Int, to window: Range<Int64>, status: Int, from second: Int = 0
    ) {
        add(count, to: window, from: second, of: SampleStore.nginx) { time, random in
            .access(
                time, "GET", "/api/orders/\(random.number(1...9_999))/pay", "", status, "10", "-",
                "0.100")
        }
    }

    /// The sum of that many coins: near enough to Poisson's.
    private mutating func poisson(_ mean: Int) -> Int {
        (0..<mean * 10).reduce(0) { count, _ in count + (random.isTrue(oneIn: 10) ? 1 : 0) }
    }

    private static let words = [
        "Creation", "Payment", "Refund", "Query", "Notice", "Login", "Check", "Delivery", "Booking",
        "Transfer", "Export", "Import", "Audit", "Renewal", "Signature", "Settlement",
    ]

    func compare(
        _ query: String = "", _ change: (inout ComparisonRequest) -> Void = { _ in }
    ) throws -> WindowComparison {
        let handmade = try HandmadeStore()
        for (path, events) in Dictionary(grouping: events, by: \.source.path) {
            var builders: [Bool: BatchBuilder] = [:]
            for (_, event) in events.sorted(by: { $0.event.time < $1.event.time }) {
                let isBad = event.time >= Self.badStart
                builders[isBad, default: BatchBuilder(offset: isBad ? 1 << 30 : 0)].add(
                    event.values, event.layout, at: event.time, severity: event.severity,
                    flags: event.flags)
            }
            for isBad in [false, true] {
                guard let batch = builders[isBad]?.batch, let source = events.first?.source,
                    source.path == path
                else { continue }
                try handmade.add(batch, from: source)
            }
        }
        var request = ComparisonRequest(
            query: query, bad: Self.bad, good: Self.good, now: Self.bad.upperBound)
        change(&request)
        return try WindowComparison.run(request, in: Store(directory: handmade.path))
    }
}

extension WindowComparison.Change: CustomStringConvertible {
    public var description: String {
        "\(sign) \(service) \(kind) \(String(decoding: value, as: UTF8.self)) \(good) → \(bad)"
    }

    /// Seconds from the start of the bad window.
    var second: Int { Int((onset - ComparedLogs.badStart) / SampleStore.second) }
}
