internal import Configuration
internal import LogModel
internal import LogQuery

/// Makes known faults of scanned lines and gathers what is wrong with them.
struct FaultReader {
    private(set) var faults: [KnownFault] = []
    private(set) var mistakes: Set<Fault>
    private var lines: [String: Int] = [:]

    typealias Entry = ConfigurationEntry<FaultKey>
    typealias Section = ConfigurationSection<FaultKey>
    typealias Fault = ConfigurationError.Fault

    /// Each is several queries; a list that is longer has been made by a program.
    static let mostFaults = 500

    init(_ scanner: ConfigurationScanner<FaultKey>) {
        mistakes = Set(scanner.faults)
        for section in scanner.sections.dropFirst() {
            if let fault = fault(section) { faults.append(fault) }
        }
        if faults.count > Self.mostFaults {
            mistakes.insert(Fault("there are more than \(Self.mostFaults) faults"))
        }
    }

    private mutating func fault(_ section: Section) -> KnownFault? {
        let fault = KnownFault(
            name: mistakes.value(of: section.head, FaultValues.name) ?? "",
            type: mistakes.value(of: section[.type].first, FaultValues.type),
            patterns: values(section[.pattern], FaultValues.query),
            least: mistakes.value(of: section[.least].first, FaultValues.count) ?? 1,
            share: share(section),
            source: mistakes.value(of: section[.source].first, FaultValues.text) ?? "",
            texts: [
                .english: texts(section, .title, .symptom, .cause, .handling),
                .chinese: texts(section, .titleZh, .symptomZh, .causeZh, .handlingZh),
            ])
        guard let head = section.head, !fault.name.isEmpty else { return nil }
        checkIsWhole(section, head, fault.name)
        if let first = lines[fault.name] {
            mistakes.insert(
                head.value.fault(
                    "a second fault '\(fault.name)'",
                    help: "the first one is line \(first); give one another name"))
        }
        lines[fault.name] = head.line
        return fault
    }

    private mutating func values<Value>(
        _ entries: [Entry], _ read: (Entry) throws(Fault) -> Value
    ) -> [Value] {
        var values: [Value] = []
        for entry in entries {
            if let value = mistakes.value(of: entry, read) { values.append(value) }
        }
        return values
    }

    private mutating func texts(
        _ section: Section, _ title: FaultKey, _ symptom: FaultKey, _ cause: FaultKey,
        _ handling: FaultKey
    ) -> KnownFault.Texts {
        KnownFault.Texts(
            title: mistakes.value(of: section[title].first, FaultValues.text) ?? "",
            symptom: mistakes.value(of: section[symptom].first, FaultValues.text) ?? "",
            causes: values(section[cause], FaultValues.text),
            handling: values(section[handling], FaultValues.text))
    }

    private mutating func share(_ section: Section) -> KnownFault.Share? {
        let least = mistakes.value(of: section[.share].first, FaultValues.share)
        let query = mistakes.value(of: section[.of].first, FaultValues.query)
        for (key, other) in [(FaultKey.share, FaultKey.of), (.of, .share)] {
            guard let entry = section[key].first, section[other].isEmpty,
                !section.faulty.contains(other)
            else { continue }
            mistakes.insert(
                Fault(
                    line: entry.line, column: entry.keyColumn,
                    "'\(key.rawValue)' without '\(other.rawValue)'",
                    help: "write both: 'share: 2%' and 'of: status:*'"))
        }
        guard let least, let query else { return nil }
        return KnownFault.Share(least: least, query: query)
    }

    private mutating func checkIsWhole(_ section: Section, _ head: Entry, _ name: String) {
        func lacks(_ keys: FaultKey...) -> Bool {
            keys.allSatisfy { section[$0].isEmpty && !section.faulty.contains($0) }
        }
        if lacks(.title, .titleZh) {
            mistakes.insert(
                head.value.fault(
                    "the fault '\(name)' has no title",
                    help: "write 'title: …' or 'title-zh: …' below it"))
        }
        if lacks(.pattern) {
            mistakes.insert(
                head.value.fault(
                    "the fault '\(name)' has no pattern",
                    help: "write below it what finds it, as 'pattern: \"out of memory\"'"))
        }
    }
}

/// Understands the values of the lines of known faults.
enum FaultValues {
    typealias Entry = ConfigurationEntry<FaultKey>
    typealias Fault = ConfigurationError.Fault

    static func text(_ entry: Entry) throws(Fault) -> String { try entry.value.text().text }

    static func name(_ entry: Entry) throws(Fault) -> String {
        let word = try entry.value.text()
        let isName = word.text.unicodeScalars.allSatisfy {
            $0.properties.isAlphabetic || $0.properties.numericType != nil
                || "-_.".contains(Character($0))
        }
        guard isName, word.text.utf8.count <= 100 else {
            throw entry.value.fault(
                "'\(word.shown)' is no name for a fault",
                help: "take letters and digits, with - _ . inside")
        }
        return word.text
    }

    static func type(_ entry: Entry) throws(Fault) -> FaultClass {
        let word = try entry.value.text()
        if let type = FaultClass(word.text) { return type }
        let all = FaultType.allCases.flatMap { type in
            [type.rawValue] + type.subtypes.map { type.rawValue + "/" + $0 }
        }
        let near = NearestName.find(word.text, in: all).map { "did you mean '\($0)'?" }
        throw entry.value.fault(
            "'\(word.shown)' is no type of fault",
            help: near ?? "the types are " + all.joined(separator: ", "))
    }

    static func count(_ entry: Entry) throws(Fault) -> Int {
        let word = try entry.value.text()
        guard let count = Int(word.text), count > 0 else {
            throw entry.value.fault(
                "'\(word.shown)' is no number of events", help: "write a whole number from 1 up")
        }
        return count
    }

    static func share(_ entry: Entry) throws(Fault) -> Double {
        let word = try entry.value.text()
        let digits = word.text.hasSuffix("%") ? String(word.text.dropLast()) : ""
        guard let value = Double(digits), value > 0, value <= 100 else {
            throw entry.value.fault(
                "'\(word.shown)' is no share of events", help: "write it in per cent, such as 2%")
        }
        return value / 100
    }

    /// A query that must be right for any store: the names of its fields are those that all stores know.
    static func query(_ entry: Entry) throws(Fault) -> String {
        let text = entry.value.whole().text
        do throws(QueryError) {
            _ = try Filter(query: text, knownAttributes: [], now: 0)
        } catch {
            throw entry.value.fault(error.problem, at: error.range.lowerBound, help: error.help)
        }
        return text
    }
}
