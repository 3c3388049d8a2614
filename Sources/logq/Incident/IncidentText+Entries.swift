internal import Incidents
internal import LogModel
internal import LogStore
internal import Presentation
internal import SQLite

extension IncidentText {
    /// Every change: number, time, who, what, and the digest.
    func entries() -> [UInt8] {
        var old = Incident()
        var list = PropertyList()
        for (entry, content) in shown.entries {
            var paragraphs = [Paragraph("\(entry.kind.rawValue)  \(stamp(entry))", .bold)]
            if let content {
                paragraphs += what(entry, content, &old)
            } else {
                paragraphs.append(
                    Paragraph(said("its content was purged", "内容已被清除"), .warning, indent: 2))
            }
            paragraphs.append(Paragraph(Digest.hex(entry.digest), .dim, indent: 2))
            list.add("\(entry.number)", paragraphs)
        }
        return [0x0A] + list.text(settings)
    }

    private func what(
        _ entry: Entry, _ content: [UInt8], _ old: inout Incident
    ) -> [Paragraph] {
        if entry.kind.isRevision {
            guard let new = try? Incident(json: content) else {
                let text = said("its content cannot be read", "内容无法读取")
                return [Paragraph(text, .error, indent: 2)]
            }
            let changes = FieldChange.changes(
                from: old, to: new, zone: settings.zone, language: language)
            old = new
            return changes.flatMap { paragraphs($0) }
        }
        let json = try? JSONValue(content)
        let about = ["pin", "reason", "note", "query"].compactMap { name in
            json?[name]?.text.flatMap { $0.isEmpty ? nil : $0 }
        }
        return about.isEmpty ? [] : [Paragraph(about.joined(separator: "  "), indent: 2)]
    }

    private func paragraphs(_ change: FieldChange) -> [Paragraph] {
        let name = change.field.name(in: language)
        if change.lines.count == 1 {
            return [Paragraph("\(name): \(change.lines[0])", indent: 2, hang: 2)]
        }
        return [Paragraph("\(name):", indent: 2)]
            + change.lines.map { Paragraph($0, indent: 4, hang: 2) }
    }
}
