/// How long the response to a fault took, derived from the record's times; nanoseconds.
///
/// Nil where one of the two times is not known, or they are the wrong way round.
package struct ResponseTimes: Equatable, Sendable {
    package let toDetect: Int64?
    package let toAcknowledge: Int64?
    package let toMitigate: Int64?
    package let toResolve: Int64?

    package init(_ incident: Incident) {
        toDetect = Self.span(incident.started, incident.detected)
        toAcknowledge = Self.span(incident.detected, incident.acknowledged)
        toMitigate = Self.span(incident.started, incident.mitigated)
        toResolve = Self.span(incident.started, incident.resolved)
    }

    /// From one to the other; nil where one is not known, or they are the wrong way round.
    static func span(_ start: Int64?, _ end: Int64?) -> Int64? {
        guard let start, let end, end >= start else { return nil }
        let (span, isOver) = end.subtractingReportingOverflow(start)
        return isOver ? nil : span
    }

    /// Each with its short name and its definition.
    package func rows(in language: Language) -> [Row] {
        let isEnglish = language == .english
        return [
            Row("TTD", isEnglish ? "detected − started" : "发现 − 开始", toDetect),
            Row("TTA", isEnglish ? "acknowledged − detected" : "响应 − 发现", toAcknowledge),
            Row("TTM", isEnglish ? "mitigated − started" : "止损 − 开始", toMitigate),
            Row("TTR", isEnglish ? "resolved − started" : "恢复 − 开始", toResolve),
        ]
    }

    package struct Row: Equatable, Sendable {
        package let name: String
        package let definition: String
        package let span: Int64?

        init(_ name: String, _ definition: String, _ span: Int64?) {
            (self.name, self.definition, self.span) = (name, definition, span)
        }
    }
}
