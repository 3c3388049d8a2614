internal import LogModel

/// What is said above and below a chart.
extension TimeChart {
    /// What is drawn, when, in which zone, and how much time a column is.
    func header() -> [PictureLine] {
        let name = (SafeText.escaped(timeline.valueName), PictureLine.Look.style(.bold))
        guard columns.count > 0 else { return wrapped([name, ("nothing to draw", .plain)]) }
        var items = [window(), SafeText.escaped(settings.zone.name)]
        items.append(TimeSpans.text(columns.span) + " a column")
        if columns.isMerged && !timeline.isAdditive {
            items.append("the highest of \(TimeSpans.text(timeline.span)) each")
        }
        if timeline.series.count == 1 {
            let values = columns.series[0]
            items.append(timeline.figures(values, separator: ", ") + peakTime(values))
        }
        return wrapped([name] + items.map { ($0, .plain) })
    }

    /// A line a series: its colour, name, total, share, and when it was highest.
    func legend() -> [PictureLine] {
        guard timeline.series.count > 1 else { return [] }
        let totals = columns.series.map { $0.reduce(0, +) }
        let all = totals.reduce(0, +)
        let counts = totals.map(HumanUnits.figure)
        let peaks = columns.series.map { HumanUnits.figure($0.max() ?? 0) }
        let nameWidth = min(width / 2, names.map(TextWidth.columns).max() ?? 0)
        let countWidth = counts.map(TextWidth.columns).max() ?? 0
        let peakWidth = peaks.map(TextWidth.columns).max() ?? 0
        return timeline.series.indices.map { index in
            var line = PictureLine()
            line.pad(to: gutter + 1)
            line.add(settings.glyphs.swatch + " ", .series(colors[index], over: nil))
            line.add(TextWidth.cut(names[index], to: nameWidth), width: nameWidth)
            line.add("  ")
            line.add(counts[index], width: countWidth, trailing: true)
            // A part that would be cut is left out: a figure must not look longer than it is.
            var share = PictureLine()
            share.add(
                all > 0 ? HumanUnits.percent(totals[index] / all) : "", width: 9, trailing: true)
            guard line.columns + share.columns <= width else { return line }
            line.add(share)
            var peak = PictureLine("  max ", .style(.dim))
            peak.add(peaks[index], width: peakWidth, trailing: true, .style(.dim))
            peak.add(peakTime(columns.series[index]), .style(.dim))
            guard totals[index] > 0, line.columns + peak.columns <= width else { return line }
            line.add(peak)
            return line
        }
    }

    /// `2026-11-20 10:00 – 12:00`, the second date where it is another.
    private func window() -> String {
        let first = LocalTime(timeline.start, in: settings.zone)
        let last = LocalTime(columns.end, in: settings.zone)
        let end = first.date == last.date ? last.clock : last.date + " " + last.clock
        return "\(first.date) \(first.clock) \(settings.glyphs.dash) \(end)"
    }

    /// ` at 10:20`, with the date where the picture has several.
    private func peakTime(_ values: [Double]) -> String {
        guard let peak = values.max(), peak > 0, let column = values.firstIndex(of: peak) else {
            return ""
        }
        let first = LocalTime(columns.start, in: settings.zone)
        let last = LocalTime(columns.end &- 1, in: settings.zone)
        // The first column may begin before the time that is asked for.
        let time = LocalTime(max(timeline.start, columns.start(of: column)), in: settings.zone)
        return " at " + (first.date == last.date ? "" : time.monthAndDay + " ") + time.clock
    }

    /// The items in as few lines as hold them.
    private func wrapped(_ items: [(text: String, look: PictureLine.Look)]) -> [PictureLine] {
        let separator = settings.glyphs.separator
        var lines: [PictureLine] = []
        for item in items {
            var line = PictureLine()
            let needed = TextWidth.columns(of: separator + item.text)
            if let last = lines.last, last.columns + needed <= width {
                line = lines.removeLast()
                line.add(separator, .style(.dim))
            }
            line.add(item.text, item.look)
            lines.append(line)
        }
        return lines
    }
}
