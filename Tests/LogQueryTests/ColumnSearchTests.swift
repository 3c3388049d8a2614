import LogModel
import StoreFixtures
import Testing

@testable import LogQuery
@testable import LogStore

/// What the columns say must be what the originals say, whatever stands where.
@Suite struct ColumnSearchTests {
    /// Few different bytes, so that occurrences cross from field to field all the time.
    private static let atoms = [
        "a", "b", "A", "7", "77 ", " ", "ab", "-", "[", "\n", "_", "中", "文", "é", "É", "31m",
        "\u{1B}", "\u{1B}[", "\u{1B}[31m", "Nov", "",
    ]
    private static let time = try? TimestampFormat("dd/MMM/yyyy HH:mm:ss")

    private struct Case {
        let block: Block
        /// Without their terminators, in the order of the rows.
        let originals: [[UInt8]]
    }

    private static func text(_ most: Int, _ random: inout SeededRandom) -> [UInt8] {
        if random.isTrue(oneIn: 40) { return random.bytes(random.number(1...3)) }
        return (0..<random.number(0...most)).flatMap { _ in Array(random.pick(atoms).utf8) }
    }

    private static func layout(_ random: inout SeededRandom) -> Layout {
        let fields = random.number(1...4)
        let hasTime = random.isTrue(oneIn: 3)
        var pieces: [Layout.Piece] = []
        for field in 0..<fields {
            if random.isTrue(oneIn: 2) { pieces.append(.literal(text(2, &random))) }
            pieces.append(.field(field))
        }
        if random.isTrue(oneIn: 3) { pieces.append(.literal(text(2, &random))) }
        pieces.removeAll { if case .literal(let bytes) = $0 { bytes.isEmpty } else { false } }
        return Layout(
            format: "f\(random.number(0...99))", pieces: pieces,
            fields: (0..<fields).map { field in
                field == 0 && hasTime
                    ? Field(FieldName.timestamp, .timestamp, format: time) : Field("app.f\(field)")
            })
    }

    private static func makeCase(_ random: inout SeededRandom) throws -> Case {
        let layouts = (0..<random.number(1...2)).map { _ in layout(&random) }
        let vocabulary = (0..<random.pick([1, 3, 40])).map { _ in text(4, &random) }
        var builder = BatchBuilder()
        for row in 0..<random.number(1...30) {
            let layout = random.pick(layouts)
            let time = SampleStore.noon + Int64(row) * SampleStore.second
            let values = layout.fields.map { field in
                field.format == nil || random.isTrue(oneIn: 20)
                    ? random.pick(vocabulary) : SampleEvent.text(of: time, field.format)
            }
            builder.add(values, layout, at: time)
        }
        var encoder = BlockEncoder()
        let batch = builder.batch
        let encoded = encoder.encode(batch, rows: Array(batch.rows.indices))
        return Case(
            block: try Block(data: encoded.data, layouts: encoded.layouts),
            originals: batch.rows.indices.map { Array(batch.original($0).dropLast()) })
    }

    private static func part(of originals: [[UInt8]], _ random: inout SeededRandom) -> String {
        let text = random.pick(originals)
        let start = random.number(0...text.count)
        let bytes = text[start..<min(text.count, start + random.number(1...8))]
        let part = String(decoding: bytes, as: UTF8.self)
        return random.isTrue(oneIn: 3) ? part.uppercased() : part
    }

    /// The rows whose original matches, or whose text does when it is read as GBK.
    private static func expected(
        _ given: Case, _ matches: (UnsafeBufferPointer<UInt8>) -> Bool
    ) -> [Int] {
        given.originals.indices.filter { row in
            given.originals[row].withUnsafeBufferPointer { text in
                if matches(text) { return true }
                guard !UTF8Bytes.isValid(text), let decoded = GB18030.decode(text) else {
                    return false
                }
                return decoded.withUnsafeBufferPointer(matches)
            }
        }
    }

    private static func found(_ predicate: Predicate, _ block: Block) throws -> [Int] {
        var evaluator = BlockEvaluator(
            block, source: EventSource(host: "h", service: "s", path: "/f"))
        return try evaluator.rows(predicate, among: RowSet(all: block.rowCount)).indices
    }

