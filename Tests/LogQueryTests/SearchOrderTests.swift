import LogModel
import LogQuery
import LogStore
import StoreFixtures
import Testing

/// Order, limits and counts over many blocks that overlap, against a list that is simply sorted.
@Suite struct SearchOrderTests {
    private struct Stored {
        var time: Int64
        var path: String
        var offset: Int64
        var text: String
        var severity: UInt8
    }

    private struct Random {
        let store: HandmadeStore
        let events: [Stored]
    }

    /// Times within a second of each other and equal ones, in three files and over two days.
    private static func store(seed: UInt64) throws -> Random {
        var random = SeededRandom(seed: seed)
        let store = try HandmadeStore()
        var events: [Stored] = []
        var offsets: [Int: Int64] = [:]
        let midnight: Int64 = 20_777 * 86_400_000_000_000
        for _ in 0..<24 {
            let file = random.number(0...2)
            let source = EventSource(host: "h", service: "s\(file)", path: "/f\(file)")
            var builder = BatchBuilder(offset: offsets[file] ?? 0)
            let base = midnight + Int64(random.number(-20...20))
            for _ in 0..<random.number(1...8) {
                let time = base + Int64(random.number(-6...6))
                let text = String(
                    decoding: RandomText.text(pieces: 6, &random).filter { $0 != 0x0A },
                    as: UTF8.self)
                let severity = UInt8(random.pick([0, 5, 9, 13, 17]))
                events.append(
                    Stored(
                        time: time, path: source.path, offset: builder.offset, text: text,
                        severity: severity))
                builder.add(line: text, at: time, severity: severity)
            }
            offsets[file] = builder.offset
            try store.add(builder.batch, from: source, commits: false)
        }
        try store.commit()
        return Random(store: store, events: events)
    }

    private static func list(
        _ store: HandmadeStore, _ query: String, _ change: (inout SearchRequest) -> Void
    ) throws -> [Event] {
        var request = SearchRequest(query: query, now: 0)
        change(&request)
        var events: [Event] = []
        let search = try Search(request, in: Store(directory: store.path))
        try search.run { event in
            events.append(event)
            return true
        }
        #expect(search.failures.isEmpty)
        return events
    }

    @Test(arguments: 0..<6 as Range<UInt64>)
    func timesNeverGoBack(seed: UInt64) throws {
        let random = try Self.store(seed: seed)
        let oldest = try Self.list(random.store, "*") { $0.order = .oldest }
        let newest = try Self.list(random.store, "*") { $0.order = .newest }
        let times = random.events.map(\.time).sorted()
        #expect(oldest.map(\.timestamp) == times, "seed \(seed)")
        #expect(newest.map(\.timestamp) == times.reversed(), "seed \(seed)")
        #expect(Set(oldest.map(\.uid)).count == random.events.count)
        #expect(Set(newest.map(\.uid)).count == random.events.count)
    }

    /// Events of one time stand in the order of their lines, whatever blocks they are in.
    @Test(arguments: 0..<6 as Range<UInt64>)
    func equalTimesKeepTheOrderOfTheirLines(seed: UInt64) throws {
        let random = try Self.store(seed: seed)
        let oldest = try Self.list(random.store, "*") { $0.order = .oldest }
        let newest = try Self.list(random.store, "*") { $0.order = .newest }
        for file in ["/f0", "/f1", "/f2"] {
            let expected = random.events.filter { $0.path == file }
                .sorted { ($0.time, $0.offset) < ($1.time, $1.offset) }.map(\.offset)
            let forward = oldest.filter { $0.source.path == file }.map(\.offset)
            let backward = newest.filter { $0.source.path == file }.map(\.offset)
            let isForward = forward == expected
            let isBackward = backward == expected.reversed()
            #expect(isForward, "seed \(seed), \(file)")
            #expect(isBackward, "seed \(seed), \(file)")
        }
    }

    @Test(arguments: 20..<23 as Range<UInt64>)
    func limitIsAPrefix(seed: UInt64) throws {
        let random = try Self.store(seed: seed)
        for order in [SearchRequest.Order.oldest, .newest] {
            let all = try Self.list(random.store, "*") { $0.order = order }.map(\.uid)
            for limit in [1, 2, 3, 10, 50, all.count - 1, all.count] {
                let some = try Self.list(random.store, "*") {
                    $0.order = order
                    $0.limit = limit
                }
                #expect(some.map(\.uid) == Array(all.prefix(limit)), "seed \(seed), \(limit)")
            }
        }
    }

    @Test(arguments: 30..<33 as Range<UInt64>)
    func windowsAndLevelsGiveWhatAFilterGives(seed: UInt64) throws {
        let random = try Self.store(seed: seed)
        var numbers = SeededRandom(seed: seed)
        let times = random.events.map(\.time)
        for _ in 0..<20 {
            let from = numbers.pick(times) + Int64(numbers.number(-1...1))
            let window = from..<from + Int64(numbers.number(0...25))
            let (query, least) = numbers.pick([("*", 0), ("level:>=WARN", 13), ("level:>=INFO", 9)])
            let expected = random.events
                .filter { window.contains($0.time) && Int($0.severity) >= least }
            let found = try Self.list(random.store, query) { $0.times = window }
            #expect(
                Set(found.map { "\($0.source.path) \($0.offset)" })
                    == Set(expected.map { "\($0.path) \($0.offset)" }), "seed \(seed)")
            var request = SearchRequest(query: query, now: 0)
            request.times = window
            let search = try Search(request, in: Store(directory: random.store.path))
            #expect(try search.count() == expected.count, "seed \(seed)")
        }
    }

    /// The index may only skip blocks that have no match: asked of texts that are there.
    @Test(arguments: 40..<44 as Range<UInt64>)
    func whatIsInAnEventFindsIt(seed: UInt64) throws {
        let random = try Self.store(seed: seed)
        var numbers = SeededRandom(seed: seed)
        for _ in 0..<60 {
            let event = numbers.pick(random.events)
            guard let needle = RandomText.needle(in: Array(event.text.utf8), &numbers) else {
                continue
            }
            let text = String(decoding: needle.bytes, as: UTF8.self)
            let escaped = text.flatMap { "\"\\*".contains($0) ? "\\\($0)" : "\($0)" }
            guard text.contains(where: { $0.isLetter || $0.isNumber }) else { continue }
            let query =
                (needle.openStart ? "*" : "") + "\"" + String(escaped) + "\""
                + (needle.openEnd ? "*" : "")
            let found = try Self.list(random.store, query) { _ in }
            #expect(
                found.contains { $0.source.path == event.path && $0.offset == event.offset },
                "seed \(seed): \(query) in '\(event.text)'")
        }
    }
}
