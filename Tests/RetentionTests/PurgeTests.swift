import Glibc
import LogModel
import LogQuery
import LogStore
import Retention
import StoreFixtures
import Testing

@Suite struct PurgeTests {
    private let store: HandmadeStore
    /// 2026-11-20 12:00 UTC.
    private static let noon: Int64 = 1_795_176_000_000_000_000
    private static let person = PurgeReceipt.Person(
        user: "root", uid: 0, sudoUser: "wang", host: "log-1")
    private static let days = (0..<4).map { Day(number: Day(of: noon).number - 3 + $0) }

    /// Two services with 300 lines on each of four days, every tenth with a card number; the first day
    /// is archived, the second compacted.
    init() throws {
        store = try HandmadeStore()
        for service in ["a", "b"] {
            let source = EventSource(host: "h", service: service, path: "/\(service).log")
            var offset: Int64 = 0
            for day in Self.days {
                for part in 0..<3 {
                    var builder = BatchBuilder(offset: offset)
                    for line in 0..<100 {
                        let text = line % 10 == 3 ? "paid with 6222021300001234" : "looked"
                        builder.add(
                            line: "\(service) \(part) \(line) \(text)",
                            at: day.start + Int64(part * 100 + line), severity: 9)
                    }
                    offset = builder.offset
                    try store.add(builder.batch, from: source, commits: false)
                }
            }
        }
        try store.commit()
        store.close()
        let maintenance = try Maintenance(directory: store.path)
        let archived = DayTarget { _, _ in SeverityPlacements(.archived) }
        _ = try maintenance.rewrite(Self.days[0], to: archived)
        _ = try maintenance.rewrite(Self.days[1], to: .indexed)
    }

    private func request(_ query: String) -> SearchRequest {
        SearchRequest(query: query, now: Self.noon)
    }

    private func count(_ query: String) throws -> Int {
        try Search(request(query), in: Store(directory: store.path)).count()
    }

    private func purge(_ query: String, redacts: Bool = false) throws -> Purge.Outcome {
        try Purge(store.path, person: Self.person, version: "1")
            .run(request(query), because: "a test", redacts: redacts)
    }

    private var receipts: [PurgeReceipt] {
        get throws { try PurgeReceipt.all(in: store.path) }
    }

