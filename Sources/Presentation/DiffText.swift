package import LogModel
package import LogQuery

/// Shows what two windows differ in, a line a change:
///
/// ```
/// new  10:12:01  control  0 → 123         数据库连接超时 traceId=<uuid>  5f3a-1200
/// up   10:12:02  access   3 → 120  ×480   status 502  77ab-901
/// ```
/// Nothing from a log reaches the terminal as it is: control characters are shown as escapes.
package struct DiffText {
    private let zone: Zone
    private let painter: Painter
    /// How wide a line may be; nil for as wide as it gets.
    private let width: Int?
    private let isVerbose: Bool
    private let showsDay: Bool

    private static let widestService = 24
    private static let narrowestValue = 24

    /// - Parameters:
    ///   - window: the bad window, which decides whether onsets are shown with their day.
    ///   - isVerbose: whether echoes and false-discovery rates are shown.
    package init(
        zone: Zone, window: Range<Int64>, painter: Painter, width: Int?, isVerbose: Bool
    ) {
        self.zone = zone
        self.painter = painter
        self.width = width
        self.isVerbose = isVerbose
        let days = [window.lowerBound, max(window.lowerBound, window.upperBound - 1)].map {
            RFC3339.clockText($0, zone: zone).prefix(10)
        }
        showsDay = days[0] != days[1]
    }

    /// Appends the lines of `changes`, each with its newline, in columns.
    package func append(_ changes: [WindowComparison.Change], to output: inout [UInt8]) {
        let rows = changes.flatMap { change in
            [Row(change, self)]
                + (isVerbose ? change.echoes.map { Row($0, self, isEcho: true) } : [])
        }
        let services = min(Self.widestService, rows.map { width(of: $0.service) }.max() ?? 0)
        let counts = rows.map { width(of: $0.counts) }.max() ?? 0
        let ratios = rows.map { width(of: $0.ratio) }.max() ?? 0
        for row in rows { append(row, services, counts, ratios, to: &output) }
    }

    private struct Row {
        let change: WindowComparison.Change
        let isEcho: Bool
        let onset: [UInt8]
        let service: [UInt8]
        let counts: [UInt8]
        let ratio: [UInt8]
        let value: [UInt8]

        init(_ change: WindowComparison.Change, _ text: DiffText, isEcho: Bool = false) {
            self.change = change
            self.isEcho = isEcho
            onset = Array(
                RFC3339.clockText(change.onset, zone: text.zone).utf8.dropFirst(
                    text.showsDay ? 0 : 11))
            service = Array(SafeText.escaped(change.service).utf8)
            let good = HumanUnits.count(Int64(change.good))
            let bad = HumanUnits.count(Int64(change.bad))
            counts = Array("\(good) → \(bad)".utf8)
            let isRatio = change.sign == .up || change.sign == .down
            ratio = Array((isRatio ? DiffText.ratio(change.ratio) : "").utf8)
            var value: [UInt8] = []
            if change.kind != .message { value += Array((change.kind.rawValue + " ").utf8) }
            SafeText.append(change.value.span, to: &value)
            self.value = value
        }
    }

    private func append(
        _ row: Row, _ services: Int, _ counts: Int, _ ratios: Int, to output: inout [UInt8]
    ) {
        let start = output.count
        var used = (row.isEcho ? 2 : 0) + 6 + row.onset.count + 2 + services + 2 + counts + 2
        if row.isEcho { output += [0x20, 0x20] }
        let sign = row.change.sign.rawValue
        painter.append(sign, in: row.isEcho ? .dim : style(row.change.sign), to: &output)
        output += Array(repeating: 0x20, count: max(1, 6 - sign.utf8.count))
        painter.append(row.onset.span, in: .dim, to: &output)
        output += [0x20, 0x20]
        TextWidth.append(row.service.span, fittedTo: services, to: &output)
        output += [0x20, 0x20]
        TextWidth.append(row.counts.span, paddedTo: counts, alignment: .trailing, to: &output)
        output += [0x20, 0x20]
        if ratios > 0 {
            TextWidth.append(row.ratio.span, paddedTo: ratios + 2, to: &output)
            used += ratios + 2
        }
        appendValue(row, used, to: &output)
        while output.count > start, output.last == 0x20 { output.removeLast() }
        output.append(0x0A)
    }

    private func appendValue(_ row: Row, _ used: Int, to output: inout [UInt8]) {
        var rest: [UInt8] = []
        if isVerbose { rest += Array("  q=\(Self.significant(row.change.q))".utf8) }
        if let example = row.change.example { rest += Array(("  " + example).utf8) }
        let room = width.map { max(Self.narrowestValue, $0 - used - rest.count) } ?? .max
        if row.isEcho { painter.begin(.dim, to: &output) }
        TextWidth.append(row.value.span, truncatedTo: room, to: &output)
        if row.isEcho { painter.end(to: &output) }
        painter.append(rest.span, in: .dim, to: &output)
    }

    private func style(_ sign: WindowComparison.Sign) -> Style {
        switch sign {
        case .new: .error
        case .up: .warning
        case .gone, .down: .debug
        }
    }

    private func width(of text: [UInt8]) -> Int { TextWidth.columns(of: text.span) }

    /// `×480`, `×2.5`, `×0.03`.
    package static func ratio(_ value: Double) -> String {
        guard value.isFinite, value < 1e15 else { return "" }
        if value >= 10 { return "×" + HumanUnits.count(Int64(value.rounded())) }
        return value >= 1 ? "×\((value * 10).rounded() / 10)" : "×" + significant(value)
    }

    /// Small numbers in two figures: `0.034`, `1.2e-09`.
    static func significant(_ value: Double) -> String {
        guard value > 0, value.isFinite else { return value == 0 ? "0" : "\(value)" }
        var (scaled, exponent) = (value, 0)
        while scaled < 1, exponent > -400 { (scaled, exponent) = (scaled * 10, exponent - 1) }
        let figures = (scaled * 10).rounded()
        if exponent < -4 { return "\(figures / 10)e\(exponent)" }
        var text = "\(figures / 10)"
        guard exponent < 0 else { return text }
        text = text.filter { $0 != "." }
        return "0." + String(repeating: "0", count: -exponent - 1) + text
    }
}
