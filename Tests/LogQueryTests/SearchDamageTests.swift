import LogModel
import LogQuery
import LogStore
import SQLite
import StoreFixtures
import Testing

/// What is damaged is reported; everything else is found.
@Suite struct SearchDamageTests {
    private static func day(_ number: Int, of store: HandmadeStore) -> String {
        store.path + "/partitions/2026-11-\(number).db"
    }

    private static func answer(
        _ store: HandmadeStore, _ query: String = "*", order: SearchRequest.Order = .newest
    ) throws -> (lines: [String], failures: [StoreError]) {
        var request = SearchRequest(query: query, now: SampleStore.noon)
        request.order = order
        let search = try Search(request, in: Store(directory: store.path))
        var lines: [String] = []
        try search.run { event in
            lines.append(String(decoding: event.original, as: UTF8.self))
            return true
        }
        return (lines, search.failures)
    }

    /// Four blocks of two lines on each of three days; the writer is gone.
    private static func store() throws -> HandmadeStore {
        let store = try HandmadeStore()
        let source = EventSource(host: "h", service: "s", path: "/f.log")
        var offset: Int64 = 0
        for day in 18...20 {
            for block in 0..<4 {
                var builder = BatchBuilder(offset: offset)
                for row in 0..<2 {
                    let time =
                        SampleStore.noon + Int64(day - 20) * 24 * SampleStore.hour
                        + Int64(block * 10 + row)
                    builder.add(line: "\(day)-\(block)-\(row) text", at: time, severity: 9)
                }
                offset = builder.offset
                try store.add(builder.batch, from: source, commits: false)
            }
        }
        try store.commit()
        store.close()
        return store
    }

    private static let all = (18...20).flatMap { day in
        (0..<4).flatMap { block in (0..<2).map { "\(day)-\(block)-\($0) text" } }
    }

    @Test func wholeStoreHasNoFailures() throws {
        let store = try Self.store()
        let answer = try Self.answer(store)
        #expect(answer.lines == Self.all.reversed())
        #expect(answer.failures.isEmpty)
    }

    @Test(arguments: [SearchRequest.Order.newest, .oldest], ["*", "text"])
    func otherDaysAreAnswered(order: SearchRequest.Order, query: String) throws {
        let store = try Self.store()
        store.directory.write(
            String(repeating: "garbage ", count: 100), to: "store/partitions/2026-11-19.db")
        let answer = try Self.answer(store, query, order: order)
        let expected = Self.all.filter { !$0.hasPrefix("19") }
        #expect(answer.lines == (order == .oldest ? expected : expected.reversed()))
        #expect(answer.failures.count == 1)
        #expect(answer.failures.first?.description.contains("2026-11-19.db") == true)
        let search = try Search(
            SearchRequest(query: query, now: SampleStore.noon), in: Store(directory: store.path))
        #expect(try search.count() == expected.count)
        #expect(search.failures.count == 1)
    }

    @Test(arguments: 0..<3)
    func cutDayIsReported(number: Int) throws {
        let store = try Self.store()
        let name = "store/partitions/2026-11-19.db"
        let bytes = TemporaryDirectory.read(store.directory(name))
        store.directory.write(Array(bytes[..<(bytes.count * number / 3)]), to: name)
        let answer = try Self.answer(store)
        #expect(answer.failures.count == 1)
        #expect(answer.lines.filter { !$0.hasPrefix("19") }.count == 16)
    }

    /// One block of a day; the rest of that day and the others stay searchable.
    @Test(arguments: 18...20, [SearchRequest.Order.newest, .oldest])
    func damagedBlockCostsOnlyItself(day: Int, order: SearchRequest.Order) throws {
        let store = try Self.store()
        let connection = try Connection(Self.day(day, of: store), mode: .readWrite)
        try connection.execute("UPDATE content SET data = x'4C4202' WHERE block = 3")
        let answer = try Self.answer(store, order: order)
        let expected = Self.all.filter { !$0.hasPrefix("\(day)-2-") }
        #expect(answer.lines == (order == .oldest ? expected : expected.reversed()))
        #expect(answer.failures.count == 1)
        let search = try Search(
            SearchRequest(query: "text", now: SampleStore.noon), in: Store(directory: store.path))
        #expect(try search.count() == expected.count)
        #expect(search.failures.count == 1)
    }

