internal import LogModel

/// A line of a configuration: a key and the value behind it, not yet understood.
struct ConfigurationEntry {
    let key: ConfigurationKey
    let line: Int
    let keyColumn: Int
    let value: ConfigurationValue
}

/// A source's lines; the first section holds those above all sources, and has no `head`.
struct ConfigurationSection {
    /// The line `source: NAME`.
    ///
    /// Nil too where the name cannot be read.
    let head: ConfigurationEntry?
    /// Whether a line was meant to be `files` and could not be read.
    var hasFaultyFiles = false
    private var entries: [ConfigurationKey: [ConfigurationEntry]] = [:]

    init(head: ConfigurationEntry?) { self.head = head }

    /// The lines with that key, in order.
    subscript(key: ConfigurationKey) -> [ConfigurationEntry] { entries[key] ?? [] }

    mutating func append(_ entry: ConfigurationEntry) {
        entries[entry.key, default: []].append(entry)
    }
}

/// Cuts a configuration into lines, keys and sections, and finds what stands in the wrong place.
///
/// The notation is that of `.format` files, one `key: value` a line:
///
///     # comments stand on lines of their own
///     zone: Asia/Shanghai        # or behind a value and a blank
///     source: control
///     files: ${HOME}/control/control.log ${HOME}/control/control.*.log*
///
/// Lines may be indented as one likes. Keys above the first `source` hold for all of them.
struct ConfigurationScanner {
    private(set) var sections = [ConfigurationSection(head: nil)]
    private(set) var faults: [ConfigurationError.Fault] = []
    private var line = 0

    typealias Fault = ConfigurationError.Fault

    /// A configuration is refused above this size: people write it.
    static let sizeLimit = 1 << 20
    /// After so many mistakes reading ends: this is something else.
    private static let mostFaults = 1000

    init(_ bytes: [UInt8]) {
        var rest = bytes[...]
        if rest.starts(with: [0xEF, 0xBB, 0xBF]) { rest = rest.dropFirst(3) }
        while !rest.isEmpty, faults.count < Self.mostFaults {
            line += 1
            let end = rest.firstIndex(of: 0x0A) ?? rest.endIndex
            var content = rest[rest.startIndex..<end]
            if content.last == 0x0D { content = content.dropLast() }
            rest = rest[min(end + 1, rest.endIndex)...]
            do throws(Fault) {
                try read(content)
            } catch {
                faults.append(error)
            }
        }
    }

    private mutating func read(_ content: ArraySlice<UInt8>) throws(Fault) {
        let trimmed = content.trimmingBlanks
        guard let first = trimmed.first, first != UInt8(ascii: "#") else { return }
        let column = trimmed.startIndex - content.startIndex + 1
        guard let colon = trimmed.firstIndex(of: UInt8(ascii: ":")) else {
            throw Fault(
                line: line, column: column, "expected 'key: value'",
                help: "comments begin with '#'")
        }
        let word = String(decoding: trimmed[..<colon].trimmingBlanks, as: UTF8.self)
        guard let key = ConfigurationKey(rawValue: word) ?? meant(by: word, column) else { return }
        let value = trimmed[(colon + 1)...].trimmingBlanks
        do throws(Fault) {
            if value.isEmpty {
                throw Fault(
                    line: line, column: column, "'\(key.rawValue)' has no value",
                    help: "write it behind the colon")
            }
            let valueColumn = value.startIndex - content.startIndex + 1
            try add(
                ConfigurationEntry(
                    key: key, line: line, keyColumn: column,
                    value: try ConfigurationValue(value, line: line, column: valueColumn)))
        } catch {
            recover(from: key)
            throw error
        }
    }

    /// Notes that the word is no key; gives the key that was meant where other lines depend on it.
    private mutating func meant(by word: String, _ column: Int) -> ConfigurationKey? {
        let nearest = ConfigurationKey.nearest(to: word)
        faults.append(
            Fault(
                line: line, column: column, "unknown key '\(ConfigurationValue.shortened(word))'",
                help: nearest.map { "did you mean '\($0.rawValue)'?" }
                    ?? "the keys are "
                    + ConfigurationKey.allCases.map(\.rawValue).joined(separator: ", ")))
        return nearest == .source || nearest == .files ? nearest : nil
    }

    /// Goes on behind a line at fault so that what depends on it is no second mistake.
    private mutating func recover(from key: ConfigurationKey) {
        if key == .source { sections.append(ConfigurationSection(head: nil)) }
        if key == .files { sections[sections.count - 1].hasFaultyFiles = true }
    }

    private mutating func add(_ entry: ConfigurationEntry) throws(Fault) {
        let key = entry.key
        if key == .source {
            sections.append(ConfigurationSection(head: entry))
            return
        }
        let isInSource = sections.count > 1
        if key.isGlobal, isInSource {
            throw Fault(
                line: line, column: entry.keyColumn, "'\(key.rawValue)' is no setting of a source",
                help: "write it above the first 'source'")
        }
        if key == .files, !isInSource {
            throw Fault(
                line: line, column: entry.keyColumn, "'files' stands above the first source",
                help: "begin one before it: 'source: NAME'")
        }
        let last = sections.count - 1
        if !key.isList, let first = sections[last][key].first {
            throw Fault(
                line: line, column: entry.keyColumn, "a second '\(key.rawValue)' line",
                help: "the first one is line \(first.line); keep one of them")
        }
        sections[last].append(entry)
    }
}
