internal import Glibc
internal import LogStore

/// Where files are, and what they are.
enum Paths {
    /// Throws where one directory is the other, or lies in it, by whatever name.
    static func checkApart(_ store: String, _ place: String) throws(BackupError) {
        let (inner, outer) = (resolved(store) + "/", resolved(place) + "/")
        guard !inner.hasPrefix(outer), !outer.hasPrefix(inner) else {
            throw .overlapping(place: place, store: store)
        }
    }

    /// Without links, as far as the path exists.
    private static func resolved(_ path: String) -> String {
        let absolute = absolute(path)
        if let real = realpath(absolute, nil) {
            defer { free(real) }
            return String(cString: real)
        }
        guard let slash = absolute.lastIndex(of: "/"), slash > absolute.startIndex else {
            return absolute
        }
        return resolved(String(absolute[..<slash])) + absolute[slash...]
    }

    static func absolute(_ path: String) -> String {
        var trimmed = path[...]
        while trimmed.count > 1, trimmed.hasSuffix("/") { trimmed.removeLast() }
        if trimmed.hasPrefix("/") { return String(trimmed) }
        guard let current = getcwd(nil, 0) else { return String(trimmed) }
        defer { free(current) }
        return String(cString: current) + "/" + trimmed
    }

    /// Makes a directory and those above it, private to their owner where they are missing.
    static func makeDirectories(_ path: String) throws(BackupError) {
        if isDirectory(path) { return }
        let absolute = absolute(path)
        if let slash = absolute.lastIndex(of: "/"), slash > absolute.startIndex {
            try makeDirectories(String(absolute[..<slash]))
        }
        guard mkdir(absolute, 0o700) == 0 || errno == EEXIST else {
            throw .store(.writing(absolute, action: "make"))
        }
    }

    static func isDirectory(_ path: String) -> Bool { kind(of: path) == S_IFDIR }

    static func isFile(_ path: String) -> Bool { kind(of: path) == S_IFREG }

    private static func kind(of path: String) -> mode_t {
        var information = stat()
        return stat(path, &information) == 0 ? information.st_mode & S_IFMT : 0
    }
}
