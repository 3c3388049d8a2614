internal import Glibc

/// Turns the paths that people type into the files to read.
package enum Discovery {
    /// What was found, in the order of names, and what could not be looked at.
    package struct Result: Sendable {
        package var files: [String] = []
        package var problems: [ReadError] = []
    }

    /// Files as they are; directories with everything below them; globs that the shell left alone;
    /// `-` for standard input. Hidden files, and what is in `excluded`, are taken only when named.
    package static func files(at paths: [String], excluding excluded: String = "") -> Result {
        var walk = Walk(excluded: excluded)
        for path in paths {
            if path == ByteSource.standardInput || FileStatus(path) != nil {
                walk.take(path)
                continue
            }
            let matched = globbed(path)
            if matched.isEmpty {
                // The process was given bytes; a name that is not UTF-8 is repaired by now.
                let isRepaired = path.unicodeScalars.contains("\u{FFFD}")
                walk.note(
                    path,
                    isRepaired
                        ? "no such file; if its name is not UTF-8, pass the file through a pipe"
                        : "no such file or directory")
            }
            for path in matched { walk.take(path) }
        }
        return walk.result
    }

    /// One discovery: what was found so far, each path once.
    private struct Walk {
        let excluded: String
        private(set) var result = Result()
        private var seen: Set<String> = []

        init(excluded: String) { self.excluded = excluded }

        mutating func note(_ path: String, _ reason: String) {
            result.problems.append(ReadError(path: path, reason: reason))
        }

        mutating func take(_ path: String) {
            if path != ByteSource.standardInput, FileStatus(path)?.kind == .directory {
                takeDirectory(path)
            } else if seen.insert(path).inserted {
                result.files.append(path)
            }
        }

        /// Adds the regular files below a directory; links to directories are not followed.
        private mutating func takeDirectory(_ directory: String) {
            if !excluded.isEmpty, isSame(directory, excluded) { return }
            guard let names = names(in: directory) else {
                return note(directory, String(cString: strerror(errno)))
            }
            for name in names.unreadable {
                note(
                    directory + "/" + name,
                    "the name is not UTF-8; rename it, or pass the file through a pipe")
            }
            for name in names.readable {
                let path = directory.hasSuffix("/") ? directory + name : directory + "/" + name
                switch FileStatus(path, followingLinks: false)?.kind {
                case .directory: takeDirectory(path)
                case .file: take(path)
                case .link where FileStatus(path)?.kind == .file: take(path)
                default: continue
                }
            }
        }
    }

    private static func globbed(_ pattern: String) -> [String] {
        guard pattern.utf8.contains(where: { $0 == 0x2A || $0 == 0x3F || $0 == 0x5B }) else {
            return []
        }
        var matches = glob_t()
        defer { globfree(&matches) }
        guard glob(pattern, 0, nil, &matches) == 0 else { return [] }
        return (0..<Int(matches.gl_pathc)).compactMap { index in
            matches.gl_pathv[index].map { String(cString: $0) }
        }
    }

    /// The names in a directory that are not hidden, sorted, and those that no `String` can hold;
    /// nil where the directory cannot be read.
    private static func names(
        in directory: String
    ) -> (readable: [String], unreadable: [String])? {
        guard let listing = Directory(directory) else { return nil }
        var names: (readable: [String], unreadable: [String]) = ([], [])
        listing.forEachName { name, _ in
            if name.pointee == 0x2E { return }
            if let text = String(validatingCString: name) {
                names.readable.append(text)
            } else {
                names.unreadable.append(String(cString: name))
            }
        }
        return (names.readable.sorted(), names.unreadable)
    }

    private static func isSame(_ first: String, _ second: String) -> Bool {
        guard let identity = FileStatus(first)?.identity else { return false }
        return identity == FileStatus(second)?.identity
    }
}
