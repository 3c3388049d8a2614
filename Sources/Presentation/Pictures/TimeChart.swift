internal import LogModel

/// A timeline laid out for a terminal: the parts that `TimeChartView` puts together.
struct TimeChart {
    let timeline: ResultTimeline
    let columns: TimeColumns
    let settings: PictureSettings
    let width: Int
    let colors: [SeriesColor]
    let names: [String]
    /// The columns left of the vertical line.
    let gutter: Int
    /// What stands to the right of each series' row; empty where there is no room.
    private let figures: [String]
    private let scale: ValueScale

    /// Bars have at least so many cells, or the text beside them is left out.
    private static let fewestCells = 12

    /// - Parameter inRows: whether each series has a row, with its name and figures beside it.
    init(_ timeline: ResultTimeline, width: Int, inRows: Bool, settings: PictureSettings) {
        self.timeline = timeline
        self.width = width
        self.settings = settings
        colors = SeriesColor.colors(of: timeline.series.map(\.name))
        let names = timeline.series.indices.map(timeline.shownName)
        var columns = TimeColumns(timeline, width: width - 7, zone: settings.zone)
        var figures: [String] = []
        var gutter = 1
        // The room for bars depends on the figures beside them, those on how much a column holds.
        for _ in 0..<2 {
            gutter = Self.scale(columns, timeline).labelWidth
            if inRows {
                figures = columns.series.map { timeline.figures($0, separator: "  ") }
                gutter = max(gutter, min(width / 3, names.map(TextWidth.columns).max() ?? 0))
            }
            var right = figures.map { TextWidth.columns(of: $0) + 2 }.max() ?? 0
            if width - gutter - 2 - right < Self.fewestCells { (figures, right) = ([], 0) }
            if width - gutter - 2 < Self.fewestCells { gutter = 1 }
            columns = TimeColumns(timeline, width: width - gutter - 2 - right, zone: settings.zone)
        }
        let nameWidth = gutter
        self.names = inRows ? names.map { TextWidth.cut($0, to: nameWidth) } : names
        self.gutter = gutter
        self.columns = columns
        self.figures = figures
        scale = Self.scale(columns, timeline)
    }

    private static func scale(_ columns: TimeColumns, _ timeline: ResultTimeline) -> ValueScale {
        ValueScale(
            maximum: columns.totals.max() ?? 0, isWhole: timeline.isWhole,
            shapes: ValueScale.Shape.tall)
    }

    /// Bars with the series stacked in their colours.
    func stacked() -> [PictureLine] {
        let picture = picture(of: zip(columns.series, colors).map { ($0, $1) })
        return picture.bars() + axis(picture)
    }

    /// The total as bars where values may be added, and a row for each series.
    func rows() -> [PictureLine] {
        let picture = picture(of: [(columns.totals, .gray)])
        let rows = timeline.series.indices.map { row($0, in: picture) }
        let scales = timeline.series.count > 1 ? "each row has a scale of its own" : ""
        let note = PictureLine(scales, .style(.dim))
        guard timeline.isAdditive else { return rows + axis(picture) + [note] }
        return picture.bars() + axis(picture) + rows + [note]
    }

    private func picture(of series: [(values: [Double], color: SeriesColor)]) -> BarPicture {
        BarPicture(
            columns: columns, scale: scale, series: series, gutter: gutter, settings: settings)
    }

    private func axis(_ picture: BarPicture) -> [PictureLine] {
        picture.axis(width: width - gutter - 2)
    }

    private func row(_ index: Int, in picture: BarPicture) -> PictureLine {
        var line = picture.row(names[index], columns.series[index], color: colors[index])
        guard !figures.isEmpty else { return line }
        line.pad(to: gutter + 2 + columns.width)
        line.add("  ")
        let width = figures.map(TextWidth.columns).max() ?? 0
        line.add(figures[index], width: width, trailing: true)
        return line
    }
}

extension ResultTimeline {
    /// Whether all values are whole numbers, as counts are.
    var isWhole: Bool {
        series.allSatisfy { $0.values.allSatisfy { !$0.isFinite || $0 == $0.rounded() } }
    }

    /// `1,234  max 56`, or only the maximum of what cannot be added up.
    func figures(_ values: [Double], separator: String) -> String {
        let maximum = "max " + HumanUnits.figure(values.max() ?? 0)
        guard isAdditive else { return maximum }
        return HumanUnits.figure(values.reduce(0, +)) + separator + maximum
    }
}