    @Test(arguments: 0..<600 as Range<UInt64>)
    func phrasesAreFoundAsInTheOriginals(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let given = try Self.makeCase(&random)
        for _ in 0..<30 {
            let parts = (0..<random.pick([1, 1, 1, 2, 3])).map { _ in
                Self.part(of: given.originals, &random)
            }
            let searcher = TextSearcher(
                TextPattern(
                    parts: parts, openStart: random.isTrue(oneIn: 3),
                    openEnd: random.isTrue(oneIn: 3)))
            let expected = Self.expected(given) { text in
                CaseFolding.folded(Array(text)).withUnsafeBufferPointer { searcher.matches($0) }
            }
            let found = try Self.found(.text(searcher), given.block)
            #expect(found == expected, "seed \(seed), \(parts)")
        }
    }

    @Test(arguments: 1_000..<1_600 as Range<UInt64>)
    func expressionsAreFoundAsInTheOriginals(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let given = try Self.makeCase(&random)
        for _ in 0..<20 {
            func quoted() -> String {
                let part = Self.part(of: given.originals, &random)
                return #"\Q"# + part.split(separator: #"\E"#).joined() + #"\E"#
            }
            let gap = random.pick([
                "[ab7]*", ".*", "[^a]?", "(?s:.*)", "[^\\n]{0,3}", "\\W*", "|",
            ])
            let pattern =
                random.pick(["", "", "", "^", "\\b", "(?i)"]) + quoted()
                + random.pick(["", gap + quoted(), gap + quoted() + gap])
                + random.pick(["", "", "", "$", "\\b"])
            let regex = RegexTest(try LogRegex(pattern))
            let expected = Self.expected(given) { regex.matches($0) }
            let found = try Self.found(.regex(regex), given.block)
            #expect(found == expected, "seed \(seed), \(pattern)")
            // The rarest literal is known by now.
            #expect(try Self.found(.regex(regex), given.block) == expected, "seed \(seed)")
        }
    }

    @Test(
        arguments: [
            // From a value into a literal and on into the next value.
            ("\"x] up\"", [0]), ("\"main] up\"", []), ("\"[x] up\"", [0]), ("\"k done\"", [1]),
            // From the message into the trace, where a line ends.
            ("\"boom\n\tat a.B\"", [2]), ("/boom$/", [2, 3]), ("/^\\tat a/", [2]),
            ("/boom.*at/", []),
            ("/(?s)boom.*at/", [2]), ("/\\Aat/", []),
            // A word at the end of the message ends there, whether a trace follows or not.
            ("boom", [2, 3]), ("boo", []), ("down", [4]),
        ] as [(String, [Int])])
    func occurrencesThatLeaveTheirFieldAreFound(query: String, rows: [Int]) throws {
        let layout = Layout(
            format: "f",
            pieces: [
                .literal([0x5B]), .field(0), .literal(Array("] ".utf8)), .field(1), .field(2),
            ],
            fields: [
                Field(FieldName.thread), Field(FieldName.body, .body),
                Field(FieldName.exceptionStackTrace, .stackTrace),
            ])
        let values = [
            ["x", "up", ""], ["main", "k done", ""], ["main", "boom", "\n\tat a.B(C.java:1)"],
            ["x", "big boom", ""], ["y", "down", ""],
        ]
        let store = try HandmadeStore()
        var builder = BatchBuilder()
        for (row, values) in values.enumerated() {
            builder.add(
                values.map { Array($0.utf8) }, layout, at: SampleStore.noon + Int64(row))
        }
        try store.add(builder.batch, from: SampleStore.node)
        let search = try Search(
            SearchRequest(query: query, now: SampleStore.noon), in: Store(directory: store.path))
        var found: [Int] = []
        try search.run { event in
            found.append(Int(event.timestamp - SampleStore.noon))
            return true
        }
        #expect(found.sorted() == rows)
    }

    /// What a time renders can hold what stands in it, wherever it is cut.
    @Test(arguments: [
        "dd/MMM/yyyy:HH:mm:ss Z", "EEEE, MMMM d, yyyy h:mm a", "yyyy年MM月dd日'x'HH", "MMM'x'd z",
        "yyyy-MM-dd'T'HH:mm:ss.SSSXXX",
    ])
    func timesHoldTheirParts(pattern: String) throws {
        let format = try TimestampFormat(pattern)
        for month in 0..<12 {
            let text = SampleEvent.text(
                of: SampleStore.noon + Int64(month) * 31 * 24 * SampleStore.hour, format)
            for start in text.indices {
                for end in start..<text.count {
                    #expect(TimeText.mayHold(Array(text[start...end]), in: format))
                }
            }
        }
        #expect(!TimeText.mayHold(Array("timeout".utf8), in: format))
        #expect(!TimeText.mayHold(Array("order-".utf8), in: format))
    }
}
