/// Items as lines of a form.
extension FormItem {
    /// The lines of an item with a text of any number of lines, and its details. Details that are
    /// not known stand there empty, to be filled in.
    static func lines(
        _ text: String, start: String = "",
        _ details: KeyValuePairs<FormDetail.Kind, String>, _ language: Language
    ) -> [[UInt8]] {
        var lines = FormText.lines(of: text, in: .item)
        if !start.isEmpty { lines[0] = Array((start + " ").utf8) + lines[0] }
        for index in lines.indices where index == 0 || !lines[index].isEmpty {
            lines[index].insert(contentsOf: index == 0 ? "- ".utf8 : "  ".utf8, at: 0)
        }
        for (kind, value) in details {
            var line = Array("  - \(kind.name(in: language)):".utf8)
            if !value.isEmpty { line += [0x20] + FormText.value(of: value) }
            lines.append(line)
        }
        return lines
    }

    static func lines(_ claim: ImpactClaim, _ language: Language) -> [[UInt8]] {
        lines(
            claim.text, [.query: claim.query, .evidence: names(of: claim.pins)], language)
    }

    static func lines(
        _ step: HandlingStep, _ language: Language, time: (Int64) -> String
    ) -> [[UInt8]] {
        lines(
            step.text, start: step.time.map(time) ?? "",
            [.by: step.person, .evidence: names(of: step.pins)], language)
    }

    static func lines(_ action: PreventionAction, _ language: Language) -> [[UInt8]] {
        lines(
            action.text,
            [
                .owner: action.owner, .due: action.due?.description ?? "",
                .state: action.state.name(in: language),
            ], language)
    }

    private static func names(of pins: [Int]) -> String {
        pins.map { "P\($0)" }.joined(separator: ", ")
    }
}
