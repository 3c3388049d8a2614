package import LogModel
internal import Presentation

/// For whom a report is written: its language, the zone of its times, and when it is made.
package struct ReportSettings: Sendable {
    package var language: Language
    package var zone: Zone
    package var generated: Int64

    package init(language: Language, zone: Zone, generated: Int64) {
        (self.language, self.zone, self.generated) = (language, zone, generated)
    }
}

extension ReportSettings {
    /// The words of the report's language.
    func say(_ english: String, _ chinese: String) -> String {
        language == .english ? english : chinese
    }

    var unknown: String { say("not known", "未知") }

    /// `2026-11-20 10:14:42`, on the clock of the report's zone.
    func time(_ time: Int64) -> String { RFC3339.clockText(time, zone: zone) }

    func date(_ time: Int64) -> String { String(self.time(time).prefix(10)) }
    func clock(_ time: Int64) -> String { String(self.time(time).dropFirst(11)) }

    /// Two times of which the second names its day only if it is another one.
    func times(_ first: Int64, _ second: Int64) -> String {
        RFC3339.clockTexts(first, second, joinedBy: say("to", "至"), zone: zone)
    }

    /// `43 min 21 s`, `43 分 21 秒`.
    func duration(_ nanoseconds: Int64) -> String {
        language.duration(HumanUnits.duration(nanoseconds: nanoseconds))
    }

    /// A time without its day where that is the day of another time.
    func time(_ time: Int64, beside other: Int64?) -> String {
        guard let other, date(other) == date(time) else { return self.time(time) }
        return clock(time)
    }

    /// What a time of the record is the time of: `Detected`, `发现`.
    func moment(_ field: IncidentField) -> String {
        let name = field.name(in: language)
        return name.hasSuffix("时间") ? String(name.dropLast(2)) : name
    }

    /// Names in a row, as the language puts them.
    func list(_ names: [String]) -> String { names.joined(separator: say(", ", "、")) }

    func count(_ number: Int, _ one: String, _ many: String, _ chinese: String) -> String {
        let figure = HumanUnits.count(Int64(number))
        return say("\(figure) \(number == 1 ? one : many)", "\(figure) \(chinese)")
    }
}

extension Language {
    /// A duration as `HumanUnits` writes it, in the language: `43 min 21 s`, `43 分 21 秒`.
    package func duration(_ text: String) -> String {
        guard self == .chinese else { return text }
        let words = text.split(separator: " ").map { Self.chineseUnits[$0] ?? String($0) }
        return words.joined(separator: " ") + (words.count == 2 && words[1] == "分" ? "钟" : "")
    }

    private static let chineseUnits: [Substring: String] = [
        "ns": "纳秒", "µs": "微秒", "ms": "毫秒", "s": "秒", "min": "分", "h": "小时", "d": "天",
    ]
}
