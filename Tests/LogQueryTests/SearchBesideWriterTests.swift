import LogModel
import LogStore
import StoreFixtures
import Testing

@testable import LogQuery

/// Whatever is committed while an answer is read, it has each event that was there once and whole.
@Suite struct SearchBesideWriterTests {
    private static let steps = 120

    /// A search that is under way, and what it must give.
    private struct Listing {
        let request: SearchRequest
        let search: Search
        let cursor: EventCursor
        let before: [String: String]
        var given: [Event] = []

        init(_ store: GrowingStore, _ request: SearchRequest) throws {
            self.request = request
            before = store.committed.filter { Listing.matches($0.value, request) }
            search = try Search(request, in: Store(directory: store.path))
            cursor = try search.events()
        }

        static func matches(_ text: String, _ request: SearchRequest) -> Bool {
            request.query == "*" || text.hasPrefix(request.query + " ")
        }

        /// Reads on; false at the end.
        mutating func read(_ count: Int) -> Bool {
            for _ in 0..<count {
                guard let event = cursor.next() else { return false }
                given.append(event)
            }
            return true
        }

        func check(_ store: GrowingStore) {
            #expect(search.failures.map(\.description) == [])
            let uids = Set(given.map(\.uid))
            #expect(uids.count == given.count, "an event came twice")
            let isNewest = request.order == .newest
            #expect(
                zip(given, given.dropFirst()).allSatisfy {
                    isNewest ? $0.timestamp >= $1.timestamp : $0.timestamp <= $1.timestamp
                })
            for event in given {
                let text = String(decoding: event.original, as: UTF8.self)
                #expect(store.texts[event.uid]?.contains(text) == true, "\(event.uid): \(text)")
            }
            if let limit = request.limit {
                #expect(given.count <= limit && given.count >= min(limit, before.count))
            }
            if given.count < request.limit ?? .max {
                let missing = before.keys.filter { !uids.contains($0) }
                #expect(missing == [], "\(request.order) \(request.query)")
            }
        }
    }

    /// A follower, and what it must give: what came since.
    private struct Following {
        let follower: EventFollower
        let request: SearchRequest
        let before: Set<String>
        var given: [String: [String]] = [:]

        init(_ store: GrowingStore, _ request: SearchRequest) throws {
            self.request = request
            before = Set(store.committed.keys)
            follower = try EventFollower(request, in: Store(directory: store.path))
        }

        mutating func look() throws {
            while let event = try follower.next() {
                let text = String(decoding: event.original, as: UTF8.self)
                given[event.uid, default: []].append(text + (event.terminator.isEmpty ? "…" : ""))
            }
        }

        func check(_ store: GrowingStore) {
            let came = store.committed.keys.filter { !before.contains($0) }
                .filter { Listing.matches(store.committed[$0] ?? "", request) }
            #expect(given.keys.filter { !before.contains($0) }.sorted() == came.sorted())
            for (uid, texts) in given {
                // Only what was cut within a line comes again, when it has grown.
                let cut = texts.dropLast()
                #expect(cut.allSatisfy { $0.hasSuffix("…") } && Set(texts).count == texts.count)
                if before.contains(uid) {
                    #expect(texts == [store.committed[uid]])
                } else if texts.last?.hasSuffix("…") == true {
                    #expect(texts.last == (store.committed[uid] ?? "") + "…")
                }
            }
            #expect(follower.failures.map(\.description) == [])
        }
    }

    private static func request(_ random: inout SeededRandom) -> SearchRequest {
        var request = SearchRequest(query: random.pick(["*", "even"]), now: SampleStore.noon)
        request.order = random.pick([.newest, .oldest])
        request.limit = random.pick([nil, nil, 5, 200])
        return request
    }

    /// Readers that stand still for many commits; a failure comes again with its seed.
    @Test(arguments: [UInt64.random(in: 1..<1_000_000), 358_578, 489_316])
    func slowReadersMissNothingAndGetNothingTwice(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let store = try GrowingStore(seed: seed)
        var listings: [Listing] = []
        var followings: [Following] = []
        for _ in 0..<Self.steps {
            switch random.number(0...9) {
            case 0 where listings.count < 4 && !store.committed.isEmpty:
                listings.append(try Listing(store, Self.request(&random)))
            case 1 where followings.count < 3 && !store.committed.isEmpty:
                followings.append(try Following(store, Self.request(&random)))
            case 2 where listings.isEmpty:
                #expect(try store.compact().isEmpty)
            case 2, 3:
                guard let number = listings.indices.randomElement(using: &random) else { continue }
                if !listings[number].read(random.pick([1, 10, 100, 10_000])) {
                    listings.remove(at: number).check(store)
                }
            case 4:
                guard let number = followings.indices.randomElement(using: &random) else {
                    continue
                }
                try followings[number].look()
            default: try store.turn()
            }
        }
        for number in listings.indices {
            while listings[number].read(1_000) {}
            listings[number].check(store)
        }
        for number in followings.indices {
            try followings[number].look()
            followings[number].check(store)
        }
    }
}
