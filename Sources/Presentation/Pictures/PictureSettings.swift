package import LogModel

/// What tables and pictures may use: a width, colours, block characters, and the zone of times.
package struct PictureSettings: Sendable {
    /// The columns to fit in; nil where nobody looks (a file, a pipe) and nothing is cut.
    package var width: Int?
    package var painter: Painter
    package var glyphs: Glyphs
    package var zone: Zone

    package init(width: Int?, painter: Painter, glyphs: Glyphs, zone: Zone) {
        self.width = width
        self.painter = painter
        self.glyphs = glyphs
        self.zone = zone
    }

    /// The settings for output to `descriptor`: its width if it is a terminal, its colours, and the
    /// characters of the locale.
    package init(descriptor: Int32, color: ColorMode, zone: Zone) {
        let isTerminal = TerminalWindow.isTerminal(descriptor)
        self.init(
            width: isTerminal ? TerminalWindow.columns(of: descriptor) : nil,
            painter: Painter(isEnabled: color.isEnabled(for: descriptor)), glyphs: .ofLocale,
            zone: zone)
    }
}

/// The characters that pictures are made of.
package enum Glyphs: Sendable {
    /// Unicode's block elements and box drawing: eight steps to a cell.
    case blocks
    /// ASCII alone: `.`, `:` and `#`, three steps to a cell.
    case ascii

    /// What the process's locale can show: blocks if `LC_ALL`, `LC_CTYPE` or `LANG`, the first that
    /// is set, names UTF-8.
    package static var ofLocale: Glyphs { ofLocale(TerminalWindow.environment) }

    static func ofLocale(_ environment: (String) -> String?) -> Glyphs {
        for name in ["LC_ALL", "LC_CTYPE", "LANG"] {
            guard let value = environment(name)?.lowercased(), !value.isEmpty else { continue }
            return value.hasSuffix("utf-8") || value.hasSuffix("utf8") ? .blocks : .ascii
        }
        return .ascii
    }

    /// A cell filled from below in 0 to `steps` steps.
    func column(_ filled: Int) -> Unicode.Scalar {
        levels[max(0, min(filled, steps))]
    }

    /// How many heights a cell can show besides none.
    var steps: Int { levels.count - 1 }

    private var levels: [Unicode.Scalar] { self == .blocks ? Self.blockLevels : Self.asciiLevels }

    private static let blockLevels: [Unicode.Scalar] = [
        " ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█",
    ]
    private static let asciiLevels: [Unicode.Scalar] = [" ", ".", ":", "#"]

    /// The line left of the bars, plain and with a tick.
    var vertical: (plain: String, tick: String) { self == .blocks ? ("│", "┤") : ("|", "+") }
    /// The line below the bars: its corner, its line, and a tick in it.
    var horizontal: (corner: String, plain: String, tick: String) {
        self == .blocks ? ("└", "─", "┬") : ("+", "-", "+")
    }
    /// What stands between the parts of a sentence, and between the ends of a window.
    var separator: String { self == .blocks ? " · " : ", " }
    var dash: String { self == .blocks ? "–" : "-" }
    /// What takes the place of text that was cut.
    var ellipsis: String { self == .blocks ? "…" : "~" }
    /// The mark of a series in a legend.
    var swatch: String { self == .blocks ? "■" : "#" }

    /// A bar to the right of `cells` cells that is full at a share of 1, padded with blanks.
    ///
    /// Eight steps to a cell; a share above 0 is at least one step.
    func bar(share: Double, cells: Int) -> String {
        let isFull = share >= 1
        let units = isFull ? cells * 8 : Int((max(0, share.isNaN ? 0 : share) * Double(cells * 8)))
        let filled = share > 0 ? max(1, units) : 0
        if self == .ascii {
            let whole = (filled + 4) / 8
            return String(repeating: "#", count: whole)
                + String(repeating: " ", count: cells - whole)
        }
        var text = String(repeating: "█", count: filled / 8)
        let parts = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]
        text += parts[filled % 8]
        return text + String(repeating: " ", count: cells - (filled + 7) / 8)
    }
}
