internal import LogStore
internal import Presentation

/// Writes the parts of a report as one page of HTML.
///
/// The page has no scripts and loads nothing; its policy allows the one style sheet in it, by its digest, so
/// even markup that came in by a fault of ours could not do anything.
struct HTMLReport {
    let settings: ReportSettings
    private var output = ""
    private var charts = 0

    /// The whole page.
    static func text(
        _ blocks: [ReportBlock], titled title: String, _ settings: ReportSettings
    ) -> [UInt8] {
        var report = HTMLReport(settings: settings)
        let digest = Base64.text(Digest.sha256(Array(ReportStyle.sheet.utf8)))
        report.output = """
            <!DOCTYPE html>
            <html lang="\(settings.say("en", "zh-CN"))">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; \
            style-src 'sha256-\(digest)'; base-uri 'none'; form-action 'none'">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta name="referrer" content="no-referrer">
            <title>\(HTMLText.escaped(title))</title>
            <style>\(ReportStyle.sheet)</style>
            </head>
            <body>
            <main>

            """
        for block in blocks { report.add(block) }
        report.output += "</main>\n</body>\n</html>\n"
        return Array(report.output.utf8)
    }

    private init(settings: ReportSettings) { self.settings = settings }

    private mutating func add(_ block: ReportBlock) {
        switch block {
        case .title(let id, let text, let marks):
            put("<header>\n<p class=\"id\">", settings.say("Incident report", "故障报告") + " · " + id)
            put("</p>\n<h1>", text)
            output += "</h1>\n<p class=\"marks\">"
            for mark in marks {
                let rank = mark.kind == .severity ? " p\(mark.rank)" : ""
                put("<span class=\"badge \(mark.kind.rawValue)\(rank)\">", mark.text)
                output += "</span> "
            }
            output += "</p>\n</header>\n"
        case .section(let text, let anchor):
            put("<h2 id=\"\(anchor)\">", text)
            output += "</h2>\n"
        case .heading(let text, let anchor):
            put(anchor.isEmpty ? "<h3>" : "<h3 id=\"\(anchor)\">", text)
            output += "</h3>\n"
        case .paragraph(let line): output += "<p>" + self.line(line) + "</p>\n"
        case .text(let text): paragraphs(text)
        case .facts(let facts): add(facts)
        case .figures(let figures): add(figures)
        case .table(let table): add(table)
        case .list(let items, let isOrdered): add(items, isOrdered ? "ol" : "ul")
        case .chart(let chart): add(chart)
        case .timeline(let moments): add(moments)
        case .excerpt(let excerpt): add(excerpt)
        case .footer(let lines):
            output += "<footer>\n"
            for line in lines { output += "<p>" + self.line(line) + "</p>\n" }
            output += "</footer>\n"
        }
    }

    /// Adds markup of ours and then text of others.
    private mutating func put(_ markup: String, _ text: String) {
        output += markup + HTMLText.escaped(text)
    }

    private mutating func paragraphs(_ text: String) {
        var lines: [String] = []
        for line in text.lines + [""] {
            if !line.allSatisfy({ $0 == " " }) {
                lines.append(line)
            } else if !lines.isEmpty {
                output += "<p>" + HTMLText.broken(lines.joined(separator: "\n")) + "</p>\n"
                lines = []
            }
        }
    }

    private func line(_ line: ReportLine) -> String {
        line.pieces.map { piece in
            switch piece {
            case .text(let text): HTMLText.broken(text)
            case .strong(let text): "<strong>\(HTMLText.escaped(text))</strong>"
            case .muted(let text): "<span class=\"muted\">\(HTMLText.escaped(text))</span>"
            case .code(let text): "<code>\(HTMLText.escaped(text))</code>"
            case .pin(let number, let isThere):
                isThere
                    ? "<a class=\"pin\" href=\"#P\(number)\">P\(number)</a>"
                    : "<del class=\"pin\">P\(number)</del>"
            }
        }.joined()
    }

