internal import Presentation

/// Text broken into lines of a terminal's width.
enum TextWrapping {
    /// The lines of `text`, broken at spaces.
    ///
    /// A newline stays a break, an indented line is kept as it is, and a word wider than `width`
    /// gets a line of its own.
    static func lines(of text: String, width: Int) -> [String] {
        text.split(separator: "\n", omittingEmptySubsequences: false).flatMap {
            $0.hasPrefix(" ") ? [String($0)] : wrapped($0, width: width)
        }
    }

    private static func wrapped(_ paragraph: Substring, width: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        var columns = 0
        for word in paragraph.split(separator: " ") {
            let wordColumns = TextWidth.columns(of: String(word))
            if columns > 0 && columns + 1 + wordColumns > width {
                lines.append(line)
                (line, columns) = ("", 0)
            }
            if columns > 0 {
                line += " "
                columns += 1
            }
            line += word
            columns += wordColumns
        }
        return lines + [line]
    }
}
