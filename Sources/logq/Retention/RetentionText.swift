internal import LogModel
internal import LogStore
internal import Presentation
internal import Retention

/// The nightly job's plan and report for people.
struct RetentionText {
    private let settings: PictureSettings
    private let evidence: DayEvidenceReport

    init(_ settings: PictureSettings, evidence: DayEvidenceReport = .none) {
        (self.settings, self.evidence) = (settings, evidence)
    }

    // MARK: The plan

    /// The days to which something happens, and the others in a line.
    func text(_ plan: RetentionPlan, now: Int64) -> [UInt8] {
        let changed = plan.days.filter { $0.action != nil }
        var table = Self.table([
            ("day", false), ("age", true), ("what", false), ("events", true), ("removed", true),
            ("now", true), ("after", true), ("why", false),
        ])
        table.rows = changed.map { row($0, now) }
        if changed.contains(where: { !evidence.kept(of: $0).isEmpty }) {
            table.columns.append(.init(name: "fault records", isNumeric: false))
            for (index, day) in changed.enumerated() {
                table.rows[index].append(Self.cell(evidence.text(of: day)))
            }
        }
        table.notes = [stayNote(plan)]
        if changed.isEmpty { return Self.lines(table.notes) }
        let after = changed.reduce(plan.storeBytes) { $0 + $1.bytesAfter - $1.bytesBefore }
        table.notes.append(
            "the store: \(HumanUnits.bytes(plan.storeBytes)) now, "
                + "about \(HumanUnits.bytes(max(0, after))) afterwards")
        return TableView(settings).text(table)
    }

    private func row(_ day: PlannedDay, _ now: Int64) -> [ResultTable.Value] {
        [
            Self.cell(day.day.name), Self.cell("\(day.age(at: now)) d"),
            Self.cell(day.action?.rawValue ?? ""), .integer(Int64(day.events)),
            Self.cell(day.removedText), .bytes(day.bytesBefore), .bytes(day.bytesAfter),
            Self.cell(day.reason),
        ]
    }

    private func stayNote(_ plan: RetentionPlan) -> String {
        let staying = plan.days.filter { $0.action == nil }
        guard let first = staying.first, let last = staying.last else { return "no other days" }
        let events = staying.reduce(0) { $0 + $1.events }
        let bytes = staying.reduce(0) { $0 + $1.bytesBefore }
        let days =
            staying.count == 1
            ? "1 day stays as it is, \(first.day.name)"
            : "\(staying.count) days stay as they are, \(first.day.name) to \(last.day.name)"
        return "\(days): \(HumanUnits.count(Int64(events))) events, \(HumanUnits.bytes(bytes))"
    }

    // MARK: The report

    func text(_ report: RetentionReport, _ window: JobWindow?) -> [UInt8] {
        if case .outsideWindow(let opens) = report.outcome {
            let zone = window?.zone ?? settings.zone
            let time = RFC3339.clockText(opens, zone: zone).prefix(16)
            return Self.lines([
                "nothing done: outside of the window \(window?.text ?? ""), which opens \(time); "
                    + "--any-time runs it now"
            ])
        }
        guard !report.steps.isEmpty else { return Self.lines([outcome(report)]) }
        var table = Self.table([
            ("day", false), ("what", false), ("events", true), ("removed", true), ("before", true),
            ("after", true), ("took", true), ("why", false),
        ])
        table.rows = report.steps.map(row)
        table.notes = [outcome(report)]
        return TableView(settings).text(table)
    }

    private func row(_ step: RetentionReport.Step) -> [ResultTable.Value] {
        let change = step.change
        let kept = change.eventsIndexed + change.eventsArchived
        return [
            Self.cell(step.day.name), Self.cell(step.action.rawValue),
            .integer(Int64(kept + change.eventsRemoved)), .integer(Int64(change.eventsRemoved)),
            .bytes(change.bytesBefore), .bytes(change.bytesAfter),
            .duration(Double(step.ended - step.started) / 1e9), Self.cell(step.reason),
        ]
    }

    private func outcome(_ report: RetentionReport) -> String {
        var parts = report.counts.map { "\($0.days) \($0.action.rawValue)" }
        if parts.isEmpty { parts = ["nothing to do"] }
        if case .stopped(let reason) = report.outcome {
            parts.append("stopped: \(reason); the next night does the rest")
        }
        let seconds = max(report.seconds, 1e-9)
        var text = parts.joined(separator: ", ")
        if !report.steps.isEmpty {
            text +=
                "; \(HumanUnits.bytes(report.bytesBefore)) to \(HumanUnits.bytes(report.bytesAfter)) "
                + "in \(HumanUnits.duration(seconds: seconds))"
        }
        return text + "; free: \(HumanUnits.bytes(report.freeBefore)) before, "
            + "\(HumanUnits.bytes(report.freeAfter)) after"
    }

    // MARK: Tables

    static func table(_ columns: [(name: String, isNumeric: Bool)]) -> ResultTable {
        ResultTable(
            columns: columns.map { ResultTable.Column(name: $0.name, isNumeric: $0.isNumeric) })
    }

    static func cell(_ text: String) -> ResultTable.Value { .text(Array(text.utf8)) }

    static func lines(_ lines: [String]) -> [UInt8] {
        lines.flatMap { Array(SafeText.escaped($0).utf8) + [0x0A] }
    }
}

extension PlannedDay {
    /// Whole days since the day's end.
    func age(at now: Int64) -> Int64 { max(0, (now - day.end) / 86_400_000_000_000) }

    /// How many of a block's events go is known when it is read.
    fileprivate var removedText: String {
        (mayRemoveMore ? "≥ " : "") + HumanUnits.count(Int64(eventsRemoved))
    }
}
