internal import LogModel
internal import LogShipping
internal import LogStore
internal import Presentation

/// An audit for people.
struct AuditText {
    private let zone: Zone
    private let painter: Painter

    /// How many findings of a file are shown.
    private static let mostFindings = 10

    init(_ zone: Zone, _ painter: Painter) {
        self.zone = zone
        self.painter = painter
    }

    func print(_ file: AuditedFile) {
        let isProven = file.holds && file.unreadable.isEmpty
        var text = Array((SafeText.escaped(file.path) + "\n    ").utf8)
        painter.append(equation(file), in: isProven ? nil : .error, to: &text)
        text.append(0x0A)
        if let warning = file.warning { text += Array("      \(SafeText.escaped(warning))\n".utf8) }
        for finding in file.findings.prefix(Self.mostFindings) {
            text += Array("      \(line(finding))\n".utf8)
        }
        let hidden = file.findings.count - Self.mostFindings
        if hidden > 0 {
            text += Array("      and more; --json has the first hundred of each kind\n".utf8)
        }
        Standard.output(String(decoding: text, as: UTF8.self))
    }

    /// `1,234 bytes = 1,200 indexed + 34 pending: holds`.
    private func equation(_ file: AuditedFile) -> String {
        let size = "\(HumanUnits.count(file.size)) bytes"
        guard file.generation != nil else { return "\(size), not known to the store: all pending" }
        var parts = [(file.indexed, "indexed")]
        for reason in SkipReason.allCases {
            parts.append((file.skipped[reason] ?? 0, Self.name(reason)))
        }
        for reason in RemovalReason.allCases {
            parts.append((file.removed[reason] ?? 0, RemovalText.what(reason)))
        }
        parts += [(file.pending, "pending"), (file.missing, "missing")]
        let sum = parts.filter { $0.0 != 0 || $0.1 == "indexed" }.map {
            "\(HumanUnits.count($0.0)) \($0.1)"
        }.joined(separator: " + ")
        var wrong: [String] = []
        if !file.holds { wrong.append("does not hold") }
        if file.doubled > 0 { wrong.append("\(HumanUnits.count(file.doubled)) doubled") }
        if file.different > 0 { wrong.append("\(HumanUnits.count(file.different)) different") }
        if !file.unreadable.isEmpty { wrong.append("a day could not be read") }
        return "\(size) = \(sum): \(wrong.isEmpty ? "holds" : wrong.joined(separator: ", "))"
    }

    private static func name(_ reason: SkipReason) -> String {
        switch reason {
        case .beforeStart: "before the start"
        case .excluded: "excluded"
        case .hole: "in no line"
        }
    }

    private func line(_ finding: AuditedFile.Finding) -> String {
        let count = HumanUnits.count(Int64(finding.bytes.count))
        let from = HumanUnits.count(finding.bytes.lowerBound)
        let to = HumanUnits.count(finding.bytes.upperBound)
        let places = finding.places.map { "block \($0.block) of \($0.day.name)" }
            .joined(separator: " and ")
        return "\(finding.kind.rawValue): \(count) bytes at \(from)–\(to), "
            + (places.isEmpty ? "" : "\(places), ") + when(finding)
    }

    private func when(_ finding: AuditedFile.Finding) -> String {
        switch (finding.after, finding.before) {
        case (let after?, let before?) where after == before && finding.kind != .missing:
            "event of " + RFC3339.clockText(after, zone: zone)
        case (let after?, let before?):
            "between " + RFC3339.clockTexts(after, before, joinedBy: "and", zone: zone)
        case (let after?, nil): "behind " + RFC3339.clockText(after, zone: zone)
        case (nil, let before?): "before " + RFC3339.clockText(before, zone: zone)
        case (nil, nil): "and no event is there"
        }
    }

    func print(_ report: AuditReport) {
        var text: [UInt8] = []
        for gap in report.gaps {
            painter.append(
                SafeText.escaped(GapText.note(gap, zone: zone)), in: .warning, to: &text)
            text.append(0x0A)
        }
        let isProven = report.holds && report.unreadable.isEmpty && report.failures == 0
        painter.append(verdict(report), in: isProven ? .info : .error, to: &text)
        text.append(0x0A)
        Standard.output(String(decoding: text, as: UTF8.self))
    }

    private func verdict(_ report: AuditReport) -> String {
        let files = report.files
        let size = files.reduce(0) { $0 + $1.size }
        var text = "\(HumanUnits.count(Int64(files.count))) file\(files.count == 1 ? "" : "s"), "
        text += HumanUnits.bytes(size) + ": "
        func sum(_ key: KeyPath<AuditedFile, Int64>) -> Int64 {
            files.reduce(0) { $0 + $1[keyPath: key] }
        }
        var wrong: [String] = []
        for (bytes, what) in [
            (sum(\.missing), "missing"), (sum(\.doubled), "doubled"),
            (sum(\.different), "different"),
        ] where bytes != 0 {
            wrong.append("\(HumanUnits.count(bytes)) bytes \(what)")
        }
        if !report.gaps.isEmpty {
            wrong.append("\(report.gaps.count) known gap\(report.gaps.count == 1 ? "" : "s")")
        }
        if !report.unreadable.isEmpty { wrong.append("not all days could be read") }
        if report.failures > 0 { wrong.append("not all files could be read") }
        if wrong.isEmpty { return text + "every byte is accounted for" }
        return text + wrong.joined(separator: ", ")
    }
}
