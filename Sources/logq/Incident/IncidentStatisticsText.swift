internal import Incidents
internal import LogModel
internal import Presentation

/// Statistics of fault records for people.
struct IncidentStatisticsText {
    private let statistics: IncidentStatistics
    private let language: Language
    private let settings: PictureSettings

    typealias Grouping = IncidentStatistics.Grouping

    init(_ statistics: IncidentStatistics, language: Language, _ settings: PictureSettings) {
        (self.statistics, self.language, self.settings) = (statistics, language, settings)
    }

    private func said(_ english: String, _ chinese: String) -> String {
        language == .english ? english : chinese
    }

    /// All of it, or the groups of one kind.
    func text(by grouping: Grouping?) -> [UInt8] {
        guard statistics.total.records > 0 else {
            return lines([said("no record began in that time", "这段时间没有故障记录")])
        }
        let groupings = grouping.map { [$0] } ?? Grouping.allCases
        var parts = [lines(totals)] + groupings.map(table)
        if grouping == nil { parts += [overdue, repeats].filter { !$0.isEmpty } }
        return Array((parts + [lines(definitions, .dim)]).joined(separator: [0x0A]))
    }

    private func lines(_ texts: [String], _ style: Style? = nil) -> [UInt8] {
        var output: [UInt8] = []
        for text in texts {
            settings.painter.append(SafeText.escaped(text), in: style, to: &output)
            output.append(0x0A)
        }
        return output
    }

    // MARK: Totals

    private var totals: [String] {
        let total = statistics.total
        return [
            said(
                "records: \(total.records), of which open: \(total.open)",
                "记录 \(total.records) 条，其中未关闭 \(total.open) 条"),
            "MTTR " + figures(total.toResolve), "MTTD " + figures(total.toDetect),
        ]
    }

    /// `2 h 4 min, median 1 h 30 min (of 120 records)`.
    private func figures(_ spans: Spans) -> String {
        guard let mean = spans.mean, let median = spans.median else {
            return said("not known: no record has both times", "未知：没有记录同时有两个时间")
        }
        let (first, second) = (duration(mean), duration(median))
        return said(
            "\(first), median \(second) (of \(spans.count) \(spans.count == 1 ? "record" : "records"))",
            "\(first)，中位数 \(second)（\(spans.count) 条记录）")
    }

    private func duration(_ nanoseconds: Double) -> String {
        language.duration(HumanUnits.duration(seconds: nanoseconds / 1e9))
    }

    // MARK: Groups

    private func table(by grouping: Grouping) -> [UInt8] {
        var mean = ResultTable.Column(name: "MTTR", isNumeric: true)
        mean.hasBars = true
        var table = ResultTable(columns: [
            .init(name: name(of: grouping), isNumeric: false),
            .init(name: said("records", "记录"), isNumeric: true),
            .init(name: said("open", "未关闭"), isNumeric: true), mean,
            .init(name: said("median", "中位数"), isNumeric: true),
            .init(name: "MTTD", isNumeric: true),
        ])
        let groups = statistics.groups[grouping] ?? []
        table.rows = groups.map { group in
            [
                .line(name(group, grouping)), .integer(Int64(group.records)),
                .integer(Int64(group.open)), Self.value(group.toResolve.mean),
                Self.value(group.toResolve.median), Self.value(group.toDetect.mean),
            ]
        }
        if grouping == .month, let trend { table.notes = [trend] }
        var view = TableView(settings)
        view.durations = { [language] in language.duration(HumanUnits.duration(seconds: $0)) }
        return view.text(table)
    }

    private static func value(_ nanoseconds: Double?) -> ResultTable.Value {
        nanoseconds.map { .duration($0 / 1e9) } ?? .none
    }

    private func name(of grouping: Grouping) -> String {
        switch grouping {
        case .month: said("month", "月份")
        case .type: said("type", "类型")
        case .severity: said("severity", "级别")
        case .service: said("service", "服务")
        }
    }

    private func name(_ group: IncidentStatistics.Group, _ grouping: Grouping) -> String {
        if group.name.isEmpty { return said("(none)", "（未填）") }
        guard grouping == .type else { return group.name }
        return FaultType(rawValue: group.name)?.name(in: language) ?? group.name
    }

    /// `MTTR by month ▂▃█ 2026-09 – 2026-11, highest 4 h 2 min in 2026-11`; nil for less than two months.
    private var trend: String? {
        let months = statistics.months.suffix(60)
        let values = months.map { $0.mean ?? 0 }
        guard months.count > 1, let first = months.first, let last = months.last,
            let highest = months.max(by: { ($0.mean ?? 0) < ($1.mean ?? 0) }),
            let mean = highest.mean
        else { return nil }
        let bars = String(
            decoding: Sparkline.bytes(values, glyphs: settings.glyphs), as: UTF8.self)
        let top = duration(mean)
        return said(
            "MTTR by month  \(bars)  \(first.name) to \(last.name), highest \(top) in \(highest.name)",
            "每月 MTTR  \(bars)  \(first.name) 至 \(last.name)，最高 \(top)（\(highest.name)）")
    }

    // MARK: What is left

    private var overdue: [UInt8] {
        guard !statistics.overdue.isEmpty else { return [] }
        var table = ResultTable(
            columns: [
                said("overdue since", "逾期（期限）"), said("record", "记录"), said("owner", "负责人"),
                said("action", "改进事项"),
            ].map { .init(name: $0, isNumeric: false) })
        let most = 20
        table.rows = statistics.overdue.prefix(most).map {
            [.line($0.due), .line($0.id.description), .line($0.owner), .line($0.text)]
        }
        let rest = statistics.overdue.count - most
        if rest > 0 {
            table.notes = [said("and \(rest) more; --json has all", "另有 \(rest) 项；--json 列出全部")]
        }
        return TableView(settings).text(table) { $1 == 0 ? .error : nil }
    }

    private var repeats: [UInt8] {
        guard !statistics.repeats.isEmpty else { return [] }
        var table = ResultTable(columns: [
            .init(name: said("hit again and again", "多次故障的服务"), isNumeric: false),
            .init(name: said("records", "记录"), isNumeric: true),
            .init(name: said("last", "最近一次"), isNumeric: false),
        ])
        table.rows = statistics.repeats.prefix(10).map {
            [.line($0.service), .integer(Int64($0.records)), .line($0.last.description)]
        }
        return TableView(settings).text(table)
    }

    private var definitions: [String] {
        let rows = ResponseTimes(Incident()).rows(in: language)
        let spans = rows.filter { ["TTD", "TTR"].contains($0.name) }.map {
            "\($0.name) = \($0.definition)"
        }
        return [
            spans.joined(separator: said("; ", "；")),
            said(
                "MTTD, MTTR: the mean of the records that have both times, in the right order",
                "MTTD、MTTR：两个时间都有且先后正确的记录的平均值"),
            said(
                "month: in which the fault began, else in which the record was made",
                "月份：故障开始的月份，不知道开始时间的按记录创建时间"),
        ]
    }
}
