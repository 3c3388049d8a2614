internal import Presentation

/// Writes the parts of a report as Markdown, readable as it stands too.
struct MarkdownReport {
    let settings: ReportSettings
    private var output = ""

    init(_ settings: ReportSettings) { self.settings = settings }

    /// The whole text.
    static func text(_ blocks: [ReportBlock], _ settings: ReportSettings) -> [UInt8] {
        var report = MarkdownReport(settings)
        for block in blocks { report.add(block) }
        return Array(report.output.utf8)
    }

    private mutating func add(_ block: ReportBlock) {
        switch block {
        case .title(let id, let text, let marks):
            put("# \(id) \(MarkdownText.line(text))")
            put(marks.map { "**\(MarkdownText.line($0.text))**" }.joined(separator: " · "))
        case .section(let text, _): put("## \(MarkdownText.line(text))")
        case .heading(let text, _): put("### \(MarkdownText.line(text))")
        case .paragraph(let line): put(self.line(line))
        case .text(let text): put(MarkdownText.paragraphs(text))
        case .facts(let facts): add(facts)
        case .figures(let figures): add(figures)
        case .table(let table): add(table)
        case .list(let items, let isOrdered): add(items, isOrdered)
        case .chart(let chart): add(chart)
        case .timeline(let moments): for moment in moments { add(moment) }
        case .excerpt(let excerpt): add(excerpt)
        case .footer(let lines):
            put("---")
            put(lines.map(line).joined(separator: "\\\n"))
        }
    }

    /// Adds a block, with a blank line before it.
    private mutating func put(_ block: String) {
        let block = block.drop { $0 == " " }
        guard !block.isEmpty else { return }
        if !output.isEmpty { output += "\n" }
        output += block + "\n"
    }

    private func line(_ line: ReportLine) -> String {
        line.pieces.map { piece in
            switch piece {
            case .text(let text):
                // Blanks between pieces are part of them.
                return (text.hasPrefix(" ") ? " " : "") + MarkdownText.line(text)
                    + (text.hasSuffix(" ") && text.count > 1 ? " " : "")
            case .muted(let text):
                let text = MarkdownText.line(text)
                return text.isEmpty ? "" : "*\(text)*"
            case .strong(let text):
                let text = MarkdownText.line(text)
                return text.isEmpty ? "" : "**\(text)**"
            case .code(let text): return MarkdownText.code(text)
            case .pin(let number, let isThere):
                return isThere ? "[P\(number)](#p\(number))" : "P\(number)"
            }
        }.joined()
    }

    private mutating func add(_ facts: [ReportFact]) {
        put(
            facts.map { "- **\(MarkdownText.line($0.name))**: \(line($0.value))" }
                .joined(separator: "\n"))
    }

    private mutating func add(_ figures: [ReportFigure]) {
        put(
            "|" + figures.map { " \(MarkdownText.line($0.name)) |" }.joined() + "\n|"
                + figures.map { _ in "---|" }.joined() + "\n|"
                + figures.map { " **\(MarkdownText.line($0.value))** |" }.joined() + "\n|"
                + figures.map { " \(MarkdownText.line($0.definition)) |" }.joined())
    }

    private mutating func add(_ table: ReportTable) {
        func row(_ cells: [String]) -> String { "|" + cells.map { " \($0) |" }.joined() }
        let head = row(table.columns.map { MarkdownText.line($0.name) })
        let rule = "|" + table.columns.map { $0.kind == .number ? "---:|" : "---|" }.joined()
        let rows = table.rows.map { row($0.map { MarkdownText.cell(line($0)) }) }
        put(([head, rule] + rows).joined(separator: "\n"))
    }

    private mutating func add(_ items: [ReportLine], _ isOrdered: Bool) {
        put(
            items.enumerated().map { (isOrdered ? "\($0 + 1). " : "- ") + line($1) }
                .joined(separator: "\n"))
    }

    private mutating func add(_ chart: ReportChart) {
        let (picture, span) = chart.bars
        put(MarkdownText.line(chart.name(span) + settings.say(". ", "。") + chart.summary))
        put(
            "```text\n" + picture
                + chart.marks.map { mark in
                    settings.clock(mark.time) + "  " + settings.moment(mark.field) + "\n"
                }.joined() + "```")
    }

    private mutating func add(_ moment: ReportMoment) {
        if let day = moment.day { put("### \(day)") }
        let clock = moment.clock ?? settings.say("time not known", "时间未知")
        var text = "**\(clock)**" + (moment.relative.map { " (\($0))" } ?? "")
        text += " · " + line(moment.line)
        let words = MarkdownText.paragraphs(moment.text)
        put(words.isEmpty ? text : text + "\\\n" + words)
        for excerpt in moment.excerpts { add(excerpt) }
    }

    /// The event's lines have a mark, its neighbours none.
    private mutating func add(_ excerpt: ReportExcerpt) {
        let note = MarkdownText.line(excerpt.note)
        put(
            "[P\(excerpt.pin)](#p\(excerpt.pin))" + (note.isEmpty ? " " : " **\(note)** · ")
                + MarkdownText.line(excerpt.caption))
        let omitted = excerpt.omission.map { ["  … " + $0] } ?? []
        put(
            MarkdownText.fenced(
                excerpt.before.map { "  " + $0 } + excerpt.event.map { "> " + $0 } + omitted
                    + excerpt.after.map { "  " + $0 }))
    }
}
