/// What a form tells the person who fills it in; never part of the record.
enum FormHints {
    static func introduction(in language: Language) -> [String] {
        language == .english
            ? [
                "Write below the headings. Hints like this one are not read.",
                "A heading that is taken out leaves its field as it was; one with nothing below clears it.",
            ]
            : [
                "在各标题下填写。像这样的提示不会被读入。",
                "删去整个标题，该字段保持原样；标题下留空，则清空该字段。",
            ]
    }

    /// Choices are shown also where one is made.
    static func isAlwaysShown(_ field: IncidentField) -> Bool {
        switch field {
        case .type, .severity, .status: true
        default: false
        }
    }

    static func hint(for field: IncidentField, in language: Language) -> [[UInt8]] {
        comment(language == .english ? english(field) : chinese(field))
    }

    /// A text as a hint, whatever is in it.
    static func comment(_ text: String) -> [[UInt8]] {
        let lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
            .map { withoutEnd(FormText.encoded($0, hidesFirstBlank: false)) }
        if lines.count == 1 { return [Array("<!-- ".utf8) + lines[0] + " -->".utf8] }
        return [Array("<!--".utf8)] + lines + [Array("-->".utf8)]
    }

    /// What would end the hint is spelled out.
    private static func withoutEnd(_ line: [UInt8]) -> [UInt8] {
        line.indices.flatMap { index in
            line[index] == UInt8(ascii: ">") && line[..<index].suffix(2).elementsEqual("--".utf8)
                ? Array("\\u{3e}".utf8) : [line[index]]
        }
    }

    /// A line for each type and its sub-types.
    private static func types(_ name: (FaultClass) -> String, _ comma: String) -> String {
        FaultType.allCases.map { type in
            FaultClass.all.filter { $0.type == type }.map(name).joined(separator: comma)
        }.joined(separator: "\n")
    }

    private static func english(_ field: IncidentField) -> String {
        switch field {
        case .title: "what happened, in one line"
        case .type: "one of\n" + types(\.description, ", ")
        case .severity: "P0 (everything is down) to P4 (a blemish)"
        case .status: "identified, diagnosed, repaired or reviewed; 'logq incident close' closes"
        case .started: "such as 2026-11-20 10:14:42, or yesterday 10:14"
        case .detected: "when somebody or something noticed it"
        case .acknowledged: "when somebody took it on"
        case .mitigated: "when users were no longer hit"
        case .resolved: "when it was mended"
        case .detection: "by an alert, a user's report or an inspection"
        case .description: "what was to be seen, for people who were not there"
        case .services, .hosts: "- NAME, a line each"
        case .scope: "who was hit, how many, with what effect"
        case .impact:
            "- 63 requests failed\n  - query: path:/api/pay status:>=500\n  - evidence: P1, P2"
        case .steps:
            "- 2026-11-20 10:26:39 rolled back to release1.0.4\n  - by: 李雷\n  - evidence: P3"
        case .trigger: "what set it off: a deployment, a load, a change"
        case .rootCause: "why it could happen"
        case .patterns: "- QUERY that finds the root cause in logs, should it come again"
        case .factors: "- what made it worse, or likelier"
        case .whys: "- why? because …; each item asks about the one before"
        case .prevention: "what keeps it from coming again"
        case .actions: "- limit the pool\n  - owner: 韩梅梅\n  - due: 2026-12-01\n  - state: open"
        case .handlers, .reviewers: "- NAME, a line each"
        case .lessons: "what went well, what did not, where luck helped"
        case .related: "- INC-2026-0001, a line each"
        case .tags: "- TAG, a line each"
        }
    }

    private static func chinese(_ field: IncidentField) -> String {
        switch field {
        case .title: "一句话说明发生了什么"
        case .type: "可选：\n" + types({ $0.name(in: .chinese) }, "、")
        case .severity: "P0（全部不可用）到 P4（轻微瑕疵）"
        case .status: "已识别、已诊断、已修复或已复盘；关闭请用 'logq incident close'"
        case .started: "例如 2026-11-20 10:14:42，或 yesterday 10:14"
        case .detected: "何时被人或系统发现"
        case .acknowledged: "何时有人开始处理"
        case .mitigated: "何时用户不再受影响"
        case .resolved: "何时完全恢复"
        case .detection: "告警、用户反馈或巡检"
        case .description: "现象是什么，写给不在场的人看"
        case .services, .hosts: "- 名称，每行一个"
        case .scope: "影响了谁、多少、后果如何"
        case .impact: "- 63 个请求失败\n  - 查询: path:/api/pay status:>=500\n  - 证据: P1, P2"
        case .steps:
            "- 2026-11-20 10:26:39 回滚到 release1.0.4\n  - 人员: 李雷\n  - 证据: P3"
        case .trigger: "由什么引发：发布、流量、变更"
        case .rootCause: "为什么会发生"
        case .patterns: "- 查询语句，再次发生时能在日志中找到根因"
        case .factors: "- 使其更严重或更容易发生的因素"
        case .whys: "- 为什么？因为……；每一条追问上一条"
        case .prevention: "如何避免再次发生"
        case .actions:
            "- 限制连接池\n  - 负责人: 韩梅梅\n  - 截止日期: 2026-12-01\n  - 状态: 未完成"
        case .handlers, .reviewers: "- 姓名，每行一个"
        case .lessons: "哪些做得好，哪些不好，哪里靠运气"
        case .related: "- INC-2026-0001，每行一个"
        case .tags: "- 标签，每行一个"
        }
    }
}
