import LogModel
import Testing

@testable import Presentation

/// Pictures of random values: never wider than asked for, and nothing but text and colours.
struct PictureWidthTests {
    private static let names = [
        "", "ERROR", "WARN", "INFO", "502", "支付网关", "a\u{1B}[2Jb", "other", "\u{202E}x",
        "e\u{301}👩‍👩‍👧",
    ]
    private static let numbers: [Double] = [
        0, 1, 3, 1000, 1e6, 1e300, -5, 0.001, .nan, .infinity, -.infinity, .greatestFiniteMagnitude,
    ]
    private static let spans: [Int64] = [
        0, -1, 1, 1_000_000, 1_000_000_000, 60_000_000_000, 86_400_000_000_000, 7_777_777_777, .max,
    ]
    private static let starts: [Int64] = [
        0, 1_795_140_000_000_000_000, 1_795_140_007_123_456_789, .min, .max, -1,
    ]

    @Test(arguments: 1...8)
    func noPictureIsWiderThanTheTerminal(seed: UInt64) {
        var random = Random(seed: seed)
        for round in 0..<30 {
            let width = Int.random(in: 1...(round % 2 == 0 ? 40 : 220), using: &random)
            let settings = Self.settings(width: width, &random)
            let timeline = Self.timeline(&random)
            expectFits(TimeChartView(settings).picture(timeline), width, settings, "seed \(seed)")
            expectFits(TableView(settings).text(timeline.table), width, settings, "seed \(seed)")
            _ = timeline.table.json()
            _ = timeline.table.csv(zone: .utc)
        }
    }

    @Test(arguments: 1...4)
    func noTableIsWiderThanTheTerminal(seed: UInt64) {
        var random = Random(seed: seed)
        for _ in 0..<100 {
            let width = Int.random(in: 1...120, using: &random)
            let settings = Self.settings(width: width, &random)
            let table = Self.table(&random)
            expectFits(TableView(settings).text(table), width, settings, "seed \(seed)")
            _ = table.json()
            _ = table.csv(zone: .utc)
        }
    }

    @Test(arguments: 1...4)
    func noLiveFrameIsWiderThanTheTerminal(seed: UInt64) {
        var random = Random(seed: seed)
        for _ in 0..<20 {
            let settings = Self.settings(width: 80, &random)
            var live = LiveHistogram(
                minutes: .random(in: -1...100, using: &random), settings: settings)
            let now = Self.starts.randomElement(using: &random) ?? 0
            for _ in 0..<200 {
                let age = Int64.random(in: -5_000_000_000...600_000_000_000, using: &random)
                live.add(time: now &- age, level: .random(in: 0...255, using: &random))
            }
            let width = Int.random(in: 0...200, using: &random)
            let frame = live.frame(now: now, width: width)
            expectFits(frame, width, settings, "seed \(seed)", movesCursor: true)
        }
    }

    private func expectFits(
        _ picture: [UInt8], _ width: Int, _ settings: PictureSettings, _ seed: String,
        movesCursor: Bool = false
    ) {
        var plain: [UInt8] = []
        var index = 0
        while index < picture.count {
            let byte = picture[index]
            if byte == 0x1B {
                let end =
                    picture[index...].dropFirst(2).firstIndex { $0 >= 0x40 } ?? picture.count - 1
                #expect(movesCursor || settings.painter.isEnabled, "\(seed)")
                #expect(movesCursor || picture[end] == UInt8(ascii: "m"), "\(seed)")
                index = end + 1
                continue
            }
            if !(movesCursor && byte == 0x0D) { plain.append(byte) }
            index += 1
        }
        for line in plain.split(separator: 0x0A, omittingEmptySubsequences: false) {
            let columns = TextWidth.columns(of: Array(line).span)
            #expect(columns <= width, "\(seed): \(String(decoding: line, as: UTF8.self))")
            #expect(!line.contains { $0 < 0x20 || $0 == 0x7F }, "\(seed)")
        }
    }

    private static func settings(width: Int, _ random: inout Random) -> PictureSettings {
        PictureSettings(
            width: width, painter: Painter(isEnabled: .random(using: &random)),
            glyphs: .random(using: &random) ? .blocks : .ascii,
            zone: Zone(name: "+08:00", offset: 28_800))
    }

    private static func timeline(_ random: inout Random) -> ResultTimeline {
        let buckets = Int.random(in: 0...(Bool.random(using: &random) ? 30 : 400), using: &random)
        let series = (0..<Int.random(in: 0...13, using: &random)).map { _ in
            (
                Array((names.randomElement(using: &random) ?? "").utf8),
                (0..<max(0, buckets - .random(in: 0...1, using: &random))).map { _ in
                    numbers.randomElement(using: &random) ?? 0
                }
            )
        }
        return ResultTimeline(
            start: starts.randomElement(using: &random) ?? 0,
            span: spans.randomElement(using: &random) ?? 1, series: series,
            valueName: ["count", "p95(took)", "\u{1B}"].randomElement(using: &random) ?? "",
            notes: ["approximate \u{7}"])
    }

    private static func table(_ random: inout Random) -> ResultTable {
        let columns = (0..<Int.random(in: 0...9, using: &random)).map { _ in
            ResultTable.Column(
                name: names.randomElement(using: &random) ?? "",
                isNumeric: .random(using: &random))
        }
        let rows = (0..<Int.random(in: 0...6, using: &random)).map { _ in
            columns.map { _ in value(&random) }
        }
        return ResultTable(columns: columns, rows: rows, notes: ["\u{1B}]0;x"])
    }

    private static func value(_ random: inout Random) -> ResultTable.Value {
        let number = numbers.randomElement(using: &random) ?? 0
        let whole = starts.randomElement(using: &random) ?? 0
        return [
            .none, .text(Array((names.randomElement(using: &random) ?? "").utf8)),
            .text([0xFF, 0x0A, 0x09, 0x1B]), .integer(whole), .number(number), .time(whole),
            .duration(number), .bytes(whole), .share(number),
        ].randomElement(using: &random) ?? .none
    }

    /// SplitMix64.
    private struct Random: RandomNumberGenerator {
        private var state: UInt64
        init(seed: UInt64) { state = seed }
        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
            return mixed ^ mixed >> 31
        }
    }
}
