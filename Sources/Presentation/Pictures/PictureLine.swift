/// A line of a picture: pieces of text with their looks, and the columns that they take.
///
/// What is added must be safe to show. Writing it out is the one place where lines are cut, so that
/// none passes the width whatever it holds.
struct PictureLine {
    /// How a piece looks.
    enum Look: Equatable {
        case plain
        case style(Style)
        case series(SeriesColor, over: SeriesColor?)
    }

    private(set) var columns = 0
    private var text: [UInt8] = []
    private var pieces: [(look: Look, end: Int)] = []

    init() {}

    init(_ text: String, _ look: Look = .plain) { add(text, look) }

    mutating func add(_ more: String, _ look: Look = .plain) {
        guard !more.isEmpty else { return }
        columns += TextWidth.columns(of: more)
        text.append(contentsOf: more.utf8)
        grow(look)
    }

    /// Adds a character that takes one column.
    mutating func add(cell: Unicode.Scalar, _ look: Look) {
        columns += 1
        text.append(scalar: cell.value)
        grow(look)
    }

    mutating func add(_ other: PictureLine) {
        var start = 0
        for piece in other.pieces {
            text.append(contentsOf: other.text[start..<piece.end])
            grow(piece.look)
            start = piece.end
        }
        columns += other.columns
    }

    /// Adds blanks up to `column`.
    mutating func pad(to column: Int) {
        guard column > columns else { return }
        add(String(repeating: " ", count: column - columns))
    }

    /// Adds `more` in a field of `width` columns, at its right end if `trailing`.
    mutating func add(_ more: String, width: Int, trailing: Bool = false, _ look: Look = .plain) {
        let end = columns + width
        if trailing { pad(to: end - TextWidth.columns(of: more)) }
        add(more, look)
        pad(to: end)
    }

    private mutating func grow(_ look: Look) {
        if let last = pieces.last, last.look == look { pieces.removeLast() }
        pieces.append((look, text.count))
    }

    /// Appends the line without blanks at its end, cut to `settings.width`; no newline.
    func write(_ settings: PictureSettings, to output: inout [UInt8]) {
        var line = self
        if let width = settings.width, columns > width { line.cut(to: width, settings.glyphs) }
        line.dropBlanks()
        var start = 0
        for piece in line.pieces {
            let bytes = line.text[start..<piece.end]
            start = piece.end
            // Blanks have no colour of their own unless something is behind them.
            let isBlank = bytes.allSatisfy { $0 == 0x20 }
            switch piece.look {
            case .plain: output += bytes
            case .style(let style) where !isBlank:
                settings.painter.begin(style, to: &output)
                output += bytes
                settings.painter.end(to: &output)
            case .series(let color, let background) where !isBlank || background != nil:
                settings.painter.begin(color, over: background, to: &output)
                output += bytes
                settings.painter.end(to: &output)
            default: output += bytes
            }
        }
    }

    /// Cuts before the character that would pass `width`, with a mark in the last column.
    private mutating func cut(to width: Int, _ glyphs: Glyphs) {
        guard width > 0 else {
            (text, pieces, columns) = ([], [], 0)
            return
        }
        var kept: [UInt8] = []
        TextWidth.append(text.span, truncatedTo: width, to: &kept)
        kept.removeLast(min(kept.count, "…".utf8.count))
        let end = kept.count
        kept.append(contentsOf: glyphs.ellipsis.utf8)
        var cutPieces = pieces.prefix { $0.end < end }
        let look = pieces.first { $0.end >= end }?.look ?? .plain
        cutPieces.append((look, kept.count))
        (text, pieces) = (kept, Array(cutPieces))
        columns = TextWidth.columns(of: kept.span)
    }

    private mutating func dropBlanks() {
        while let last = pieces.last {
            if case .series(_, over: .some) = last.look { return }
            let start = pieces.count > 1 ? pieces[pieces.count - 2].end : 0
            while text.count > start, text.last == 0x20 { text.removeLast() }
            guard text.count == start else {
                pieces[pieces.count - 1].end = text.count
                return
            }
            pieces.removeLast()
        }
    }
}

extension [PictureLine] {
    /// The lines, each with its newline.
    func written(_ settings: PictureSettings) -> [UInt8] {
        var output: [UInt8] = []
        for line in self {
            line.write(settings, to: &output)
            output.append(0x0A)
        }
        return output
    }
}
