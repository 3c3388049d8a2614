internal import Configuration

/// What can stand before a colon in a retention policy.
enum PolicyKey: String, ConfigurationKey {
    case indexed, archived, size, window
    case rule, service, host, env, format, level

    static let section = PolicyKey.rule
    static let conditions: [PolicyKey] = [.service, .host, .env, .format, .level]
    static let ages: [PolicyKey] = [.indexed, .archived]
    static let needed = Set(conditions + ages)

    var place: ConfigurationPlace {
        switch self {
        case .size, .window: .top
        case .service, .host, .env, .format, .level: .section
        default: .anywhere
        }
    }

    var isList: Bool { false }

    static let otherNames: [String: PolicyKey] = [
        "index": .indexed, "searchable": .indexed, "hot": .indexed,
        "archive": .archived, "keep": .archived, "retain": .archived, "retention": .archived,
        "delete": .archived, "remove": .archived, "cold": .archived,
        "severity": .level, "severities": .level, "levels": .level, "services": .service,
        "hosts": .host, "formats": .format, "environment": .env, "environments": .env,
        "limit": .size, "maximum": .size, "cap": .size, "time": .window, "hours": .window,
    ]
}
