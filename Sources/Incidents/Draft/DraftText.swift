internal import LogModel
internal import LogQuery
internal import Presentation

/// The sentences of a draft.
struct DraftText {
    let language: Language
    let zone: Zone

    init(_ request: DraftRequest) { (language, zone) = (request.language, request.zone) }

    /// One of two texts, by the language.
    func say(_ english: @autoclosure () -> String, _ chinese: @autoclosure () -> String) -> String {
        language == .english ? english() : chinese()
    }

    func number(_ count: Int) -> String { HumanUnits.count(Int64(count)) }

    /// `10:14:42`, as the zone's clock shows it.
    func clock(_ time: Int64) -> String {
        String(RFC3339.clockText(time, zone: zone).dropFirst(11))
    }

    func moment(_ time: Int64) -> String { RFC3339.clockText(time, zone: zone) }

    func times(_ times: Range<Int64>) -> String {
        RFC3339.clockTexts(times.lowerBound, times.upperBound, joinedBy: "–", zone: zone)
    }

    /// Seconds without an exponent: `0.5`, `2`.
    static func seconds(_ seconds: Double) -> String {
        seconds == seconds.rounded() ? "\(Int(seconds))" : "\(seconds)"
    }

    /// A count that is usual: in tenths where it is small.
    static func rate(_ usual: Double) -> String {
        if usual < 0.05 { return "0" }
        let digits = usual < 9.95 ? 1 : 0
        return HumanUnits.decimal(min(usual, 1e15), digits: digits)
    }

    private func list(_ names: [String]) -> String {
        names.map { SafeText.escaped($0) }.joined(separator: say(", ", "、"))
    }

    // MARK: Changes

    func sentence(
        _ change: WindowComparison.Change, events: Int, isHourBefore: Bool
    ) -> String {
        let before =
            isHourBefore ? say("in the hour before", "之前一小时") : say("in the usual window", "平时同一时段")
        let what = what(change)
        let head = SafeText.escaped(change.service) + say(": ", "：")
        let (count, good) = (number(events), number(change.good))
        switch change.sign {
        case .new:
            return head
                + say(
                    "\(what) is new: \(count) events, none \(before)",
                    "新出现\(what)，\(count) 条，\(before)没有")
        case .up:
            let ratio = DiffText.ratio(change.ratio)
            return head
                + say(
                    "\(what) has risen (\(ratio)): \(count) events, \(good) \(before)",
                    "\(what)增多（\(ratio)），\(count) 条，\(before) \(good) 条")
        case .gone:
            return head
                + say(
                    "\(what) is gone: \(good) events \(before)",
                    "\(what)不再出现，\(before)有 \(good) 条")
        case .down:
            return head
                + say(
                    "\(what) has fallen: \(count) events, \(good) \(before)",
                    "\(what)减少，\(count) 条，\(before) \(good) 条")
        }
    }

    private func what(_ change: WindowComparison.Change) -> String {
        let value = SafeText.escaped(String(decoding: change.value, as: UTF8.self))
        switch change.kind {
        case .message:
            let shown = SafeText.escaped(DraftQuery.shown(template: change.value))
            return say("\"\(shown)\"", "“\(shown)”") + exception(change)
        case .exception: return say("exception ", "异常 ") + value
        case .status: return say("status ", "状态码 ") + value
        case .path: return say("the path ", "路径 ") + value
        case .logger: return say("logger ", "日志类 ") + value
        case .level: return say("level ", "级别 ") + value
        case .host: return say("host ", "主机 ") + value
        case .service: return say("the service", "该服务的日志")
        }
    }

    private func exception(_ change: WindowComparison.Change) -> String {
        guard let echo = change.echoes.first(where: { $0.kind == .exception }) else { return "" }
        let classes = SafeText.escaped(String(decoding: echo.value, as: UTF8.self))
        return say(" (with \(classes))", "（伴随 \(classes)）")
    }

    // MARK: Impact

    func requests(_ edge: ImpactSearch.Edge) -> String {
        let share = HumanUnits.percent(Double(edge.failed) / Double(max(1, edge.requests)))
        let (failed, all) = (number(edge.failed), number(edge.requests))
        let name = SafeText.escaped(edge.service)
        if let bound = edge.slowness.map(Self.seconds) {
            return say(
                "\(name): \(failed) of \(all) requests (\(share)) took \(bound) s or longer",
                "\(name)：\(all) 个请求中 \(failed) 个（\(share)）耗时 \(bound) 秒以上")
        }
        return say(
            "\(name): \(failed) of \(all) requests (\(share)) failed with status 500 or above",
            "\(name)：\(all) 个请求中 \(failed) 个（\(share)）以 5xx 状态失败")
    }

    func clients(_ edge: ImpactSearch.Edge) -> String {
        let (name, count) = (SafeText.escaped(edge.service), number(edge.clients))
        return say(
            "\(name): \(count) client addresses were hit", "\(name)：影响 \(count) 个客户端地址")
    }

    func path(_ path: String, _ count: Int, _ edge: ImpactSearch.Edge) -> String {
        let shown = SafeText.escaped(path)
        if edge.slowness != nil {
            return say("\(shown): \(number(count)) slow requests", "\(shown)：\(number(count)) 个慢请求")
        }
        return say("\(shown): \(number(count)) failed", "\(shown)：失败 \(number(count)) 个")
    }

    func errors(_ service: String, _ count: Int, usual: Double) -> String {
        let (name, rate) = (SafeText.escaped(service), Self.rate(usual))
        return say(
            "\(name): \(number(count)) errors logged, where \(rate) are usual",
            "\(name)：记录 \(number(count)) 条错误，平时约 \(rate) 条")
    }

    func silence(_ sign: FaultSign) -> String {
        let name = SafeText.escaped(sign.source.service)
        let host = SafeText.escaped(sign.source.host)
        let usual = Self.rate(sign.usual)
        return say(
            "\(name) on \(host): \(number(sign.count)) events \(times(sign.times)), where \(usual) are usual",
            "\(host) 上的 \(name)：\(times(sign.times)) 只有 \(number(sign.count)) 条日志，平时约 \(usual) 条")
    }

    func scope(_ incident: Incident, _ edge: ImpactSearch.Edge?) -> String {
        let (services, hosts) = (list(incident.services), list(incident.hosts))
        var text = say(
            "Services \(services) on the hosts \(hosts).", "服务 \(services)，主机 \(hosts)。")
        if let edge {
            text += say(" ", "") + requests(edge)
            if edge.clients > 0 {
                text += say(
                    "; \(number(edge.clients)) client addresses",
                    "，涉及 \(number(edge.clients)) 个客户端地址")
            }
            text += say(".", "。")
        }
        return text
    }

    // MARK: Deployments

    func deployment(
        _ kind: DeploymentSearch.Kind, _ name: String, host: String, service: String, count: Int,
        isBefore: Bool
    ) -> String {
        let (name, host) = (SafeText.escaped(name), SafeText.escaped(host))
        let service = SafeText.escaped(service)
        let what =
            switch kind {
            case .deployment:
                say("web application \(name) was deployed", "部署了 Web 应用 \(name)")
            case .release: say("\(name) started", "\(name) 启动")
            case .application: say("the application \(name) started", "应用 \(name) 启动")
            case .server: say("the server of \(service) started", "\(service) 的服务器启动")
            }
        let often =
            count > 1
            ? say(", the last of \(number(count)) times", "（共 \(number(count)) 次，此为最后一次）") : ""
        let when = isBefore ? "" : say(", while the fault lasted", "（故障期间）")
        return host + say(": ", "：") + what + often + when
    }
}
