/// What a record lacks, in a sentence.
package struct LintProblem: Equatable, Sendable {
    package enum Weight: String, Sendable {
        /// The status cannot be reached without it.
        case missing
        /// What a good record would have too.
        case advice
    }

    package let weight: Weight
    package let field: IncidentField
    /// One line, with the flag that mends it; it may quote the record and is not safe to show as it is.
    package let text: String
}

/// A text in both languages.
struct BothLanguages {
    let english: String
    let chinese: String

    init(_ english: String, _ chinese: String) { (self.english, self.chinese) = (english, chinese) }

    func text(in language: Language) -> String { language == .english ? english : chinese }
}
