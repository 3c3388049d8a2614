internal import LogModel
package import Presentation

extension IncidentTimeline {
    /// The timeline in columns, for a terminal: day, clock, how long after the start, and what it was.
    package func text(
        _ pins: [Pin], _ settings: ReportSettings, _ painter: Painter
    ) -> [UInt8] {
        var output: [UInt8] = []
        var day = ""
        let relatives = items.map { $0.time.flatMap(relative) ?? "" }
        let width = relatives.map(TextWidth.columns).max() ?? 0
        for (item, relative) in zip(items, relatives) {
            let date = item.time.map(settings.date) ?? ""
            if date != day, !date.isEmpty {
                painter.append(date, in: .bold, to: &output)
                output.append(0x0A)
                day = date
            }
            let clock = item.time.map(settings.clock) ?? String(repeating: " ", count: 8)
            output += Array((clock + "  ").utf8)
            var padded: [UInt8] = []
            TextWidth.append(
                relative.utf8.span, paddedTo: width, alignment: .trailing, to: &padded)
            painter.append(padded.span, in: .dim, to: &output)
            output += Array("  ".utf8)
            let indent = 12 + width
            append(item, indent: indent, settings, painter, to: &output)
            for number in item.evidence {
                guard let pin = pins.first(where: { $0.number == number }) else { continue }
                let note = item.kind == .pin(number) ? "" : pin.note
                append(pin, note, indent: indent, settings, painter, to: &output)
            }
        }
        return output
    }

    /// What it was, and people's words; further lines are set below the first.
    private func append(
        _ item: Item, indent: Int, _ settings: ReportSettings, _ painter: Painter,
        to output: inout [UInt8]
    ) {
        let (head, style) = head(of: item, settings)
        painter.append(SafeText.escaped(head), in: style, to: &output)
        let blanks = String(repeating: " ", count: indent)
        let lines = SafeText.escaped(item.text, keepNewlines: true).lines
        let text = lines.joined(separator: "\n" + blanks)
        if !text.isEmpty { output += Array(((head.isEmpty ? "" : "  ") + text).utf8) }
        let unseen = item.pins.filter { !item.evidence.contains($0) }
        if !unseen.isEmpty {
            let names = unseen.map { "P\($0)" }.joined(separator: " ")
            painter.append("  [\(names)]", in: .dim, to: &output)
        }
        output.append(0x0A)
    }

    private func head(
        of item: Item, _ settings: ReportSettings
    ) -> (text: String, style: Style?) {
        switch item.kind {
        case .times(let field):
            (settings.moment(field), field == .started ? .error : .warning)
        case .step: (item.person, .bold)
        case .pin: (settings.say("log", "日志"), .info)
        }
    }

    /// The pin's name and place, and its lines, of which the first few are shown.
    private func append(
        _ pin: Pin, _ note: String, indent: Int, _ settings: ReportSettings, _ painter: Painter,
        to output: inout [UInt8]
    ) {
        let blanks = String(repeating: " ", count: indent)
        let excerpt = ReportExcerpt(pin, .brief, settings)
        let place = SafeText.escaped("\(pin.name)  \(excerpt.caption)")
        painter.append(blanks + place, in: .dim, to: &output)
        if !note.isEmpty { output += Array((": " + SafeText.escaped(note)).utf8) }
        output.append(0x0A)
        let style = Style(severityNumber: Int(pin.event.severityNumber))
        for line in excerpt.event {
            output += Array((blanks + "  ").utf8)
            painter.append(line, in: style, to: &output)
            output.append(0x0A)
        }
        if let omission = excerpt.omission {
            painter.append(blanks + "  … " + omission, in: .dim, to: &output)
            output.append(0x0A)
        }
    }

    /// An object a line: `time`, `after` in seconds, `kind`, and what else is known.
    package func jsonLines() -> [UInt8] {
        var json = JSONWriter()
        for item in items {
            json.beginObject()
            json.key("time")
            json.time(item.time)
            json.key("after_seconds")
            if let after = item.time.flatMap(span) {
                json.number(Double(after) / 1e9)
            } else {
                json.null()
            }
            switch item.kind {
            case .times(let field): json.member("kind", field.rawValue)
            case .step: json.member("kind", "step")
            case .pin: json.member("kind", "pin")
            }
            if !item.person.isEmpty { json.member("by", item.person) }
            json.member("text", item.text)
            json.key("pins")
            json.strings(item.pins.map { "P\($0)" })
            json.endObject()
            json.endLine()
        }
        return json.bytes
    }
}
