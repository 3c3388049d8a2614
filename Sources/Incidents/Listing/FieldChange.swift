package import LogModel

/// How one revision of a record differs from the one before, field by field.
package struct FieldChange: Equatable, Sendable {
    package let field: IncidentField
    /// `a → b` for a field with one line, `b` where it was empty, else `+ …` and `− …` for its items; not
    /// safe to show.
    package let lines: [String]

    /// The changes in the order of the fields; those from an empty record for the first revision.
    package static func changes(
        from old: Incident, to new: Incident, zone: Zone, language: Language
    ) -> [FieldChange] {
        IncidentField.allCases.compactMap { field in
            let before = old.lines(of: field, zone: zone, language: language)
            let after = new.lines(of: field, zone: zone, language: language)
            guard before != after else { return nil }
            return FieldChange(field: field, lines: lines(before, after))
        }
    }

    private static func lines(_ before: [String], _ after: [String]) -> [String] {
        if before.isEmpty, after.count == 1 { return after }
        if before.count == 1, after.count == 1 { return ["\(before[0]) → \(after[0])"] }
        return after.difference(from: before).map { change in
            switch change {
            case .insert(_, let line, _): "+ " + line
            case .remove(_, let line, _): "− " + line
            }
        }
    }
}
