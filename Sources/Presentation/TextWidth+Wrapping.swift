extension TextWidth {
    /// The lines of `text`, which has no newline, none wider than `columns`.
    ///
    /// Broken at blanks, which go, and between wide characters, of which a closing one stays with what
    /// it closes; what is wider than a line is broken where that ends. Less than two columns hold nothing,
    /// so `text` stays whole. Text that carries colour sequences is measured wrong.
    package static func wrapped(_ text: String, to columns: Int) -> [String] {
        guard columns > 1, self.columns(of: text) > columns else { return [text] }
        var lines: [String] = []
        var line = ""
        var width = 0
        for piece in pieces(of: text) {
            let isBlank = piece.allSatisfy { $0 == " " || $0 == "\t" }
            if isBlank, width == 0, !lines.isEmpty { continue }
            if width + self.columns(of: trimmed(piece)) > columns, width > 0 {
                lines.append(trimmed(line))
                (line, width) = ("", 0)
                if isBlank { continue }
            }
            for character in piece {
                let size = self.columns(of: String(character))
                if width + size > columns, character != " " {
                    lines.append(line)
                    (line, width) = ("", 0)
                }
                line.append(character)
                width += size
            }
        }
        return lines + [trimmed(line)].filter { !$0.isEmpty }
    }

    /// Words, blanks, and wide characters one by one, with what must not begin a line behind them.
    private static func pieces(of text: String) -> [String] {
        var pieces: [String] = []
        var kind: Kind?
        for character in text {
            let next = Self.kind(of: character)
            let joins = next == .closing || next == kind && next != .wide
            if joins, !pieces.isEmpty, kind != .blank || next == .blank {
                pieces[pieces.count - 1].append(character)
            } else {
                pieces.append(String(character))
            }
            kind = next
        }
        return pieces
    }

    private enum Kind {
        case blank, word, wide, closing
    }

    private static func kind(of character: Character) -> Kind {
        switch character {
        case " ", "\t": .blank
        case "，", "。", "、", "；", "：", "！", "？", "）", "》", "”", "’", "」": .closing
        default: columns(of: String(character)) > 1 ? .wide : .word
        }
    }

    private static func trimmed(_ text: String) -> String {
        var text = text
        while text.last == " " { text.removeLast() }
        return text
    }
}
