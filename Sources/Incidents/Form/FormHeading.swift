internal import LogModel

/// A line of a form that begins a field, or was meant to: `## Root cause`, `## 根本原因`, `## root_cause`.
///
/// Other headings belong to the text that they stand in; but one of another level that names a field
/// is a mistake, not a text.
struct FormHeading {
    let name: String
    /// Of the name, in bytes from one.
    let column: Int
    let field: IncidentField?
    /// Whether it has the two hashes and the blank of a form's headings.
    let isWellFormed: Bool

    /// Nil for a line that is text.
    init?(_ line: ArraySlice<UInt8>) {
        let rest = line.drop { $0 == UInt8(ascii: "#") }
        let level = line.count - rest.count
        guard (1...6).contains(level) else { return nil }
        let trimmed = rest.trimmingBlanks
        name = String(decoding: trimmed, as: UTF8.self)
        column = (trimmed.isEmpty ? rest.startIndex : trimmed.startIndex) - line.startIndex + 1
        field = Self.field(named: name)
        isWellFormed = level == 2 && rest.first.map { $0 == 0x20 || $0 == 0x09 } ?? true
        guard isWellFormed || field != nil else { return nil }
    }

    private static func field(named name: String) -> IncidentField? {
        let folded = fold(name)
        return IncidentField.allCases.first { names(of: $0).contains { fold($0) == folded } }
    }

    /// The name that was probably meant.
    var nearest: String? {
        let all = IncidentField.allCases.flatMap(Self.names)
        let near = NearestName.find(Self.fold(name), in: all.map(Self.fold))
        return near.flatMap { near in all.first { Self.fold($0) == near } }
    }

    private static func names(of field: IncidentField) -> [String] {
        Language.allCases.map { field.name(in: $0) } + [field.rawValue]
    }

    /// Case does not count, nor a colon at the end.
    private static func fold(_ name: String) -> String {
        let lower = name.lowercased()
        return lower.last == ":" || lower.last == "：" ? String(lower.dropLast()) : lower
    }
}