    private mutating func add(_ facts: [ReportFact]) {
        output += "<dl>\n"
        for fact in facts {
            put("<dt>", fact.name)
            output += "</dt><dd>" + line(fact.value) + "</dd>\n"
        }
        output += "</dl>\n"
    }

    private mutating func add(_ figures: [ReportFigure]) {
        output += "<ul class=\"figures\">\n"
        for figure in figures {
            put("<li><span class=\"name\">", figure.name)
            put("</span> <strong>", figure.value)
            put("</strong> <span class=\"muted\">", figure.definition)
            output += "</span></li>\n"
        }
        output += "</ul>\n"
    }

    private mutating func add(_ table: ReportTable) {
        output += "<div class=\"table\"><table>\n<thead><tr>"
        for column in table.columns {
            put("<th\(column.kind.inHTML)>", column.name)
            output += "</th>"
        }
        output += "</tr></thead>\n<tbody>\n"
        for row in table.rows {
            output += "<tr>"
            for (column, cell) in zip(table.columns, row) {
                output += "<td\(column.kind.inHTML)>" + line(cell) + "</td>"
            }
            output += "</tr>\n"
        }
        output += "</tbody>\n</table></div>\n"
    }

    private mutating func add(_ items: [ReportLine], _ element: String) {
        output += "<\(element)>\n"
        for item in items { output += "<li>" + line(item) + "</li>\n" }
        output += "</\(element)>\n"
    }

    private mutating func add(_ chart: ReportChart) {
        charts += 1
        output += "<figure class=\"chart\">\n"
        for size in ChartSVG.Size.allCases {
            let picture = ChartSVG(chart, size, id: "chart\(charts)-\(size.rawValue)")
            put("<div class=\"\(size.rawValue)\"><p class=\"muted\">", chart.name(picture.span))
            output += "</p>\n" + picture.svg + "</div>\n"
        }
        if chart.series.count > 1 {
            output += "<ul class=\"legend\">\n"
            for (index, series) in chart.series.enumerated() {
                put("<li><span class=\"swatch s\(index)\"></span>", series.name)
                output += "</li>\n"
            }
            output += "</ul>\n"
        }
        output += "</figure>\n"
    }

    private mutating func add(_ moments: [ReportMoment]) {
        output += "<ol class=\"timeline\">\n"
        for moment in moments {
            if let day = moment.day {
                put("<li class=\"day\">", day)
                output += "</li>\n"
            }
            put(
                "<li class=\"\(moment.kind.rawValue)\"><p class=\"when\"><span class=\"clock\">",
                moment.clock ?? settings.say("time not known", "时间未知"))
            put("</span> <span class=\"relative\">", moment.relative ?? "")
            output += "</span></p>\n<div class=\"what\"><p>" + line(moment.line) + "</p>\n"
            paragraphs(moment.text)
            for excerpt in moment.excerpts { add(excerpt) }
            output += "</div></li>\n"
        }
        output += "</ol>\n"
    }

    private mutating func add(_ excerpt: ReportExcerpt) {
        output += "<figure class=\"log\"><figcaption>"
        var caption: ReportLine = [.pin(excerpt.pin, isThere: true), .text(" ")]
        if !excerpt.note.isEmpty { caption.pieces += [.strong(excerpt.note), .text(" ")] }
        output += line(caption) + line([.muted(excerpt.caption)])
        output += "</figcaption>\n<pre>"
        add(excerpt.before, "near")
        add(excerpt.event, "event")
        if let omission = excerpt.omission { add(["… " + omission], "near") }
        add(excerpt.after, "near")
        output += "</pre></figure>\n"
    }

    private mutating func add(_ lines: [String], _ kind: String) {
        for line in lines {
            put("<span class=\"\(kind)\">", line)
            output += "\n</span>"
        }
    }
}

extension ReportTable.Column.Kind {
    fileprivate var inHTML: String {
        switch self {
        case .text: ""
        case .number: " class=\"number\""
        case .short: " class=\"short\""
        }
    }
}
