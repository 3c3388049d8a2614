internal import LogModel
internal import LogStore
internal import Presentation

/// Puts a report together: what is said, in which order and language.
struct ReportComposer {
    let document: IncidentDocument
    let settings: ReportSettings
    let timeline: IncidentTimeline
    let chart: ReportChart?

    init(_ document: IncidentDocument, _ settings: ReportSettings) {
        self.document = document
        self.settings = settings
        timeline = IncidentTimeline(document.incident, document.pins)
        chart = document.measurement.flatMap {
            ReportChart($0, document.incident, settings)
        }
    }

    var incident: Incident { document.incident }

    /// The whole report. The documented fields are always there; of others, what is empty is left out.
    func blocks() -> [ReportBlock] {
        [title(), .section(say("Summary", "摘要"), anchor: "summary"), .text(summary())]
            + [.facts(facts()), .figures(responseFigures())] + chartBlocks() + description()
            + impact() + [
                .section(say("Handling steps and timeline", "处理步骤与时间线"), anchor: "timeline")
            ]
            + [.paragraph([.muted(timelineNote())])] + timelineBlocks() + cause() + prevention()
            + logs() + evidence() + history() + [.footer(footer())]
    }

    func say(_ english: String, _ chinese: String) -> String { settings.say(english, chinese) }
    func name(_ field: IncidentField) -> String { field.name(in: settings.language) }

    /// A documented field's text, or that it is not known.
    func text(_ text: String) -> [ReportBlock] {
        text.isEmpty ? [.paragraph([.muted(settings.unknown)])] : prose(text)
    }

    func value(_ text: String?) -> ReportLine {
        guard let text, !text.isEmpty else { return [.muted(settings.unknown)] }
        return ReportLine(text)
    }

    func pins(_ numbers: [Int]) -> ReportLine {
        var line = ReportLine([])
        for (index, number) in numbers.enumerated() {
            if index > 0 { line.pieces.append(.text(" ")) }
            line.pieces.append(.pin(number, isThere: document.pin(number) != nil))
        }
        return line
    }

    // MARK: Above the fold

    private func title() -> ReportBlock {
        var marks = [
            ReportMark(kind: .status, text: incident.status.name(in: settings.language))
        ]
        if let severity = incident.severity {
            let rank = IncidentSeverity.allCases.firstIndex(of: severity) ?? 0
            marks.insert(
                ReportMark(kind: .severity, text: severity.rawValue, rank: rank), at: 0)
        }
        if let type = incident.type {
            marks.append(ReportMark(kind: .type, text: type.name(in: settings.language)))
        }
        if document.isMasked {
            let text = say(
                "masked copy; the sums of the originals are those of the chain",
                "脱敏副本；原文的摘要即链中的摘要")
            marks.append(ReportMark(kind: .masked, text: text))
        }
        let text = incident.title.isEmpty ? say("Untitled fault", "未命名故障") : incident.title
        return .title(id: document.record.id.description, text: text, marks: marks)
    }

    private func facts() -> [ReportFact] {
        var facts: [ReportFact] = [
            ReportFact(say("Fault time", "故障时间"), value(faultTime())),
            ReportFact(name(.type), value(incident.type?.name(in: settings.language))),
        ]
        // A known severity and the status stand beside the title.
        if incident.severity == nil { facts.append(ReportFact(name(.severity), value(nil))) }
        facts.append(ReportFact(name(.detection), value(incident.detection)))
        for field in [IncidentField.services, .hosts, .handlers, .reviewers, .tags] {
            guard case .lines(let path) = field.shape else { continue }
            let names = incident[keyPath: path]
            // Handlers are a documented field.
            if names.isEmpty, field == .reviewers || field == .tags { continue }
            facts.append(ReportFact(name(field), value(settings.list(names))))
        }
        return facts
    }

    /// `2026-11-20 10:14:42 to 10:58:03 (43 min 21 s), Asia/Shanghai`.
    private func faultTime() -> String? {
        guard let start = incident.started else { return nil }
        let zone = say(", ", "，") + settings.zone.name
        guard let end = incident.resolved, end >= start else {
            return say("from ", "自 ") + settings.time(start)
                + say(", not resolved yet", " 起，尚未恢复") + zone
        }
        guard let span = ResponseTimes(incident).toResolve.map(settings.duration) else {
            return nil
        }
        return settings.times(start, end) + say(" (\(span))", "（\(span)）") + zone
    }

    /// The record's times with what is derived of them.
    private func responseFigures() -> [ReportFigure] {
        let fields = [IncidentField.detected, .acknowledged, .mitigated, .resolved]
        let rows = ResponseTimes(incident).rows(in: settings.language)
        return zip(fields, rows).map { field, row in
            var time = ""
            if case .time(let path) = field.shape, let known = incident[keyPath: path] {
                time = " " + settings.time(known, beside: incident.started)
            }
            return ReportFigure(
                name: settings.moment(field) + time,
                value: row.span.map(settings.duration) ?? settings.unknown,
                definition: "\(row.name) = \(row.definition)")
        }
    }

    private func chartBlocks() -> [ReportBlock] {
        guard let measurement = document.measurement else { return [] }
        var blocks: [ReportBlock] = [
            .section(say("Errors over time", "错误趋势"), anchor: "errors")
        ]
        if let chart {
            blocks.append(.chart(chart))
            if !chart.series.isEmpty { blocks.append(.table(chart.table)) }
        } else {
            blocks.append(.paragraph([.muted(say("no logs of this time", "该时段没有日志"))]))
        }
        let taken = settings.time(measurement.taken)
        blocks.append(
            .paragraph([
                .muted(
                    say(
                        "Errors are events of severity ERROR and above, and requests answered with "
                            + "5xx; counted in the logs at \(taken).",
                        "错误指级别为 ERROR 及以上的事件，以及返回 5xx 的请求；统计于 \(taken)。"))
            ]))
        return blocks
    }

    private func footer() -> [ReportLine] {
        let id = document.record.id
        let made = settings.time(settings.generated)
        return [
            ReportLine(
                say(
                    "\(id), as of entry \(document.record.entries), report made \(made) "
                        + "(\(settings.zone.name)) by logq.",
                    "\(id)，截至第 \(document.record.entries) 条变更，报告由 logq 生成于 \(made)"
                        + "（\(settings.zone.name)）。")),
            [.text(say("Root: ", "根哈希：")), .code(Digest.hex(document.record.root))],
        ]
    }
}
