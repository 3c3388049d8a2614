internal import Incidents
internal import LogModel
internal import Presentation

/// Records as a table for people, or as JSON Lines.
struct IncidentList {
    private let records: [IncidentSummary]
    private let language: Language
    private let settings: PictureSettings

    init(_ records: [IncidentSummary], language: Language, _ settings: PictureSettings) {
        (self.records, self.language, self.settings) = (records, language, settings)
    }

    /// What a column says of a record, and how that looks.
    private struct Column {
        var english: String
        var chinese: String
        var isNumeric = false
        /// The narrowest terminal that has room for it.
        var fits = 0
        var value: (IncidentSummary) -> ResultTable.Value
        var style: (IncidentSummary) -> Style? = { _ in nil }
    }

    /// The table, and how many of `total` records it shows.
    func text(of total: Int) -> [UInt8] {
        guard !records.isEmpty else {
            return Array((isEnglish ? "no record is like that\n" : "没有符合条件的记录\n").utf8)
        }
        let columns = columns.filter { $0.fits <= settings.width ?? .max }
        var table = ResultTable(
            columns: columns.map {
                .init(name: isEnglish ? $0.english : $0.chinese, isNumeric: $0.isNumeric)
            })
        table.rows = records.map { record in columns.map { $0.value(record) } }
        if total > records.count {
            table.notes = [
                isEnglish
                    ? "\(records.count) of \(total) records; -n 0 shows all"
                    : "共 \(total) 条记录，显示 \(records.count) 条；-n 0 显示全部"
            ]
        }
        return TableView(settings).text(table) { columns[$1].style(records[$0]) }
    }

    private var isEnglish: Bool { language == .english }

    private var columns: [Column] {
        let (language, zone) = (language, settings.zone)
        return [
            Column(english: "record", chinese: "记录", value: { .line($0.id.description) }),
            Column(
                english: "P", chinese: "级别", value: { .line($0.severity?.rawValue ?? "") },
                style: { $0.severity?.style }),
            Column(
                english: "status", chinese: "状态",
                value: { .line($0.status.name(in: language)) },
                style: { $0.status == .closed ? .dim : nil }),
            Column(
                english: "started", chinese: "开始时间",
                value: { $0.started.map { .line(minute($0, zone)) } ?? .none }),
            Column(
                english: "lasted", chinese: "持续", isNumeric: true, fits: 90,
                value: { $0.toResolve.map { .duration(Double($0) / 1e9) } ?? .none }),
            Column(
                english: "type", chinese: "类型", fits: 120,
                value: { .line($0.type?.description ?? "") }),
            Column(english: "title", chinese: "标题", value: { .line($0.title) }),
            Column(
                english: "services", chinese: "服务", fits: 120,
                value: { .line($0.services.joined(separator: ", ")) }),
            Column(
                english: "pins", chinese: "证据", isNumeric: true, fits: 90,
                value: { .integer(Int64($0.pins)) }),
            Column(
                english: "open", chinese: "待办", isNumeric: true,
                value: { .integer(Int64($0.openActions)) }),
            Column(
                english: "overdue", chinese: "逾期", isNumeric: true,
                value: { .integer(Int64($0.overdueActions)) },
                style: { $0.overdueActions > 0 ? .error : nil }),
        ]
    }

    func json() -> [UInt8] {
        var json = JSONWriter()
        for record in records {
            json.beginObject()
            json.member("id", record.id.description)
            json.member("title", record.title)
            json.member("type", orNull: record.type?.description)
            json.member("severity", orNull: record.severity?.rawValue)
            json.member("status", record.status.rawValue)
            json.time("started", orNull: record.started)
            json.time("resolved", orNull: record.resolved)
            json.member("services", record.services)
            json.members([
                ("pins", Int64(record.pins)), ("open_actions", Int64(record.openActions)),
                ("overdue_actions", Int64(record.overdueActions)),
            ])
            json.endObject()
            json.endLine()
        }
        return json.bytes
    }
}

/// `2026-11-20 10:15`.
private func minute(_ time: Int64, _ zone: Zone) -> String {
    String(RFC3339.clockText(time, zone: zone).prefix(16))
}

extension IncidentSeverity {
    /// How it looks on a terminal.
    var style: Style? {
        switch self {
        case .p0: .fatal
        case .p1: .error
        case .p2: .warning
        case .p3: nil
        case .p4: .dim
        }
    }
}

extension ResultTable.Value {
    static func line(_ text: String) -> ResultTable.Value { .text(Array(text.utf8)) }
}

extension JSONWriter {
    mutating func member(_ name: String, orNull text: String?) {
        key(name)
        if let text { string(text) } else { null() }
    }

    /// RFC 3339 in UTC, or null.
    mutating func time(_ name: String, orNull time: Int64?) {
        key(name)
        if let time { string(RFC3339.text(time)) } else { null() }
    }
}
