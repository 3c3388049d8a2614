internal import LogModel
internal import Presentation

/// Errors over the time of a fault, as they are drawn: a few series, and marks of the record's times.
struct ReportChart {
    struct Series {
        let name: String
        var values: [Int]
        /// Of everything that was logged, for the share of errors.
        let events: Int

        var total: Int { values.reduce(0, +) }
    }

    struct Mark {
        let time: Int64
        let field: IncidentField
    }

    let times: Range<Int64>
    let bin: Int64
    /// The greatest first, the others in one.
    let series: [Series]
    let marks: [Mark]
    /// When the fault was, as far as it is in the chart.
    let fault: Range<Int64>?
    let settings: ReportSettings

    private static let mostSeries = 5

    /// Nil where nothing was logged in all that time.
    init?(_ measurement: Measurement, _ incident: Incident, _ settings: ReportSettings) {
        guard measurement.series.contains(where: { $0.eventCount > 0 }) else { return nil }
        (times, bin, self.settings) = (measurement.times, measurement.bin, settings)
        series = Self.series(measurement, settings)
        let times = measurement.times
        marks = IncidentField.allCases.compactMap { field in
            guard case .time(let path) = field.shape, let time = incident[keyPath: path],
                times.contains(time)
            else { return nil }
            return Mark(time: time, field: field)
        }.sorted { $0.time < $1.time }
        fault = incident.started.flatMap { start in
            let end = incident.resolved ?? incident.mitigated ?? times.upperBound
            return start < end && (start..<end).overlaps(times)
                ? (start..<end).clamped(to: times) : nil
        }
    }

    private static func series(_ measurement: Measurement, _ settings: ReportSettings) -> [Series] {
        let all = measurement.series.filter { $0.errorCount > 0 }.map { series in
            Series(
                name: series.service.isEmpty
                    ? settings.say("(no service)", "（无服务名）") : series.service,
                values: series.errors, events: series.eventCount)
        }
        guard all.count > mostSeries else { return all }
        let rest = all[(mostSeries - 1)...]
        var values = Array(repeating: 0, count: measurement.binCount)
        for series in rest { values = zip(values, series.values).map(+) }
        let other = Series(
            name: settings.say("\(rest.count) others", "其他 \(rest.count) 个"), values: values,
            events: rest.reduce(0) { $0 + $1.events })
        return Array(all.prefix(mostSeries - 1)) + [other]
    }

    /// All series together, by bin.
    var totals: [Int] {
        let empty = Array(repeating: 0, count: Int((times.upperBound - times.lowerBound) / bin))
        return series.reduce(empty) { zip($0, $1.values).map(+) }
    }

    /// When a bin begins.
    func start(of index: Int) -> Int64 { times.lowerBound + Int64(index) * bin }

    /// The highest bin; nil where there are no errors.
    func peak(of values: [Int]) -> (count: Int, time: Int64)? {
        guard let count = values.max(), count > 0, let index = values.firstIndex(of: count) else {
            return nil
        }
        return (count, start(of: index))
    }

    /// `Errors per 30 s`.
    func name(_ span: Int64) -> String {
        let length = settings.duration(span)
        return settings.say("Errors per \(length)", "每 \(length)的错误数")
    }

    /// What the picture shows, in words.
    var summary: String {
        let window = settings.times(times.lowerBound, times.upperBound)
        let all = settings.count(totals.reduce(0, +), "error", "errors", "条错误")
        let text = settings.say("\(all) from \(window)", "\(window)：\(all)")
        guard let peak = peak(of: totals) else { return text }
        let most = HumanUnits.count(Int64(peak.count))
        let when = settings.clock(peak.time)
        let span = settings.duration(bin)
        return text
            + settings.say(
                "; at most \(most) in \(span), at \(when)", "；\(when) 起的 \(span)内最多，为 \(most) 条")
    }

    /// A row for each series.
    var table: ReportTable {
        let names = [
            settings.say("Service", "服务"), settings.say("Errors", "错误"),
            settings.say("Events", "事件"), settings.say("Share", "错误占比"), settings.say("Peak", "峰值"),
            settings.say("at", "时间"),
        ]
        return ReportTable(
            names, numbers: [1, 2, 3, 4], short: [5],
            series.map { series in
                let peak = peak(of: series.values)
                let share = Double(series.total) / Double(max(1, series.events))
                return [
                    ReportLine(series.name), ReportLine(HumanUnits.count(Int64(series.total))),
                    ReportLine(HumanUnits.count(Int64(series.events))),
                    ReportLine(HumanUnits.percent(share)),
                    ReportLine(HumanUnits.count(Int64(peak?.count ?? 0))),
                    ReportLine(peak.map { settings.clock($0.time) } ?? ""),
                ]
            })
    }

    /// The bars as text, for reports without pictures, and how much time a column is.
    var bars: (picture: String, span: Int64) {
        let timeline = ResultTimeline(
            start: times.lowerBound, span: bin,
            series: [(name: [], values: totals.map(Double.init))], valueName: "count")
        let view = TimeChartView(
            PictureSettings(
                width: 80, painter: Painter(isEnabled: false), glyphs: .blocks, zone: settings.zone
            ))
        let (picture, span) = view.bars(timeline)
        return (String(decoding: picture, as: UTF8.self), span)
    }
}
