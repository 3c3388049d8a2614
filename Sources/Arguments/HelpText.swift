internal import Presentation

/// Help that teaches: what a command is for, its flags, and lines to copy.
package enum HelpText {
    /// The help of one command, for a terminal of `width` columns; more than 100 are not used.
    package static func help(
        for command: CommandDeclaration, program: String = "logq", width: Int = 80
    ) -> String {
        var page = HelpPage(width: width)
        let isGroup = !command.subcommands.isEmpty
        var usage = "usage: \(program) \(command.name)\(isGroup ? " COMMAND" : "") [flags]"
        if let operands = command.operands { usage += " " + operands.usage }
        page.line(usage)
        page.gap()
        page.paragraph(command.summary)
        if !command.discussion.isEmpty {
            page.gap()
            page.paragraph(command.discussion)
        }
        page.commands(command.subcommands)
        var entries: [(label: String, help: String)] = []
        if let operands = command.operands {
            page.section("operands", entries: [("  " + operands.placeholder, operands.help)])
        }
        entries = command.flags.map { (label(of: $0), help(of: $0)) }
        if !command.flags.contains(where: { $0.name == "help" }) {
            let isTaken = command.flags.contains { $0.short == "h" }
            entries.append(((isTaken ? "      " : "  -h, ") + "--help", "show this help"))
        }
        page.section("flags", entries: entries)
        page.examples(command.examples)
        if isGroup { page.pointer("'\(program) help \(command.name) COMMAND'") }
        return page.text
    }

    /// The help of the program: every command that is not hidden, in the given order.
    package static func overview(
        of commands: [CommandDeclaration], program: String = "logq", summary: String = "",
        width: Int = 80
    ) -> String {
        var page = HelpPage(width: width)
        page.line("usage: \(program) COMMAND [flags] [operands]")
        if !summary.isEmpty {
            page.gap()
            page.paragraph(summary)
        }
        page.commands(commands)
        let starters = commands.filter { !$0.isHidden }.compactMap(\.examples.first)
        page.examples(Array(starters.prefix(3)))
        page.pointer("'\(program) help COMMAND'")
        return page.text
    }

    private static func label(of flag: Flag) -> String {
        let short = flag.short.map { "  -\($0), " } ?? "      "
        return short + "--" + flag.name + (flag.placeholder.map { " " + $0 } ?? "")
    }

    private static func help(of flag: Flag) -> String {
        var notes: [String] = []
        if let choices = flag.choices { notes.append("one of: " + choices.joined(separator: ", ")) }
        if flag.isRepeatable { notes.append("can be repeated") }
        if !flag.synonyms.isEmpty {
            notes.append("also " + flag.synonyms.map { "--" + $0 }.joined(separator: ", "))
        }
        if let negation = flag.negation { notes.append("--\(negation) turns it off") }
        return notes.isEmpty ? flag.help : flag.help + " (" + notes.joined(separator: "; ") + ")"
    }
}

/// A page of help while it is written.
private struct HelpPage {
    private(set) var text = ""
    private let width: Int
    /// Labels wider than this stand on a line of their own.
    private let widestLabel = 28

    init(width: Int) {
        self.width = min(100, max(40, width))
    }

    mutating func line(_ line: String) {
        text += line + "\n"
    }

    mutating func gap() {
        text += "\n"
    }

    mutating func paragraph(_ paragraph: String) {
        for line in TextWrapping.lines(of: paragraph, width: width) { self.line(line) }
    }

    /// The commands that are not hidden, with what they do.
    mutating func commands(_ commands: [CommandDeclaration]) {
        let visible = commands.filter { !$0.isHidden }
        section("commands", entries: visible.map { ("  " + $0.word, $0.summary) })
    }

    mutating func pointer(_ command: String) {
        gap()
        paragraph("\(command) explains a command and shows examples.")
    }

    /// A heading over labels and what they mean, aligned in two columns.
    mutating func section(_ heading: String, entries: [(label: String, help: String)]) {
        guard !entries.isEmpty else { return }
        gap()
        line(heading + ":")
        let widths = entries.map { TextWidth.columns(of: $0.label) }
        let labelWidth = widths.filter { $0 <= widestLabel }.max() ?? 0
        let indent = labelWidth + 2
        for (entry, columns) in zip(entries, widths) {
            var lines = TextWrapping.lines(of: entry.help, width: width - indent)[...]
            if columns <= labelWidth {
                let padding = String(repeating: " ", count: indent - columns)
                line(entry.label + padding + (lines.popFirst() ?? ""))
            } else {
                line(entry.label)
            }
            for rest in lines { line(String(repeating: " ", count: indent) + rest) }
        }
    }

    /// Command lines, never broken so that they can be copied, each under what it does.
    mutating func examples(_ examples: [(command: String, what: String)]) {
        guard !examples.isEmpty else { return }
        gap()
        line("examples:")
        for (index, example) in examples.enumerated() {
            if index > 0 { gap() }
            for what in TextWrapping.lines(of: example.what, width: width - 4) {
                line("  # " + what)
            }
            line("  " + example.command)
        }
    }
}
