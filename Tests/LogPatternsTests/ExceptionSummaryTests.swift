import LogModel
import LogPatterns
import StoreFixtures
import Testing

/// The table of exceptions.
struct ExceptionSummaryTests {
    @Test func exceptionsOfOneFingerprintAreOneRow() {
        var summary = ExceptionSummary()
        summary.add(event(30, "b.PayException: order-2", host: "h2"))
        summary.add(event(10, "b.PayException: order-1", host: "h1"))
        summary.add(event(20, "b.OtherException"))
        summary.add(event(5, nil))
        let table = summary.table()
        #expect(
            table.columns.map(\.name) == [
                "count", "share", "first", "last", "id", "exception", "root_cause", "frame",
                "services", "hosts", "example",
            ])
        #expect(table.rows.count == 2)
        let row = table.rows[0]
        #expect(row[0] == .integer(2) && row[1] == .share(2.0 / 3))
        #expect(row[2] == .time(10) && row[3] == .time(30))
        #expect(row[5] == text("b.PayException: order-<num>"))
        #expect(row[6] == .none && row[7] == text("com.x.Y.z"))
        #expect(row[8] == text("control") && row[9] == text("h1, h2"))
        #expect(row[10] == text(event(10, nil, host: "h1").uid))
    }

    @Test func newAreThoseFirstSeenSince() {
        var summary = ExceptionSummary()
        summary.add(event(10, "b.OldException"))
        summary.add(event(30, "b.OldException"))
        summary.add(event(20, "b.NewException"))
        #expect(summary.table(newSince: 20).rows.map { $0[5] } == [text("b.NewException")])
        #expect(summary.table(newSince: 31).rows.isEmpty)
    }

    @Test func classAndMessageAloneAreAnExceptionToo() {
        var summary = ExceptionSummary()
        var event = Event()
        event.attributes = [
            ("exception.type", .text(Array("TypeError".utf8))),
            ("exception.message", .text(Array("x of 5 is undefined".utf8))),
        ]
        summary.add(event)
        #expect(summary.table().rows.map { $0[5] } == [text("TypeError: x of <num> is undefined")])
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func mergedSummariesAreOne(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let events = (0..<200).map { _ in
            event(
                Int64(random.number(0...50)), "b.\(random.pick(["A", "B", "C"]))Exception: \(seed)",
                host: random.pick(["h1", "h2", "h3"]))
        }
        var whole = ExceptionSummary()
        for event in events { whole.add(event) }
        var parts = [ExceptionSummary(), ExceptionSummary(), ExceptionSummary()]
        for event in events.shuffled(using: &random) { parts[random.number(0...2)].add(event) }
        parts[0].merge(parts[2])
        parts[0].merge(parts[1])
        #expect(parts[0].table().rows == whole.table().rows, "seed \(seed)")
    }

    private func event(_ time: Int64, _ head: String?, host: String = "h1") -> Event {
        var event = Event()
        event.timestamp = time
        event.offset = time
        event.source = EventSource(host: host, service: "control", path: "/x.log")
        if let head {
            let trace = head + "\n\tat com.x.Y.z(Y.java:5)\n"
            event.attributes = [("exception.stacktrace", .text(Array(trace.utf8)))]
        }
        return event
    }

    private func text(_ text: String) -> ResultTable.Value { .text(Array(text.utf8)) }
}
