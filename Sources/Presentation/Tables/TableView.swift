package import LogModel

/// Shows a table to people: columns by the width of the terminal's cells, numbers to the right.
///
/// On a terminal, shares (else counts) have a small bar beside them: a share's is full at 100 %, a
/// count's at the largest of the column. What does not fit is cut in the last text column first.
/// Elsewhere nothing is cut and there are no bars. Control characters of logs are shown as escapes.
package struct TableView {
    private let settings: PictureSettings
    /// How durations are written, of a number of seconds.
    package var durations: (Double) -> String = { HumanUnits.duration(seconds: $0) }
    private static let gap = "  "
    private static let barCells = 8
    private static let narrowest = 8

    package init(_ settings: PictureSettings) {
        self.settings = settings
    }

    /// The header, the rows and the notes, each line with its newline; `style` is that of a cell, by its
    /// row and column.
    package func text(
        _ table: ResultTable, style: (_ row: Int, _ column: Int) -> Style? = { _, _ in nil }
    ) -> [UInt8] {
        var columns = table.columns.indices.map { column(at: $0, of: table) }
        if let width = settings.width { fit(&columns, to: width) }
        let blank = String(repeating: " ", count: Self.barCells)
        var lines = [PictureLine()]
        for column in columns {
            column.add(column.name, .style(.bold), bar: blank, to: &lines[0])
        }
        for row in table.rows.indices {
            var line = PictureLine()
            for (index, column) in columns.enumerated() {
                let bar = column.bars.isEmpty ? "" : column.bars[row]
                let look = style(row, index).map { PictureLine.Look.style($0) } ?? .plain
                column.add(column.texts[row], look, bar: bar, to: &line)
            }
            lines.append(line)
        }
        lines += table.notes.map { PictureLine(SafeText.escaped($0), .style(.dim)) }
        return lines.written(settings)
    }

    private struct Column {
        var name: String
        var texts: [String]
        /// A bar a row, or none at all.
        var bars: [String]
        var width: Int
        var isNumeric: Bool

        /// The columns with the bar.
        var wholeWidth: Int { width + (bars.isEmpty ? 0 : 1 + TableView.barCells) }

        func add(
            _ text: String, _ look: PictureLine.Look, bar: String, to line: inout PictureLine
        ) {
            if line.columns > 0 { line.add(TableView.gap) }
            line.add(TextWidth.cut(text, to: width), width: width, trailing: isNumeric, look)
            if !bars.isEmpty { line.add(" " + bar, .series(.cyan, over: nil)) }
        }
    }

    private func column(at index: Int, of table: ResultTable) -> Column {
        let column = table.columns[index]
        let values = table.rows.map { index < $0.count ? $0[index] : .none }
        let cells = TableCells(values, zone: settings.zone)
        let texts = values.map { value in
            if case .duration(let seconds) = value { durations(seconds) } else { cells.text(value) }
        }
        let name = SafeText.escaped(column.name)
        let width = texts.map(TextWidth.columns).max() ?? 0
        return Column(
            name: name, texts: texts,
            bars: index == barColumn(of: table) ? bars(values) : [],
            width: max(width, TextWidth.columns(of: name)), isNumeric: column.isNumeric)
    }

    /// The column that has bars: the one that is to, else the first of shares, else the count.
    private func barColumn(of table: ResultTable) -> Int? {
        guard settings.width != nil, settings.glyphs == .blocks, table.rows.count > 1 else {
            return nil
        }
        if let told = table.columns.firstIndex(where: \.hasBars) { return told }
        let shares = table.columns.indices.first { index in
            table.rows.contains { row in
                if index < row.count, case .share = row[index] { true } else { false }
            }
        }
        return shares ?? table.columns.firstIndex { $0.name == "count" && $0.isNumeric }
    }

    private func bars(_ values: [ResultTable.Value]) -> [String] {
        let largest = values.map(Self.amount).max() ?? 0
        return values.map { value in
            let share: Double
            if case .share(let part) = value {
                share = part
            } else {
                share = largest > 0 ? Self.amount(value) / largest : 0
            }
            return settings.glyphs.bar(share: share, cells: Self.barCells)
        }
    }

    private static func amount(_ value: ResultTable.Value) -> Double {
        switch value {
        case .integer(let count): Double(count)
        case .number(let number), .duration(let number): number.isFinite ? number : 0
        default: 0
        }
    }

    /// Narrows text columns, the last first, until all fit or none can give more.
    private func fit(_ columns: inout [Column], to width: Int) {
        let gaps = Self.gap.utf8.count * max(0, columns.count - 1)
        var excess = columns.reduce(gaps) { $0 + $1.wholeWidth } - width
        if excess > 0, let barred = columns.firstIndex(where: { !$0.bars.isEmpty }) {
            excess -= 1 + Self.barCells
            columns[barred].bars = []
        }
        for index in columns.indices.reversed() where excess > 0 && !columns[index].isNumeric {
            let given = min(excess, max(0, columns[index].width - Self.narrowest))
            columns[index].width -= given
            excess -= given
        }
    }
}
