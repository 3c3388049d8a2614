internal import LogModel
internal import Presentation

/// Draws a chart as SVG, in two sizes: lettering of a picture that is scaled down cannot be read on a phone.
struct ChartSVG {
    enum Size: String, CaseIterable {
        case wide, narrow

        var width: Double { self == .wide ? 900 : 380 }
        var height: Double { self == .wide ? 230 : 190 }
        /// The most bars; of a narrow picture, several bins are one.
        var bars: Int { self == .wide ? 120 : 60 }
    }

    private let chart: ReportChart
    private let size: Size
    private let id: String
    /// How much time a bar is.
    let span: Int64
    /// By series, a value for each bar.
    private let values: [[Int]]
    private let scale: ValueScale
    private let left: Double
    private let right = 8.0
    private let top: Double
    private let bottom = 24.0
    /// The height of the lines with the marks' names.
    private static let line = 16.0
    private let labels: [Label]

    /// The name of a mark, and where it is.
    private struct Label {
        let x: Double
        let row: Int
        let isBefore: Bool
        let text: String
    }

    init(_ chart: ReportChart, _ size: Size, id: String) {
        (self.chart, self.size, self.id) = (chart, size, id)
        let bins = chart.totals.count
        let together = max(1, (bins + size.bars - 1) / size.bars)
        span = chart.bin * Int64(together)
        values = chart.series.map { series in
            stride(from: 0, to: bins, by: together).map { start in
                series.values[start..<min(bins, start + together)].reduce(0, +)
            }
        }
        let bars = (bins + together - 1) / together
        let totals = values.reduce(Array(repeating: 0, count: bars)) { zip($0, $1).map(+) }
        scale = ValueScale(
            maximum: Double(totals.max() ?? 0), isWhole: true, shapes: ValueScale.Shape.tall)
        left = Self.width(of: scale.text(scale.top)) + 14
        let labels = Self.labels(chart, size, left: left, right: right)
        self.labels = labels
        top = 8 + Self.line * Double((labels.map(\.row).max() ?? -1) + 1)
    }

    /// About as wide as a sans-serif letter of 12 pixels is.
    private static func width(of text: String) -> Double {
        Double(TextWidth.columns(of: text)) * 6.6
    }

    // MARK: Places

    private var plotHeight: Double { size.height - bottom }
    private var base: Double { top + plotHeight }

    private static func x(
        _ time: Int64, _ chart: ReportChart, _ size: Size, left: Double, right: Double
    ) -> Double {
        let part =
            Double(time - chart.times.lowerBound)
            / Double(max(1, chart.times.upperBound - chart.times.lowerBound))
        return left + part * (size.width - left - right)
    }

    private func x(_ time: Int64) -> Double {
        Self.x(time, chart, size, left: left, right: right)
    }

    private func y(_ value: Int) -> Double {
        scale.top > 0 ? base - Double(value) / scale.top * plotHeight : base
    }

    /// Each in the first row where it touches none before it.
    private static func labels(
        _ chart: ReportChart, _ size: Size, left: Double, right: Double
    ) -> [Label] {
        var ends: [Double] = []
        return chart.marks.map { mark in
            let at = x(mark.time, chart, size, left: left, right: right)
            let text =
                chart.settings.clock(mark.time).prefix(5) + " "
                + chart.settings.moment(mark.field)
            let width = width(of: String(text))
            let isBefore = at + width + 4 > size.width
            let start = isBefore ? at - width : at
            let row = ends.firstIndex { $0 + 6 < start } ?? ends.count
            if row == ends.count { ends.append(0) }
            ends[row] = start + width
            return Label(x: at, row: row, isBefore: isBefore, text: String(text))
        }
    }

    // MARK: Drawing

    /// The element, with a title and a description for those who do not see it.
    var svg: String {
        let height = Self.number(base + bottom)
        return """
            <svg viewBox="0 0 \(Self.number(size.width)) \(height)" role="img" \
            aria-labelledby="\(id)-title \(id)-desc">
            <title id="\(id)-title">\(HTMLText.escaped(chart.name(span)))</title>
            <desc id="\(id)-desc">\(HTMLText.escaped(description))</desc>
            \(faultArea)\(grid)\(bars)\(axis)\(marks)</svg>

            """
    }

    private var description: String {
        let marks = chart.marks.map {
            "\(chart.settings.moment($0.field)) \(chart.settings.clock($0.time))"
        }
        return ([chart.summary] + marks).joined(separator: chart.settings.say("; ", "；"))
    }

