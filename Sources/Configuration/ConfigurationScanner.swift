internal import LogModel

/// A line of a configuration: a key and the value behind it, not yet understood.
package struct ConfigurationEntry<Key: ConfigurationKey> {
    package let key: Key
    package let line: Int
    package let keyColumn: Int
    package let value: ConfigurationValue
}

/// A section's lines; the first section holds those above all others, and has no `head`.
package struct ConfigurationSection<Key: ConfigurationKey> {
    package typealias Entry = ConfigurationEntry<Key>

    /// The line that begins it, such as `source: NAME`.
    ///
    /// Nil too where the name cannot be read.
    package let head: Entry?
    /// Needed keys that a line was meant to have that could not be read.
    package fileprivate(set) var faulty: Set<Key> = []
    private var entries: [Key: [Entry]] = [:]

    package init(head: Entry?) { self.head = head }

    /// The lines with that key, in order.
    package subscript(key: Key) -> [Entry] { entries[key] ?? [] }

    fileprivate mutating func append(_ entry: Entry) {
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
/// Lines may be indented as one likes. Keys above the first section hold for all of them.
package struct ConfigurationScanner<Key: ConfigurationKey> {
    package private(set) var sections = [ConfigurationSection<Key>(head: nil)]
    package private(set) var faults: [ConfigurationError.Fault] = []
    private var line = 0

    package typealias Fault = ConfigurationError.Fault

    /// After so many mistakes reading ends: this is something else.
    private static var mostFaults: Int { 1000 }

    /// Never fails: mistakes are in `faults`.
    package init(_ bytes: [UInt8]) {
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
        guard let key = Key(rawValue: word) ?? meant(by: word, column) else { return }
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
    private mutating func meant(by word: String, _ column: Int) -> Key? {
        let nearest = Key.nearest(to: word)
        faults.append(
            Fault(
                line: line, column: column, "unknown key '\(ConfigurationValue.shortened(word))'",
                help: nearest.map { "did you mean '\($0.rawValue)'?" }
                    ?? "the keys are "
                    + Key.allCases.map(\.rawValue).joined(separator: ", ")))
        guard let nearest, nearest == .section || Key.needed.contains(nearest) else { return nil }
        return nearest
    }

    /// Goes on behind a line at fault so that what depends on it is no second mistake.
    private mutating func recover(from key: Key) {
        if key == .section { sections.append(ConfigurationSection(head: nil)) }
        if Key.needed.contains(key) { sections[sections.count - 1].faulty.insert(key) }
    }

    private mutating func add(_ entry: ConfigurationEntry<Key>) throws(Fault) {
        let key = entry.key
        let section = Key.section.rawValue
        if key == .section {
            sections.append(ConfigurationSection(head: entry))
            return
        }
        let isInSection = sections.count > 1
        if key.place == .top, isInSection {
            throw Fault(
                line: line, column: entry.keyColumn,
                "'\(key.rawValue)' is no setting of a \(section)",
                help: "write it above the first '\(section)'")
        }
        if key.place == .section, !isInSection {
            throw Fault(
                line: line, column: entry.keyColumn,
                "'\(key.rawValue)' stands above the first \(section)",
                help: "begin one before it: '\(section): NAME'")
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
