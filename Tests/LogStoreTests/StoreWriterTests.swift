import LogModel
import SQLite
import StoreFixtures
import Testing

@testable import LogStore

@Suite struct StoreWriterTests {
    private let directory = TemporaryDirectory()
    private var path: String { directory("a/b/store") }
    private static let day: Int64 = 86_400_000_000_000
    /// 2026-11-20, noon.
    private static let noon: Int64 = 20_777 * day + day / 2
    private static let source = EventSource(
        host: "web-1", service: "node", environment: "prod", path: "/logs/node.log",
        generation: "g", observedTimestamp: 5)

    private static func batch(_ lines: [(String, Int64)], offset: Int64 = 0) -> EventBatch {
        var builder = BatchBuilder(offset: offset)
        for (line, time) in lines { builder.add(line: line, at: time) }
        return builder.batch
    }

    private static func generation(_ name: String = "g", head: [UInt8] = [1]) -> Generation {
        Generation(
            name: name, head: head, host: "web-1", service: "node", environment: "", path: "p",
            format: "f", zone: "UTC", fallbackTime: 7, observed: 8)
    }

    private static func insert(
        _ batch: EventBatch, into writer: StoreWriter, _ generation: Generation,
        from source: EventSource = source
    ) throws -> Int {
        var encoder = BatchEncoder()
        let end = batch.rows.map { $0.offset + Int64($0.length) }.max() ?? 0
        return try writer.insert(
            encoder.encode(batch), from: source,
            progress: GenerationProgress(
                generation: generation.id,
                checkpoint: Checkpoint(position: end, guardHash: [1, 2]), openOffset: end,
                openDay: nil, lastTime: end + 1))
    }

    /// All stored lines, day by day and in the order of their blocks.
    private static func lines(in directory: String) throws -> [String] {
        let store = try Store(directory: directory)
        return try store.days().flatMap { day -> [String] in
            let partition = try store.partition(day)
            return try partition.blocks(Partition.Criteria()).sorted { $0.id < $1.id }
                .flatMap { reference -> [String] in
                    let block = try partition.block(reference)
                    let batch = try block.batch(rows: Array(0..<block.rowCount))
                    return batch.rows.indices.map {
                        String(decoding: batch.original($0).dropLast(), as: UTF8.self)
                    }
                }
        }
    }

