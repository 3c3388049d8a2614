import StoreFixtures
import Testing

@testable import LogStore

@Suite struct SplitTextTests {
    private static func strings(_ values: [[UInt8]]) -> ByteStrings {
        var strings = ByteStrings()
        for value in values { value.withUnsafeBufferPointer { strings.append($0) } }
        return strings
    }

    private static func decoded(_ body: [UInt8], rows: Int) throws(BlockError) -> [[UInt8]] {
        var failure: BlockError?
        let values = body.withUnsafeBufferPointer { body -> [[UInt8]] in
            do throws(BlockError) {
                let strings = try SplitTextDecoder.decode(body, rows: rows)
                return (0..<strings.count).map { Array(strings[$0]) }
            } catch {
                failure = error
                return []
            }
        }
        if let failure { throw failure }
        return values
    }

    private func expectRoundTrip(_ values: [[UInt8]], seed: UInt64 = 0) throws {
        let body = try #require(SplitTextEncoder.encode(Self.strings(values)), "seed \(seed)")
        #expect(try Self.decoded(body.bytes, rows: values.count) == values, "seed \(seed)")
    }

    /// What is variable in a text, with the marker of its kind in its place.
    @Test(arguments: [
        ("no variable at all", "no variable at all"),
        ("order 17 of 203", "order \u{1} of \u{1}"),
        ("order-2026112012345678 ok", "order-\u{2} ok"),
        ("id=93a246fa", "id=\u{3}"), ("id=f7f9f1f61437", "id=\u{4}"), ("ID=93A246FA", "ID=\u{5}"),
        ("[43753572-1f3c-4a1e-a1c9-07498e431140]", "[\u{6}]"),
        // An upper-case one is no UUID: its parts are.
        ("43753572-1F3C-4A1E-A1C9-07498E431140", "\u{1}-\u{5}-\u{5}-\u{5}-\u{5}"),
        ("from 10.12.3.54:7070", "from \u{7}:\u{1}"), ("10.12.3.054", "\u{1}.\u{1}.\u{1}.\u{1}"),
        ("256.1.1.1", "\u{1}.\u{1}.\u{1}.\u{1}"), ("M29317807", "M\u{1}"), ("96ms", "\u{1}ms"),
        ("wx2026111837b608cf1e8c480", "wx\u{4}"), ("a1b2c3d4e5z", "\u{8}"),
        ("\u{1}7", "\u{8}"), ("", ""), ("用户=林军(98637826)", "用户=林军(\u{1})"),
    ])
    func skeletons(text: String, skeleton: String) {
        var scanner = TokenScanner()
        Array(text.utf8).withUnsafeBufferPointer { scanner.scan($0) }
        #expect(String(decoding: scanner.skeleton, as: UTF8.self) == skeleton)
    }

    @Test func everyByteComesBack() throws {
        try expectRoundTrip([])
        try expectRoundTrip([[]])
        try expectRoundTrip([[], [], [0x30]])
        try expectRoundTrip(Array(repeating: [0x41], count: 600) + (0...255).map { [$0] })
        try expectRoundTrip([Array(0...255)])
        let long: [[UInt8]] = [127, 128, 129, 5_000].flatMap { count -> [[UInt8]] in
            [
                Array(repeating: 0x37, count: count), Array(repeating: 0x66, count: count) + [0x30],
                [0x41, 0x30] + Array(repeating: 0x41, count: count),
            ]
        }
        try expectRoundTrip(long)
        try expectRoundTrip([Array(repeating: 0xFF, count: 1 << 20)])
    }

    @Test func widthsZerosAndRepeatsComeBack() throws {
        let texts = [
            "n=1", "n=0001", "n=0", "n=18446744073709551616", "n=18446744073709551616",
            "h=0a", "h=0abc", "h=00ab00", "h=abc0", "h=ABC0",
            "u=43753572-1f3c-4a1e-a1c9-07498e431140", "u=43753572-1f3c-4a1e-a1c9-07498e431140",
            "u=00000000-0000-0000-0000-000000000000", "a=0.0.0.0", "a=255.255.255.255",
            "a=1.2.3.4.5.6.7.8", "a=1.2.3", "t=18446744073709551616 u=07498e431140 07498e431140",
        ]
        try expectRoundTrip(texts.map { Array($0.utf8) })
    }

