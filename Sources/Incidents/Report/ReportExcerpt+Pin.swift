internal import Presentation

extension ReportExcerpt {
    /// A few lines of the event, or many, and fewer of its neighbours.
    enum Size {
        case brief, whole

        var lines: Int { self == .brief ? 12 : 400 }
        var letters: Int { self == .brief ? 2_000 : 60_000 }
    }

    private static let neighbourLines = 3
    private static let mostBytes = 1 << 20

    init(_ pin: Pin, _ size: Size, _ settings: ReportSettings) {
        self.pin = pin.number
        let place = pin.place
        let names = [place.host, place.service, place.path].filter { !$0.isEmpty }
        caption = names.joined(separator: " · ")
        let all = Self.lines(pin.originals.event)
        event = Self.cut(all, size)
        let isCut = event.count < all.count || zip(event, all).contains { $0 != $1 }
        let hidden = all.count - event.count
        if isCut || pin.originals.event.count > Self.mostBytes {
            omission =
                hidden > 0
                ? settings.say(
                    "and \(hidden) more line\(hidden == 1 ? "" : "s")", "另有 \(hidden) 行")
                : settings.say("shortened", "有删节")
        }
        before =
            size == .whole
            ? [] : Self.lines(pin.originals.before).suffix(Self.neighbourLines).map(Self.short)
        after =
            size == .whole
            ? [] : Self.lines(pin.originals.after).prefix(Self.neighbourLines).map(Self.short)
    }

    /// Whether lines of the event were left out.
    var isCut: Bool { omission != nil }

    private static func lines(_ bytes: [UInt8]) -> [String] {
        guard !bytes.isEmpty else { return [] }
        var safe: [UInt8] = []
        let shown = Array(bytes.prefix(mostBytes))
        SafeText.append(shown.span, to: &safe, keepNewlines: true, decodesGB18030: true)
        var lines = String(decoding: safe, as: UTF8.self).lines
        if lines.last == "" { lines.removeLast() }
        return lines
    }

    private static func cut(_ lines: [String], _ size: Size) -> [String] {
        var letters = size.letters
        var kept: [String] = []
        for line in lines.prefix(size.lines) where letters > 0 {
            kept.append(line.utf8.count <= letters ? line : String(line.prefix(letters)) + "…")
            letters -= line.utf8.count
        }
        return kept
    }

    private static func short(_ line: String) -> String {
        line.utf8.count <= 240 ? line : String(line.prefix(240)) + "…"
    }
}
