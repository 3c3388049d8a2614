import LogModel
import Testing

@testable import Presentation

struct TimeChartTests {
    private static let minute: Int64 = 60_000_000_000
    /// 2026-11-20 10:00 in Shanghai.
    private static let start: Int64 = 1_795_140_000_000_000_000

    @Test func barsStandOnAnAxisOfLocalTimes() {
        let timeline = Self.timeline([("", [0, 1, 12, 40, 25, 8, 3, 0])])
        #expect(
            Self.text(timeline, width: 60) == """
                count · 2026-11-20 10:00 – 10:08 · +08:00 · 1 min a column
                89, max 40 at 10:03
                40 ┤                     ██████
                   │                     ██████
                30 ┤                     ██████
                   │                     ██████ ██████
                20 ┤                     ██████ ██████
                   │              ▃▃▃▃▃▃ ██████ ██████
                10 ┤              ██████ ██████ ██████ ▅▅▅▅▅▅
                   │       ▂▂▂▂▂▂ ██████ ██████ ██████ ██████ ▅▅▅▅▅▅
                 0 └┬─────────────┬─────────────┬─────────────┬─────────────
                    10:00         10:02         10:04         10:06
                    11-20

                """)
    }

    @Test func withoutColourEachSeriesHasARow() {
        let timeline = Self.timeline([
            ("INFO", [8, 8, 8, 8, 8, 8, 8, 8]), ("ERROR", [0, 0, 0, 4, 2, 1, 0, 0]),
        ])
        #expect(
            Self.text(timeline, width: 60, glyphs: .ascii) == """
                count, 2026-11-20 10:00 - 10:08, +08:00, 1 min a column
                   15 +
                      |               ....
                      |               ####
                   10 +               #### #### ....
                      |:::: :::: :::: #### #### #### :::: ::::
                      |#### #### #### #### #### #### #### ####
                    5 +#### #### #### #### #### #### #### ####
                      |#### #### #### #### #### #### #### ####
                      |#### #### #### #### #### #### #### ####
                    0 ++---------+---------+---------+---------
                       10:00     10:02     10:04     10:06
                       11-20
                ERROR |               #### :::: ....              7  max 4
                 INFO |#### #### #### #### #### #### #### ####   64  max 8
                each row has a scale of its own

                """)
    }

    @Test func stackedSeriesHaveTheColoursOfTheirLevels() {
        let bars = StackedBars(
            [[4], [12]],
            scale: ValueScale(
                maximum: 16, isWhole: true, shapes: [.init(ticks: 1, rowsPerTick: 2)]),
            glyphs: .blocks)
        #expect(bars.cell(column: 0, row: 0) == .init(glyph: "▃", series: 0, behind: 1))
        #expect(bars.cell(column: 0, row: 1) == .init(glyph: "▅", series: 1, behind: nil))
        #expect(
            SeriesColor.colors(of: ["ERROR", "WARN", "INFO"].map { Array($0.utf8) })
                == [.red, .yellow, .green])
        #expect(
            SeriesColor.colors(of: ["502", "504", "404", "200"].map { Array($0.utf8) })
                == [.red, .magenta, .yellow, .green])
    }

    @Test func aLegendLeavesOutWhatDoesNotFit() {
        let timeline = Self.timeline([("ERROR", [4, 6]), ("INFO", [1190, 0])])
        func lastLine(_ width: Int) -> String {
            String(Self.text(timeline, width: width, color: true).split(separator: "\n").last ?? "")
        }
        let swatch = "      \u{1B}[32m■ \u{1B}[0mINFO "
        #expect(lastLine(20) == swatch + "  1,190")
        #expect(lastLine(30) == swatch + "  1,190   99.2 %")
        #expect(
            lastLine(60) == swatch + "  1,190   99.2 %\u{1B}[2m  max 1,190 at 10:00\u{1B}[0m")
    }

    @Test(
        arguments: [
            ([1000, 1], 10, [9, 1]), ([1, 1, 1], 2, [1, 0, 1]), ([0, 5], 4, [0, 4]),
            ([0, 0], 0, [0, 0]), ([3, 3, 2], 8, [3, 3, 2]),
        ] as [([Double], Int, [Int])])
    func whatIsNotNoneIsSeen(values: [Double], units: Int, expected: [Int]) {
        #expect(StackedBars.share(units, among: values) == expected)
    }

    @Test(
        arguments: [
            (0, ["1", "2", "3"]), (1, ["1", "2", "3"]), (7, ["2", "4", "6", "8"]),
            (40, ["10", "20", "30", "40"]), (9_000, ["2k", "4k", "6k", "8k", "10k"]),
            (70_000, ["25k", "50k", "75k"]),
            (1.2e6, ["0.25M", "0.50M", "0.75M", "1.00M", "1.25M"]),
        ] as [(Double, [String])])
    func labelsAreRoundNumbers(maximum: Double, expected: [String]) {
        let scale = ValueScale(maximum: maximum, isWhole: true, shapes: ValueScale.Shape.tall)
        #expect((0..<scale.shape.rows).compactMap(scale.label) == expected)
    }

    @Test func scalesHoldEveryMaximum() {
        for exponent in -300...299 {
            for factor in [1.0, 1.7, 2.4999, 9.99] {
                guard let power = Double("1e\(exponent)") else { continue }
                let scale = ValueScale(
                    maximum: factor * power, isWhole: false, shapes: ValueScale.Shape.low)
                #expect(scale.top >= factor * power && scale.top <= factor * power * 4)
                #expect(scale.shape.rows == 4)
            }
        }
    }

    @Test func aDayThatChangesIsNamedBelowTheTimes() {
        let values = [Double](repeating: 5, count: 48)
        var timeline = Self.timeline([("", values)])
        timeline.span = 60 * Self.minute
        let lines = Self.text(timeline, width: 55).split(separator: "\n").suffix(2)
        #expect(
            lines == [
                "         16:00   00:00   08:00   16:00   00:00   08:00",
                "         11-20   11-21                   11-22",
            ])
    }

    @Test func moreBucketsThanColumnsAreAddedUpInRoundSpans() {
        let timeline = Self.timeline([("", [Double](repeating: 1, count: 100_000))])
        let columns = TimeColumns(timeline, width: 100, zone: .utc)
        #expect(columns.span == 24 * 60 * Self.minute)
        #expect(columns.totals.reduce(0, +) == 100_000)
        #expect(columns.totals[1] == 1440)
        var percentiles = timeline
        percentiles.valueName = "p95(took)"
        #expect(TimeColumns(percentiles, width: 100, zone: .utc).totals.max() == 1)
    }

    @Test func noBucketsSayNothing() {
        #expect(Self.text(Self.timeline([]), width: 60) == "count · nothing to draw\n")
        #expect(Self.text(Self.timeline([("", [])]), width: 60) == "count · nothing to draw\n")
    }

    @Test func withoutATerminalItIsATable() {
        let timeline = Self.timeline([("ERROR", [1, 2000]), ("WARN", [0, .nan])])
        #expect(
            Self.text(timeline, width: nil) == """
                               time  ERROR  WARN
                2026-11-20 10:00:00      1     0
                2026-11-20 10:01:00  2,000

                """)
        #expect(
            String(decoding: timeline.table.json(), as: UTF8.self) == """
                {"time":"2026-11-20T02:00:00.000000000Z","ERROR":1,"WARN":0}
                {"time":"2026-11-20T02:01:00.000000000Z","ERROR":2000,"WARN":null}

                """)
    }

    static func timeline(_ series: [(String, [Double])]) -> ResultTimeline {
        ResultTimeline(
            start: start, span: minute, series: series.map { (Array($0.0.utf8), $0.1) },
            valueName: "count")
    }

    static func text(
        _ timeline: ResultTimeline, width: Int?, color: Bool = false, glyphs: Glyphs = .blocks
    ) -> String {
        let settings = PictureSettings(
            width: width, painter: Painter(isEnabled: color), glyphs: glyphs,
            zone: Zone(name: "+08:00", offset: 28_800))
        return String(decoding: TimeChartView(settings).picture(timeline), as: UTF8.self)
    }
}