    @Test func committedEventsAreThereWhenTheStoreIsOpenedAgain() throws {
        do {
            let writer = try StoreWriter(directory: path)
            let generation = try writer.add(Self.generation())
            let batch = Self.batch([
                ("one", Self.noon), ("two", Self.noon + Self.day), ("three", Self.noon),
            ])
            #expect(try Self.insert(batch, into: writer, generation) == 3)
            try writer.commit()
        }
        #expect(try Self.lines(in: path) == ["one", "three", "two"])
        let store = try Store(directory: path)
        #expect(try store.days().map(\.name) == ["2026-11-20", "2026-11-21"])
        let partition = try store.partition(try #require(try store.days().first))
        #expect(try partition.totals() == (1, 2, 10))
        var source = Self.source
        source.generation = "g"
        #expect(try partition.allSources().values.map { $0 } == [source])
        let generation = try #require(try store.generations().first)
        #expect(generation.position == 14)
        #expect(generation.lastTime == 15)
        #expect(generation.fallbackTime == 7)
    }

    /// A query may ask for every name that an event can show, those inside of a capture too.
    @Test func attributesAreTheNamesThatEventsCanHave() throws {
        let layout = Layout(
            format: "f", pieces: (0..<3).map { .field($0) },
            fields: [
                Field("app.node"), Field("mdc", .contextMap),
                Field("nginx.error.context", .nginxErrorTail),
            ])
        let writer = try StoreWriter(directory: path)
        let generation = try writer.add(Self.generation())
        var builder = BatchBuilder()
        builder.add([[0x61], [], []], layout, at: Self.noon)
        _ = try Self.insert(builder.batch, into: writer, generation)
        try writer.commit()
        let attributes = try Store(directory: path).attributes()
        #expect(attributes.isSuperset(of: ["app.node", "mdc.*", "server.address", "nginx.login"]))
    }

    @Test func eventsThatADayHasAreDropped() throws {
        let writer = try StoreWriter(directory: path)
        let generation = try writer.add(Self.generation())
        let lines = [("a", Self.noon), ("b", Self.noon), ("c", Self.noon), ("d", Self.noon)]
        #expect(try Self.insert(Self.batch(Array(lines[..<2])), into: writer, generation) == 2)
        // In the same transaction, then after it.
        #expect(try Self.insert(Self.batch(Array(lines[..<3])), into: writer, generation) == 1)
        try writer.commit()
        #expect(try Self.insert(Self.batch(lines), into: writer, generation) == 1)
        #expect(try Self.insert(Self.batch(lines), into: writer, generation) == 0)
        try writer.commit()
        #expect(try Self.lines(in: path) == ["a", "b", "c", "d"])
        // Another generation has the same offsets and is not the same.
        var other = Self.source
        other.generation = "h"
        let second = try writer.add(Self.generation("h"))
        #expect(try Self.insert(Self.batch(lines), into: writer, second, from: other) == 4)
    }

    @Test func rollbackLeavesWhatWasCommitted() throws {
        let writer = try StoreWriter(directory: path)
        let generation = try writer.add(Self.generation())
        _ = try Self.insert(Self.batch([("a", Self.noon)]), into: writer, generation)
        try writer.commit()
        let more = Self.batch([("b", Self.noon), ("c", Self.noon + Self.day)], offset: 2)
        #expect(try Self.insert(more, into: writer, generation) == 2)
        writer.rollback()
        #expect(try Self.lines(in: path) == ["a"])
        #expect(try Store(directory: path).generations().first?.position == 2)
        // What was rolled back is no longer known, so it comes in the second time.
        #expect(try Self.insert(more, into: writer, generation) == 2)
        try writer.commit()
        #expect(try Self.lines(in: path) == ["a", "b", "c"])
    }

    @Test func whatIsNotCommittedIsGoneWithTheWriter() throws {
        do {
            let writer = try StoreWriter(directory: path)
            let generation = try writer.add(Self.generation())
            _ = try Self.insert(Self.batch([("a", Self.noon)]), into: writer, generation)
        }
        #expect(try Self.lines(in: path) == [])
        #expect(try Store(directory: path).generations().first?.position == 0)
    }

    @Test func manyDaysAreCommittedOnTheWay() throws {
        let writer = try StoreWriter(directory: path)
        let generation = try writer.add(Self.generation())
        let lines = (0..<40).map { ("day \($0)", Self.noon + Int64($0) * Self.day) }
        for (number, line) in lines.enumerated() {
            let batch = Self.batch([line], offset: Int64(number * 100))
            #expect(try Self.insert(batch, into: writer, generation) == 1)
        }
        try writer.commit()
        #expect(try Self.lines(in: path) == lines.map(\.0))
    }

    @Test func secondWriterIsRefusedUntilTheFirstIsGone() throws {
        var first: StoreWriter? = try StoreWriter(directory: path)
        do {
            _ = try StoreWriter(directory: path)
            Issue.record("there must be one writer")
        } catch {
            guard case .locked(let directory, let owner) = error else {
                Issue.record("\(error)")
                return
            }
            #expect(directory == path)
            #expect(owner.hasPrefix(" (process "))
        }
        _ = first
        first = nil
        _ = try StoreWriter(directory: path)
    }

    @Test func storeIsItsOwnersAlone() throws {
        let writer = try StoreWriter(directory: path)
        let generation = try writer.add(Self.generation())
        _ = try Self.insert(Self.batch([("a", Self.noon)]), into: writer, generation)
        try writer.commit()
        for name in ["a", "a/b", "a/b/store", "a/b/store/partitions"] {
            #expect(TemporaryDirectory.permissions(directory(name)) == 0o700, "\(name)")
        }
        for name in ["catalog.db", "catalog.db-wal", "writer.lock", "partitions/2026-11-20.db"] {
            #expect(TemporaryDirectory.permissions(path + "/" + name) == 0o600, "\(name)")
        }
    }

    @Test(arguments: ["catalog.db", "partitions/2026-11-20.db"])
    func newerFormatIsRefusedAndLeftAlone(name: String) throws {
        do {
            let writer = try StoreWriter(directory: path)
            let generation = try writer.add(Self.generation())
            _ = try Self.insert(Self.batch([("a", Self.noon)]), into: writer, generation)
            try writer.commit()
        }
        let file = path + "/" + name
        try Connection(file, mode: .readWrite).execute("PRAGMA user_version = 4")
        expectNewer(file) {
            let writer = try StoreWriter(directory: path)
            _ = try Self.insert(
                Self.batch([("b", Self.noon)]), into: writer, Self.generation())
        }
        expectNewer(file) { _ = try Self.lines(in: path) }
        #expect(try Connection(file, mode: .readOnly).integer("PRAGMA user_version") == 4)
    }

    private func expectNewer(_ file: String, _ body: () throws -> Void) {
        do {
            try body()
            Issue.record("a newer format must be refused")
        } catch StoreError.newerFormat(let path, let version, _) {
            #expect(path == file)
            #expect(version == 4)
        } catch {
            Issue.record("\(error)")
        }
    }

    @Test(arguments: ["catalog.db", "partitions/2026-11-20.db"], [true, false])
    func fileOfAnotherProgramIsRefusedAndLeftAlone(name: String, isDatabase: Bool) throws {
        let file = directory.write([], to: "a/b/store/" + name)
        if isDatabase {
            try Connection(file, mode: .readWrite).execute("CREATE TABLE mine(a)")
        } else {
            directory.write(String(repeating: "no database ", count: 20), to: "a/b/store/" + name)
        }
        let before = TemporaryDirectory.read(file)
        do {
            let writer = try StoreWriter(directory: path)
            _ = try Self.insert(Self.batch([("b", Self.noon)]), into: writer, Self.generation())
            Issue.record("the file must be refused")
        } catch StoreError.notAStore(let path) {
            #expect(path == file)
        } catch {
            Issue.record("\(error)")
        }
        #expect(TemporaryDirectory.read(file) == before)
    }

    @Test func missingStoreSaysSo() {
        do {
            _ = try Store(directory: directory("nowhere"))
            Issue.record("there is no store")
        } catch {
            guard case .missing(let found) = error else {
                Issue.record("\(error)")
                return
            }
            #expect(found == directory("nowhere"))
        }
        #expect(TemporaryDirectory.permissions(directory("nowhere")) == -1)
    }

    @Test func readersSeeWhatIsCommittedWhileAWriterIsAtWork() throws {
        let writer = try StoreWriter(directory: path)
        let generation = try writer.add(Self.generation())
        _ = try Self.insert(Self.batch([("a", Self.noon)]), into: writer, generation)
        try writer.commit()
        let store = try Store(directory: path)
        let partition = try store.partition(Day(of: Self.noon))
        #expect(try partition.totals().events == 1)
        _ = try Self.insert(Self.batch([("b", Self.noon)], offset: 2), into: writer, generation)
        #expect(try partition.totals().events == 1)
        #expect(try Self.lines(in: path) == ["a"])
        try writer.commit()
        #expect(try partition.totals().events == 2)
        #expect(try Self.lines(in: path) == ["a", "b"])
    }

    /// A new file gets its name when it is whole, so a reader never meets half of one.
    @Test func emptyFileOfADayIsDamageAndIsSetAside() throws {
        let writer = try StoreWriter(directory: path)
        let generation = try writer.add(Self.generation())
        directory.write([], to: "a/b/store/partitions/2026-11-20.db")
        let error = #expect(throws: StoreError.self) { try Self.lines(in: path) }
        #expect(error?.description.contains("2026-11-20.db is damaged") == true)
        #expect(try Self.insert(Self.batch([("a", Self.noon)]), into: writer, generation) == 1)
        try writer.commit()
        #expect(try Self.lines(in: path) == ["a"])
        #expect(writer.setAside.count == 1)
        #expect(TemporaryDirectory.permissions(path + "/partitions/2026-11-20.db.damaged") >= 0)
        #expect(try Store(directory: path).damagedPart(of: Day(of: Self.noon)) != nil)
    }

    /// The magic, the size of pages, the reserved bytes, the version, a tree: all are on the first page.
    @Test(arguments: [0, 16, 20, 63, 100, 4000])
    func dayWithAFlippedBitOnItsFirstPageIsSetAside(place: Int) throws {
        do {
            let writer = try StoreWriter(directory: path)
            let generation = try writer.add(Self.generation())
            _ = try Self.insert(Self.batch([("a", Self.noon)]), into: writer, generation)
            try writer.commit()
        }
        let name = "partitions/2026-11-20.db"
        var bytes = TemporaryDirectory.read(path + "/" + name)
        bytes[place] ^= 1
        directory.write(bytes, to: "a/b/store/" + name)
        let writer = try StoreWriter(directory: path)
        let generation = try writer.add(Self.generation("b"))
        _ = try Self.insert(Self.batch([("b", Self.noon)]), into: writer, generation)
        try writer.commit()
        #expect(try Self.lines(in: path) == ["b"])
        #expect(writer.setAside.count == 1)
        #expect(TemporaryDirectory.read(path + "/" + name + ".damaged") == bytes)
    }

    /// Opening reads the first page alone; the pages that a block goes to are found damaged later.
    @Test func dayThatIsFoundDamagedWhenItIsWrittenToIsSetAside() throws {
        do {
            let writer = try StoreWriter(directory: path)
            let generation = try writer.add(Self.generation())
            _ = try Self.insert(Self.batch([("a", Self.noon)]), into: writer, generation)
            try writer.commit()
        }
        let name = "partitions/2026-11-20.db"
        var bytes = TemporaryDirectory.read(path + "/" + name)
        for page in 1..<bytes.count / 8192 { bytes[page * 8192 + 8000] ^= 1 }
        directory.write(bytes, to: "a/b/store/" + name)
        let writer = try StoreWriter(directory: path)
        let generation = try writer.add(Self.generation("b"))
        let error = #expect(throws: StoreError.self) {
            _ = try Self.insert(Self.batch([("b", Self.noon)]), into: writer, generation)
            try writer.commit()
        }
        #expect(error?.description.contains("2026-11-20.db is damaged (the page at byte") == true)
        writer.rollback()
        #expect(writer.setAside.count == 1)
        #expect(TemporaryDirectory.permissions(path + "/" + name + ".damaged") >= 0)
        _ = try Self.insert(Self.batch([("b", Self.noon)]), into: writer, generation)
        try writer.commit()
        #expect(try Self.lines(in: path) == ["b"])
    }