    /// Whether any file of the store has these bytes.
    private func has(_ text: String) -> Bool {
        for folder in ["", "/partitions", "/receipts"] {
            guard let handle = opendir(store.path + folder) else { continue }
            defer { closedir(handle) }
            while let entry = readdir(handle) {
                let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                    String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
                }
                let bytes = TemporaryDirectory.read(store.path + folder + "/" + name)
                let isThere = String(decoding: bytes, as: UTF8.self).contains(text)
                if isThere { return true }
            }
        }
        return false
    }

    @Test func whatMatchesIsGoneFromEveryKindOfDayAndTheRestIsThere() throws {
        #expect(try count("6222021300001234") == 240)
        #expect(has("paid"))
        let outcome = try purge("6222021300001234", redacts: true)
        #expect(outcome.left == 0 && outcome.failures.isEmpty)
        #expect(outcome.receipt.events == 240)
        #expect(try count("6222021300001234") == 0)
        #expect(try count("*") == 2_160)
        #expect(try count("looked") == 2_160)
        let store = try Store(directory: store.path)
        let blocks = try store.partition(Self.days[0]).blocks(Partition.Criteria())
        #expect(blocks.filter(\.isArchived).reduce(0) { $0 + $1.events } == 540)
        for day in Self.days {
            let removed = try store.partition(day).removedEvents().counts
            #expect(removed.mapValues { $0[.purged]?.events } == ["/a.log": 30, "/b.log": 30])
        }
        // Nothing is left of it in the index either.
        #expect(!has("paid"))
    }

    @Test func theReceiptSaysWhatWasRemovedAndHasNoneOfIt() throws {
        let receipt = try purge("service:a 6222021300001234", redacts: true).receipt
        #expect(try receipts == [receipt])
        #expect(receipt.number == 1 && receipt.state == .done && receipt.previous == "")
        #expect(receipt.person == Self.person && receipt.reason == "a test")
        #expect(receipt.entries.map(\.day) == Self.days)
        var removed: [UInt8] = []
        var ranges: [Range<Int64>] = []
        var offset: Int64 = 0
        for part in 0..<3 {
            for line in 0..<100 {
                let text = line % 10 == 3 ? "paid with 6222021300001234" : "looked"
                let whole = "a \(part) \(line) \(text)\n"
                let end = offset + Int64(whole.utf8.count)
                if line % 10 == 3 {
                    removed += Array(whole.utf8)
                    ranges.append(offset..<end)
                }
                offset = end
            }
        }
        let entry = receipt.entries[0]
        #expect(entry.lines == Digest.hex(Digest.sha256(removed)))
        #expect(entry.sources.map(\.ranges) == [ranges])
        #expect(entry.sources[0].service == "a" && entry.sources[0].generation == "/a.log")
        #expect(entry.events == 30 && entry.isDone && entry.before != entry.after)
        let text = String(
            decoding: TemporaryDirectory.read(receipt.path(in: store.path)), as: UTF8.self)
        #expect(!text.contains("6222"))
        #expect(text.contains("\"uid\":0,\"sudo_user\":\"wang\""))
    }

    @Test func receiptsMakeAChainThatShowsAChange() throws {
        for word in ["paid", "nothing-like-it", "looked"] { _ = try purge(word) }
        let all = try receipts
        #expect(all.map(\.number) == [1, 2, 3])
        #expect(all.map(\.events) == [240, 0, 2_160])
        #expect(try PurgeReceipt.brokenLinks(all, in: store.path) == [])
        let path = all[1].path(in: store.path)
        var bytes = TemporaryDirectory.read(path)
        bytes.append(0x0A)
        TemporaryDirectory.remove(path)
        store.directory.write(bytes, to: "store/receipts/" + all[1].fileName)
        #expect(try PurgeReceipt.brokenLinks(all, in: store.path).map(\.number) == [3])
    }

    @Test func aReceiptThatIsNoneIsAnError() throws {
        for text in ["", "{", "[]", #"{"format":9}"#, #"{"format":1,"number":"x"}"#] {
            store.directory.write(text, to: "store/receipts/purge-x-1.json")
            #expect(throws: StoreError.self) { try receipts }
        }
    }

    @Test func stagesAreAnError() throws {
        #expect(throws: SearchError.self) { try purge("paid | head 3") }
        #expect(try count("paid") == 240)
        #expect(try receipts == [])
    }

    /// A receipt whose second day was killed before it was written anew.
    @Test(arguments: [false, true]) func whatWasCutShortIsFinished(isRedacted: Bool) throws {
        let before = Self.days.map { TemporaryDirectory.read(path(of: $0)) }
        var receipt = try purge("paid", redacts: isRedacted).receipt
        for (day, bytes) in zip(Self.days, before).dropFirst() {
            store.directory.write(bytes, to: "store/partitions/\(day.name).db")
        }
        #expect(try count("paid") == 180)
        receipt.state = .begun
        receipt.entries.removeLast(2)
        receipt.entries[1].isDone = false
        store.directory.write(receipt.json(), to: "store/receipts/" + receipt.fileName)
        let purge = try Purge(store.path, person: Self.person, version: "1")
        let finished = try purge.finishInterrupted()
        #expect(finished.map(\.state) == [isRedacted ? .interrupted : .done])
        #expect(finished == (try receipts))
        #expect(try count("paid") == (isRedacted ? 120 : 0))
        #expect(try count("looked") == 2_160)
        #expect(try purge.finishInterrupted() == [])
    }

    @Test func theNightlyJobFinishesWhatWasCutShort() throws {
        let before = TemporaryDirectory.read(path(of: Self.days[3]))
        var receipt = try purge("paid").receipt
        store.directory.write(before, to: "store/partitions/\(Self.days[3].name).db")
        #expect(try count("paid") == 60)
        receipt.state = .begun
        receipt.entries[3].isDone = false
        store.directory.write(receipt.json(), to: "store/receipts/" + receipt.fileName)
        let job = RetentionJob(directory: store.path, policy: .standard, now: Self.noon)
        job.runsAnyTime = true
        let report = try job.run()
        #expect(report.problems == [])
        #expect(try count("paid") == 0)
        #expect(try receipts.map(\.state) == [.done])
        #expect(try count("looked") == 2_160)
    }

    private func path(of day: Day) -> String { "\(store.path)/partitions/\(day.name).db" }

    /// As a restore from an older backup does.
    @Test func aDayThatCameBackIsPurgedAgainByItsReceipt() throws {
        let before = Self.days[..<2].map { TemporaryDirectory.read(path(of: $0)) }
        let receipt = try purge("paid", redacts: true).receipt
        let after = Self.days.map { TemporaryDirectory.read(path(of: $0)) }
        for (day, bytes) in zip(Self.days, before) {
            store.directory.write(bytes, to: "store/partitions/\(day.name).db")
        }
        #expect(try count("paid") == 120)
        let maintenance = try Maintenance(directory: store.path)
        #expect(try Purge.apply(receipt, to: [Self.days[1]], with: maintenance) == [Self.days[1]])
        #expect(try count("paid") == 60)
        #expect(
            try Purge.apply(receipt, to: Set(Self.days), with: maintenance) == [Self.days[0]])
        #expect(try count("paid") == 0)
        #expect(try Purge.apply(receipt, to: Set(Self.days), with: maintenance) == [])
        #expect(TemporaryDirectory.read(path(of: Self.days[3])) == after[3])
    }

    @Test func aWholeDayIsGivenUpDamagedOrNot() throws {
        store.directory.write("garbage", to: "store/partitions/2026-11-18.db")
        store.directory.write("garbage", to: "store/partitions/2026-11-18.db.damaged")
        unlink(path(of: Self.days[2]))
        let purge = try Purge(store.path, person: Self.person, version: "1")
        for (index, events) in [600, 0, 0].enumerated() {
            let outcome = try purge.giveUp(Self.days[index], because: "lost", at: Self.noon)
            #expect(outcome.receipt.events == events && outcome.receipt.state == .done)
        }
        let search = try Search(request("*"), in: Store(directory: store.path))
        #expect(try search.count() == 600)
        #expect(search.failures.isEmpty)
        #expect(access(path(of: Self.days[1]) + ".damaged", F_OK) != 0)
        #expect(try receipts.map(\.entries[0].sources.count) == [2, 0, 0])
    }

    @Test func aDamagedDayIsNamedAndTheOthersArePurged() throws {
        store.directory.write("garbage", to: "store/partitions/2026-11-18.db")
        let outcome = try purge("paid")
        #expect(outcome.failures.count == 1)
        #expect(outcome.receipt.unread.count == 1)
        #expect(outcome.receipt.events == 180)
    }
}
