import LogModel
import Testing

@testable import Presentation

struct LiveHistogramTests {
    private static let start: Int64 = 1_795_140_000_000_000_000
    private static let second: Int64 = 1_000_000_000

    @Test func aFrameOverwritesTheLastAndLeavesTheCursorAtItsBeginning() {
        var live = LiveHistogram(minutes: 1, settings: Self.settings(width: 40))
        for age in 0..<60 { live.add(time: Self.start - Int64(age) * Self.second, level: 9) }
        live.add(time: Self.start, level: 17)
        live.add(time: Self.start - 61 * Self.second, level: 17)
        live.add(time: Self.start + 2 * Self.second, level: 17)
        let frame = String(decoding: live.frame(now: Self.start, width: 40), as: UTF8.self)
        #expect(
            frame == """
                \u{1B}[?2026h\rlast 1 min · 5 s a column · ERROR 1 · …\u{1B}[K\r
                     5 ┤▂▂██████████████████████\u{1B}[K\r
                       │████████████████████████\u{1B}[K\r
                       │████████████████████████▅▅\u{1B}[K\r
                       │████████████████████████▇▇\u{1B}[K\r
                     0 └┬───────────┬───────────┬─\u{1B}[K\r
                        01:59       01:59:30    02:00\u{1B}[K\u{1B}[6A\r\u{1B}[?2026l
                """)
        #expect(String(decoding: live.clear, as: UTF8.self) == "\r\u{1B}[J")
    }

    @Test func framesKeepTheirHeightWhateverTheyShow() {
        var live = LiveHistogram(minutes: 5, settings: Self.settings(width: 80))
        for count in [0, 1, 7, 100, 5000] {
            for _ in 0..<count { live.add(time: Self.start, level: 13) }
            for width in [20, 33, 80, 200] {
                let frame = live.frame(now: Self.start, width: width)
                #expect(frame.count { $0 == 0x0A } == LiveHistogram.height - 1)
            }
        }
    }

    @Test func nothingIsDrawnWhereNobodyLooksOrThereIsNoRoom() {
        var live = LiveHistogram(minutes: 5, settings: Self.settings(width: nil))
        live.add(time: Self.start, level: 9)
        #expect(live.frame(now: Self.start, width: 80) == [])
        #expect(live.clear == [])
        live = LiveHistogram(minutes: 5, settings: Self.settings(width: 80))
        #expect(live.frame(now: Self.start, width: 19) == [])
        #expect(live.frame(now: Self.start, width: 80, rows: 9) == [])
    }

    @Test func strangeTimesDoNotFillTheMemory() {
        var live = LiveHistogram(minutes: 1, settings: Self.settings(width: 80))
        for number in 0..<10_000 { live.add(time: Int64(number) * Self.second, level: 9) }
        _ = live.frame(now: Self.start, width: 80)
        live.add(time: Self.start, level: 9)
        let frame = String(decoding: live.frame(now: Self.start, width: 80), as: UTF8.self)
        #expect(frame.contains("INFO 1\u{1B}[K"))
    }

    private static func settings(width: Int?) -> PictureSettings {
        PictureSettings(
            width: width, painter: Painter(isEnabled: false), glyphs: .blocks, zone: .utc)
    }
}