    /// Whatever is wrong in a partition: all of the answer, or less and the day is named; never a wrong line.
    @Test(arguments: [false, true])
    func damageOfADayIsNamedOrDoesNotMatter(isCompacted: Bool) throws {
        let store = try Self.store()
        if isCompacted {
            let maintenance = try Maintenance(directory: store.path)
            for day in try maintenance.days() { _ = try maintenance.rewrite(day, to: .indexed) }
        }
        let name = "store/partitions/2026-11-19.db"
        let whole = TemporaryDirectory.read(store.directory(name))
        let start = UInt64.random(in: 0...UInt64.max)
        var named = 0
        for seed in start..<start + 60 {
            var random = SeededRandom(seed: seed)
            let damage = Damage(of: whole, random: &random)
            store.directory.write(damage.bytes, to: name)
            for query in ["*", "text", "19-2-1 level:INFO", "nowhere"] {
                let what = Comment(rawValue: "seed \(seed), \(damage.description): \(query)")
                let right: [String] =
                    switch query {
                    case "*", "text": Self.all.reversed()
                    case "nowhere": []
                    default: ["19-2-1 text"]
                    }
                let answer = try Self.answer(store, query)
                named += answer.failures.isEmpty ? 0 : 1
                check(answer.lines, answer.failures, right, what)
                let counting = try Search(
                    SearchRequest(query: query, now: SampleStore.noon),
                    in: Store(directory: store.path))
                let count = try counting.count()
                #expect(
                    counting.failures.isEmpty ? count == right.count : count <= right.count, what)
            }
        }
        #expect(named > 0)
    }

    /// Without a failure the lines are the right ones; with one, some of them, and all of the other days.
    private func check(
        _ lines: [String], _ failures: [StoreError], _ right: [String], _ what: Comment
    ) {
        guard !failures.isEmpty else {
            #expect(lines == right, what)
            return
        }
        let untouched = right.filter { !$0.hasPrefix("19") }
        #expect(lines.filter { !$0.hasPrefix("19") } == untouched, what)
        #expect(Set(lines).isSubset(of: right), what)
        for failure in failures {
            #expect(failure.description.contains("2026-11-19.db"), what)
        }
    }

    @Test func newerDayIsAFailureAndTheOthersAreAnswered() throws {
        let store = try Self.store()
        try Connection(Self.day(18, of: store), mode: .readWrite).execute("PRAGMA user_version = 9")
        let answer = try Self.answer(store)
        #expect(answer.lines.count == 16)
        #expect(answer.failures.count == 1)
        #expect(answer.failures.first?.description.contains("format version 9") == true)
    }

    @Test func missingStoreIsAnErrorOfItsOwn() {
        let error = #expect(throws: StoreError.self) {
            _ = try Store(directory: "/nonexistent/store")
        }
        #expect(error?.description.hasPrefix("no store at /nonexistent/store") == true)
    }
}

/// One thing that happens to a file.
private struct Damage {
    let bytes: [UInt8]
    let description: String

    init(of whole: [UInt8], random: inout SeededRandom) {
        var bytes = whole
        let place = random.number(0...whole.count - 1)
        switch random.number(0...5) {
        case 0...2:
            let bit = UInt8(random.number(0...7))
            bytes[place] ^= 1 << bit
            description = "bit \(bit) of byte \(place) flipped"
        case 3:
            let count = random.number(1...min(600, whole.count - place))
            bytes.replaceSubrange(place..<place + count, with: random.bytes(count))
            description = "\(count) random bytes at \(place)"
        case 4:
            let count = min(512, whole.count - place / 512 * 512)
            bytes.replaceSubrange(
                place / 512 * 512..<place / 512 * 512 + count, with: repeatElement(0, count: count))
            description = "a sector of zeros at \(place / 512 * 512)"
        default:
            bytes = Array(whole[..<place])
            description = "cut at \(place)"
        }
        self.bytes = bytes
    }
}