    /// The new file has what came since; that the rest is not there must be told all the same.
    @Test func dayWhoseFileIsMissingStaysMissedWhenItIsWrittenTo() throws {
        let file = path + "/partitions/2026-11-20.db"
        do {
            let writer = try StoreWriter(directory: path)
            let generation = try writer.add(Self.generation())
            _ = try Self.insert(Self.batch([("a", Self.noon)]), into: writer, generation)
            try writer.commit()
            #expect(writer.setAside.isEmpty)
        }
        TemporaryDirectory.remove(file)
        let store = try Store(directory: path)
        #expect(try store.isMissing(Day(of: Self.noon)))
        let writer = try StoreWriter(directory: path)
        let generation = try writer.add(Self.generation("b"))
        _ = try Self.insert(Self.batch([("b", Self.noon)]), into: writer, generation)
        try writer.commit()
        #expect(writer.setAside.map(\.description).first?.contains("is missing") == true)
        #expect(try Self.lines(in: path) == ["b"])
        #expect(store.damagedPart(of: Day(of: Self.noon)) == file + ".damaged")
    }

    @Test func draftThatACrashLeftIsNoDayAndInNobodysWay() throws {
        let writer = try StoreWriter(directory: path)
        let generation = try writer.add(Self.generation())
        for ending in ["", "-journal", "-wal"] {
            directory.write("half of a file", to: "a/b/store/partitions/2026-11-20.db.new" + ending)
        }
        #expect(try Store(directory: path).days().isEmpty)
        #expect(try Self.insert(Self.batch([("a", Self.noon)]), into: writer, generation) == 1)
        try writer.commit()
        #expect(try Self.lines(in: path) == ["a"])
        #expect(try Store(directory: path).days().map(\.name) == ["2026-11-20"])
    }

