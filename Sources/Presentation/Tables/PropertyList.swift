/// The properties of one thing for people: names, and beside them what they are, wrapped to the terminal.
///
/// Control characters of what is shown become escapes; newlines of it begin new lines.
package struct PropertyList {
    /// A paragraph of a value.
    package struct Paragraph {
        package var text: String
        package var style: Style?
        /// Columns that it stands further to the right.
        package var indent: Int
        /// Columns that its lines but the first stand to the right of that.
        package var hang: Int

        package init(_ text: String, _ style: Style? = nil, indent: Int = 0, hang: Int = 0) {
            (self.text, self.style) = (text, style)
            (self.indent, self.hang) = (indent, hang)
        }
    }

    private var rows: [(name: String, paragraphs: [Paragraph])] = []
    private static let gap = 2
    private static let narrowest = 20

    package init() {}

    /// Adds a property; one without paragraphs is left out.
    package mutating func add(_ name: String, _ paragraphs: [Paragraph]) {
        if !paragraphs.isEmpty { rows.append((SafeText.escaped(name), paragraphs)) }
    }

    /// Adds a property; an empty one is left out.
    package mutating func add(_ name: String, _ text: String, _ style: Style? = nil) {
        if !text.isEmpty { add(name, [Paragraph(text, style)]) }
    }

    /// The lines, each with its newline.
    package func text(_ settings: PictureSettings) -> [UInt8] {
        let start = (rows.map { TextWidth.columns(of: $0.name) }.max() ?? 0) + Self.gap
        var lines: [PictureLine] = []
        for row in rows {
            let texts = row.paragraphs.flatMap { wrapped($0, settings, at: start) }
            for (index, text) in texts.enumerated() {
                var line = PictureLine()
                if index == 0 { line.add(row.name, .style(.dim)) }
                line.pad(to: start + text.indent)
                line.add(text.text, text.style.map { .style($0) } ?? .plain)
                lines.append(line)
            }
        }
        return lines.written(settings)
    }

    private func wrapped(
        _ paragraph: Paragraph, _ settings: PictureSettings, at start: Int
    ) -> [Paragraph] {
        let indent = paragraph.indent
        let room = settings.width.map {
            max(Self.narrowest, $0 - start - indent - paragraph.hang)
        }
        var lines: [String] = []
        for text in paragraph.text.split(separator: "\n", omittingEmptySubsequences: false) {
            let safe = SafeText.escaped(String(text))
            lines += room.map { TextWidth.wrapped(safe, to: $0) } ?? [safe]
        }
        return lines.enumerated().map {
            Paragraph($1, paragraph.style, indent: $0 == 0 ? indent : indent + paragraph.hang)
        }
    }
}
