internal import Arguments
internal import Incidents
internal import LogModel
internal import LogQuery
internal import LogStore
internal import Presentation

/// `logq incident close`: the last status, once nothing is missing.
enum IncidentCloseCommand {
    static let command = Command(
        declaration: CommandDeclaration(
            name: "incident close",
            summary: "close a record that has all it needs",
            discussion: """
                A record of which 'logq incident lint' says that something is missing stays as it is. \
                With --force it is closed nevertheless, and the reason is kept as a handling step. \
                What was skipped of the way from identified over diagnosed, repaired and reviewed to \
                closed is said. What the logs say of the record's time is measured and kept, if that was \
                not done before and they are still there.
                Exit status: 0 closed, 1 something is missing, 2 error.
                """,
            examples: [
                ("logq incident close 7", "if nothing is missing"),
                (
                    "logq incident close 7 --force --reason 'the supplier says no more'",
                    "although something is"
                ),
            ],
            flags: [
                Flag("force", help: "although something is missing; needs --reason"),
                Flag("reason", placeholder: "TEXT", help: "why it is closed nevertheless"),
                IncidentOptions.authorFlag, IncidentOptions.languageFlag, Environment.dataFlag,
                Environment.colorFlag,
            ],
            operands: IncidentOptions.idOperand),
        run: run)

    private static func run(_ arguments: ParsedArguments) throws -> ExitCode {
        let reason = try reason(arguments)
        let directory = try Environment.dataDirectory(arguments)
        let store = try IncidentStore(reading: directory)
        let language = IncidentOptions.language(arguments)
        let record = try store.record(IncidentOptions.id(arguments.operands[0], in: store))
        guard record.incident.status != .closed else {
            throw CommandFailure(
                "\(record.id) is closed already; 'logq incident reopen \(record.id)' opens it again"
            )
        }
        let problems = try store.problems(
            of: record, for: .closed, attributes: LintText.attributes(of: directory),
            language: language)
        let lint = LintText(record.id, problems, for: .closed, language)
        if !lint.isClean {
            Standard.output(String(decoding: lint.text(Painter(of: arguments)), as: UTF8.self))
            guard reason != nil else { return .noneFound }
        }
        let now = Clock.now()
        let incident = closed(record.incident, because: lint.isClean ? nil : reason, now, arguments)
        var changes = [IncidentChange.revision(incident, .close)]
        if let measured = MeasuredTimes.measurement(of: record, in: store, at: now) {
            changes.insert(.measurement(measured), at: 0)
        }
        // The lock is held only to write: measuring may take a while.
        let entries = try IncidentStore(writing: directory).append(
            changes, to: record.id, expecting: record.entries,
            by: IncidentOptions.author(arguments), at: now)
        Standard.output(said(of: record, entries, language))
        return .success
    }

    /// With the reason as a step, where it was closed by force.
    private static func closed(
        _ incident: Incident, because reason: String?, _ now: Int64, _ arguments: ParsedArguments
    ) -> Incident {
        var incident = incident
        if let reason {
            let isEnglish = IncidentOptions.language(arguments) == .english
            let text = isEnglish ? "closed although something is missing: " : "强制关闭："
            incident.steps.append(
                HandlingStep(text + reason, at: now, by: IncidentOptions.person(arguments)))
        }
        incident.status = .closed
        return incident
    }

    /// Of --force; nil where it is not given.
    private static func reason(_ arguments: ParsedArguments) throws -> String? {
        let reason = arguments.string("reason") ?? ""
        guard arguments.isSet("force") else {
            guard reason.isEmpty else {
                throw CommandFailure("--reason goes with --force; say it with 'logq incident step'")
            }
            return nil
        }
        guard reason.utf8.contains(where: { $0 > 0x20 }) else {
            throw CommandFailure("--force needs --reason TEXT; it stands in the record")
        }
        return reason
    }

    private static func said(
        of record: StoredIncident, _ entries: Int, _ language: Language
    ) -> String {
        let isEnglish = language == .english
        var lines = [
            isEnglish
                ? "\(record.id) is closed (entry \(entries))" : "\(record.id) 已关闭（第 \(entries) 条记录）"
        ]
        let skipped = IncidentStatus.allCases.filter { $0 > record.incident.status && $0 < .closed }
            .map { $0.name(in: language) }
        if !skipped.isEmpty {
            lines.append(
                isEnglish
                    ? "skipped on the way: " + skipped.joined(separator: ", ")
                    : "跳过的状态：" + skipped.joined(separator: "、"))
        }
        let open = record.incident.actions.count { $0.state == .open }
        if open > 0 {
            lines.append(
                isEnglish
                    ? "actions that are still open: \(open); 'logq incident list --overdue' tells "
                        + "when they are late"
                    : "还有 \(open) 项改进事项未完成；逾期时 'logq incident list --overdue' 会列出")
        }
        return lines.map { $0 + "\n" }.joined()
    }
}
