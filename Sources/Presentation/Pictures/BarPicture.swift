/// Bars over time with their two axes, as lines.
struct BarPicture {
    let columns: TimeColumns
    let scale: ValueScale
    /// What is stacked, from below: the values of each column, and the colour.
    let series: [(values: [Double], color: SeriesColor)]
    /// The columns left of the vertical line.
    let gutter: Int
    let settings: PictureSettings

    /// The rows of bars, the highest first.
    func bars() -> [PictureLine] {
        let bars = StackedBars(series.map(\.values), scale: scale, glyphs: settings.glyphs)
        return (0..<scale.shape.rows).reversed().map { row in
            var line = self.start(scale.label(above: row))
            for column in 0..<columns.count {
                let cell = bars.cell(column: column, row: row)
                add(cell.glyph, look(cell), to: &line)
            }
            return line
        }
    }

    /// A row of small bars of one series in a scale of its own.
    func row(_ name: String, _ values: [Double], color: SeriesColor) -> PictureLine {
        let maximum = values.max() ?? 0
        var line = PictureLine()
        line.add(name, width: gutter, trailing: true)
        line.add(" ")
        line.add(settings.glyphs.vertical.plain, .style(.dim))
        for value in values {
            let glyph = Sparkline.glyph(value, maximum: maximum, settings.glyphs)
            add(glyph, .series(color, over: nil), to: &line)
        }
        return line
    }

    /// The horizontal line, the times below it, and the dates below those.
    func axis(width: Int) -> [PictureLine] {
        let axis = TimeAxis(columns, width: width, zone: settings.zone)
        var line = PictureLine()
        line.add("0", width: gutter, trailing: true)
        line.add(" ")
        line.add(settings.glyphs.horizontal.corner + axis.line(settings.glyphs), .style(.dim))
        let labels = axis.labels()
        let below = [labels.times, labels.dates].filter { !$0.isEmpty }.map { text in
            var line = PictureLine()
            line.pad(to: gutter + 2)
            line.add(text)
            return line
        }
        return [line] + below
    }

    private func start(_ label: String?) -> PictureLine {
        var line = PictureLine()
        line.add(label ?? "", width: gutter, trailing: true)
        line.add(" ")
        let vertical = settings.glyphs.vertical
        line.add(label == nil ? vertical.plain : vertical.tick, .style(.dim))
        return line
    }

    private func add(_ glyph: Unicode.Scalar, _ look: PictureLine.Look, to line: inout PictureLine)
    {
        for _ in 0..<columns.cells - (columns.hasGap ? 1 : 0) { line.add(cell: glyph, look) }
        if columns.hasGap { line.add(cell: " ", .plain) }
    }

    private func look(_ cell: StackedBars.Cell) -> PictureLine.Look {
        guard let index = cell.series else { return .plain }
        return .series(series[index].color, over: cell.behind.map { series[$0].color })
    }
}
