extension IncidentField {
    /// The flag that sets the field: `--root-cause`.
    package var flag: String {
        "--" + String(rawValue.map { $0 == "_" ? "-" : $0 })
    }

    /// From which status on a record needs the field; without a status, it is only advised.
    struct Need {
        var status: IncidentStatus?
        var advisedFrom: IncidentStatus?
    }

    /// What the documented process has come to know with each status; nil for fields that may stay empty.
    var need: Need? {
        switch self {
        case .title, .started: Need(status: .identified)
        case .severity: Need(advisedFrom: .identified)
        case .type, .description, .rootCause: Need(status: .diagnosed)
        case .detected, .detection, .resolved, .steps, .scope, .handlers: Need(status: .repaired)
        case .services, .impact, .trigger: Need(advisedFrom: .repaired)
        case .prevention: Need(status: .reviewed)
        case .reviewers, .lessons, .patterns: Need(advisedFrom: .reviewed)
        default: nil
        }
    }

    /// Its English name in a sentence.
    var lintName: String {
        switch self {
        case .started: "start time"
        case .detected: "detection time"
        case .resolved: "recovery time"
        case .detection: "means of detection"
        default: name(in: .english).lowercased()
        }
    }

    /// Whether its English name is.
    var isPlural: Bool {
        [.services, .steps, .handlers, .reviewers, .lessons].contains(self)
    }

    /// What the author is asked for.
    var question: BothLanguages? {
        switch self {
        case .title: .init("what happened, in a line?", "一句话说明发生了什么？")
        case .type: .init("what kind of fault was it?", "属于哪一类故障？")
        case .severity: .init("how bad was it, P0 to P4?", "有多严重，P0 到 P4？")
        case .started: .init("when did it begin?", "什么时候开始？")
        case .detected: .init("when was it noticed?", "什么时候发现？")
        case .detection: .init("who or what noticed it?", "由谁或什么发现？")
        case .resolved: .init("when was all well again?", "什么时候完全恢复？")
        case .description: .init("what was seen?", "看到了什么现象？")
        case .services: .init("which services were hit?", "哪些服务受影响？")
        case .scope: .init("who and what was affected?", "影响了谁和什么？")
        case .impact: .init("how many requests, clients, orders?", "多少请求、用户、订单受影响？")
        case .steps: .init("what was done about it?", "做了哪些处理？")
        case .trigger: .init("what set it off?", "由什么触发？")
        case .rootCause: .init("what made it possible?", "是什么使故障成为可能？")
        case .patterns:
            .init("which query would find it, should it come again?", "再次发生时用什么查询能发现？")
        case .prevention:
            .init("what keeps it from coming again? actions will do", "如何防止再次发生？有改进事项也可以")
        case .handlers: .init("who handled it?", "由谁处理？")
        case .reviewers: .init("who has reviewed it?", "由谁复盘？")
        case .lessons: .init("what should others know?", "其他人应当知道什么？")
        default: nil
        }
    }
}
