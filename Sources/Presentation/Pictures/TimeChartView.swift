package import LogModel

/// Draws values over time for people: bars in a terminal, a table where there is none.
///
/// With colours, series are stacked in them, the first (of levels and statuses, the worst) at the
/// bottom. Without, the bars are the total and each series has a row of small bars below, in a scale
/// of its own. So have series that cannot be added up, such as percentiles, and those that are too
/// many for colours. Nothing is drawn below zero.
package struct TimeChartView {
    private let settings: PictureSettings
    private static let mostColors = 12

    package init(_ settings: PictureSettings) {
        self.settings = settings
    }

    /// The whole picture, each line with its newline; no line is wider than the terminal.
    package func picture(_ timeline: ResultTimeline) -> [UInt8] {
        guard let width = settings.width else {
            return TableView(settings).text(timeline.table)
        }
        let inRows = timeline.series.count > 1 && !canStack(timeline)
        let chart = TimeChart(
            timeline.withWorstFirst, width: width, inRows: inRows, settings: settings)
        var lines = chart.header()
        if chart.columns.count > 0 {
            lines += inRows ? chart.rows() : chart.stacked() + chart.legend()
        }
        lines += timeline.notes.map { PictureLine(SafeText.escaped($0), .style(.dim)) }
        return lines.written(settings)
    }

    /// The bars of all series together and the times below them, without words, and how much time a column is;
    /// in 80 columns where there is no terminal.
    package func bars(_ timeline: ResultTimeline) -> (picture: [UInt8], span: Int64) {
        let chart = TimeChart(
            timeline, width: settings.width ?? 80, inRows: false, settings: settings)
        let picture = chart.columns.count > 0 ? chart.stacked().written(settings) : []
        return (picture, chart.columns.span)
    }

    private func canStack(_ timeline: ResultTimeline) -> Bool {
        settings.painter.isEnabled && timeline.isAdditive
            && timeline.series.count <= Self.mostColors
    }
}

extension ResultTimeline {
    /// The same with the worst first, if all series are levels or HTTP statuses.
    var withWorstFirst: ResultTimeline {
        let names = series.map(\.name)
        let levels = names.map { $0.withUnsafeBufferPointer(Severity.number(of:)).map(Int.init) }
        for ranks in [levels, names.map(SeriesColor.statusClass)]
        where zip(names, ranks).allSatisfy({ $0.isEmpty || $1 != nil }) {
            var sorted = self
            let order = series.indices.sorted { (ranks[$0] ?? 0, $1) > (ranks[$1] ?? 0, $0) }
            sorted.series = order.map { series[$0] }
            return sorted
        }
        return self
    }

    /// The name of a series as it is shown: safe, and never empty.
    func shownName(_ index: Int) -> String {
        guard !series[index].name.isEmpty else {
            return series.count == 1 ? SafeText.escaped(valueName) : "(none)"
        }
        let name = series[index].name
        var safe: [UInt8] = []
        SafeText.append(name.span, to: &safe)
        return String(decoding: safe, as: UTF8.self)
    }
}
