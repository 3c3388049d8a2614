import LogModel
import LogStore
import StoreFixtures
import Testing

@testable import LogQuery

/// The index is a filter: where it and the look at the events disagree, events are missed.
@Suite struct SearchIndexTests {
    private static let source = EventSource(host: "h", service: "s", path: "/f.log")
    /// 2026-11-20 00:00 UTC.
    private static let midnight = SampleStore.noon - 12 * SampleStore.hour

    private static func found(_ query: String, in store: HandmadeStore) throws -> [Int] {
        let search = try Search(
            SearchRequest(query: query, now: SampleStore.noon), in: Store(directory: store.path))
        var rows: [Int] = []
        try search.run { event in
            rows.append(Int(event.timestamp - midnight))
            return true
        }
        #expect(search.failures.isEmpty)
        return rows
    }

    /// One event a time, so that a number says which one was found.
    private static func store(
        _ layout: Layout, _ values: [[String]], step: Int64 = 1
    ) throws -> HandmadeStore {
        let store = try HandmadeStore()
        var builder = BatchBuilder()
        for (number, values) in values.enumerated() {
            builder.add(
                values.map { Array($0.utf8) }, layout, at: midnight + Int64(number) * step)
        }
        try store.add(builder.batch, from: source)
        return store
    }

    /// Every hour of a day in one block, in each notation that is common.
    @Test(arguments: [
        "yyyy-MM-dd HH:mm:ss.SSS", "yyyy-MM-dd'T'HH:mm:ss.SSS", "yyyy-MM-dd'T'HH:mm:ss'Z'",
        "dd/MMM/yyyy:HH:mm:ss Z", "yyyyMMdd HHmmss", "yyyyMMddHHmmssSSS", "yyyyMMdd'T'HHmmss'Z'",
        "HH:mm:ss,SSS", "yyyy年MM月dd日 HH时mm分",
        "MMM dd, yyyy h:mm:ss a", "'t'HH'h'mm'm'ss's'",
    ])
    func timeAsWrittenFindsItsEvent(pattern: String) throws {
        let format = try TimestampFormat(pattern)
        let layout = Layout(
            format: "f", pieces: [.field(0), .literal(Array(" - ".utf8)), .field(1)],
            fields: [
                Field(FieldName.timestamp, .timestamp, format: format),
                Field(FieldName.body, .body),
            ])
        let store = try HandmadeStore()
        var builder = BatchBuilder()
        var texts: [[UInt8]] = []
        for number in 0..<48 {
            let time =
                Self.midnight + Int64(number) * (SampleStore.hour / 2 + 17 * SampleStore.second)
            if Day(of: time) != Day(of: Self.midnight) { break }
            texts.append(SampleEvent.text(of: time, format))
            builder.add([texts[number], Array("event".utf8)], layout, at: time)
        }
        try store.add(builder.batch, from: Self.source)
        var missed: [String] = []
        for (number, text) in texts.enumerated() {
            let text = String(decoding: text, as: UTF8.self)
            let times = try Self.found("\"\(text)\"", in: store)
            if !times.contains(Int(builder.batch.rows[number].timestamp - Self.midnight)) {
                missed.append(text)
            }
        }
        #expect(missed == [])
    }

