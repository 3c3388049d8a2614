/// What people write, with the lists that are in it.
extension ReportComposer {
    /// Two or more items in a row, lines that begin with "- ", become a list; indented lines behind an item belong to
    /// it. All else is shown as it was written.
    func prose(_ text: String) -> [ReportBlock] {
        var blocks: [ReportBlock] = []
        var plain: [String] = []
        var items: [[String]] = []
        func endItems() {
            if items.count < 2 {
                plain += items.joined()
            } else {
                if !plain.isEmpty { blocks.append(.text(plain.joined(separator: "\n"))) }
                blocks.append(.list(items.map(item), isOrdered: false))
                plain = []
            }
            items = []
        }
        for line in text.lines {
            if line.hasPrefix("- ") {
                items.append([line])
            } else if let last = items.indices.last, line.hasPrefix("  ") {
                items[last].append(line)
            } else {
                endItems()
                plain.append(line)
            }
        }
        endItems()
        if plain.contains(where: { !$0.isEmpty }) {
            blocks.append(.text(plain.joined(separator: "\n")))
        }
        return blocks
    }

    private func item(_ lines: [String]) -> ReportLine {
        var item = pieces(String(lines[0].dropFirst(2)))
        for line in lines.dropFirst() {
            // The blank parts them where the line break is not shown.
            item.append(.text(" \n"))
            item += pieces(String(line.drop { $0 == " " }))
        }
        return ReportLine(item)
    }

    /// A line between backticks is code; pins in brackets at its end are links.
    private func pieces(_ line: String) -> [ReportLine.Piece] {
        if line.utf8.count > 2, line.hasPrefix("`"), line.hasSuffix("`"),
            !line.dropFirst().dropLast().contains("`")
        {
            return [.code(String(line.dropFirst().dropLast()))]
        }
        guard line.hasSuffix(")"), let bracket = line.lastIndex(of: "(") else {
            return [.text(line)]
        }
        let names = line[line.index(after: bracket)...].dropLast().split(separator: ",")
        let numbers = names.compactMap { PinName.number($0.drop { $0 == " " }) }
        guard !numbers.isEmpty, numbers.count == names.count else { return [.text(line)] }
        return [.text(String(line[...bracket]))] + pins(numbers).pieces + [.text(")")]
    }
}
