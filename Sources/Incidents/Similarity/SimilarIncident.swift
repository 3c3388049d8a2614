package import Presentation

/// A record that is like another one.
package struct SimilarIncident: Equatable, Sendable {
    package let id: IncidentID
    package let title: String
    package let status: IncidentStatus
    /// BM25: the greater the more alike; to compare within one answer only.
    package let score: Double
    /// What both have: services, the type of fault, and words, the rarest first.
    package let shared: [String]
    package let rootCause: String
    /// What was done about it: the handling steps, then the actions.
    package let fix: [String]
}

extension SimilarIncident {
    /// Writes the members into an open object.
    package func write(to json: inout JSONWriter) {
        json.member("record", id.description)
        json.member("title", title)
        json.member("status", status.rawValue)
        json.key("score")
        json.number(score)
        json.key("shared")
        json.strings(shared)
        json.member("root_cause", rootCause)
        json.key("fix")
        json.strings(fix)
    }
}
