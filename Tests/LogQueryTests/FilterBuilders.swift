import LogModel
import LogQuery

/// Short ways to write out expected trees.
func word(_ text: String) -> Filter { .text(TextPattern(parts: [text])) }

func phrase(_ text: String) -> Filter { .text(TextPattern(parts: [text], isPhrase: true)) }

func pattern(_ parts: String..., openStart: Bool = false, openEnd: Bool = false) -> TextPattern {
    TextPattern(parts: parts, openStart: openStart, openEnd: openEnd)
}

func quoted(_ text: String) -> TextPattern { TextPattern(parts: [text], isPhrase: true) }

extension FieldReference {
    static let status = FieldReference(
        name: "http.response.status_code", written: "status", type: .integer)
    static let level = FieldReference(name: "SeverityText", written: "level", type: .severity)
    static let levelNumber = FieldReference(
        name: "SeverityNumber", written: "level", type: .severity)
    static let path = FieldReference(name: "url.path", written: "path", type: .text)
    static let message = FieldReference(name: "Body", written: "msg", type: .text)
    static let service = FieldReference(name: "service.name", written: "service", type: .text)
    static let time = FieldReference(name: "Timestamp", written: "time", type: .time)
    static let client = FieldReference(name: "client.address", written: "ip", type: .address)
    static let size = FieldReference(
        name: "http.response.body.size", written: "bytes", type: .bytes)
    static let took = FieldReference(
        name: "http.server.request.duration", written: "took", type: .duration)
    static let traceId = FieldReference(name: "mdc.traceId", written: "traceId", type: .any)
    static let retries = FieldReference(name: "app.retries", written: "app.retries", type: .any)
}

func value(_ text: String, _ number: Double? = nil) -> FieldValue {
    FieldValue(text: text, number: number)
}

let attributes: Set<String> = [
    "mdc.traceId", "app.retries", "app.node", "k8s.node", "订单", "app.Kind", "app.kind",
]

func parse(_ query: String) throws(QueryError) -> ParsedQuery {
    try FilterParser.parse(query, knownAttributes: attributes) { _ throws(QueryError) in }
}
