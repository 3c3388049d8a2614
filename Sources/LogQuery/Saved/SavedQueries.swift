internal import Glibc

/// The saved queries of a person and of a team: a file `NAME.query` each, in up to two directories.
///
/// Of two with one name the person's own counts.
package struct SavedQueries: Sendable {
    package struct Entry: Equatable, Sendable {
        package let name: String
        package let path: String
        package let isShared: Bool
    }

    package let own: String?
    package let shared: String

    /// `own` is the person's directory, nil where there is none; `shared` that of the store.
    package init(own: String?, shared: String) { (self.own, self.shared) = (own, shared) }

    private static let ending = ".query"

    /// The names that there are, in order, with the person's own before the team's. A directory that
    /// cannot be read has none.
    package func entries() -> [Entry] {
        var entries: [Entry] = []
        for (directory, isShared) in [(own, false), (shared, true)] {
            guard let directory else { continue }
            for name in Self.names(in: directory)
            where !entries.contains(where: { $0.name == name }) {
                entries.append(
                    Entry(name: name, path: Self.path(name, directory), isShared: isShared))
            }
        }
        return entries.sorted { $0.name < $1.name }
    }

    /// The query called `name`; nil where there is none.
    package func query(_ name: String) throws(SavedQueryError) -> SavedQuery? {
        guard Self.isName(name), let entry = entries().first(where: { $0.name == name }) else {
            return nil
        }
        return try Self.read(entry)
    }

    package static func read(_ entry: Entry) throws(SavedQueryError) -> SavedQuery {
        guard let file = fopen(entry.path, "r") else {
            throw SavedQueryError("cannot read \(entry.path): \(reason())")
        }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 17)
        bytes.removeSubrange(fread(&bytes, 1, bytes.count, file)...)
        guard bytes.count < 1 << 17, let text = String(validating: bytes, as: UTF8.self) else {
            throw SavedQueryError("\(entry.path) is not UTF-8, or over 128 KiB")
        }
        do { return try SavedQuery(text: text) } catch {
            throw SavedQueryError("\(entry.path): \(error.description)")
        }
    }

    /// Keeps a query. A crash leaves the old file or the new one, whole.
    ///
    /// Without `replaces`, a name that the same directory has is an error. Returns the file's path.
    @discardableResult
    package func save(
        _ query: SavedQuery, as name: String, isShared: Bool, replaces: Bool = false
    ) throws(SavedQueryError) -> String {
        try Self.check(name)
        let directory = try directory(isShared)
        let path = Self.path(name, directory)
        guard replaces || access(path, F_OK) != 0 else {
            throw SavedQueryError("there is a query '\(name)' already; give --replace to change it")
        }
        do { _ = try SavedQuery(text: query.text) } catch {
            throw SavedQueryError("the query cannot be saved: \(error.description)")
        }
        try Self.makeDirectory(directory)
        // Of the process's own, so that two who save at once do not mix.
        let draft = path + ".\(getpid()).new"
        try Self.write(query.text, to: draft)
        guard rename(draft, path) == 0 else {
            let reason = Self.reason()
            unlink(draft)
            throw SavedQueryError("cannot write \(path): \(reason)")
        }
        Self.sync(directory)
        return path
    }

    /// Removes a query; false where there is none of the name.
    package func remove(_ name: String, isShared: Bool) throws(SavedQueryError) -> Bool {
        guard Self.isName(name) else { return false }
        let directory = try directory(isShared)
        if unlink(Self.path(name, directory)) == 0 { return true }
        guard errno == ENOENT else {
            throw SavedQueryError("cannot remove \(Self.path(name, directory)): \(Self.reason())")
        }
        return false
    }

    /// Letters and digits of any script, and `-`, `_` and `.` inside.
    package static func isName(_ name: String) -> Bool {
        guard (1...100).contains(name.utf8.count), let first = name.unicodeScalars.first else {
            return false
        }
        return isLetterOrDigit(first)
            && name.unicodeScalars.allSatisfy {
                isLetterOrDigit($0) || "-_.".unicodeScalars.contains($0)
            }
    }

    private static func isLetterOrDigit(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isAlphabetic || scalar.properties.numericType == .decimal
    }

    private static func check(_ name: String) throws(SavedQueryError) {
        guard isName(name) else {
            throw SavedQueryError(
                "'\(name)' is no name for a query; take letters and digits, with - _ . inside")
        }
    }

    private func directory(_ isShared: Bool) throws(SavedQueryError) -> String {
        guard let directory = isShared ? shared : own else {
            throw SavedQueryError(
                "no HOME to keep queries in; give --team for the store's directory")
        }
        return directory
    }

    // MARK: Files

    private static func path(_ name: String, _ directory: String) -> String {
        directory + "/" + name + ending
    }

    private static func reason() -> String { String(cString: strerror(errno)) }

    private static func names(in directory: String) -> [String] {
        guard let handle = opendir(directory) else { return [] }
        defer { closedir(handle) }
        var names: [String] = []
        while let entry = readdir(handle) {
            let bytes = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
            guard let file = String(validating: bytes, as: UTF8.self), file.hasSuffix(ending) else {
                continue
            }
            let name = String(file.dropLast(ending.count))
            if isName(name) { names.append(name) }
        }
        return names
    }

    private static func makeDirectory(_ path: String) throws(SavedQueryError) {
        if mkdir(path, 0o700) == 0 || errno == EEXIST { return }
        if errno == ENOENT, let slash = path.lastIndex(of: "/"), slash > path.startIndex {
            try makeDirectory(String(path[..<slash]))
            if mkdir(path, 0o700) == 0 || errno == EEXIST { return }
        }
        throw SavedQueryError("cannot make \(path): \(reason())")
    }

    /// The bytes are on the disk before the name is, or a power cut could leave an empty file.
    private static func write(_ text: String, to path: String) throws(SavedQueryError) {
        guard let file = fopen(path, "w") else {
            throw SavedQueryError("cannot write \(path): \(reason())")
        }
        let isWritten = fputs(text, file) >= 0 && fflush(file) == 0 && fsync(fileno(file)) == 0
        let cause = reason()
        guard fclose(file) == 0, isWritten else {
            unlink(path)
            throw SavedQueryError("cannot write \(path): \(cause)")
        }
    }

    private static func sync(_ directory: String) {
        let descriptor = open(directory, O_RDONLY | O_DIRECTORY)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }
}
