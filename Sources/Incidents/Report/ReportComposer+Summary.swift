internal import LogModel
internal import Presentation

extension ReportComposer {
    /// One paragraph of what the record and the logs say, for those who read no further.
    func summary() -> String {
        let sentences = [what(), detection(), errors(), cause(inShort: incident.rootCause), open()]
        return sentences.compactMap(\.self).joined(separator: say(" ", ""))
    }

    /// What it was, when, for how long, and who was hit.
    private func what() -> String {
        let type = incident.type.map(kind)
        let severity = incident.severity?.rawValue
        let who = settings.list(incident.services)
        let hosts = settings.list(incident.hosts)
        guard settings.language == .english else {
            var text = incident.started.map { "\(settings.time($0)) 起，" } ?? "开始时间未知，"
            text += who.isEmpty ? "" : "\(who) 服务"
            text += hosts.isEmpty ? "" : "（\(hosts)）"
            text += "发生\(type ?? "类型未知的故障")"
            text += severity.map { "，级别 \($0)" } ?? ""
            if let span = ResponseTimes(incident).toResolve {
                return text + "，历时 \(settings.duration(span))后恢复。"
            }
            return text + (incident.resolved == nil ? "，尚未恢复。" : "。")
        }
        var text = incident.started.map { "From \(settings.time($0))" } ?? "At a time not known"
        if let span = ResponseTimes(incident).toResolve {
            text += ", for \(settings.duration(span)),"
        } else if incident.resolved == nil {
            text += " on, and not resolved yet,"
        }
        text += " there was " + (type.map(Self.withArticle) ?? "a fault of unknown type")
        text += severity.map { " of severity \($0)" } ?? ""
        text += who.isEmpty ? "" : " in \(who)"
        text += hosts.isEmpty ? "" : " on \(hosts)"
        return text + "."
    }

    /// `application fault (error)`.
    private func kind(_ type: FaultClass) -> String {
        let name = type.type.name(in: settings.language)
        let subtype = type.name(in: settings.language).dropFirst(name.count).drop {
            ":： ".contains($0)
        }
        return subtype.isEmpty ? name : name + say(" (\(subtype))", "（\(subtype)）")
    }

    private static func withArticle(_ name: String) -> String {
        (name.first.map { "aeiou".contains($0) } == true ? "an " : "a ") + name
    }

    private func detection() -> String? {
        guard incident.detected != nil || !incident.detection.isEmpty else { return nil }
        let after = ResponseTimes(incident).toDetect.map(settings.duration)
        let how = Self.sentence(incident.detection)
        guard settings.language == .english else {
            let when = after.map { "\($0)后被发现" } ?? "已被发现"
            return when + (how.isEmpty ? "。" : "：\(how)。")
        }
        return "It was detected" + (after.map { " after \($0)" } ?? "")
            + (how.isEmpty ? "." : ": \(how).")
    }

    /// How many errors there were in that time, and how they rose.
    private func errors() -> String? {
        guard let chart, let fault = chart.fault else { return nil }
        let totals = chart.totals
        let during = totals.indices.filter {
            (chart.start(of: $0)..<chart.start(of: $0 + 1)).overlaps(fault)
        }
        let before = totals.indices.filter { chart.start(of: $0 + 1) <= fault.lowerBound }
        let sum = during.reduce(0) { $0 + totals[$1] }
        guard sum > 0, let peak = during.max(by: { totals[$0] < totals[$1] }) else { return nil }
        let count = HumanUnits.count(Int64(sum))
        let most = HumanUnits.count(Int64(totals[peak]))
        let (span, time) = (settings.duration(chart.bin), settings.clock(chart.start(of: peak)))
        let usual = usual(before.map { totals[$0] })
        return say(
            "In that time the logs have \(count) error\(sum == 1 ? "" : "s"), at most \(most) in "
                + "\(span) at \(time)\(usual).",
            "期间日志中有 \(count) 条错误，\(time) 起的 \(span)内最多，为 \(most) 条\(usual)。")
    }

    /// How many errors a bin had before the fault; nothing where the chart begins with it.
    private func usual(_ counts: [Int]) -> String {
        guard !counts.isEmpty else { return "" }
        let sum = counts.reduce(0, +)
        if sum == 0 { return say("; before it none", "；此前没有") }
        let average = (Double(sum) / Double(counts.count) * 10).rounded() / 10
        if average == 0 { return say("; before it fewer than 0.1 on average", "；此前平均不到 0.1 条") }
        let figure = HumanUnits.figure(average)
        return say("; before it \(figure) on average", "；此前平均 \(figure) 条")
    }

    private func cause(inShort text: String) -> String? {
        let first = Self.sentence(text)
        return first.isEmpty
            ? say("The root cause is not known.", "根本原因未知。")
            : say("Root cause: \(first).", "根本原因：\(first)。")
    }

    private func open() -> String? {
        let open = incident.actions.count { $0.state == .open }
        guard open > 0 else { return nil }
        return say(
            "\(open) of \(incident.actions.count) action\(incident.actions.count == 1 ? "" : "s") "
                + "\(open == 1 ? "is" : "are") still open.",
            "\(incident.actions.count) 项改进事项中有 \(open) 项未完成。")
    }

    /// The first line, without a full stop at its end; cut where it is long.
    private static func sentence(_ text: String) -> String {
        var line = text.lines.first { !$0.isEmpty } ?? ""
        while let last = line.last, last == "." || last == "。" || last == " " { line.removeLast() }
        return line.count <= 240 ? line : String(line.prefix(240)) + "…"
    }
}