    @Test func textsWithoutAnythingInCommonAreNotSplit() {
        var random = SeededRandom(seed: 1)
        let values = (0..<1_000).map { _ in (0..<8).map { _ in UInt8(random.number(0x61...0x7A)) } }
        #expect(SplitTextEncoder.encode(Self.strings(values)) == nil)
    }

    @Test func splitTextsAreSmallerThanTheirVariables() throws {
        var random = SeededRandom(seed: 2)
        let values = (0..<2_000).map { _ in
            Array("order \(random.number(10_000_000...99_999_999)) paid by 10.1.2.3".utf8)
        }
        let body = try #require(SplitTextEncoder.encode(Self.strings(values)))
        // A code, eight digits and four octets a row.
        #expect(body.bytes.count < 2_000 * 13 + 100)
    }

    /// Texts of a few templates with tokens of all kinds, and hostile ones among them.
    private static func values(_ random: inout SeededRandom) -> [[UInt8]] {
        let templates = (0..<random.number(1...6)).map { _ in
            (0..<random.number(0...5)).map { _ in random.number(0...9) }
        }
        var known: [[UInt8]] = []
        return (0..<random.number(1...700)).map { _ -> [UInt8] in
            if random.isTrue(oneIn: 50) { return random.bytes(random.number(0...40)) }
            if random.isTrue(oneIn: 20) { return RandomText.text(pieces: 3, &random) }
            var text: [UInt8] = []
            for (place, kind) in random.pick(templates).enumerated() {
                text += Array(" field\(place == 0 ? "" : "x")=".utf8)
                let token =
                    !known.isEmpty && random.isTrue(oneIn: 3)
                    ? random.pick(known) : token(kind, &random)
                known.append(token)
                text += token
            }
            return text
        }
    }

    private static func token(_ kind: Int, _ random: inout SeededRandom) -> [UInt8] {
        func digits(_ alphabet: String, _ count: Int) -> [UInt8] {
            (0..<count).map { _ in random.pick(Array(alphabet.utf8)) }
        }
        switch kind {
        case 0: return digits("0123456789", 8)
        case 1: return digits("0123456789", random.number(1...20))
        case 2: return digits("0123456789abcdef", 16)
        case 3: return digits("0123456789abcdef", random.number(1...20))
        case 4: return digits("0123456789ABCDEF", random.number(1...20))
        case 5:
            return [8, 4, 4, 4, 12].map { digits("0123456789abcdef", $0) }
                .joined(separator: [0x2D]).map { $0 }
        case 6:
            return Array(
                (0..<4).map { _ in "\(random.number(0...300))" }.joined(separator: ".").utf8)
        case 7: return digits("0123456789xyzABC", random.number(1...15))
        case 8: return Array("订单".utf8)
        default: return []
        }
    }

    @Test func randomTextsComeBack() throws {
        for seed in UInt64(1)...150 {
            var random = SeededRandom(seed: seed)
            let values = Self.values(&random)
            guard let body = SplitTextEncoder.encode(Self.strings(values)) else { continue }
            #expect(try Self.decoded(body.bytes, rows: values.count) == values, "seed \(seed)")
        }
    }

    /// Damage gives other texts or an error, of bounded size; it never traps.
    @Test func damagedBytesNeverTrap() throws {
        for seed in UInt64(1)...60 {
            var random = SeededRandom(seed: seed)
            let values = Self.values(&random)
            guard let body = SplitTextEncoder.encode(Self.strings(values))?.bytes else { continue }
            for _ in 0..<40 {
                var damaged = body
                switch random.number(0...3) {
                case 0: damaged.removeLast(random.number(0...damaged.count))
                case 1:
                    damaged.insert(contentsOf: random.bytes(3), at: random.number(0...body.count))
                default:
                    for _ in 0..<random.number(1...4) {
                        damaged[random.number(0...body.count - 1)] = random.bytes(1)[0]
                    }
                }
                let rows = random.isTrue(oneIn: 4) ? random.number(0...2_000) : values.count
                if let decoded = try? Self.decoded(damaged, rows: rows) {
                    #expect(decoded.count == rows, "seed \(seed)")
                }
            }
        }
    }

    @Test func randomBytesNeverTrap() {
        var random = SeededRandom(seed: 9)
        for _ in 0..<3_000 {
            _ = try? Self.decoded(random.bytes(random.number(0...60)), rows: random.number(0...20))
        }
    }
}
