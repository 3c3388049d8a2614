internal import Glibc
internal import ParserDefinitions
internal import Synchronization

/// The formats that are known by name: the built-in ones and the user's.
///
/// Built-in definitions are compiled one by one, when each is first asked for, so that a command
/// that needs one format does not pay for the others.
package struct FormatLibrary: Sendable {
    private let entries: [Entry]

    /// The definitions in the binary.
    package static let builtIn = FormatLibrary(
        entries: ParserDefinitions.files.map { name, bytes in
            Entry(name: name, bytes: bytes)
        })

    private init(entries: [Entry]) { self.entries = entries }

    /// The built-in formats and those of all `*.format` files in `directory`.
    ///
    /// A definition with the name of a built-in one replaces it. Files are read in the order of
    /// their names, at most 1 MiB each; anything else in the directory is left alone. The first
    /// fault of a file ends the reading: a format that is silently missing would be worse.
    package init(adding directory: String) throws(FormatError) {
        var added: [FormatDefinition] = []
        for file in try FormatFiles.names(in: directory) {
            let path = directory.hasSuffix("/") ? directory + file : directory + "/" + file
            let definition = try FormatDefinition(
                parsing: FormatFiles.bytes(of: path), file: path)
            if let other = added.first(where: { $0.name == definition.name }) {
                throw FormatError(
                    file: path, problem: "the format '\(definition.name)' is also in \(other.file)",
                    help: "give one of them another name")
            }
            added.append(definition)
        }
        self.init(adding: added, to: .builtIn)
    }

    /// `library` with `definitions` added, or put in the place of those with the same name.
    package init(adding definitions: [FormatDefinition], to library: FormatLibrary) {
        var remaining = definitions
        var entries: [Entry] = []
        for entry in library.entries {
            if let index = remaining.firstIndex(where: { $0.name == entry.name }) {
                entries.append(Entry(remaining.remove(at: index)))
            } else {
                entries.append(entry)
            }
        }
        // The user's own come first: where formats are equally good, they are meant.
        self.entries = remaining.map(Entry.init) + entries
    }

    /// All names, the user's own first.
    package var names: [String] { entries.map(\.name) }

    /// The format of that name, or nil; compiles it on first use.
    package func format(named name: String) -> FormatDefinition? {
        entries.first { $0.name == name }?.definition
    }

    /// "did you mean 'nginx-access'?" for a name that is not there, or nil when none is near.
    package func nearestName(to name: String) -> String? {
        Spelling.hint(for: name, among: names)
    }

    /// The format that a person means by `text`: a name, or a pattern behind its notation and a
    /// colon, as `inline` takes it.
    package func format(meantBy text: String) throws(FormatChoiceError) -> FormatDefinition {
        if let known = format(named: text) { return known }
        guard text.utf8.contains(UInt8(ascii: ":")) else {
            throw .unknown(text, help: nearestName(to: text))
        }
        do {
            return try Self.inline(text)
        } catch {
            throw .pattern(error)
        }
    }

    /// A format that is written out on the command line: `nginx:$remote_addr …`, `logback:%d …`,
    /// `log4j2:…`, `tomcat:%h …`.
    ///
    /// The offset of an error is one into the pattern, behind the colon.
    package static func inline(_ spec: String) throws(PatternError) -> FormatDefinition {
        let notations: [Notation] = [.nginx, .tomcat, .logback, .log4j2, .nginxError]
        let known = notations.map(\.rawValue)
        guard let colon = spec.firstIndex(of: ":") else {
            throw PatternError(
                problem: "no notation in front of the pattern", offset: 0,
                help: "write for instance 'nginx:$remote_addr …' or 'logback:%d …'")
        }
        let key = String(spec[..<colon])
        guard let notation = notations.first(where: { $0.rawValue == key }) else {
            throw PatternError(
                problem: "unknown notation '\(key)'", offset: 0,
                help: Spelling.hint(for: key, among: known)
                    ?? "the notations are \(known.joined(separator: ", "))")
        }
        let text = PastedPattern.text(of: String(spec[spec.index(after: colon)...]), in: notation)
        let pattern = try Pattern(notation, text, format: "inline")
        return FormatDefinition(name: "inline", title: spec, patterns: [pattern], file: "inline")
    }

    /// A definition that is compiled when it is first needed, and kept.
    private final class Entry: Sendable {
        let name: String
        private let source: [UInt8]
        private let compiled: Mutex<FormatDefinition?>

        init(name: String, bytes: [UInt8]) {
            self.name = name
            source = bytes
            compiled = Mutex(nil)
        }

        convenience init(_ definition: FormatDefinition) {
            self.init(name: definition.name, definition: definition)
        }

        private init(name: String, definition: FormatDefinition) {
            self.name = name
            source = []
            compiled = Mutex(definition)
        }

        /// Nil only for a built-in definition with an error in it, which the tests rule out.
        var definition: FormatDefinition? {
            compiled.withLock { (compiled: inout FormatDefinition?) -> FormatDefinition? in
                if let definition = compiled { return definition }
                let definition = try? FormatDefinition(parsing: source, file: name + ".format")
                compiled = definition
                return definition
            }
        }
    }
}

/// Finds and reads `.format` files.
enum FormatFiles {
    /// The names of the `*.format` files in `directory`, sorted; hidden ones are left out.
    static func names(in directory: String) throws(FormatError) -> [String] {
        guard let stream = opendir(directory) else {
            throw FormatError(
                file: directory, problem: "the directory cannot be read: \(reason())",
                help: "check the path of the formats directory")
        }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name.hasSuffix(".format"), !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted()
    }

    /// The content of the file at `path`, if it is no larger than a definition may be.
    static func bytes(of path: String) throws(FormatError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw unreadable(path) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while bytes.count <= FormatDefinition.sizeLimit {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw unreadable(path) }
            if count == 0 { break }
            bytes += buffer[..<count]
        }
        return bytes
    }

    private static func unreadable(_ path: String) -> FormatError {
        FormatError(
            file: path, problem: "the file cannot be read: \(reason())",
            help: "check its permissions, or take it out of the directory")
    }

    private static func reason() -> String { String(cString: strerror(errno)) }
}
