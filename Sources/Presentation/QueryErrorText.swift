package import LogQuery

extension QueryError {
    /// The error as lines for a terminal, without a newline at the end.
    ///
    /// ```
    /// logq: unknown field 'statsu'
    ///   | statsu:500
    ///   | ^^^^^^
    ///   = help: did you mean 'status'?
    /// ```
    /// Columns are counted as a terminal does, wide characters as two. Control characters are
    /// shown as blanks or U+FFFD, never sent. A query wider than a terminal is cut around the range;
    /// a range outside of the query is moved into it.
    package func rendered() -> String {
        let (excerpt, column, width) = excerpt()
        var lines = [
            "logq: " + Self.visible(problem),
            "  | " + excerpt,
            "  | " + String(repeating: " ", count: column) + String(repeating: "^", count: width),
        ]
        if let help { lines.append("  = help: " + Self.visible(help)) }
        return lines.joined(separator: "\n")
    }

    private static let widest = 100

    /// The part of the query that is shown, and the column and width of the carets under it.
    private func excerpt() -> (text: String, column: Int, width: Int) {
        var cells: [(scalar: Unicode.Scalar, width: Int, offset: Int)] = []
        var offset = 0
        for scalar in query.unicodeScalars {
            let shown = Self.visible(scalar)
            cells.append((shown, TextWidth.columns(of: shown), offset))
            offset += UTF8.width(scalar)
        }
        let from = cells.firstIndex { $0.offset >= range.lowerBound } ?? cells.count
        let to = max(from, cells.firstIndex { $0.offset >= range.upperBound } ?? cells.count)
        let shown = window(cells.map(\.width), around: from..<to)

        var text = shown.lowerBound > 0 ? "…" : ""
        for cell in cells[shown] { text.unicodeScalars.append(cell.scalar) }
        if shown.upperBound < cells.count { text += "…" }
        let column =
            (shown.lowerBound > 0 ? 1 : 0)
            + cells[shown.lowerBound..<from].reduce(0) { $0 + $1.width }
        let marked = cells[from..<min(to, max(from, shown.upperBound))]
        return (text, column, max(1, marked.reduce(0) { $0 + $1.width }))
    }

    /// The cells to show: all when they fit, else as many as fit, beginning a little before `range`.
    private func window(_ widths: [Int], around range: Range<Int>) -> Range<Int> {
        guard widths.reduce(0, +) > Self.widest else { return 0..<widths.count }
        var start = range.lowerBound
        var before = 0
        while start > 0, before + widths[start - 1] <= Self.widest / 2 {
            start -= 1
            before += widths[start]
        }
        var end = start
        var total = 0
        while end < widths.count, total + widths[end] <= Self.widest {
            total += widths[end]
            end += 1
        }
        return start..<max(end, range.lowerBound)
    }

    private static func visible(_ text: String) -> String {
        var shown = ""
        for scalar in text.unicodeScalars { shown.unicodeScalars.append(visible(scalar)) }
        return shown
    }

    /// The scalar itself, a blank for a tab or newline, or U+FFFD for what could steer a terminal:
    /// one for one, so that the carets stay below their place.
    private static func visible(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        if scalar == "\n" || scalar == "\r" || scalar == "\t" { return " " }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: return "\u{FFFD}"
        default: return scalar
        }
    }
}
