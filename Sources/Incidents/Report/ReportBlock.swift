/// A part of a report, apart from how it is written: Markdown and HTML are made of the same ones.
///
/// All texts are as people and logs have them; each writer makes them safe in one place.
enum ReportBlock {
    /// Id, title, and what stands as marks beside it.
    case title(id: String, text: String, marks: [ReportMark])
    case section(String, anchor: String)
    case heading(String, anchor: String = "")
    case paragraph(ReportLine)
    /// What people wrote, with their line breaks.
    case text(String)
    case facts([ReportFact])
    case figures([ReportFigure])
    case table(ReportTable)
    case list([ReportLine], isOrdered: Bool)
    case chart(ReportChart)
    case timeline([ReportMoment])
    case excerpt(ReportExcerpt)
    case footer([ReportLine])
}

/// A word beside the title, and what kind of word it is.
struct ReportMark {
    enum Kind: String {
        case severity, status, type, masked
    }

    let kind: Kind
    let text: String
    /// For a severity, how bad it is: 0 to 4.
    var rank = 0
}

/// A name and what is known of it.
struct ReportFact {
    let name: String
    let value: ReportLine

    init(_ name: String, _ value: ReportLine) { (self.name, self.value) = (name, value) }
}

/// A figure that is read at a glance, with its definition.
struct ReportFigure {
    let name: String
    let value: String
    let definition: String
}

/// A line of text in several looks.
struct ReportLine: ExpressibleByStringLiteral, ExpressibleByArrayLiteral {
    enum Piece {
        case text(String)
        case strong(String)
        case muted(String)
        case code(String)
        /// A pin, with a link to its evidence where it is still there.
        case pin(Int, isThere: Bool)
    }

    var pieces: [Piece]

    init(_ pieces: [Piece]) { self.pieces = pieces }
    init(_ text: String) { pieces = [.text(text)] }
    init(stringLiteral text: String) { self.init(text) }
    init(arrayLiteral pieces: Piece...) { self.pieces = pieces }
}

struct ReportTable {
    struct Column {
        enum Kind {
            case text, number
            /// Values that are short, such as dates.
            case short
        }

        let name: String
        let kind: Kind
    }

    let columns: [Column]
    let rows: [[ReportLine]]

    init(
        _ names: [String], numbers: Set<Int> = [], short: Set<Int> = [], _ rows: [[ReportLine]]
    ) {
        columns = names.enumerated().map { index, name in
            let kind: Column.Kind =
                numbers.contains(index) ? .number : short.contains(index) ? .short : .text
            return Column(name: name, kind: kind)
        }
        self.rows = rows
    }
}

/// An item of the timeline.
struct ReportMoment {
    enum Kind: String {
        case mark, step, log
    }

    let kind: Kind
    /// Where it is another day than that of the item before.
    var day: String?
    /// Nil where no time is known.
    var clock: String?
    var relative: String?
    let line: ReportLine
    /// What people wrote, below the line.
    var text = ""
    var excerpts: [ReportExcerpt] = []
}

/// Lines of a log as they are pinned, safe to show, with their neighbours.
struct ReportExcerpt {
    let pin: Int
    /// Where they stand.
    let caption: String
    var note = ""
    let before: [String]
    let event: [String]
    let after: [String]
    /// What is left out, in words.
    var omission: String?
}

extension String {
    /// The lines of what people wrote. Only a line feed ends one, with a carriage return before it or not: other
    /// separators are shown, so that all readers see the same lines.
    var lines: [String] {
        utf8.split(separator: 0x0A, omittingEmptySubsequences: false).map { line in
            String(Substring(line.last == 0x0D ? line.dropLast() : line))
        }
    }
}
