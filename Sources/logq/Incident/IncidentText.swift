internal import Incidents
internal import LogModel
internal import LogStore
internal import Presentation

/// A record for a person on a terminal.
struct IncidentText {
    let shown: ShownIncident
    let language: Language
    let settings: PictureSettings
    let today: CalendarDate

    typealias Paragraph = PropertyList.Paragraph

    init(
        _ shown: ShownIncident, language: Language, _ settings: PictureSettings,
        today: CalendarDate
    ) {
        (self.shown, self.language, self.settings) = (shown, language, settings)
        self.today = today
    }

    /// A text in the language of the output.
    func said(_ english: String, _ chinese: String) -> String {
        language == .english ? english : chinese
    }

    private var incident: Incident { shown.record.incident }

    /// The record with its pins, a line each.
    func record() -> [UInt8] {
        var list = PropertyList()
        list.add(said("Record", "记录"), shown.record.id.description, .bold)
        for field in IncidentField.allCases {
            list.add(field.name(in: language), paragraphs(of: field))
            if field == .detection { addResponseTimes(to: &list) }
        }
        list.add(said("Pins", "证据"), pinLines())
        list.add(said("Removed pins", "已移除证据"), shown.removed.map(paragraph))
        // A list of its own, narrow enough to have the root in one piece.
        var changes = PropertyList()
        addChanges(to: &changes)
        addLint(to: &changes)
        return list.text(settings) + [0x0A] + changes.text(settings)
    }

    private func paragraphs(of field: IncidentField) -> [Paragraph] {
        switch field {
        case .severity: [Paragraph](lines(field).map { Paragraph($0, incident.severity?.style) })
        case .impact: incident.impact.enumerated().flatMap(paragraphs)
        case .steps: numbered(incident.steps.map { $0.line(zone: settings.zone) })
        case .actions: incident.actions.enumerated().map(paragraph)
        case .factors, .whys: numbered(lines(field))
        case .services, .hosts, .handlers, .reviewers, .related, .tags:
            joined(lines(field))
        default: lines(field).map { Paragraph($0) }
        }
    }

    private func lines(_ field: IncidentField) -> [String] {
        incident.lines(of: field, zone: settings.zone, language: language)
    }

    private func numbered(_ lines: [String]) -> [Paragraph] {
        lines.enumerated().map { Paragraph("\($0 + 1). \($1)", hang: 3) }
    }

    private func joined(_ names: [String]) -> [Paragraph] {
        names.isEmpty ? [] : [Paragraph(names.joined(separator: said(", ", "、")))]
    }

    /// The claim, and below it what it rests on.
    private func paragraphs(_ index: Int, _ claim: ImpactClaim) -> [Paragraph] {
        let text = Paragraph("\(index + 1). \(claim.text)\(PinName.suffix(claim.pins))", hang: 3)
        return claim.query.isEmpty ? [text] : [text, Paragraph(claim.query, .debug, indent: 3)]
    }

    private func paragraph(_ index: Int, _ action: PreventionAction) -> Paragraph {
        let isOverdue = action.isOverdue(on: today)
        let mark = isOverdue ? said(" OVERDUE", " 已逾期") : ""
        return Paragraph(
            "\(index + 1). \(action.line(in: language))\(mark)", isOverdue ? .error : nil, hang: 3)
    }

    private func addResponseTimes(to list: inout PropertyList) {
        for row in ResponseTimes(incident).rows(in: language) {
            guard let span = row.span else { continue }
            list.add(
                row.name,
                language.duration(HumanUnits.duration(nanoseconds: span))
                    + said(" (\(row.definition))", "（\(row.definition)）"))
        }
    }

    private func addChanges(to list: inout PropertyList) {
        let entries = shown.entries.map(\.entry)
        guard let first = entries.first, let last = entries.last else { return }
        list.add(said("Made", "创建"), stamp(first))
        if !shown.record.incident.origin.isEmpty {
            list.add(said("Imported from", "导入自"), shown.record.incident.origin)
        }
        if last.number > 1 {
            list.add(
                said("Changed", "更新"),
                stamp(last) + said(" (entry \(last.number))", "（第 \(last.number) 次变更）"))
        }
        list.add(said("Root", "根摘要"), Digest.hex(shown.record.root))
    }

    /// `2026-11-20 10:15:03 +08:00, alice`.
    func stamp(_ entry: Entry) -> String {
        RFC3339.offsetText(entry.time, zone: settings.zone) + said(", ", "，") + entry.author
    }

    private func addLint(to list: inout PropertyList) {
        guard incident.status != .closed, shown.missing > 0 else { return }
        let command = "'logq incident lint \(shown.record.id)'"
        let count = shown.missing
        list.add(
            said("To close it", "关闭前"),
            said(
                count == 1
                    ? "1 thing is missing, see \(command)"
                    : "\(count) things are missing, see \(command)",
                "还缺 \(count) 项，见 \(command)"), .warning)
    }
}
