package import LogModel

extension Incident {
    /// What a field says, for people: an item a line; nothing where it is empty.
    ///
    /// Times are as the clock of `zone` shows them. The texts are the record's own, and not safe to show.
    package func lines(
        of field: IncidentField, zone: Zone, language: Language
    ) -> [String] {
        guard !isEmpty(field) else { return [] }
        switch field.shape {
        case .line(let path): return [self[keyPath: path]]
        case .text(let path):
            return self[keyPath: path].split(separator: "\n", omittingEmptySubsequences: false)
                .map(String.init)
        case .time(let path):
            return [self[keyPath: path].map { RFC3339.offsetText($0, zone: zone) } ?? ""]
        case .lines(let path): return self[keyPath: path]
        case .type: return [type?.name(in: language) ?? ""]
        case .severity: return [severity?.rawValue ?? ""]
        case .status: return [status.name(in: language)]
        case .impact: return impact.map(\.line)
        case .steps: return steps.map { $0.line(zone: zone) }
        case .actions: return actions.map { $0.line(in: language) }
        case .related: return related.map(\.description)
        }
    }
}

extension ImpactClaim {
    fileprivate var line: String {
        text + (query.isEmpty ? "" : " [\(query)]") + PinName.suffix(pins)
    }
}

extension HandlingStep {
    /// `2026-11-20 10:20:00  alice: restarted [P3]`.
    package func line(zone: Zone) -> String {
        let when = time.map { RFC3339.clockText($0, zone: zone) + "  " } ?? ""
        return when + (person.isEmpty ? "" : person + ": ") + text + PinName.suffix(pins)
    }
}

extension PreventionAction {
    /// `limit the pool (bob, 2026-12-01, open)`.
    package func line(in language: Language) -> String {
        let about = [owner, due?.description ?? "", state.name(in: language)].filter { !$0.isEmpty }
        return language == .english
            ? "\(text) (\(about.joined(separator: ", ")))"
            : "\(text)（\(about.joined(separator: "，"))）"
    }

    /// Whether it is open, and was due before a date.
    package func isOverdue(on today: CalendarDate) -> Bool {
        state == .open && due.map { $0 < today } ?? false
    }
}

extension PinName {
    /// ` [P1, P2]`; nothing where there are none.
    package static func suffix(_ pins: [Int]) -> String {
        pins.isEmpty ? "" : " [" + pins.map { "P\($0)" }.joined(separator: ", ") + "]"
    }
}

extension RFC3339 {
    /// `2026-11-20 10:15:03 +08:00`.
    package static func offsetText(_ time: Int64, zone: Zone) -> String {
        var bytes: [UInt8] = []
        append(time, zone: zone, fractionDigits: 0, to: &bytes)
        guard bytes.count > 19 else { return String(decoding: bytes, as: UTF8.self) }
        bytes[10] = 0x20
        bytes.insert(0x20, at: 19)
        return String(decoding: bytes, as: UTF8.self)
    }
}
