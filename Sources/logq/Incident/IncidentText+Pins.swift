internal import Incidents
internal import LogModel
internal import LogStore
internal import Presentation

extension IncidentText {
    /// `P3  pay-app-1  control  2026-11-20 10:15:03.123 ERROR … — note`, in columns.
    func pinLines() -> [Paragraph] {
        let rows = shown.pins.map { [$0.name, $0.place.host, $0.place.service] }
        let widths = (0..<3).map { column in
            rows.map { TextWidth.columns(of: SafeText.escaped($0[column])) }.max() ?? 0
        }
        return zip(shown.pins, rows).map { pin, row in
            var line: [UInt8] = []
            for (text, width) in zip(row, widths) where width > 0 {
                TextWidth.append(SafeText.escaped(text).utf8.span, paddedTo: width + 2, to: &line)
            }
            let first = Self.text(pin.originals.event).split(separator: "\n").first ?? ""
            let note = pin.note.isEmpty ? "" : said(" — ", "——") + pin.note
            return Paragraph(String(decoding: line, as: UTF8.self) + first + note, hang: 4)
        }
    }

    /// `P3  wrong host (removed 2026-11-20 12:00:00 +08:00, bob)`.
    func paragraph(_ removed: RemovedPin) -> Paragraph {
        let what = removed.isPurged ? said("purged", "已清除") : said("removed", "已移除")
        let when = RFC3339.offsetText(removed.time, zone: settings.zone)
        let about =
            said(" (\(what) \(when), \(removed.by))", "（\(when) \(removed.by) \(what)）")
        let name = "P\(removed.number)"
        let width = shown.removed.map { "P\($0.number)".count }.max() ?? 0
        let blank = String(repeating: " ", count: max(0, width - name.count) + 2)
        return Paragraph("\(name)\(blank)\(removed.reason)\(about)", .dim, hang: 4)
    }

    /// Each pin: the line among its neighbours, and where it came from.
    func pins() -> [UInt8] {
        shown.pins.flatMap { pin in
            var list = PropertyList()
            list.add(pin.name, event(pin))
            list.add(said("note", "备注"), pin.note)
            list.add(
                said("from", "来源"),
                "\(pin.place.host) \(pin.place.service) \(pin.place.path), "
                    + said(
                        "bytes \(pin.place.offset) to \(pin.place.offset &+ pin.place.length)",
                        "字节 \(pin.place.offset) 至 \(pin.place.offset &+ pin.place.length)"))
            list.add(
                said("time", "时间"), RFC3339.offsetText(pin.event.timestamp, zone: settings.zone))
            list.add(
                said("query", "查询"),
                pin.finding.query
                    + said(" (matched \(pin.finding.matched))", "（匹配 \(pin.finding.matched) 条）"))
            list.add("SHA-256", Digest.hex(pin.digest))
            return [0x0A] + list.text(settings)
        }
    }

    private func event(_ pin: Pin) -> [Paragraph] {
        [
            (pin.originals.before, Style.dim), (pin.originals.event, nil),
            (pin.originals.after, Style.dim),
        ].filter { !$0.0.isEmpty }.map { Paragraph(Self.text($0.0), $0.1) }
    }

    /// The bytes as text, broken ones replaced, without the newline at the end.
    private static func text(_ bytes: [UInt8]) -> String {
        var end = bytes.count
        while end > 0, [0x0A, 0x0D].contains(bytes[end - 1]) { end -= 1 }
        var safe: [UInt8] = []
        SafeText.append(
            Array(bytes[..<end]).span, to: &safe, keepNewlines: true, decodesGB18030: true)
        return String(decoding: safe, as: UTF8.self)
    }
}
