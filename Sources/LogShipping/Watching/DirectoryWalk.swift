internal import Glibc

/// One look at all files that the sources name; each directory is watched, then read once.
///
/// A directory whose parts are known is not read but asked. What does not match is not looked at
/// beyond its name.
struct DirectoryWalk: ~Copyable {
    /// A glob for files, and the source that it belongs to.
    struct Pattern {
        let glob: Glob
        let source: Int
    }

    private(set) var paths = WatchedPaths()
    private(set) var files: [FoundFile] = []
    /// What a glob names but is none of the sources' files: pipes, our own log.
    private(set) var leftOut: Set<String> = []
    private(set) var problems: [ReadError] = []

    private let except: [[Glob]]
    private let excluded: Exclusion

    /// `except` has the globs that each source leaves out.
    init(except: [[Glob]], excluded: Exclusion) {
        self.except = except
        self.excluded = excluded
    }

    /// A directory and what is looked for in it.
    private struct Place {
        /// As the sources spell it, and where that leads to.
        let path: String
        let real: String
        let patterns: [Pattern]
        /// Which part of the patterns its entries are compared with.
        let depth: Int

        func part(_ pattern: Pattern) -> NamePattern { pattern.glob.parts[depth] }
        func isLast(_ pattern: Pattern) -> Bool { depth == pattern.glob.parts.count - 1 }
    }

    /// Looks at what `patterns` name below `directory`, their first `depth` parts.
    mutating func visit(
        _ directory: String, _ patterns: [Pattern], depth: Int, _ inotify: borrowing Inotify
    ) {
        guard let real = paths.realPath(directory, inotify), !excluded.covers(real) else { return }
        let place = Place(path: directory, real: real, patterns: patterns, depth: depth)
        watch(place, inotify)
        let known = Set(patterns.map { place.part($0) }.filter(\.isLiteral).map(\.text))
        for name in known { take(name, .unknown, in: place, inotify) }
        for entry in entries(of: place) where !known.contains(entry.name) {
            take(entry.name, entry.kind, in: place, inotify)
        }
    }

    /// Watches a directory as its patterns need it; one that only leads on is watched by the way.
    private mutating func watch(_ place: Place, _ inotify: borrowing Inotify) {
        var mask: UInt32 = 0
        var globs: [(directory: String, part: NamePattern, isFile: Bool)] = []
        for pattern in place.patterns {
            let isFile = place.isLast(pattern)
            if !isFile, place.part(pattern).isLiteral { continue }
            mask |= Watch.entryEvents | (isFile ? Watch.contentEvents : 0)
            globs.append((place.path == "/" ? "" : place.path, place.part(pattern), isFile))
        }
        if mask != 0 { paths.watch(place.real, mask, inotify).globs += globs }
    }

    /// The names in a directory that a wildcard matches.
    private mutating func entries(
        of place: Place
    ) -> [(name: String, kind: Directory.EntryKind)] {
        let wild = place.patterns.map { place.part($0) }.filter { !$0.isLiteral }
        if wild.isEmpty { return [] }
        guard let listing = Directory(place.real) else {
            if errno != ENOENT, errno != ENOTDIR {
                note(place.path, String(cString: strerror(errno)))
            }
            return []
        }
        var names: [(name: String, kind: Directory.EntryKind)] = []
        var unreadable: [String] = []
        listing.forEachName { name, kind in
            guard wild.contains(where: { $0.matches(name) }) else { return }
            if let text = String(validatingCString: name) {
                names.append((text, kind))
            } else {
                unreadable.append(String(cString: name))
            }
        }
        for name in unreadable {
            note(
                WatchedPaths.join(place.path, name),
                "the name is not UTF-8; rename it, or pass the file through a pipe")
        }
        return names
    }

    /// An entry that may be a file for some patterns and a directory for others.
    private mutating func take(
        _ name: String, _ kind: Directory.EntryKind, in place: Place,
        _ inotify: borrowing Inotify
    ) {
        let path = WatchedPaths.join(place.path, name)
        var inner: [Pattern] = []
        var owner: Pattern?
        var isNamed = false
        for pattern in place.patterns where place.part(pattern).matches(name) {
            guard place.isLast(pattern) else {
                inner.append(pattern)
                continue
            }
            isNamed = true
            if owner == nil, !except[pattern.source].contains(where: { $0.covers(path) }) {
                owner = pattern
            }
        }
        if !inner.isEmpty, kind != .file {
            visit(path, inner, depth: place.depth + 1, inotify)
        }
        if kind == .directory { return }
        if let owner {
            takeFile(path, name, in: place.real, source: owner.source, inotify)
        } else if isNamed {
            leftOut.insert(path)
        }
    }

    private mutating func takeFile(
        _ path: String, _ name: String, in real: String, source: Int, _ inotify: borrowing Inotify
    ) {
        var target = path
        guard var status = FileStatus(path, followingLinks: false) else { return }
        if status.kind == .link {
            guard let end = paths.target(name, in: real, inotify) else { return }
            watchTarget(end, of: path, inotify)
            guard let followed = FileStatus(end) else { return }
            (target, status) = (end, followed)
        }
        guard status.kind == .file, !excluded.covers(target, status.identity) else {
            leftOut.insert(path)
            return
        }
        // Written to by its other name, it changes without an event in this directory.
        if status.links > 1 {
            paths.watch(target, Watch.contentEvents, inotify, isDirectory: false)
                .files.insert(path)
        }
        files.append(FoundFile(path, status, source: source))
    }

    private mutating func watchTarget(
        _ end: String, of path: String, _ inotify: borrowing Inotify
    ) {
        let (directory, name) = WatchedPaths.split(end)
        let mask = Watch.entryEvents | Watch.contentEvents
        paths.watch(directory, mask, inotify).targets[name, default: []].append(path)
    }

    private mutating func note(_ path: String, _ reason: String) {
        problems.append(ReadError(path: path, reason: reason))
    }
}

/// What no source gets, whatever its globs say: the store, our own log.
struct Exclusion {
    private let directories: [String]
    private let identities: Set<FileStatus.Identity>

    /// A path that is not there yet counts as it is spelled.
    init(_ paths: [String]) {
        directories = paths.map { path in
            guard let real = realpath(path, nil) else { return path }
            defer { free(real) }
            return String(cString: real)
        }
        identities = Set(paths.compactMap { FileStatus($0)?.identity })
    }

    /// Whether a real path is excluded or below what is.
    func covers(_ real: String, _ identity: FileStatus.Identity? = nil) -> Bool {
        if let identity, identities.contains(identity) { return true }
        return directories.contains { real == $0 || real.hasPrefix($0 + "/") }
    }
}
