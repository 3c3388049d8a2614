internal import LogModel
internal import LogStore
internal import Presentation
internal import Retention

/// What a policy says of a store's sources, for people and for programs.
struct PolicyReport {
    let policy: RetentionPolicy
    /// Nil for the built-in one.
    let file: String?
    private let explanation: PolicyExplanation
    private let hasSources: Bool
    let disk: DiskUse?
    let now: Int64

    init(
        policy: RetentionPolicy, file: String?, sources: [(EventSource, format: String)],
        disk: DiskUse?, now: Int64
    ) {
        (self.policy, self.file, self.disk, self.now) = (policy, file, disk, now)
        explanation = PolicyExplanation(of: policy, for: sources)
        hasSources = !sources.isEmpty
    }

    // MARK: People

    func text(_ settings: PictureSettings) -> [UInt8] {
        var text =
            "policy: \(file ?? "built in; a file of your own is /etc/logq/retention.policy")\n"
        let size = policy.sizeLimit.map { limit in
            guard let disk, case .perCent = limit else { return shown(limit) }
            return
                "\(limit.text) of the disk, \(HumanUnits.bytes(limit.bytes(ofDisk: disk.space.total)))"
        }
        let taken = disk.map { "; the store takes \(HumanUnits.bytes($0.store))" } ?? ""
        text += "size: \(size ?? "no limit")\(taken)\n"
        text += "window: \(windowText(settings.zone))\n\n"
        let table = hasSources ? sourceTable : ruleTable
        return Array(SafeText.escaped(text, keepNewlines: true).utf8)
            + TableView(settings).text(table)
    }

    private func shown(_ limit: SizeLimit) -> String {
        if case .bytes(let bytes) = limit { return HumanUnits.bytes(bytes) }
        return limit.text
    }

    private func windowText(_ zone: Zone) -> String {
        guard let window = policy.window else { return "any time" }
        func clock(_ time: Int64) -> String {
            RFC3339.clockText(time, zone: window.zone).prefix(16) + ""
        }
        guard let closing = window.closing(from: now) else {
            return "\(window.text), opens \(clock(window.nextOpening(after: now)))"
        }
        return "\(window.text), open until \(clock(closing))"
    }

    /// A line for each part of a source's levels that goes its own way.
    private var sourceTable: ResultTable {
        let rows = explanation.rows
        let hasEnvironment = rows.contains { !$0.environment.isEmpty }
        let names =
            ["host", "service"] + (hasEnvironment ? ["env"] : [])
            + ["format", "level", "indexed", "archived", "because"]
        var table = Self.table(names)
        table.rows = rows.map { row in
            let cells =
                [row.host, row.service] + (hasEnvironment ? [row.environment] : [])
                + [
                    row.format, SeverityRanges.text(row.severities), row.decision.indexed.age.text,
                    row.decision.archived.age.text, reason(row.decision),
                ]
            return cells.map { .text(Array($0.utf8)) }
        }
        table.notes = explanation.unused.map {
            "line \($0.line): the rule '\($0.name)' is about no source that the store has now"
        }
        return table
    }

    /// The policy's own ages and its rules, where there is no store to explain them by.
    private var ruleTable: ResultTable {
        var table = Self.table(["rule", "about", "indexed", "archived"])
        let own = ("", "all else", policy.indexed, policy.archived)
        let rows =
            policy.rules.map { ($0.name, $0.conditions.text, $0.indexed, $0.archived) } + [own]
        table.rows = rows.map { name, about, indexed, archived in
            [name, about, indexed?.age.text ?? "", archived?.age.text ?? ""].map {
                .text(Array($0.utf8))
            }
        }
        return table
    }

    private static func table(_ names: [String]) -> ResultTable {
        ResultTable(columns: names.map { ResultTable.Column(name: $0, isNumeric: false) })
    }

    /// `rule 'errors', line 9`, or both lines where they are of different places.
    private func reason(_ decision: RetentionPolicy.Decision) -> String {
        let places = [decision.indexed, decision.archived].map { setting in
            guard setting.line > 0, file != nil else { return "built in" }
            let rule = policy.rule(of: setting).map { "rule '\($0.name)' " } ?? ""
            return "\(rule)line \(setting.line)"
        }
        return places[0] == places[1] ? places[0] : places.joined(separator: ", ")
    }

    // MARK: Programs

    /// One object on one line; lines are 0 for what the policy does not say.
    func json() -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.key("policy")
        if let file { json.string(file) } else { json.null() }
        json.key("size_limit_bytes")
        if let disk, let limit = policy.sizeLimit {
            json.integer(limit.bytes(ofDisk: disk.space.total))
        } else {
            json.null()
        }
        json.key("window")
        if let window = policy.window { write(window, to: &json) } else { json.null() }
        json.key("rules")
        json.beginArray()
        for rule in policy.rules { write(rule, to: &json) }
        json.endArray()
        write("indexed", policy.indexed, to: &json)
        write("archived", policy.archived, to: &json)
        json.key("sources")
        json.beginArray()
        for row in explanation.rows { write(row, to: &json) }
        json.endArray()
        json.endObject()
        json.endLine()
        return json.bytes
    }

    private func write(_ window: JobWindow, to json: inout JSONWriter) {
        json.beginObject()
        json.key("text")
        json.string(window.text)
        json.key("is_open")
        json.boolean(window.contains(now))
        json.time("next_opening", window.nextOpening(after: now))
        json.endObject()
    }

    private func write(_ rule: RetentionRule, to json: inout JSONWriter) {
        json.beginObject()
        json.key("rule")
        json.string(rule.name)
        json.key("line")
        json.integer(Int64(rule.line))
        json.key("about")
        json.string(rule.conditions.text)
        if let indexed = rule.indexed { write("indexed", indexed, to: &json) }
        if let archived = rule.archived { write("archived", archived, to: &json) }
        json.endObject()
    }

    private func write(_ row: PolicyExplanation.Row, to json: inout JSONWriter) {
        json.beginObject()
        let names = [
            ("host", row.host), ("service", row.service), ("env", row.environment),
            ("format", row.format), ("level", SeverityRanges.text(row.severities)),
        ]
        for (name, text) in names {
            json.key(name)
            json.string(text)
        }
        write("indexed", row.decision.indexed, to: &json)
        write("archived", row.decision.archived, to: &json)
        json.endObject()
    }

    /// The days, null for ever, and the line.
    private func write(_ name: String, _ setting: AgeSetting, to json: inout JSONWriter) {
        json.key(name + "_days")
        if case .days(let days) = setting.age { json.integer(days) } else { json.null() }
        json.key(name + "_line")
        json.integer(file == nil ? 0 : Int64(setting.line))
    }
}
