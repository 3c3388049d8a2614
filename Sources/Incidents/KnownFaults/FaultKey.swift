internal import Configuration

/// What can stand before a colon in a list of known faults.
enum FaultKey: String, ConfigurationKey {
    case fault
    case title
    case titleZh = "title-zh"
    case type, source
    case symptom
    case symptomZh = "symptom-zh"
    case pattern, least, share, of
    case cause
    case causeZh = "cause-zh"
    case handling
    case handlingZh = "handling-zh"

    static let section = FaultKey.fault
    static let needed: Set<FaultKey> = [.title, .titleZh, .pattern, .share, .of]

    var place: ConfigurationPlace { .section }

    var isList: Bool {
        switch self {
        case .pattern, .cause, .causeZh, .handling, .handlingZh: true
        default: false
        }
    }

    static let otherNames: [String: FaultKey] = [
        "name": .title, "title-en": .title, "title-cn": .titleZh, "class": .type, "kind": .type,
        "query": .pattern, "patterns": .pattern, "match": .pattern, "minimum": .least,
        "min": .least, "count": .least, "threshold": .least, "causes": .cause,
        "cause-cn": .causeZh, "handle": .handling, "steps": .handling, "step": .handling,
        "handling-cn": .handlingZh, "symptoms": .symptom, "manual": .source,
    ]
}
