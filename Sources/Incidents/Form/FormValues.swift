internal import Configuration
internal import LogModel

/// What forms and flags say, as values of fields.
struct FormValues {
    typealias Fault = ConfigurationError.Fault

    let zone: Zone
    let now: Int64
    /// The pins that there are; others are no evidence.
    let pins: Set<Int>
    let language: Language
    /// What the record's status is.
    let status: IncidentStatus

    func time(_ line: FormLine) throws(Fault) -> Int64 {
        let text = FormText.text(ofLine: line.bytes, in: .section)
        do { return try FormTime.instant(text, now: now, zone: zone) } catch {
            throw line.fault(error.description)
        }
    }

    func type(_ line: FormLine) throws(Fault) -> FaultClass {
        try choice(line, "type", FaultClass.all) { type in
            [type.description] + Language.allCases.map { type.name(in: $0) }
        }
    }

    func severity(_ line: FormLine) throws(Fault) -> IncidentSeverity {
        try choice(line, "severity", IncidentSeverity.allCases) { [$0.rawValue] }
    }

    func status(_ line: FormLine) throws(Fault) -> IncidentStatus {
        let status = try choice(line, "status", IncidentStatus.allCases) { status in
            [status.rawValue] + Language.allCases.map { status.name(in: $0) }
        }
        if let command = status.command(after: self.status) {
            throw line.fault("an edit does not make it '\(status.rawValue)'", help: command)
        }
        return status
    }

    func related(_ line: FormLine) throws(Fault) -> IncidentID {
        let text = FormText.text(ofLine: line.bytes, in: .item)
        guard let id = IncidentID(text) else {
            throw line.fault("'\(text)' names no record", help: "write INC-2026-0007")
        }
        return id
    }

    func claim(_ item: FormItem) throws(Fault) -> ImpactClaim {
        ImpactClaim(
            item.text, query: item.details[.query]?.text ?? "",
            pins: try pins(item.details[.evidence]))
    }

    func step(_ item: FormItem) throws(Fault) -> HandlingStep {
        var item = item
        let time = try item.takeTime { (line) throws(Fault) in
            do throws(Fault) { return try self.time(line) } catch {
                throw Fault(
                    line: error.line, column: error.column, error.problem,
                    help: "a text that begins like a time is written with a '\\' before it")
            }
        }
        return HandlingStep(
            item.text, at: time, by: item.details[.by]?.text ?? "",
            pins: try pins(item.details[.evidence]))
    }

    func action(_ item: FormItem) throws(Fault) -> PreventionAction {
        var action = PreventionAction(item.text, owner: item.details[.owner]?.text ?? "")
        if let due = item.details[.due], !due.text.isEmpty {
            action.due = CalendarDate(due.text)
            if action.due == nil {
                throw due.line.fault("'\(due.text)' is no date", help: "write 2026-12-01")
            }
        }
        if let state = item.details[.state], !state.text.isEmpty {
            action.state = try choice(state.line, "state", PreventionAction.State.allCases) {
                state in [state.rawValue] + Language.allCases.map { state.name(in: $0) }
            }
        }
        return action
    }

    /// `P1, P3`; blanks and Chinese commas will do.
    private func pins(_ detail: FormDetail?) throws(Fault) -> [Int] {
        guard let detail else { return [] }
        var numbers: [Int] = []
        for word in detail.text.split(whereSeparator: { " ,，、\t".contains($0) }) {
            guard let number = PinName.number(word) else {
                throw detail.line.fault("'\(word)' names no pin", help: "write P1, P3")
            }
            guard pins.contains(number) else {
                throw detail.line.fault(
                    "the record has no pin P\(number)", help: "'logq incident pin' makes one")
            }
            numbers.append(number)
        }
        return numbers
    }

    /// One of a few values, by any of its names; the first name is the one to tell.
    private func choice<Value>(
        _ line: FormLine, _ kind: String, _ values: [Value], names: (Value) -> [String]
    ) throws(Fault) -> Value {
        let text = FormText.text(ofLine: line.bytes, in: .section)
        func fold(_ name: String) -> String {
            String(name.lowercased().filter { $0 != " " }.map { $0 == "：" ? ":" : $0 })
        }
        let named = values.first { names($0).contains { fold($0) == fold(text) } }
        if let named { return named }
        let all = values.flatMap(names)
        // All of P0 to P4 are near to P9.
        let near = text.utf8.count < 3 ? nil : NearestName.find(fold(text), in: all.map(fold))
        let meant = near.flatMap { near in all.first { fold($0) == near } }
        throw line.fault(
            "'\(text.prefix(60))' is no \(kind)",
            help: meant.map { "did you mean '\($0)'?" }
                ?? "it is one of \(values.compactMap { names($0).first }.joined(separator: ", "))")
    }
}

extension FaultClass {
    /// Each type, and each with each of its sub-types.
    package static let all = FaultType.allCases.flatMap { type in
        [FaultClass(type)] + type.subtypes.map { FaultClass(type, $0) }
    }
}

extension IncidentStatus {
    /// What else makes a record that, where an edit must not; nil where it may.
    package func command(after old: IncidentStatus) -> String? {
        if self == .closed, old != .closed { return "'logq incident close' does, and checks it" }
        return self != .closed && old == .closed ? "'logq incident reopen' opens it again" : nil
    }
}
