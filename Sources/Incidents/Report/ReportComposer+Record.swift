internal import LogModel
internal import LogStore
internal import Presentation

// The fields of the record.
extension ReportComposer {
    func description() -> [ReportBlock] {
        [.section(name(.description), anchor: "description")] + text(incident.description)
    }

    func impact() -> [ReportBlock] {
        var blocks: [ReportBlock] = [.section(name(.scope), anchor: "impact")]
        blocks += text(incident.scope)
        guard !incident.impact.isEmpty else { return blocks }
        let names = [name(.impact), say("Query", "查询"), say("Evidence", "证据")]
        blocks.append(
            .table(
                ReportTable(
                    names, short: [2],
                    incident.impact.map { claim in
                        let query: ReportLine =
                            claim.query.isEmpty ? [.muted("–")] : [.code(claim.query)]
                        return [
                            ReportLine(claim.text), query,
                            claim.pins.isEmpty ? [.muted("–")] : pins(claim.pins),
                        ]
                    })))
        return blocks
    }

    func cause() -> [ReportBlock] {
        var blocks: [ReportBlock] = [.section(name(.rootCause), anchor: "cause")]
        blocks += text(incident.rootCause)
        if !incident.trigger.isEmpty {
            blocks += [.heading(name(.trigger))] + prose(incident.trigger)
        }
        if !incident.factors.isEmpty {
            blocks += [.heading(name(.factors)), list(incident.factors)]
        }
        if !incident.whys.isEmpty {
            blocks += [.heading(name(.whys)), list(incident.whys, isOrdered: true)]
        }
        if !incident.patterns.isEmpty {
            let patterns = incident.patterns.map { ReportLine([.code($0)]) }
            blocks += [.heading(name(.patterns)), .list(patterns, isOrdered: false)]
        }
        return blocks
    }

    private func list(_ lines: [String], isOrdered: Bool = false) -> ReportBlock {
        .list(lines.map { ReportLine($0) }, isOrdered: isOrdered)
    }

    func prevention() -> [ReportBlock] {
        var blocks: [ReportBlock] = [.section(name(.prevention), anchor: "prevention")]
        blocks += text(incident.prevention)
        if !incident.actions.isEmpty { blocks += [.heading(name(.actions)), .table(actions())] }
        if !incident.lessons.isEmpty {
            blocks.append(.section(name(.lessons), anchor: "lessons"))
            blocks += prose(incident.lessons)
        }
        if !incident.related.isEmpty {
            blocks += [.heading(name(.related)), list(incident.related.map(\.description))]
        }
        return blocks
    }

    private func actions() -> ReportTable {
        let names = [
            say("Action", "事项"), say("Owner", "负责人"), say("Due", "期限"), say("State", "状态"),
        ]
        return ReportTable(
            names, short: [2, 3],
            incident.actions.map { action in
                var state = action.state.name(in: settings.language)
                let today = settings.date(settings.generated)
                if action.state == .open, let due = action.due, due.description < today {
                    state += say(", overdue", "，已逾期")
                }
                return [
                    ReportLine(action.text), value(action.owner), value(action.due?.description),
                    ReportLine(state),
                ]
            })
    }

    // MARK: Timeline

    func timelineNote() -> String {
        let zone = settings.zone.name
        return say(
            "\(name(.steps)), the record's times and pinned log lines in order. Times are of "
                + "\(zone), and after + or − since the start.",
            "按时间顺序列出\(name(.steps))、各时间点与固定的日志行。时区为 \(zone)，+ 或 − 后为距开始的时间。")
    }

    func timelineBlocks() -> [ReportBlock] {
        var day = ""
        let moments = timeline.items.map { item in
            let date = item.time.map(settings.date)
            let isNewDay = date != nil && date != day
            if let date { day = date }
            return ReportMoment(
                kind: item.kind.inReport, day: isNewDay ? date : nil,
                clock: item.time.map(settings.clock),
                relative: item.time.flatMap(timeline.relative), line: line(of: item),
                text: item.text,
                excerpts: item.evidence.compactMap(document.pin).map {
                    var excerpt = ReportExcerpt($0, .brief, settings)
                    if case .step = item.kind { excerpt.note = $0.note }
                    return excerpt
                })
        }
        let steps: [ReportBlock] =
            incident.steps.isEmpty
            ? [.facts([ReportFact(name(.steps), [.muted(settings.unknown)])])] : []
        return (moments.isEmpty ? [] : [.timeline(moments)]) + steps
    }

    private func line(of item: IncidentTimeline.Item) -> ReportLine {
        switch item.kind {
        case .times(let field): return [.strong(settings.moment(field))]
        case .step:
            var line = ReportLine(
                item.person.isEmpty ? [.muted(say("by somebody", "处理人未知"))] : [.strong(item.person)]
            )
            for pin in item.pins where !item.evidence.contains(pin) {
                line.pieces += [.text(" "), .pin(pin, isThere: document.pin(pin) != nil)]
            }
            return line
        case .pin: return [.strong(say("Log", "日志"))]
        }
    }
}

extension IncidentTimeline.Kind {
    fileprivate var inReport: ReportMoment.Kind {
        switch self {
        case .times: .mark
        case .step: .step
        case .pin: .log
        }
    }
}
