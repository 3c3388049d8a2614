internal import Configuration

/// What can stand before a colon in a shipper's configuration.
enum ShipperKey: String, ConfigurationKey {
    case store, descriptors, rescan, reserve, ballast
    case source, files, except
    case host, service, env, format, zone, encoding, include, exclude, start

    static let section = ShipperKey.source
    static let needed: Set<ShipperKey> = [.files]

    /// Settings of the whole shipper stand above the first source.
    var place: ConfigurationPlace {
        switch self {
        case .store, .descriptors, .rescan, .reserve, .ballast: .top
        case .files: .section
        default: .anywhere
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
    static let otherNames: [String: ShipperKey] = [
        "data": .store, "path": .files, "paths": .files, "environment": .env, "tz": .zone,
        "timezone": .zone, "charset": .encoding, "input": .source, "fds": .descriptors,
        "ignore": .exclude, "drop": .exclude, "parser": .format, "from": .start,
    ]
}
