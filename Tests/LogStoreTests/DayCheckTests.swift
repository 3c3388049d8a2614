import Glibc
import LogModel
import SQLite
import StoreFixtures
import Testing

@testable import LogStore

/// Everything that can be wrong with a day, put into a real file, is found and called by its name.
@Suite struct DayCheckTests {
    private typealias Fixture = StoreWriterFixture
    private let fixture = Fixture()
    private var path: String { fixture.path }
    private let day = Day(of: Fixture.noon)
    private var file: String { StoreLayout.partition(path, day) }
    private let name = "store/partitions/2026-11-20.db"

    private func makeDay() throws { fixture.directory.write(try Self.made.get(), to: name) }

    /// The file of a day with two compacted blocks and one that came late, with identifiers and words
    /// on many pages.
    private static let made = Result {
        let fixture = Fixture()
        let day = Day(of: Fixture.noon)
        do {
            let writer = try StoreWriter(directory: fixture.path)
            for name in ["a", "b"] {
                let generation = try writer.add(Fixture.generation(name))
                try Fixture.insert(Self.lines(name), into: writer, generation, at: 0)
            }
            try writer.commit()
        }
        _ = try Maintenance(directory: fixture.path).rewrite(day, to: .asItIs)
        do {
            let writer = try StoreWriter(directory: fixture.path)
            let generation = try writer.add(Fixture.generation("c"))
            try Fixture.insert(["late 12345678", "later"], into: writer, generation, at: 0)
            try writer.commit()
        }
        let file = StoreLayout.partition(fixture.path, day)
        try Connection(file, mode: .readWrite).execute("PRAGMA journal_mode = DELETE")
        return TemporaryDirectory.read(file)
    }

    private static func lines(_ name: String) -> [String] {
        (0..<700).map { number in
            let letters = String(number, radix: 26).utf8.map { $0 < 0x40 ? $0 + 0x31 : $0 + 10 }
            let word = String(decoding: letters, as: UTF8.self)
            return "word\(word) \(name) id-\(77_000_000 + number * 7)"
        }
    }

    private func change(_ sql: String) throws {
        let connection = try Connection(file, mode: .readWrite)
        try connection.execute(sql)
    }

    private func problems() -> [DayProblem] { DayCheck(day, in: path).run().problems }

    @Test func aSoundDayHasNoProblems() throws {
        try makeDay()
        let result = DayCheck(day, in: path).run()
        #expect(result.problems == [])
        #expect(result.failure == nil)
        #expect((result.blocks, result.events) == (3, 1_402))
        #expect(!result.hasManifest)
    }

    /// Batches of every shape, as they were taken in, compacted, and in the archive.
    @Test(arguments: UInt64(1)...4) func everythingThatIsStoredPasses(seed: UInt64) throws {
        var batches = RandomBatches(seed: seed)
        let store = try HandmadeStore()
        for number in 0..<6 {
            try store.add(
                batches.batch(rows: batches.random.number(1...300)),
                from: EventSource(host: "h", service: "s", path: "/\(number)"))
        }
        store.close()
        func check(_ what: String) throws {
            for day in try Store(directory: store.path).days() {
                let result = DayCheck(day, in: store.path).run()
                #expect(result.problems == [], "seed \(seed), \(what), \(day.name)")
                #expect(result.failure == nil && result.events > 0)
            }
        }
        try check("as taken in")
        let maintenance = try Maintenance(directory: store.path)
        let targets = [
            ("compacted", DayTarget.indexed),
            ("archived", DayTarget { _, _ in SeverityPlacements(.archived) }),
            (
                "in two",
                DayTarget { _, format in
                    SeverityPlacements(format == "java" ? .archived : .indexed)
                }
            ),
        ]
        for (name, target) in targets {
            for day in try maintenance.days() { _ = try maintenance.rewrite(day, to: target) }
            try check(name)
        }
    }

