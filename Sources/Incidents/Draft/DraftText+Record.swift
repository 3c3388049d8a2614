internal import LogModel
internal import LogQuery
internal import Presentation

// The texts of the record itself.
extension DraftText {
    private static let longestTitle = 80

    func title(_ change: WindowComparison.Change?, _ fault: Fault) -> String {
        guard let change, change.sign.isRise else {
            let services = fault.services.map { SafeText.escaped($0) }.joined(separator: ", ")
            return services + say(": ", "：") + kind(fault)
        }
        let value =
            change.kind == .message
            ? DraftQuery.shown(template: change.value)
            : change.kind.rawValue + " "
                + String(decoding: change.value, as: UTF8.self)
        let line = SafeText.escaped(change.service + say(": ", "：") + value)
        return TextWidth.cut(line, to: Self.longestTitle)
    }

    private func kind(_ fault: Fault) -> String {
        switch fault.signs.first?.kind {
        case .slowness: say("slow requests", "请求变慢")
        case .silence: say("no log events", "没有日志")
        default: say("errors", "错误增多")
        }
    }

    /// What happened, as far as the logs tell: each sentence with its query and pins.
    func description(_ draft: IncidentDraft) -> String {
        var lines = [course(draft.fault)]
        lines += section(say("What changed first:", "最先出现的变化："), draft.findings)
        if draft.deployments.isEmpty {
            lines += [
                "",
                say(
                    "No deployment and no start was logged in the hour before.",
                    "之前一小时的日志中没有部署或启动记录。"),
            ]
        } else {
            lines += section(
                say(
                    "Deployed or restarted in the hour before and meanwhile (what a deployment changed is always a suspect; that it came first proves nothing):",
                    "之前一小时及故障期间的部署和重启（部署的改动总是怀疑对象，但先后并不证明因果）："), draft.deployments)
        }
        lines += section(knownFaultsTitle(draft), draft.knownFaults)
        return lines.joined(separator: "\n")
    }

    private func knownFaultsTitle(_ draft: IncidentDraft) -> String {
        draft.incident.type == nil
            ? say("Known faults that match:", "匹配的常见故障：")
            : say(
                "Known faults that match (the fault type is taken from them, to be confirmed):",
                "匹配的常见故障（故障类型据此填写，待确认）：")
    }

    private func section(_ title: String, _ findings: [Finding]) -> [String] {
        guard !findings.isEmpty else { return [] }
        var lines = ["", title]
        for finding in findings {
            let pins = finding.pins.map { "P\($0)" }.joined(separator: ", ")
            lines.append("- " + finding.text + (pins.isEmpty ? "" : " (" + pins + ")"))
            lines.append("  `" + finding.query + "`")
            for detail in finding.details { lines.append("  " + detail) }
        }
        return lines
    }

    // MARK: Known faults

    func known(_ match: FaultMatch) -> String {
        let title = SafeText.escaped(match.fault.title(in: language))
        let (events, before) = (number(match.events), number(match.before ?? 0))
        return say(
            "\(title): \(events) events, \(before) in as long a time before",
            "\(title)：\(events) 条，之前同样长的时间内 \(before) 条")
    }

    /// What the list says of a known fault, as its word and not as what is known of this one.
    func details(of fault: KnownFault) -> [String] {
        func line(_ head: String, _ items: [String]) -> [String] {
            guard !items.isEmpty else { return [] }
            return [head + items.map { SafeText.escaped($0) }.joined(separator: say("; ", "；"))]
        }
        return line(
            say("possible, from the list of known faults: ", "可能的原因（来自常见故障表）："),
            fault.causes(in: language))
            + line(
                say("handling, from the list of known faults: ", "处理办法（来自常见故障表）："),
                fault.handling(in: language))
    }

    private func course(_ fault: Fault) -> String {
        let zone = zone.name
        let end =
            fault.isOngoing
            ? say(", and lasts to the end of the logs", "，到日志结束时仍在持续") : ""
        var lines = [
            say(
                "From \(moment(fault.times.lowerBound)) to \(moment(fault.times.upperBound)) (\(zone))\(end), found by rates against what is usual:",
                "\(moment(fault.times.lowerBound)) 至 \(moment(fault.times.upperBound))（\(zone)）\(end)，由速率与平时相比得出："
            )
        ]
        for sign in fault.signs {
            let name = SafeText.escaped(sign.source.service)
            let host = SafeText.escaped(sign.source.host)
            let usual = Self.rate(sign.usual)
            let (count, times) = (number(sign.count), times(sign.times))
            switch sign.kind {
            case .errors:
                lines.append(
                    say(
                        "- \(name) on \(host): \(count) errors, \(usual) are usual, \(times)",
                        "- \(host) 上的 \(name)：\(count) 条错误，平时约 \(usual) 条，\(times)"))
            case .slowness:
                let bound = Self.seconds(sign.slowness ?? 0)
                lines.append(
                    say(
                        "- \(name) on \(host): \(count) requests of \(bound) s or longer, \(usual) are usual, \(times)",
                        "- \(host) 上的 \(name)：\(count) 个请求耗时 \(bound) 秒以上，平时约 \(usual) 个，\(times)"))
            case .silence: lines.append("- " + silence(sign))
            }
        }
        return lines.joined(separator: "\n")
    }

    /// The similar records, each with its cause and what was done about it.
    func similar(_ records: [SimilarIncident]) -> String {
        var lines = ["", "", say("Similar past records:", "相似的历史记录：")]
        for record in records {
            let title = Self.line(record.title)
            let status = record.status.name(in: language)
            lines.append("- \(record.id) " + title + say(" (\(status))", "（\(status)）"))
            if !record.rootCause.isEmpty {
                lines.append(
                    "  " + say("its root cause: ", "其根本原因：") + Self.line(record.rootCause))
            }
            if !record.fix.isEmpty {
                let fix = record.fix.map { Self.line($0) }.joined(separator: say("; ", "；"))
                lines.append("  " + say("what was done then: ", "当时的处理：") + fix)
            }
        }
        return lines.joined(separator: "\n")
    }

    /// A text of several lines as one that can be shown.
    private static func line(_ text: String) -> String {
        SafeText.escaped(text.split(whereSeparator: \.isNewline).joined(separator: " "))
    }

    /// What the logs do not tell, and who must say it.
    func unknown(_ draft: IncidentDraft) -> [IncidentField: String] {
        let people = say("the logs do not tell", "日志中没有")
        var remarks: [IncidentField: String] = [
            .rootCause: say(
                "not known from the logs; what changed first is where to look",
                "日志无法确定；可从最先出现的变化查起"),
            .detected: people, .acknowledged: people, .mitigated: people, .detection: people,
            .handlers: people,
            .severity: say("to be chosen", "待定"),
        ]
        if draft.fault.isOngoing {
            remarks[.resolved] = say(
                "not within the logs, which end while the fault lasts", "日志结束时故障仍在持续")
        }
        remarks[.type] =
            draft.incident.type == nil
            ? say("no known fault matches; to be chosen", "没有匹配的常见故障，待定")
            : say(
                "proposed by a known fault that matches; to be confirmed", "由匹配的常见故障提出，待确认")
        return remarks
    }
}
