package import Configuration
package import LogModel

/// A fault record as a Markdown document that people edit: a heading a field, what is known below it.
///
///     <!-- logq incident INC-2026-0007 entry 5, times in Asia/Shanghai -->
///
///     ## Started
///     2026-11-20 10:14:42
///
///     ## Handling steps
///     - 2026-11-20 10:26:39 rolled back to release1.0.4
///       - by: 李雷
///       - evidence: P3
///
/// Any record is read back as it was written, in either language (`FormText` has the notation). Headings may be in
/// any order, English, Chinese or as in JSON. A field whose heading is missing stays as it was in the
/// record that the form was made of; one without a text is cleared. Hints (`<!-- … -->`) are never read.
package struct IncidentForm: Sendable {
    /// The record; nil for one that is to be made.
    package let id: IncidentID?
    /// How many entries the record had when the form was made.
    package let entry: Int
    /// Of the times in it.
    package let zone: Zone

    package init(_ id: IncidentID?, entry: Int = 0, zone: Zone) {
        (self.id, self.entry, self.zone) = (id, entry, zone)
    }

    private static let start = "<!-- logq incident "
    private static let zoneMark = ", times in "

    private var firstLine: String {
        let name = id.map { "\($0) entry \(entry)" } ?? "new"
        return Self.start + name + Self.zoneMark + zone.name + " -->"
    }

    /// Reads the first line of a form, which says what it is of.
    package init(
        firstLineOf bytes: [UInt8], file: String
    ) throws(ConfigurationError) {
        var line = String(decoding: bytes.prefix { $0 != 0x0A && $0 != 0x0D }, as: UTF8.self)[...]
        if line.unicodeScalars.first == "\u{FEFF}" { line.unicodeScalars.removeFirst() }
        func fault(_ problem: String) -> ConfigurationError {
            ConfigurationError(
                file: file,
                faults: [
                    ConfigurationError.Fault(
                        line: 1, problem,
                        help: "such as \(Self.start)INC-2026-0007 entry 5\(Self.zoneMark)UTC -->")
                ])
        }
        guard line.hasPrefix(Self.start), line.hasSuffix(" -->") else {
            throw fault("the first line must say of which record the form is")
        }
        line = line.dropFirst(Self.start.count).dropLast(4)
        let words = line.split(separator: " ", maxSplits: 5)
        let isNew = words.first == "new,"
        let rest = words.dropFirst(isNew ? 1 : 3)
        guard rest.count == 3, rest.starts(with: ["times", "in"]), let name = rest.last else {
            throw fault("the first line must say of which record the form is")
        }
        do { zone = try Zone.named(String(name)) } catch { throw fault(error.description) }
        if isNew {
            (id, entry) = (nil, 0)
        } else {
            guard let id = IncidentID(words[0]), words[1] == "entry",
                let entry = Int(words[2].dropLast()), words[2].last == ",", entry > 0
            else { throw fault("the first line must say of which record the form is") }
            (self.id, self.entry) = (id, entry)
        }
    }

    // MARK: Writing

    /// The form of a record; remarks stand as hints below the headings of their fields.
    package func text(
        of incident: Incident, in language: Language, remarks: [IncidentField: String] = [:]
    ) -> [UInt8] {
        var lines = [Array(firstLine.utf8)]
        lines += FormHints.introduction(in: language).map { Array("<!-- \($0) -->".utf8) }
        for field in IncidentField.allCases {
            lines += [[], Array("## \(field.name(in: language))".utf8)]
            if incident.isEmpty(field) || FormHints.isAlwaysShown(field) {
                lines += FormHints.hint(for: field, in: language)
            }
            if let remark = remarks[field] { lines += FormHints.comment(remark) }
            lines += content(of: field, incident, language)
        }
        return Array(lines.joined(separator: [0x0A])) + [0x0A]
    }

    /// What stands below the heading of a field.
    package func content(
        of field: IncidentField, _ incident: Incident, _ language: Language
    ) -> [[UInt8]] {
        func line(_ text: String?) -> [[UInt8]] {
            text.map { [FormText.line(of: $0, in: .section)] } ?? []
        }
        func items(_ texts: [String]) -> [[UInt8]] {
            texts.map { Array("- ".utf8) + FormText.line(of: $0, in: .item) }
        }
        if incident.isEmpty(field) { return [] }
        switch field.shape {
        case .line(let path): return line(incident[keyPath: path])
        case .text(let path): return FormText.lines(of: incident[keyPath: path], in: .section)
        case .time(let path):
            return line(incident[keyPath: path].map { FormTime.text($0, zone: zone) })
        case .lines(let path): return items(incident[keyPath: path])
        case .type:
            let name = incident.type.map {
                language == .english ? $0.description : $0.name(in: language)
            }
            return line(name)
        case .severity: return line(incident.severity?.rawValue)
        case .status: return line(incident.status.name(in: language))
        case .impact: return incident.impact.flatMap { FormItem.lines($0, language) }
        case .steps:
            return incident.steps.flatMap {
                FormItem.lines($0, language) { FormTime.text($0, zone: zone) }
            }
        case .actions: return incident.actions.flatMap { FormItem.lines($0, language) }
        case .related: return items(incident.related.map(\.description))
        }
    }
}