    @Test(arguments: [
        ("UPDATE block SET digest = zeroblob(32) WHERE id = 3", "lines", "block 3: its lines are"),
        ("UPDATE block SET last_time = last_time + 1 WHERE id = 4", "summary", "says: times"),
        ("UPDATE block SET first_offset = 1 WHERE id = 3", "summary", "says: offsets"),
        ("UPDATE block SET events = 699 WHERE id = 3", "summary", "says: events"),
        ("UPDATE block SET raw_bytes = 7 WHERE id = 3", "summary", "says: bytes"),
        ("UPDATE block SET severities = 512 WHERE id = 3", "summary", "says: severities"),
        ("UPDATE block SET invalid_utf8 = 1 WHERE id = 3", "summary", "says: encoding"),
        ("UPDATE block SET layouts = x'09' WHERE id = 3", "block", "layout 9"),
        ("UPDATE block SET source = 99 WHERE id = 3", "structure", "1 blocks without a source"),
        ("DELETE FROM block WHERE id = 4", "structure", "1 blocks of which the day says nothing"),
        ("DELETE FROM content WHERE block = 4", "block", "block 4 is missing"),
        ("UPDATE content SET data = x'4C420200' WHERE block = 4", "block", "block 4"),
        (
            "UPDATE content SET data = (SELECT data FROM content WHERE block = 3) WHERE block = 4",
            "lines", "block 4: its lines are not those that were taken in"
        ),
        (
            "INSERT INTO live SELECT source, 77 FROM block WHERE id = 3", "structure",
            "1 live blocks that are not there"
        ),
        (
            "UPDATE progress SET position = position - 1, open_offset = 0 WHERE generation = 'a'",
            "progress", "it has generation a up to 14698 and says up to 14697"
        ),
        ("DELETE FROM progress WHERE generation = 'b'", "progress", "generation b"),
        ("UPDATE progress SET open_offset = position + 1", "progress", "generation a"),
        (
            // FTS5 takes nothing out of an index without rows of its own.
            """
            INSERT INTO term(rowid, terms) VALUES(999, 'one two');
            INSERT INTO term(term, rowid, terms) VALUES('delete', 3, 'wordb')
            """, "index",
            "block 3: the index has 702 words of it, the block has 703"
        ),
        ("INSERT INTO term(rowid, terms) VALUES(4, 'more')", "index", "block 4: the index"),
        (
            "UPDATE term_idx SET term = x'307A' || term WHERE pgno > 2", "index",
            "the index of words is broken"
        ),
        ("DELETE FROM term_data WHERE id = (SELECT max(id) FROM term_data)", "index", ""),
        ("DELETE FROM identifier", "index", "identifiers of it"),
        (
            "UPDATE identifier SET data = substr(data, 1, 9) || x'5A' || substr(data, 11)",
            "index", "block 3: the index has"
        ),
        ("UPDATE identifier SET data = x''", "index", "the index of identifiers"),
        ("DELETE FROM segment", "index", "block 3: the index has"),
        ("INSERT INTO live SELECT source, id FROM block WHERE id = 5", "index", "block 5"),
        ("UPDATE block SET state = 2 WHERE id = 3", "index", "block 3"),
    ])
    func whatIsWrongIsNamed(sql: String, kind: String, detail: String) throws {
        try makeDay()
        try change(sql)
        let problems = problems()
        #expect(
            problems.contains { $0.kind.rawValue == kind && $0.detail.contains(detail) },
            "\(problems)")
    }

    @Test func damageOfTheFileItselfIsFound() throws {
        try makeDay()
        let whole = TemporaryDirectory.read(file)
        for damaged in [
            Array(whole.prefix(whole.count / 2)), [], Array("garbage".utf8),
        ] {
            fixture.directory.write(damaged, to: name)
            #expect(!problems().isEmpty)
        }
        fixture.directory.write(whole, to: name)
        #expect(problems() == [])
    }

    /// Each page has a checksum, and the manifest vouches for the file.
    @Test(arguments: [false, true]) func everyFlippedBitIsFound(hasManifest: Bool) throws {
        try makeDay()
        if hasManifest {
            let partition = try Partition(day: day, path: file)
            try Manifest(of: partition).write(to: Manifest.path(path, day))
        }
        #expect(DayCheck(day, in: path).run().hasManifest == hasManifest)
        #expect(problems() == [])
        var random = SeededRandom(seed: 7)
        let whole = TemporaryDirectory.read(file)
        for _ in 0..<60 {
            var damaged = whole
            let place = random.number(0...whole.count - 1)
            damaged[place] ^= 1 << UInt8(random.number(0...7))
            fixture.directory.write(damaged, to: name)
            let result = DayCheck(day, in: path).run()
            #expect(!result.problems.isEmpty || result.failure != nil, "byte \(place)")
        }
    }

    @Test func aManifestOfAnotherFileIsToldApart() throws {
        try makeDay()
        let place = Manifest.path(path, day)
        try Manifest(of: Partition(day: day, path: file)).write(to: place)
        let text = String(decoding: TemporaryDirectory.read(place), as: UTF8.self)
        fixture.directory.write(
            text.replacing("# blocks 3", with: "# blocks 4"),
            to: "store/partitions/2026-11-20.sha256")
        #expect(
            problems() == [
                DayProblem(.manifest, "it is not the file of its manifest: its blocks differ")
            ])
        fixture.directory.write("# nonsense\n", to: "store/partitions/2026-11-20.sha256")
        #expect(problems().map(\.kind) == [.manifest])
        // Of the day as it was before a late event: it is as old as it says, which is no damage.
        fixture.directory.write(text, to: "store/partitions/2026-11-20.sha256")
        let writer = try StoreWriter(directory: path)
        let generation = try writer.add(Fixture.generation("d"))
        try Fixture.insert(["very late"], into: writer, generation, at: 0)
        try writer.commit()
        #expect(DayCheck(day, in: path).run().problems == [])
        #expect(!DayCheck(day, in: path).run().hasManifest)
    }

    @Test func aDayThatIsWrittenToIsReadAsOfOneMoment() throws {
        let writer = try StoreWriter(directory: path)
        let generation = try writer.add(Fixture.generation())
        var end: Int64 = 0
        for round in 0..<40 {
            end = try Fixture.insert(
                ["line \(round)"], into: writer, generation, at: end, isLive: true)
            try writer.commit()
            let result = DayCheck(day, in: path).run()
            #expect(result.problems == [] && result.events == round + 1)
        }
    }
}
