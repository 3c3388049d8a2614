internal import LogModel
internal import LogStore

/// A filter compiled for running: searchers and automata made, levels turned into sets of numbers.
indirect enum Predicate {
    case all
    case none
    case and([Predicate])
    case or([Predicate])
    case not(Predicate)
    case text(TextSearcher)
    case regex(RegexTest)
    /// Bit `n` is set when severity number `n` passes.
    case severity(Int64)
    case times(Range<Int64>)
    case field(name: String, type: FieldType, ValueTest)

    /// The predicate with what a source decides put in: host, service, environment, path.
    func resolved(for source: EventSource) -> Predicate {
        resolved { name, type, test in
            Self.value(of: name, type, in: source, test).map {
                !$0.isEmpty && test.acceptsText($0, number: nil)
            }
        }
    }

    /// The predicate with what is known of a block by its layouts put in: none of its events has a
    /// field that no layout has.
    func resolved(for layouts: [Layout]) -> Predicate {
        resolved { name, _, _ in layouts.allSatisfy { $0.lacks(name) } ? false : nil }
    }

    /// The predicate without the tests of fields on which `decide` has an answer.
    private func resolved(_ decide: (String, FieldType, ValueTest) -> Bool?) -> Predicate {
        switch self {
        case .and(let parts):
            var kept: [Predicate] = []
            for part in parts.map({ $0.resolved(decide) }) {
                if case .none = part { return .none }
                if case .all = part { continue }
                kept.append(part)
            }
            return kept.isEmpty ? .all : kept.count == 1 ? kept[0] : .and(kept)
        case .or(let parts):
            var kept: [Predicate] = []
            for part in parts.map({ $0.resolved(decide) }) {
                if case .all = part { return .all }
                if case .none = part { continue }
                kept.append(part)
            }
            return kept.isEmpty ? .none : kept.count == 1 ? kept[0] : .or(kept)
        case .not(let inner):
            switch inner.resolved(decide) {
            case .all: return .none
            case .none: return .all
            case let kept: return .not(kept)
            }
        case .field(let name, let type, let test):
            return decide(name, type, test).map { $0 ? .all : .none } ?? self
        default: return self
        }
    }

    /// The value of a field that all events of a source share; nil for other fields.
    private static func value(
        of name: String, _ type: FieldType, in source: EventSource, _ test: ValueTest
    ) -> [UInt8]? {
        switch name {
        case FieldName.host: return Array(source.host.utf8)
        case FieldName.service: return Array(source.service.utf8)
        case FieldName.environment: return Array(source.environment.utf8)
        case FieldName.filePath:
            let path = Array(source.path.utf8)
            guard type == .file, !test.mentionsSlash, let slash = path.lastIndex(of: 0x2F) else {
                return path
            }
            return Array(path[(slash + 1)...])
        default: return nil
        }
    }
}

extension ValueTest {
    fileprivate var mentionsSlash: Bool {
        switch self {
        case .contains(let searcher): searcher.parts.contains { $0.contains(0x2F) }
        case .glob(let glob): glob.parts.contains { $0.contains(0x2F) }
        case .exactly(let value): value.contains(0x2F)
        case .regex(let test): test.regex.pattern.utf8.contains(0x2F)
        default: false
        }
    }
}
