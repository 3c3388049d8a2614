import LogModel
import LogQuery
import LogStore
import StoreFixtures
import Testing

@Suite struct PipeEquivalenceTests {
    /// Aggregating columns with several threads gives what aggregating the events one by one does:
    /// `tail` in front sends the same rows the slow way.
    @Test(arguments: [UInt64.random(in: 0...UInt64.max)])
    func columnsGiveWhatEventsGive(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let store = try RandomStore(&random)
        for _ in 0..<60 {
            let filter = random.pick(Self.filters)
            let stage = Self.stage(&random)
            let fast = try store.answer("\(filter) | \(stage)")
            let slow = try store.answer("\(filter) | tail 100000 | \(stage)")
            #expect(fast == slow, "seed \(seed): \(filter) | \(stage)")
        }
    }

    private static let filters = [
        "", "level:>=WARN", "status:>=500", "service:node", "failed", "NOT status:200",
        "path:/api/* OR refused", "service:nginx took:>0.5",
    ]

    private static let keys = [
        "status", "level", "host", "service", "env", "path", "logger", "exception", "msg", "file",
        "bin(1h)", "bin(5m)", "bin(took, 100ms)", "thread", "mdc.user", "bytes", "id",
    ]

    private static let functions = [
        "count()", "dc(path)", "sum(bytes)", "avg(took)", "min(took)", "max(status)", "p50(took)",
        "first(msg)", "last(status)", "count(level:ERROR)", "count(exception)", "values(host)",
        "max(time)", "stddev(bytes)", "min(level)", "dc(exception)", "sum(status)",
    ]

    private static func stage(_ random: inout SeededRandom) -> String {
        let key = random.pick(keys)
        switch random.number(0...5) {
        case 0: return "top 5 by \(key)"
        case 1: return "rare 5 by \(key)"
        case 2: return "timechart 1h \(random.pick(functions)) by \(random.pick(keys.suffix(4)))"
        default:
            let chosen = Set((0..<random.number(1...4)).map { _ in random.pick(functions) })
            let others = random.isTrue(oneIn: 2) ? ", \(random.pick(keys))" : ""
            let isSame =
                others.dropFirst(2) == key || key.hasPrefix("bin") && others.contains("bin")
            return
                "stats \(chosen.sorted().joined(separator: " ")) by \(key)\(isSame ? "" : others)"
        }
    }
}

/// A store of random events of several layouts in many small blocks.
private struct RandomStore {
    let handmade: HandmadeStore

    init(_ random: inout SeededRandom) throws {
        handmade = try HandmadeStore()
        for file in 0..<6 {
            let source = EventSource(
                host: "web-\(file % 3)", service: file % 2 == 0 ? "node" : "nginx",
                environment: file == 1 ? "prod" : "", path: "/logs/\(file).log")
            var offset: Int64 = 0
            for _ in 0..<random.number(2...5) {
                var builder = BatchBuilder(offset: offset)
                for _ in 0..<random.number(1...120) {
                    let event = Self.event(&random)
                    builder.add(
                        event.values, event.layout, at: event.time, severity: event.severity,
                        flags: event.flags)
                }
                offset = builder.offset
                try handmade.add(builder.batch, from: source, commits: false)
            }
        }
        try handmade.commit()
    }

    private static func event(_ random: inout SeededRandom) -> SampleEvent {
        let time =
            SampleStore.noon - Int64(random.number(0...100_000)) * SampleStore.second
            + Int64(random.number(0...3))
        let level = random.pick(["INFO ", "WARN ", "ERROR", "DEBUG", "error", ""])
        let trace =
            "\njava.lang.\(random.pick(["Error", "IOException"])): refused\n\tat a.B(C.java:1)"
        switch random.number(0...6) {
        case 0...2:
            return .access(
                time, "GET", random.pick(["/api/pay", "/api/orders", "/x"]), "",
                random.pick([200, 200, 404, 500, 502]), random.pick(["-", "12", "512", "4096"]),
                "curl/8", random.pick(["0.000", "0.150", "1.250", "30.001"]))
        case 3:
            return .java(
                time, level, "pool-\(random.number(1...3))", random.pick(["c.e.A", "c.e.B"]),
                "task \(random.number(1...3)) failed", random.isTrue(oneIn: 2) ? trace : "")
        case 4:
            return .java(time, level, "main", "c.e.A", "two lines", "\nthe second")
        case 5: return .context(time, "WARN", "{user=u\(random.number(1...2))}", "login")
        default: return .unparsed(time, Array("what is this? 支付".utf8))
        }
    }

    func answer(_ query: String) throws -> String {
        let request = SearchRequest(query: query, now: SampleStore.noon)
        return try PipeText.answer(Search(request, in: Store(directory: handmade.path)), nil)
    }
}