    /// A field that touches another one is tokenised with it; its value is still found as shown.
    @Test func escapedValueOfAFieldWithoutSeparatorIsFound() throws {
        let layout = Layout(
            format: "f", pieces: [.field(0), .field(1), .literal([0x20]), .field(2)],
            fields: [
                Field("app.first"), Field("app.second"),
                Field(FieldName.userAgent, escape: .access),
            ])
        let store = try Self.store(layout, [["a", "b", #"\xE6\x89\x8B\xE6\x9C\xBA one\x09two"#]])
        #expect(try Self.found("ua:手机", in: store) == [0])
        #expect(try Self.found(#"ua:"one two""#, in: store) == [])
        #expect(try Self.found("ua:two", in: store) == [0])
        #expect(try Self.found(#"ua:"手机 one""#, in: store) == [0])
        #expect(try Self.found("app.first:a", in: store) == [0])
        #expect(try Self.found("app.second:b", in: store) == [0])
        #expect(try Self.found("ab", in: store) == [0])
    }

    /// Durations are shown in seconds, whatever unit they are written in.
    @Test(
        arguments: [
            ("took:1.234567", [0]), ("took:>=1.2", [0]), (#"took:/^1\.2345/"#, [0]),
            (#"took:/1\.234567/"#, [0]), ("took:*", [0, 1]), ("app.time:1.234567", [0]),
            (#"app.time:"1.234567""#, [0]), ("app.time:<1", [1]), (#"app.count:/^12345$/"#, [0]),
            ("app.count:12345", [0]), (#"app.count:=12345"#, [0]),
        ] as [(String, [Int])])
    func numbersAreFoundAsTheyAreShown(query: String, rows: [Int]) throws {
        let layout = Layout(
            format: "f",
            pieces: [.field(0), .literal([0x20]), .field(1), .literal([0x20]), .field(2)],
            fields: [
                Field(FieldName.duration, .microseconds), Field("app.time", .microseconds),
                Field("app.count", .integer),
            ])
        let store = try Self.store(
            layout, [["1234567", "1234567", "00012345"], ["5", "5", "6"]])
        #expect(try Self.found(query, in: store).sorted() == rows)
    }

    /// Lists are shown with a comma and a blank between their values.
    @Test(
        arguments: [
            ("nginx.upstream.address:10.0.0.2", [0]),
            (#"nginx.upstream.address:"10.0.0.1:80, 10.0.0.2:80""#, [0]),
            ("nginx.upstream.address:=10.0.0.2:80", [0]), ("nginx.upstream.address:10.0.0.3", [1]),
            ("nginx.upstream.address:unix*", []),
        ] as [(String, [Int])])
    func valuesOfListsAreFound(query: String, rows: [Int]) throws {
        let layout = Layout(
            format: "f", pieces: [.literal(Array("u=".utf8)), .field(0)],
            fields: [Field("nginx.upstream.address", .list, dashMeansAbsent: true)])
        let store = try Self.store(
            layout, [["10.0.0.1:80,10.0.0.2:80"], ["10.0.0.3:80"], ["-"]])
        #expect(try Self.found(query, in: store) == rows)
    }

    /// The fields of a coloured line lie in a copy of it.
    @Test func cleanedCopyAndOriginalAreBothSearched() throws {
        let layout = Layout(
            format: "f", pieces: [.field(0)],
            fields: [
                Field(FieldName.original, .original), Field(FieldName.severityText, .severity),
                Field(FieldName.body, .body),
            ])
        let store = try Self.store(
            layout,
            [["\u{1B}[31mERROR\u{1B}[0m con\u{1B}[1mnect\u{1B}[0mion", "ERROR", "connection"]])
        #expect(try Self.found("msg:connection", in: store) == [0])
        #expect(try Self.found("level:ERR*", in: store) == [0])
        // A colour's letter is no part of the word behind it.
        #expect(try Self.found("ERROR", in: store) == [0])
        #expect(try Self.found("31mERROR", in: store) == [])
        #expect(try Self.found("msg:nect", in: store) == [])
    }

    /// GBK lines in a layout with fields, beside lines of UTF-8.
    @Test(
        arguments: [
            ("中文", [1, 3]), ("msg:中文", [1, 3]), ("文", [1, 3]), ("中文 x1", [1]), ("中文 NOT x1", [3]),
            (#""中文 x1""#, [1]), ("/中文 x\\d/", [1, 3]), ("NOT 中文", [0, 2]), ("main", [0, 1, 2, 3]),
        ] as [(String, [Int])])
    func gbkIsFoundByItsWords(query: String, rows: [Int]) throws {
        let layout = Layout(
            format: "f",
            pieces: [.literal([0x5B]), .field(0), .literal(Array("] ".utf8)), .field(1)],
            fields: [Field(FieldName.thread), Field(FieldName.body, .body)])
        let gbk: [UInt8] = [0xD6, 0xD0, 0xCE, 0xC4]
        let bodies: [[UInt8]] = [
            Array("订单".utf8), gbk + Array(" x1".utf8), Array("plain".utf8), Array("中文 x2".utf8),
        ]
        let store = try HandmadeStore()
        for (number, body) in bodies.enumerated() {
            var builder = BatchBuilder(offset: Int64(number * 100))
            builder.add([Array("main".utf8), body], layout, at: Self.midnight + Int64(number))
            try store.add(builder.batch, from: Self.source)
        }
        let found = try Self.found(query, in: store)
        #expect(found.sorted() == rows)
    }

    /// Random queries over random fields give what looking at each event gives.
    @Test(arguments: 0..<4 as Range<UInt64>)
    func fieldsFindWhatTheyShow(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let layout = SampleEvent.javaLayout
        let store = try HandmadeStore()
        var bodies: [[UInt8]] = []
        var offset: Int64 = 0
        for _ in 0..<30 {
            var builder = BatchBuilder(offset: offset)
            for _ in 0..<3 {
                let body = RandomText.text(pieces: random.number(1...8), &random)
                let time = Self.midnight + Int64(bodies.count)
                builder.add(
                    [
                        SampleEvent.text(of: time, SampleEvent.javaTime), Array("main".utf8),
                        Array("INFO ".utf8), Array("c.E".utf8), body, [],
                    ], layout, at: time)
                bodies.append(body)
            }
            offset = builder.offset
            try store.add(builder.batch, from: Self.source, commits: false)
        }
        try store.commit()
        for _ in 0..<40 {
            let row = random.number(0...bodies.count - 1)
            // Text that is no UTF-8 is read as GBK where it can be.
            guard bodies[row].withUnsafeBufferPointer({ UTF8Bytes.isValid($0) }) else { continue }
            guard let needle = RandomText.needle(in: bodies[row], &random) else { continue }
            let text = String(decoding: needle.bytes, as: UTF8.self)
            guard text.contains(where: { $0.isLetter || $0.isNumber }), !text.contains("\n") else {
                continue
            }
            let escaped = text.flatMap { "\"\\*".contains($0) ? "\\\($0)" : "\($0)" }
            let query =
                "msg:" + (needle.openStart ? "*" : "") + "\"" + String(escaped) + "\""
                + (needle.openEnd ? "*" : "")
            #expect(try Self.found(query, in: store).contains(row), "seed \(seed): \(query)")
        }
    }

    /// Words, phrases and wildcards over several layouts: what a look at each original gives.
    @Test(arguments: 50..<58 as Range<UInt64>)
    func textFindsWhatALookAtEachOriginalFinds(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let store = try HandmadeStore()
        var originals: [[UInt8]] = []
        var offset: Int64 = 0
        for _ in 0..<25 {
            var builder = BatchBuilder(offset: offset)
            for _ in 0..<4 {
                let time = Self.midnight + Int64(originals.count)
                let body = RandomText.text(pieces: random.number(0...6), &random)
                let word = RandomText.text(pieces: 1, &random)
                switch random.number(0...3) {
                case 0: builder.add([body], .unparsed, at: time)
                case 1:
                    builder.add([word, Array("b".utf8), body], Self.touching, at: time)
                default:
                    builder.add(
                        [
                            SampleEvent.text(of: time, SampleEvent.javaTime), word,
                            Array("INFO ".utf8), Array("c.E".utf8), body,
                            random.isTrue(oneIn: 4) ? Array("\nx".utf8) + word : [],
                        ], SampleEvent.javaLayout, at: time)
                }
                originals.append(
                    Array(builder.batch.original(builder.batch.rows.count - 1).dropLast()))
            }
            offset = builder.offset
            try store.add(builder.batch, from: Self.source, commits: false)
        }
        try store.commit()
        for _ in 0..<50 {
            guard let needle = RandomText.needle(in: random.pick(originals), &random) else {
                continue
            }
            let text = String(decoding: needle.bytes, as: UTF8.self)
            let pattern = TextPattern(
                parts: [text], isPhrase: true, openStart: needle.openStart, openEnd: needle.openEnd)
            guard !text.isEmpty else { continue }
            let query = Filter.text(pattern).description
            let searcher = TextSearcher(pattern)
            let expected = originals.indices.filter { Self.occurs(searcher, in: originals[$0]) }
            let found = try Self.found(query, in: store).sorted()
            #expect(found == expected, "seed \(seed): \(query)")
        }
    }

    private static func occurs(_ searcher: TextSearcher, in original: [UInt8]) -> Bool {
        let matches = { (text: [UInt8]) in
            CaseFolding.folded(text).withUnsafeBufferPointer { searcher.matches($0) }
        }
        if matches(original) { return true }
        return original.withUnsafeBufferPointer { bytes in
            if UTF8Bytes.isValid(bytes) { return false }
            return GB18030.decode(bytes).map(matches) ?? false
        }
    }

    /// Fields without anything between them.
    private static let touching = Layout(
        format: "touching", pieces: [.field(0), .field(1), .literal(Array(" - ".utf8)), .field(2)],
        fields: [Field("app.a"), Field("app.b"), Field(FieldName.body, .body)])
}
