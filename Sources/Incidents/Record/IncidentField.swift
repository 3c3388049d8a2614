/// The fields of a fault record, in the order in which people read them: one declaration for JSON, flags,
/// forms and reports.
///
/// The raw value is the name in JSON; flags have hyphens for its underscores.
package enum IncidentField: String, CaseIterable, Sendable {
    case title, type, severity, status
    case started, detected, acknowledged, mitigated, resolved, detection
    case description, services, hosts, scope, impact, steps
    case trigger
    case rootCause = "root_cause"
    case patterns, factors, whys
    case prevention, actions
    case handlers, reviewers, lessons, related, tags

    /// What values of the field are, and where they stand.
    package enum Shape {
        /// One line.
        case line(WritableKeyPath<Incident, String>)
        /// Any number of lines.
        case text(WritableKeyPath<Incident, String>)
        case time(WritableKeyPath<Incident, Int64?>)
        /// One line each.
        case lines(WritableKeyPath<Incident, [String]>)
        case type, severity, status
        case impact, steps, actions, related
    }

    package var shape: Shape {
        switch self {
        case .title: .line(\.title)
        case .type: .type
        case .severity: .severity
        case .status: .status
        case .started: .time(\.started)
        case .detected: .time(\.detected)
        case .acknowledged: .time(\.acknowledged)
        case .mitigated: .time(\.mitigated)
        case .resolved: .time(\.resolved)
        case .detection: .line(\.detection)
        case .description: .text(\.description)
        case .services: .lines(\.services)
        case .hosts: .lines(\.hosts)
        case .scope: .text(\.scope)
        case .impact: .impact
        case .steps: .steps
        case .trigger: .text(\.trigger)
        case .rootCause: .text(\.rootCause)
        case .patterns: .lines(\.patterns)
        case .factors: .lines(\.factors)
        case .whys: .lines(\.whys)
        case .prevention: .text(\.prevention)
        case .actions: .actions
        case .handlers: .lines(\.handlers)
        case .reviewers: .lines(\.reviewers)
        case .lessons: .text(\.lessons)
        case .related: .related
        case .tags: .lines(\.tags)
        }
    }

    /// The field's name in forms and reports; the documented fields have the manuals' own words.
    package func name(in language: Language) -> String {
        language == .english ? englishName : chineseName
    }

    private var englishName: String {
        switch self {
        case .title: "Title"
        case .type: "Fault type"
        case .severity: "Severity"
        case .status: "Status"
        case .started: "Started"
        case .detected: "Detected"
        case .acknowledged: "Acknowledged"
        case .mitigated: "Mitigated"
        case .resolved: "Resolved"
        case .detection: "How detected"
        case .description: "Description"
        case .services: "Services"
        case .hosts: "Hosts"
        case .scope: "Impact scope"
        case .impact: "Impact"
        case .steps: "Handling steps"
        case .trigger: "Trigger"
        case .rootCause: "Root cause"
        case .patterns: "Root cause in logs"
        case .factors: "Contributing factors"
        case .whys: "Five whys"
        case .prevention: "Prevention"
        case .actions: "Actions"
        case .handlers: "Handlers"
        case .reviewers: "Reviewers"
        case .lessons: "Lessons"
        case .related: "Related records"
        case .tags: "Tags"
        }
    }

    private var chineseName: String {
        switch self {
        case .title: "标题"
        case .type: "故障类型"
        case .severity: "严重级别"
        case .status: "状态"
        case .started: "开始时间"
        case .detected: "发现时间"
        case .acknowledged: "响应时间"
        case .mitigated: "止损时间"
        case .resolved: "恢复时间"
        case .detection: "发现方式"
        case .description: "故障描述"
        case .services: "影响服务"
        case .hosts: "影响主机"
        case .scope: "影响范围"
        case .impact: "影响数据"
        case .steps: "处理步骤"
        case .trigger: "触发原因"
        case .rootCause: "根本原因"
        case .patterns: "根因日志特征"
        case .factors: "促成因素"
        case .whys: "五个为什么"
        case .prevention: "预防措施"
        case .actions: "改进事项"
        case .handlers: "处理人员"
        case .reviewers: "复盘人员"
        case .lessons: "经验教训"
        case .related: "相关记录"
        case .tags: "标签"
        }
    }
}

/// The languages of forms and reports.
package enum Language: String, CaseIterable, Sendable {
    case english = "en"
    case chinese = "zh"
}

extension FaultType {
    package func name(in language: Language) -> String {
        switch self {
        case .infrastructure: language == .english ? "infrastructure fault" : "基础设施故障"
        case .application: language == .english ? "application fault" : "应用故障"
        case .data: language == .english ? "data fault" : "数据故障"
        case .security: language == .english ? "security fault" : "安全故障"
        }
    }
}

extension FaultClass {
    /// `application fault: crash`.
    package func name(in language: Language) -> String {
        let name = type.name(in: language)
        guard let subtype else { return name }
        return language == .english
            ? name + ": " + subtype : name + "：" + (Self.chineseSubtypes[subtype] ?? subtype)
    }

    private static let chineseSubtypes = [
        "server": "服务器", "network": "网络", "storage": "存储", "error": "程序错误",
        "crash": "崩溃", "loss": "数据丢失", "corruption": "数据损坏", "vulnerability": "安全漏洞",
        "attack": "攻击",
    ]
}

extension IncidentStatus {
    package func name(in language: Language) -> String {
        switch self {
        case .identified: language == .english ? "identified" : "已识别"
        case .diagnosed: language == .english ? "diagnosed" : "已诊断"
        case .repaired: language == .english ? "repaired" : "已修复"
        case .reviewed: language == .english ? "reviewed" : "已复盘"
        case .closed: language == .english ? "closed" : "已关闭"
        }
    }
}

extension PreventionAction.State {
    package func name(in language: Language) -> String {
        switch self {
        case .open: language == .english ? "open" : "未完成"
        case .done: language == .english ? "done" : "已完成"
        case .dropped: language == .english ? "dropped" : "不再做"
        }
    }
}