    private var faultArea: String {
        guard let fault = chart.fault else { return "" }
        let start = x(fault.lowerBound)
        return Self.rectangle("fault", start, top, x(fault.upperBound) - start, plotHeight) + "/>\n"
    }

    private var grid: String {
        (0...scale.shape.ticks).map { tick in
            let value = Double(tick) * scale.step
            let height = base - plotHeight * Double(tick) / Double(max(1, scale.shape.ticks))
            return Self.line("grid", left, height, size.width - right, height)
                + Self.text("tick", left - 6, height + 4, anchor: "end", scale.text(value))
        }.joined()
    }

    private var bars: String {
        let count = values.first?.count ?? 0
        var output = ""
        for bar in 0..<count {
            let start = chart.times.lowerBound + Int64(bar) * span
            let end = min(start + span, chart.times.upperBound)
            let (first, width) = (x(start), x(end) - x(start))
            var total = 0
            for (index, series) in values.enumerated() where series[bar] > 0 {
                let upper = y(total + series[bar])
                let gap = width > 4 ? 1.0 : 0.3
                output +=
                    Self.rectangle(
                        "s\(index)", first, upper, max(0.5, width - gap), y(total) - upper)
                    + "/>\n"
                total += series[bar]
            }
            guard total > 0 else { continue }
            // What a pointer shows, over the whole height.
            let count = chart.settings.count(total, "error", "errors", "条错误")
            output +=
                Self.rectangle("touch", first, top, width, plotHeight) + "><title>"
                + HTMLText.escaped("\(chart.settings.clock(start)): \(count)") + "</title></rect>\n"
        }
        return output
    }

    private var axis: String {
        let length = chart.times.upperBound - chart.times.lowerBound
        let most = Int64(size == .wide ? 9 : 4)
        let step = TimeSpans.round.first { $0 >= chart.bin && length / $0 <= most } ?? length
        var time = TimeSpans.floor(chart.times.lowerBound, to: step, in: chart.settings.zone)
        var output = ""
        var previousDay = ""
        while time <= chart.times.upperBound {
            if time >= chart.times.lowerBound {
                let local = LocalTime(time, in: chart.settings.zone)
                let isDay = length > 36 * 3_600 * 1_000_000_000
                let label = isDay && local.date != previousDay ? local.monthAndDay : local.clock
                previousDay = local.date
                let at = x(time)
                output += Self.line("grid", at, base, at, base + 5)
                // A label that would pass the edge is left out.
                let half = Self.width(of: label) / 2
                if at - half > 0, at + half < size.width {
                    output += Self.text("tick", at, base + 18, anchor: "middle", label)
                }
            }
            let next = time.addingReportingOverflow(max(1, step))
            if next.overflow { break }
            time = next.partialValue
        }
        return output + Self.line("base", left, base, size.width - right, base)
    }

    /// The lines first: no label is crossed by one.
    private var marks: String {
        labels.map { label in
            Self.line("at", label.x, 3 + Self.line * Double(label.row), label.x, base)
        }.joined()
            + labels.map { label in
                Self.text(
                    "label", label.isBefore ? label.x - 4 : label.x + 4,
                    12 + Self.line * Double(label.row), anchor: label.isBefore ? "end" : "start",
                    label.text)
            }.joined()
    }

    // MARK: Elements

    private static func number(_ value: Double) -> String {
        let tenths = (value * 10).rounded()
        guard let whole = Int(exactly: tenths) else { return "0" }
        let sign = whole < 0 ? "-" : ""
        let rest = whole.magnitude % 10
        return sign + String(whole.magnitude / 10) + (rest == 0 ? "" : "." + String(rest))
    }

    /// Left open, for what stands in it.
    private static func rectangle(
        _ kind: String, _ x: Double, _ y: Double, _ width: Double, _ height: Double
    ) -> String {
        "<rect class=\"\(kind)\" x=\"\(number(x))\" y=\"\(number(y))\" "
            + "width=\"\(number(max(0, width)))\" height=\"\(number(max(0, height)))\""
    }

    private static func line(
        _ kind: String, _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double
    ) -> String {
        "<line class=\"\(kind)\" x1=\"\(number(x1))\" y1=\"\(number(y1))\" x2=\"\(number(x2))\" "
            + "y2=\"\(number(y2))\"/>\n"
    }

    private static func text(
        _ kind: String, _ x: Double, _ y: Double, anchor: String, _ text: String
    ) -> String {
        "<text class=\"\(kind)\" x=\"\(number(x))\" y=\"\(number(y))\" text-anchor=\"\(anchor)\">"
            + HTMLText.escaped(text) + "</text>\n"
    }
}
