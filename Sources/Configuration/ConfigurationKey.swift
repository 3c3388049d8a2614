internal import LogModel

/// What can stand before a colon in a configuration of one kind.
package protocol ConfigurationKey: RawRepresentable<String>, CaseIterable, Hashable, Sendable {
    /// The key that begins a section; its value is the section's name.
    static var section: Self { get }
    /// Keys whose lack would be a mistake, which a misspelled one shall not be besides.
    static var needed: Set<Self> { get }
    /// What else people call them.
    static var otherNames: [String: Self] { get }
    var place: ConfigurationPlace { get }
    /// Whether it may stand several times, each adding to those before.
    var isList: Bool { get }
}

/// Where a key may stand.
package enum ConfigurationPlace: Sendable {
    /// Above the first section.
    case top
    case section
    case anywhere
}

extension ConfigurationKey {
    /// The key that was probably meant by a word that is none.
    static func nearest(to word: String) -> Self? {
        let folded = word.lowercased()
        if let key = Self(rawValue: folded) ?? otherNames[folded] { return key }
        return NearestName.find(folded, in: allCases.map(\.rawValue)).flatMap(Self.init(rawValue:))
    }
}
