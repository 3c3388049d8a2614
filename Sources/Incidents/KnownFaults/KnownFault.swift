/// A fault that others had before: how it shows in logs, what is usually behind it, what helps.
package struct KnownFault: Equatable, Sendable {
    /// A short name without blanks, such as `disk-full`: what a fault of one's own replaces.
    package let name: String
    package let type: FaultClass?
    /// Queries; the fault may be there when one of them finds something.
    package let patterns: [String]
    /// How many events must be found.
    package let least: Int
    /// What part the events found must be of others; nil for any.
    package let share: Share?
    /// Which manual knows it, and where in it.
    package let source: String
    /// By language; at least one has a title.
    let texts: [Language: Texts]

    package struct Share: Equatable, Sendable {
        /// From 0 to 1.
        package let least: Double
        /// The query of the events of which it is the share.
        package let query: String
    }

    struct Texts: Equatable, Sendable {
        var title = ""
        var symptom = ""
        var causes: [String] = []
        var handling: [String] = []
    }

    // What is not written in one language is shown in the other.

    package func title(in language: Language) -> String { one(\.title, language) }
    package func symptom(in language: Language) -> String { one(\.symptom, language) }
    package func causes(in language: Language) -> [String] { several(\.causes, language) }
    package func handling(in language: Language) -> [String] { several(\.handling, language) }

    private func one(_ path: KeyPath<Texts, String>, _ language: Language) -> String {
        [language, language.other].lazy.compactMap { texts[$0]?[keyPath: path] }
            .first { !$0.isEmpty } ?? ""
    }

    private func several(_ path: KeyPath<Texts, [String]>, _ language: Language) -> [String] {
        [language, language.other].lazy.compactMap { texts[$0]?[keyPath: path] }
            .first { !$0.isEmpty } ?? []
    }
}

extension Language {
    fileprivate var other: Language { self == .english ? .chinese : .english }
}
