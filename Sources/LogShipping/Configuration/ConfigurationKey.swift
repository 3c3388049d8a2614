internal import LogModel

/// What can stand before a colon in a configuration.
enum ConfigurationKey: String, CaseIterable {
    case store, descriptors, rescan, reserve, ballast
    case source, files, except
    case host, service, env, format, zone, encoding, include, exclude, start

    /// Settings of the whole shipper stand above the first source.
    var isGlobal: Bool {
        switch self {
        case .store, .descriptors, .rescan, .reserve, .ballast: true
        default: false
        }
    }

    /// Keys that may stand several times, each adding to those before.
    var isList: Bool {
        switch self {
        case .files, .except, .include, .exclude: true
        default: false
        }
    }

    /// What else people call them.
    private static let otherNames: [String: ConfigurationKey] = [
        "data": .store, "path": .files, "paths": .files, "environment": .env, "tz": .zone,
        "timezone": .zone, "charset": .encoding, "input": .source, "fds": .descriptors,
        "ignore": .exclude, "drop": .exclude, "parser": .format, "from": .start,
    ]

    /// The key that was probably meant by a word that is none.
    static func nearest(to word: String) -> ConfigurationKey? {
        let folded = word.lowercased()
        if let key = ConfigurationKey(rawValue: folded) ?? otherNames[folded] { return key }
        return NearestName.find(folded, in: allCases.map(\.rawValue))
            .flatMap(ConfigurationKey.init(rawValue:))
    }
}
