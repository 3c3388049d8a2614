internal import LogModel
internal import LogQuery

/// Says what a record lacks for a status of the documented process.
package struct IncidentLint {
    private let incident: Incident
    private let pins: Set<Int>
    private let attributes: Set<String>?
    private let language: Language
    private var problems: [LintProblem] = []

    /// What stands in the way of a status, and what a better record would have, in the order of the
    /// fields.
    ///
    /// - Parameters:
    ///   - pins: the numbers of the pins that are there: neither removed nor purged.
    ///   - attributes: the names of fields that the logs have, to tell queries that cannot find
    ///     anything; nil where they are not known.
    package static func problems(
        of incident: Incident, pins: Set<Int>, for status: IncidentStatus,
        attributes: Set<String>? = nil, language: Language
    ) -> [LintProblem] {
        var lint = IncidentLint(
            incident: incident, pins: pins, attributes: attributes, language: language)
        lint.checkFields(for: status)
        lint.checkTimes()
        lint.checkImpact()
        lint.checkScope()
        lint.checkSteps()
        lint.checkPatterns()
        lint.checkWhys(for: status)
        lint.checkActions()
        let order = IncidentField.allCases
        return order.flatMap { field in lint.problems.filter { $0.field == field } }
    }

    private init(
        incident: Incident, pins: Set<Int>, attributes: Set<String>?, language: Language
    ) {
        (self.incident, self.pins) = (incident, pins)
        (self.attributes, self.language) = (attributes, language)
    }

    private mutating func add(
        _ weight: LintProblem.Weight, _ field: IncidentField, _ english: String, _ chinese: String
    ) {
        let text = BothLanguages(english, chinese).text(in: language)
        problems.append(LintProblem(weight: weight, field: field, text: text))
    }

    // MARK: What is there

    private mutating func checkFields(for status: IncidentStatus) {
        for field in IncidentField.allCases where isEmpty(field) {
            guard let need = field.need, let question = field.question else { continue }
            let weight: LintProblem.Weight =
                need.status.map { $0 <= status } == true
                ? .missing : .advice
            if weight == .advice, let from = need.status ?? need.advisedFrom, from > status {
                continue
            }
            add(
                weight, field,
                "\(field.lintName) \(field.isPlural ? "are" : "is") missing: "
                    + "\(question.english) (\(field.flag))",
                "缺少\(field.name(in: .chinese))：\(question.chinese)（\(field.flag)）")
        }
    }

    /// Prevention is a text or actions, whatever of the two there is.
    private func isEmpty(_ field: IncidentField) -> Bool {
        field == .prevention
            ? incident.prevention.isEmpty && incident.actions.isEmpty : incident.isEmpty(field)
    }

    // MARK: Times

    private mutating func checkTimes() {
        checkOrder([.started, .detected, .acknowledged])
        checkOrder([.started, .mitigated, .resolved])
    }

    private mutating func checkOrder(_ fields: [IncidentField]) {
        let known = fields.compactMap { field -> (field: IncidentField, time: Int64)? in
            guard case .time(let path) = field.shape, let time = incident[keyPath: path] else {
                return nil
            }
            return (field, time)
        }
        for (earlier, later) in zip(known, known.dropFirst()) where later.time < earlier.time {
            add(
                .advice, later.field,
                "\(later.field.name(in: .english).lowercased()) is before "
                    + "\(earlier.field.name(in: .english).lowercased()): one of the two times is wrong",
                "\(later.field.name(in: .chinese))早于\(earlier.field.name(in: .chinese))："
                    + "两个时间有一个不对")
        }
    }

    // MARK: Evidence

    private mutating func checkImpact() {
        for (index, claim) in incident.impact.enumerated() {
            let number = index + 1
            checkPins(claim.pins, .impact, "impact \(number)", "影响数据第 \(number) 条")
            let hasPin = claim.pins.contains(where: pins.contains)
            if claim.query.isEmpty, !hasPin {
                add(
                    .missing, .impact,
                    "impact \(number) rests on nothing: '\(claim.text)' needs a query or a pin",
                    "影响数据第 \(number) 条没有依据：“\(claim.text)”需要查询或证据")
            }
            checkQuery(
                claim.query, .impact, blocks: !hasPin, "impact \(number)",
                "影响数据第 \(number) 条")
        }
    }

    private mutating func checkPins(
        _ numbers: [Int], _ field: IncidentField, _ english: String, _ chinese: String
    ) {
        for number in numbers where !pins.contains(number) {
            add(
                .missing, field, "\(english) refers to P\(number), which is not there (any more)",
                "\(chinese)引用的 P\(number) 不存在（或已移除）")
        }
    }

    private mutating func checkQuery(
        _ query: String, _ field: IncidentField, blocks: Bool, _ english: String, _ chinese: String
    ) {
        guard !query.isEmpty,
            let error = QueryCheck.problem(in: query, knownAttributes: attributes)
        else { return }
        let help = error.help.map { "; " + $0 } ?? ""
        // The names of the fields may be right where other logs are.
        let isUnreadable = QueryCheck.problem(in: query, knownAttributes: nil) != nil
        add(
            blocks && isUnreadable ? .missing : .advice, field,
            "the query of \(english) cannot be asked: \(error.problem)\(help)",
            "\(chinese)的查询无法执行：\(error.problem)\(help)")
    }

    /// The scope is a text, so what it counts must be claimed, with its evidence, under impact.
    private mutating func checkScope() {
        let claimed = Set(incident.impact.flatMap { NumberTexts.numbers(in: $0.text) })
        for number in NumberTexts.numbers(in: incident.scope) where !claimed.contains(number) {
            add(
                .advice, .scope,
                "the impact scope says \(number), with nothing to show it: "
                    + "make it a claim with a query or a pin (\(IncidentField.impact.flag))",
                "影响范围中的 \(number) 没有依据：请写成带查询或证据的影响数据（\(IncidentField.impact.flag)）")
        }
    }

    private mutating func checkSteps() {
        for (index, step) in incident.steps.enumerated() {
            let number = index + 1
            checkPins(step.pins, .steps, "step \(number)", "处理步骤第 \(number) 步")
            if step.time == nil {
                add(.advice, .steps, "step \(number) has no time", "处理步骤第 \(number) 步没有时间")
            }
            if step.person.isEmpty {
                add(.advice, .steps, "step \(number) has no person", "处理步骤第 \(number) 步没有处理人")
            }
        }
    }

    private mutating func checkPatterns() {
        for (index, pattern) in incident.patterns.enumerated() {
            checkQuery(
                pattern, .patterns, blocks: true, "root cause in logs \(index + 1)",
                "根因日志特征第 \(index + 1) 条")
        }
    }

    // MARK: What follows

    private mutating func checkWhys(for status: IncidentStatus) {
        guard incident.whys.isEmpty, let severity = incident.severity, status >= .reviewed,
            [.p0, .p1, .p2].contains(severity)
        else { return }
        add(
            .advice, .whys,
            "five whys are not started: of a \(severity.rawValue) ask why until a change answers "
                + "(\(IncidentField.whys.flag))",
            "还没有开始五个为什么：\(severity.rawValue) 故障请追问到可以改进的地方（\(IncidentField.whys.flag)）")
    }

    private mutating func checkActions() {
        for (index, action) in incident.actions.enumerated() where action.state != .dropped {
            let number = index + 1
            if action.owner.isEmpty {
                add(
                    .missing, .actions, "action \(number) has no owner: '\(action.text)'",
                    "改进事项第 \(number) 项没有负责人：“\(action.text)”")
            }
            if action.due == nil {
                add(
                    .missing, .actions, "action \(number) has no date: '\(action.text)'",
                    "改进事项第 \(number) 项没有期限：“\(action.text)”")
            }
        }
    }
}
