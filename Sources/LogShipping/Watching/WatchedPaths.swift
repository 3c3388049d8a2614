internal import Glibc

/// Follows paths through links, part by part, and watches all that could lead them elsewhere.
///
/// Each directory on the way is watched before it is looked into, so nothing that happens
/// between the look and the next event goes by unseen. A part that is missing is waited for in the
/// directory that it is missing from. Results are kept, so a directory costs one `lstat` however
/// many files it has.
struct WatchedPaths {
    /// By the real path of what is watched.
    private(set) var watches: [String: Watch] = [:]
    /// Watches that the kernel refused: how many, and what it said of the first.
    private(set) var refused = 0
    private(set) var refusal: (path: String, code: Int32)?
    private var realPaths: [String: String?] = ["/": "/"]

    /// As many links in a row as the kernel follows.
    private static let maximumLinks = 40

    /// Where an absolute path leads to, or nil where nothing is.
    mutating func realPath(
        _ path: String, _ inotify: borrowing Inotify, links: Int = 0
    ) -> String? {
        if let known = realPaths[path] { return known }
        let (parent, name) = Self.split(path)
        var real: String?
        if let directory = realPath(parent, inotify, links: links) {
            real = entry(name, in: directory, inotify, links: links)
        }
        realPaths[path] = .some(real)
        return real
    }

    /// Where the entry of a directory leads to; the directory is a real path.
    private mutating func entry(
        _ name: String, in directory: String, _ inotify: borrowing Inotify, links: Int
    ) -> String? {
        if name.isEmpty || name == "." { return directory }
        if name == ".." { return Self.split(directory).parent }
        watch(directory, Watch.entryEvents, inotify).steps.insert(name)
        return target(name, in: directory, inotify, links: links)
    }

    /// Where the entry of a directory that is watched already leads to.
    mutating func target(
        _ name: String, in directory: String, _ inotify: borrowing Inotify, links: Int = 0
    ) -> String? {
        let path = Self.join(directory, name)
        guard let status = FileStatus(path, followingLinks: false) else { return nil }
        guard status.kind == .link else { return path }
        guard links < Self.maximumLinks, let target = Self.linkTarget(path) else { return nil }
        let next = target.hasPrefix("/") ? target : Self.join(directory, target)
        return realPath(next, inotify, links: links + 1)
    }

    /// The watch of a directory that is given by its real path, for `mask` at least.
    @discardableResult
    mutating func watch(
        _ real: String, _ mask: UInt32, _ inotify: borrowing Inotify, isDirectory: Bool = true
    ) -> Watch {
        let watch = watches[real] ?? Watch()
        watches[real] = watch
        guard watch.mask & mask != mask else { return watch }
        watch.mask |= mask
        switch inotify.add(real, mask | (isDirectory ? UInt32(IN_ONLYDIR) : 0)) {
        case .success(let descriptor): watch.descriptor = descriptor
        case .failure(let failure): refuse(real, failure.code, mask)
        }
        return watch
    }

    /// A directory on the way may be closed to us, as /root is: what is behind it seldom moves.
    private mutating func refuse(_ path: String, _ code: Int32, _ mask: UInt32) {
        let isOnTheWay = mask & UInt32(IN_MODIFY) == 0
        if code == ENOENT || code == ENOTDIR || (code == EACCES && isOnTheWay) { return }
        refused += 1
        if refusal == nil { refusal = (path, code) }
    }

    static func split(_ path: String) -> (parent: String, name: String) {
        guard let slash = path.utf8.lastIndex(of: 0x2F) else { return ("/", path) }
        let parent = path[..<slash]
        let name = path[path.utf8.index(after: slash)...]
        return (parent.isEmpty ? "/" : String(parent), String(name))
    }

    static func join(_ directory: String, _ name: String) -> String {
        directory.hasSuffix("/") ? directory + name : directory + "/" + name
    }

    private static func linkTarget(_ path: String) -> String? {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink(path, &buffer, buffer.count)
        guard count > 0 else { return nil }
        let bytes = buffer[..<count].map { UInt8(bitPattern: $0) }
        return String(validating: bytes, as: UTF8.self)
    }
}
