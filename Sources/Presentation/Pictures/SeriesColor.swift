internal import LogModel

/// The colour of a series: one of the sixteen that every terminal lets its user choose.
struct SeriesColor: Equatable, Sendable {
    /// 0–7 the normal colours, 8–15 the bright ones.
    let index: Int

    static let red = SeriesColor(index: 1)
    static let green = SeriesColor(index: 2)
    static let yellow = SeriesColor(index: 3)
    static let blue = SeriesColor(index: 4)
    static let magenta = SeriesColor(index: 5)
    static let cyan = SeriesColor(index: 6)
    static let gray = SeriesColor(index: 8)

    var bright: SeriesColor { SeriesColor(index: index | 8) }
    /// The parameter of "select graphic rendition" for text, and for what is behind it.
    var foreground: Int { index < 8 ? 30 + index : 82 + index }
    var background: Int { foreground + 10 }

    /// A colour for each name: levels and HTTP statuses have their own, all else takes turns.
    static func colors(of names: [[UInt8]]) -> [SeriesColor] {
        let named = names.filter { !$0.isEmpty }
        if named.isEmpty { return names.map { _ in .cyan } }
        let levels = named.map { $0.withUnsafeBufferPointer(Severity.number(of:)) }
        if !levels.contains(nil) {
            return names.map { color(ofLevel: $0.withUnsafeBufferPointer(Severity.number(of:))) }
        }
        let statuses = names.map(statusClass)
        if zip(names, statuses).allSatisfy({ $0.isEmpty || $1 != nil }) {
            return colors(ofStatuses: statuses)
        }
        var turn = 0
        return names.map { name in
            guard !name.isEmpty, name != Array("other".utf8) else { return .gray }
            defer { turn += 1 }
            return turns[turn % turns.count]
        }
    }

    private static let turns: [SeriesColor] = [
        .cyan, .yellow, .magenta, .green, .blue, .red, .cyan.bright, .yellow.bright,
        .magenta.bright, .green.bright, .blue.bright, .red.bright,
    ]

    static func color(ofLevel number: UInt8?) -> SeriesColor {
        switch number ?? 0 {
        case 5...8: .cyan
        case 9...12: .green
        case 13...16: .yellow
        case 17...20: .red
        case 21...24: .magenta
        default: .gray
        }
    }

    /// 1 to 5 for a name of three digits that HTTP has as a status, or a class such as `5xx`.
    static func statusClass(_ name: [UInt8]) -> Int? {
        guard name.count == 3, (0x31...0x35).contains(name[0]) else { return nil }
        let isNumber = name.allSatisfy { (0x30...0x39).contains($0) }
        return isNumber || name.dropFirst() == [0x78, 0x78] ? Int(name[0]) - 0x30 : nil
    }

    /// Statuses of one class follow each other in the shades of that class.
    private static func colors(ofStatuses classes: [Int?]) -> [SeriesColor] {
        let shades: [[SeriesColor]] = [
            [.gray], [.gray], [.green, .green.bright], [.cyan, .cyan.bright, .blue],
            [.yellow, .yellow.bright], [.red, .magenta, .red.bright, .magenta.bright],
        ]
        var used = [Int](repeating: 0, count: shades.count)
        return classes.map { status in
            let choices = shades[status ?? 0]
            defer { used[status ?? 0] += 1 }
            return choices[used[status ?? 0] % choices.count]
        }
    }
}

extension Painter {
    /// Starts text in `color`, over `background` where there is one.
    func begin(_ color: SeriesColor, over background: SeriesColor?, to output: inout [UInt8]) {
        guard isEnabled else { return }
        output.append(contentsOf: "\u{1B}[\(color.foreground)".utf8)
        if let background { output.append(contentsOf: ";\(background.background)".utf8) }
        output.append(UInt8(ascii: "m"))
    }
}
