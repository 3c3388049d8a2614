internal import Presentation

/// Text of people and logs as Markdown (CommonMark with GitHub's tables and links) that shows it and does
/// nothing else: no heading, list, link, picture, HTML or end of a block comes of it.
enum MarkdownText {
    /// One line; what would become a link of its own (`http://…`, `www.…`, `a@b`) is set as code.
    static func line(_ text: String) -> String {
        let safe = SafeText.escaped(unbroken(text))
        var output = ""
        var word: [Unicode.Scalar] = []
        func flush() {
            guard !word.isEmpty else { return }
            output += isLink(word) ? code(string(word)) : escaped(word, atStart: output.isEmpty)
            word = []
        }
        for scalar in safe.unicodeScalars {
            if scalar.isASCII, scalar != " ", scalar != "\t" {
                word.append(scalar)
                continue
            }
            flush()
            // Blanks at the start would make a code block.
            if !output.isEmpty || !(scalar == " " || scalar == "\t") {
                output.unicodeScalars.append(scalar == "\t" ? " " : scalar)
            }
        }
        flush()
        while output.hasSuffix(" ") { output.removeLast() }
        return output
    }

    /// Several lines, as paragraphs with hard breaks.
    static func paragraphs(_ text: String) -> String {
        let lines = text.lines.map(line)
        var output = ""
        for (index, line) in lines.enumerated() where !line.isEmpty {
            let isBehindLine = index > 0 && !lines[index - 1].isEmpty
            output += output.isEmpty ? "" : isBehindLine ? "\\\n" : "\n\n"
            output += line
        }
        return output
    }

    /// A code span that holds any text; line breaks are shown as escapes.
    static func code(_ text: String) -> String {
        var text = SafeText.escaped(text)
        guard !text.isEmpty else { return "" }
        let fence = String(repeating: "`", count: longestRun(of: "`", in: text) + 1)
        if text.hasPrefix("`") || text.hasSuffix("`") || text.hasPrefix(" ") || text.hasSuffix(" ")
        {
            text = " " + text + " "
        }
        return fence + text + fence
    }

    /// Markdown as a cell of a table, where a bar ends a code span too: each has an odd number of backslashes before
    /// it afterwards, so that no reader takes it for a border.
    static func cell(_ markdown: String) -> String {
        var output = ""
        var backslashes = 0
        for scalar in markdown.unicodeScalars {
            if scalar == "|", backslashes % 2 == 0 { output += "\\" }
            backslashes = scalar == "\\" ? backslashes + 1 : 0
            output.unicodeScalars.append(scalar)
        }
        return output
    }

    /// Lines of text in a fence that none of them ends.
    static func fenced(_ lines: [String], _ language: String = "text") -> String {
        let longest = lines.map { longestRun(of: "`", in: $0) }.max() ?? 0
        let fence = String(repeating: "`", count: max(3, longest + 1))
        let text = lines.map { SafeText.escaped($0) + "\n" }.joined()
        return fence + language + "\n" + text + fence
    }

    private static func longestRun(of scalar: Unicode.Scalar, in text: String) -> Int {
        var (longest, run) = (0, 0)
        for other in text.unicodeScalars {
            run = other == scalar ? run + 1 : 0
            longest = max(longest, run)
        }
        return longest
    }

    private static func unbroken(_ text: String) -> String {
        text.lines.joined(separator: " ")
    }

    private static func string(_ scalars: [Unicode.Scalar]) -> String {
        var text = String.UnicodeScalarView()
        text.append(contentsOf: scalars)
        return String(text)
    }

    /// GitHub makes links of these without being asked.
    private static func isLink(_ word: [Unicode.Scalar]) -> Bool {
        let text = string(word).lowercased()
        return text.contains("://") || text.contains("www.") || text.contains("@")
            || text.contains("mailto:") || text.contains("xmpp:")
    }

    private static let special: Set<Unicode.Scalar> = [
        "\\", "`", "*", "_", "{", "}", "[", "]", "<", ">", "#", "|", "~", "&", "!", "$", "^",
    ]

    /// What begins a block only counts at the start of a line, such as `-`, `=` and `12.`.
    private static func escaped(_ word: [Unicode.Scalar], atStart: Bool) -> String {
        var output = String.UnicodeScalarView()
        for (index, scalar) in word.enumerated() {
            let isMarker =
                index == 0
                ? ["-", "+", "=", ":"].contains(scalar)
                : index == word.count - 1 && [".", ")"].contains(scalar)
                    && word[..<index].allSatisfy { ("0"..."9") ~= $0 }
            if special.contains(scalar) || atStart && isMarker { output.append("\\") }
            output.append(scalar)
        }
        return String(output)
    }
}
