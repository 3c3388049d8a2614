import LogModel
import LogQuery
import LogStore
import SQLite
import StoreFixtures
import Testing

/// Filters that are counted together count what each of them counts alone.
@Suite struct FilterTallyTests {
    private static let queries = [
        "*", "refused", "超时", "level:>=WARN", "status:>=500", "took:>1s", "status:*",
        "service:nginx", "host:web-1 -level:INFO", "/[0-9]{3}/", "nowhere", "service:nowhere",
        "time:>\"2026-11-20 11:00\"", "NOT service:nginx", "path:/api*",
    ]

    private static func filters(_ queries: [String]) throws -> [Filter] {
        try queries.map { try Filter(query: $0, knownAttributes: [], now: SampleStore.noon) }
    }

    @Test func countsAreThoseOfSearches() throws {
        let sample = try SampleStore()
        let store = try Store(directory: sample.handmade.path)
        let windows = [
            Int64.min..<Int64.max, SampleStore.noon - 3 * SampleStore.hour..<SampleStore.noon,
            SampleStore.noon - 1..<SampleStore.noon,
        ]
        for times in windows {
            var request = SearchRequest(query: "", now: SampleStore.noon)
            request.times = times
            let search = try Search(anyOf: Self.filters(Self.queries), request, in: store)
            let groups = Self.queries.indices.map { $0..<$0 + 1 } + [1..<4, 5..<5]
            let tallies = try search.tally(groups)
            let together = ["refused OR 超时 OR level:>=WARN", "nowhere"]
            for (query, tally) in zip(Self.queries + together, tallies) {
                request.query = query
                request.order = .oldest
                let alone = try Search(request, in: store)
                var events: [Event] = []
                try alone.run { event in
                    events.append(event)
                    return true
                }
                let what = Comment(rawValue: "\(query) in \(times)")
                #expect(tally.events == events.count, what)
                #expect(tally.times?.lowerBound == events.first?.timestamp, what)
                #expect(tally.times?.upperBound == events.last?.timestamp, what)
                #expect(tally.first?.timestamp == events.first?.timestamp, what)
            }
            let first = try #require(tallies.dropLast().last)
            #expect(first.counts == tallies[1..<4].map(\.events))
        }
    }

    @Test func whatIsDamagedIsNamedAndTheRestCounted() throws {
        let store = try HandmadeStore()
        let source = EventSource(host: "h", service: "s", path: "/f.log")
        var offset: Int64 = 0
        for day in 0..<2 {
            for block in 0..<3 {
                var builder = BatchBuilder(offset: offset)
                let time = SampleStore.noon - Int64(day * 24) * SampleStore.hour + Int64(block)
                builder.add(line: "text \(block)", at: time)
                offset = builder.offset
                try store.add(builder.batch, from: source, commits: false)
            }
        }
        try store.commit()
        store.close()
        let path = store.path + "/partitions/2026-11-20.db"
        let connection = try Connection(path, mode: .readWrite)
        try connection.execute("UPDATE content SET data = x'4C4202' WHERE block = 2")
        let search = try Search(
            anyOf: Self.filters(["text", "nowhere"]),
            SearchRequest(query: "", now: SampleStore.noon), in: Store(directory: store.path))
        let tallies = try search.tally([0..<1, 1..<2])
        #expect(tallies.map(\.events) == [5, 0])
        #expect(search.failures.count == 1)
        #expect(search.failures.first?.description.contains("2026-11-20.db") == true)
    }
}
