internal import LogModel

/// The last minutes as bars by level at the bottom of a terminal, while events arrive above.
///
/// The cursor always rests at the beginning of the picture's first line. So what comes next may be
/// written right there: `clear`, then the new events, then `frame`, best in one write. A frame
/// overwrites the last one in place, without clearing it first, and asks for synchronized output
/// where the terminal has it (DEC mode 2026): nothing flickers. Bars stand on multiples of their
/// span and move by whole columns. After a change of the window's size `clear` and `frame` are right
/// again, since nothing depends on where the old frame's lines ended.
///
/// Memory: a few counts a second of the window, whatever arrives.
package struct LiveHistogram: Sendable {
    private var seconds: [Int64: [Double]] = [:]
    private let window: Int64
    private let settings: PictureSettings

    /// From the worst level down, as they are stacked from below; the last is for no level.
    private static let levels: [UInt8] = [21, 17, 13, 9, 5, 1, 0]
    private static let second: Int64 = 1_000_000_000
    /// The lines of a frame: header, bars, the axis and its times.
    package static let height = 7

    /// A picture of the last `minutes` (1 to 1440); `settings.width` nil means that nobody looks, and
    /// nothing is ever drawn.
    package init(minutes: Int, settings: PictureSettings) {
        window = Int64(max(1, min(1440, minutes))) * 60
        self.settings = settings
    }

    /// Counts an event, or `count` of them; a level is an OpenTelemetry severity number, 0 if not known.
    ///
    /// Once as many seconds are known as two windows have, others are not taken until the next frame
    /// has dropped those that are too old or not yet come.
    package mutating func add(time: Int64, level: UInt8, count: Int = 1) {
        let second = RFC3339.split(time).seconds
        guard seconds[second] != nil || seconds.count < 2 * Int(window) else { return }
        let index = level > 24 ? nil : Self.levels.firstIndex { level >= $0 }
        seconds[second, default: Array(repeating: 0, count: Self.levels.count)][
            index ?? Self.levels.count - 1] += Double(count)
    }

    /// The bytes that draw the picture at the cursor and put it back to where it was.
    ///
    /// Nothing where the terminal has too few rows or columns, or where there is none.
    package mutating func frame(now: Int64, width: Int, rows: Int = .max) -> [UInt8] {
        let end = RFC3339.split(now).seconds &+ 1
        let start = end &- window
        seconds = seconds.filter { $0.key >= start && $0.key < end }
        guard settings.width != nil, width >= 20, rows >= Self.height + 3 else { return [] }
        // The last column stays free: many terminals wrap when it is filled.
        var settings = settings
        settings.width = width - 1
        let lines = picture(from: start, to: end, width: width - 1, settings)
        var output = Array("\u{1B}[?2026h\r".utf8)
        for (index, line) in lines.enumerated() {
            if index > 0 { output += "\r\n".utf8 }
            line.write(settings, to: &output)
            output += "\u{1B}[K".utf8
        }
        output += "\u{1B}[\(lines.count - 1)A\r\u{1B}[?2026l".utf8
        return output
    }

    /// The bytes that take the picture away: from the cursor to the end of the screen is erased.
    package var clear: [UInt8] { settings.width == nil ? [] : Array("\r\u{1B}[J".utf8) }

    private func picture(
        from start: Int64, to end: Int64, width: Int, _ settings: PictureSettings
    ) -> [PictureLine] {
        let gutter = 6
        let span = TimeSpans.span(of: window * Self.second, inAtMost: width - gutter - 3)
        let columnSeconds = max(1, span / Self.second)
        let first = TimeSpans.floor(start &* Self.second, to: span, in: settings.zone)
        let count = Int((end &* Self.second &- first &+ span &- 1) / span)
        var values = Self.levels.map { _ in [Double](repeating: 0, count: count) }
        for (second, counts) in seconds {
            let column = Int((second - first / Self.second) / columnSeconds)
            guard column >= 0, column < count else { continue }
            for (level, count) in counts.enumerated() { values[level][column] += count }
        }
        let timeline = ResultTimeline(
            start: first, span: span,
            series: Self.levels.indices.map { ([], values[$0]) }, valueName: "count")
        let columns = TimeColumns(timeline, width: width - gutter - 2, zone: settings.zone)
        let colors = Self.levels.map { SeriesColor.color(ofLevel: $0) }
        let bars = BarPicture(
            columns: columns,
            scale: ValueScale(
                maximum: columns.totals.max() ?? 0, isWhole: true, shapes: ValueScale.Shape.low),
            series: zip(columns.series, colors).map { ($0, $1) }, gutter: gutter,
            settings: settings)
        let axis = bars.axis(width: width - gutter - 2).prefix(2)
        return [header(values, span, settings)] + bars.bars() + axis
    }

    /// `last 10 min · 5 s a column · ERROR 12 · WARN 40 · INFO 2,300`.
    private func header(
        _ values: [[Double]], _ span: Int64, _ settings: PictureSettings
    ) -> PictureLine {
        var line = PictureLine("last \(TimeSpans.text(window * Self.second))", .style(.bold))
        let separator = settings.glyphs.separator
        line.add(separator + TimeSpans.text(span) + " a column", .style(.dim))
        for (level, counts) in zip(Self.levels, values) {
            let total = counts.reduce(0, +)
            guard total > 0 else { continue }
            line.add(separator, .style(.dim))
            let name = Severity.name(of: level)
            line.add(
                name.isEmpty ? "no level" : name,
                .series(SeriesColor.color(ofLevel: level), over: nil))
            line.add(" " + HumanUnits.figure(total))
        }
        return line
    }
}