    @Test func generationsGetNamesOfTheirOwn() throws {
        let writer = try StoreWriter(directory: path)
        #expect(try writer.add(Self.generation("x")).name == "x")
        #expect(try writer.add(Self.generation("x")).name == "x.2")
        #expect(try writer.add(Self.generation("x")).name == "x.3")
    }

    /// Heads of 30 known bytes, the head that is looked for, and whether it may be that one.
    @Test(arguments: [
        (30, 30, 30, true), (30, 30, 60, true), (30, 10, 10, true), (30, 5, 5, true),
        (30, 29, 30, false), (30, 3, 10, false), (30, 3, 40, false), (30, 0, 0, false),
    ])
    func candidatesAgreeAsFarAsBothGo(known: Int, same: Int, length: Int, expected: Bool) throws {
        let writer = try StoreWriter(directory: path)
        _ = try writer.add(Self.generation(head: Array(repeating: 1, count: known)))
        let head = (0..<length).map { $0 < same ? UInt8(1) : 2 }
        #expect(try writer.candidates(head: head, host: "web-1").count == (expected ? 1 : 0))
        #expect(try writer.candidates(head: head, host: "web-2").isEmpty)
    }

    @Test func storedBytesAreThoseOfTheRange() throws {
        let writer = try StoreWriter(directory: path)
        let generation = try writer.add(Self.generation())
        let lines = (0..<5).map { ("line\($0)", Self.noon + Int64($0 % 2) * Self.day) }
        _ = try Self.insert(Self.batch(lines), into: writer, generation)
        try writer.commit()
        let stored = try writer.storedBytes(of: "g", in: 6..<19).sorted { $0.offset < $1.offset }
        #expect(stored.map(\.offset) == [6, 12, 18])
        #expect(
            stored.map { String(decoding: $0.bytes, as: UTF8.self) } == [
                "line1\n", "line2\n", "line3\n",
            ])
        #expect(try writer.storedBytes(of: "h", in: 0..<100).isEmpty)
    }

    @Test func blocksAreNamedByTimesLevelsAndTerms() throws {
        let writer = try StoreWriter(directory: path)
        let generation = try writer.add(Self.generation())
        for (number, line) in ["timeout of 订单", "connection refused"].enumerated() {
            var builder = BatchBuilder(offset: Int64(number * 100))
            builder.add(
                line: line, at: Self.noon + Int64(number) * 10, severity: number == 0 ? 9 : 17)
            builder.add(line: "x", at: Self.noon + Int64(number) * 10 + 5, severity: 5)
            _ = try Self.insert(builder.batch, into: writer, generation)
        }
        try writer.commit()
        let partition = try Store(directory: path).partition(Day(of: Self.noon))
        func ids(_ change: (inout Partition.Criteria) -> Void) throws -> [Int64] {
            var criteria = Partition.Criteria()
            change(&criteria)
            return try partition.blocks(criteria).map(\.id).sorted()
        }
        #expect(try ids { _ in } == [1, 2])
        #expect(try ids { $0.times = Self.noon + 5..<Self.noon + 10 } == [1])
        #expect(try ids { $0.times = Self.noon + 5..<Self.noon + 11 } == [1, 2])
        #expect(try ids { $0.times = Self.noon + 6..<Self.noon + 10 } == [])
        #expect(try ids { $0.severities = 1 << 17 } == [2])
        #expect(try ids { $0.severities = 1 << 5 } == [1, 2])
        #expect(try ids { $0.severities = 1 << 13 } == [])
        for (text, expected) in [
            ("订单", [1]), ("refused", [2]), ("timeout", [1]), ("nothing", []),
        ] as [(String, [Int64])] {
            let terms = TermFilter.occurrence(
                of: Array(text.utf8), openStart: false, openEnd: false)
            #expect(try ids { $0.terms = terms } == expected, "\(text)")
        }
    }
}
