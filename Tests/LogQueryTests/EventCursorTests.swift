import LogModel
import LogQuery
import LogStore
import StoreFixtures
import Testing

/// Events taken one by one are those that a run gives; what is not asked for is not read.
@Suite struct EventCursorTests {
    /// Ten blocks of 300 lines on each of two days, one block after the other.
    private static func store() throws -> HandmadeStore {
        let store = try HandmadeStore()
        let source = EventSource(host: "h", service: "s", path: "/f.log")
        var offset: Int64 = 0
        for block in 0..<20 {
            var builder = BatchBuilder(offset: offset)
            for row in 0..<300 {
                let day = Int64(block / 10 - 1) * 24 * SampleStore.hour
                let time = SampleStore.noon + day + Int64(block % 10 * 1_000 + row)
                builder.add(line: "\(block)-\(row) text", at: time, severity: 9)
            }
            offset = builder.offset
            try store.add(builder.batch, from: source, commits: false)
        }
        try store.commit()
        return store
    }

    private static func search(
        _ store: HandmadeStore, _ order: SearchRequest.Order, limit: Int? = nil
    ) throws -> Search {
        var request = SearchRequest(query: "text", now: SampleStore.noon)
        (request.order, request.limit) = (order, limit)
        return try Search(request, in: Store(directory: store.path))
    }

    @Test(arguments: [SearchRequest.Order.newest, .oldest], [nil, 0, 1, 1_000, 7_000])
    func cursorGivesWhatARunGives(order: SearchRequest.Order, limit: Int?) throws {
        let store = try Self.store()
        let lines = (0..<20).flatMap { block in (0..<300).map { "\(block)-\($0) text" } }
        let all = order == .oldest ? lines : lines.reversed()
        let expected = Array(all.prefix(limit ?? .max))
        let events = try Self.search(store, order, limit: limit).events()
        var taken: [String] = []
        while let event = events.next() {
            taken.append(String(decoding: event.original, as: UTF8.self))
        }
        #expect(taken == expected)
        #expect(events.next().map(\.uid) == nil)
        var run: [String] = []
        try Self.search(store, order, limit: limit).run { event in
            run.append(String(decoding: event.original, as: UTF8.self))
            return true
        }
        #expect(run == expected)
    }

    @Test func firstEventReadsOneBlock() throws {
        let store = try Self.store()
        let search = try Self.search(store, .newest)
        let event = try search.events().next()
        #expect(event.map { String(decoding: $0.original, as: UTF8.self) } == "19-299 text")
        #expect(search.statistics.blocksDecoded == 1)
        #expect(search.statistics.events == 1)
        store.close()
    }
}
