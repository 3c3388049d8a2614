/// What happened and what was done, in the order of time: the record's times, its handling steps and its pins.
package struct IncidentTimeline: Sendable {
    package enum Kind: Hashable, Sendable {
        case times(IncidentField)
        /// By its place among the steps.
        case step(Int)
        case pin(Int)
    }

    package struct Item: Equatable, Sendable {
        /// Nil for a step whose time is not known; such steps are at the end.
        package let time: Int64?
        package let kind: Kind
        /// In people's own words: the step, the pin's note, how it was detected.
        package var text = ""
        package var person = ""
        /// The pins that it names.
        package var pins: [Int] = []
        /// Of these, those whose lines belong directly below it: the others were shown before.
        package var evidence: [Int] = []
    }

    package let items: [Item]
    /// What times are relative to: when the fault started, else the first time that is known.
    package let start: Int64?

    /// Pins that a step names stand with the first such step, all others at their own time.
    package init(_ incident: Incident, _ pins: [Pin]) {
        var items: [Item] = []
        for field in IncidentField.allCases {
            guard case .time(let path) = field.shape, let time = incident[keyPath: path] else {
                continue
            }
            let words = field == .detected ? incident.detection : ""
            items.append(Item(time: time, kind: .times(field), text: words))
        }
        for (index, step) in incident.steps.enumerated() {
            items.append(
                Item(
                    time: step.time, kind: .step(index), text: step.text, person: step.person,
                    pins: step.pins))
        }
        let named = Set(incident.steps.flatMap(\.pins))
        for pin in pins where !named.contains(pin.number) {
            items.append(
                Item(
                    time: pin.event.timestamp, kind: .pin(pin.number), text: pin.note,
                    pins: [pin.number]))
        }
        self.items = Self.withEvidence(Self.sorted(items), Set(pins.map(\.number)))
        start = incident.started ?? self.items.first?.time
    }

    /// Of one time, the record's times come first, then what was logged, then what was done.
    private static func sorted(_ items: [Item]) -> [Item] {
        func rank(_ item: Item) -> Int {
            switch item.kind {
            case .times: 0
            case .pin: 1
            case .step: 2
            }
        }
        return items.enumerated().sorted { left, right in
            guard let first = left.element.time, let second = right.element.time else {
                let areBothUnknown = left.element.time == nil && right.element.time == nil
                return areBothUnknown ? left.offset < right.offset : left.element.time != nil
            }
            return (first, rank(left.element), left.offset)
                < (second, rank(right.element), right.offset)
        }.map(\.element)
    }

    private static func withEvidence(_ items: [Item], _ known: Set<Int>) -> [Item] {
        var waiting = known
        return items.map { item in
            var item = item
            item.evidence = item.pins.filter { waiting.remove($0) != nil }
            return item
        }
    }

    /// How long behind the start, nanoseconds.
    func span(_ time: Int64) -> Int64? {
        guard let start else { return nil }
        let (span, isOver) = time.subtractingReportingOverflow(start)
        return isOver ? nil : span
    }

    /// `+04:12`, `−1:30:00`, `+2 d 03:04:05`: how long behind the start, to the second.
    package func relative(_ time: Int64) -> String? {
        guard let span = span(time) else { return nil }
        let seconds = span.magnitude / 1_000_000_000
        func two(_ value: UInt64) -> String { (value < 10 ? "0" : "") + String(value) }
        let (days, hours) = (seconds / 86_400, seconds / 3_600 % 24)
        let short = two(seconds / 60 % 60) + ":" + two(seconds % 60)
        let clock = days > 0 ? two(hours) + ":" + short : hours > 0 ? "\(hours):" + short : short
        return (span < 0 ? "−" : "+") + (days > 0 ? "\(days) d " : "") + clock
    }
}
