internal import Glibc

/// What a watched directory or file means to the sources.
///
/// Directories are watched rather than files: one watch serves thousands of files, and sees them
/// come, go and change their names.
final class Watch {
    /// The kernel's number, negative where it does not watch this.
    var descriptor: Int32 = -1
    /// What it was asked to tell.
    var mask: UInt32 = 0
    /// Entries that lead to files: directories, links, and such as are missing.
    var steps: Set<String> = []
    /// The sources' globs here, and the directory as they spell it.
    var globs: [(directory: String, part: NamePattern, isFile: Bool)] = []
    /// The paths of links that end at an entry.
    var targets: [String: [String]] = [:]
    /// The paths of the file that is watched itself, as it has more than one name.
    var files: Set<String> = []

    /// An entry came, went, or changed its permissions.
    static let entryEvents = UInt32(
        IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_ATTRIB | IN_DELETE_SELF
            | IN_MOVE_SELF)
    /// A file has other content, or perhaps may be read now.
    static let contentEvents = UInt32(IN_MODIFY | IN_CLOSE_WRITE | IN_ATTRIB)

    private static let nameEvents = UInt32(IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE)
    private static let selfEvents = UInt32(
        IN_DELETE_SELF | IN_MOVE_SELF | IN_UNMOUNT | IN_IGNORED)

    /// Whether the files that there are may be others after the event.
    func changesNames(_ event: Inotify.Event) -> Bool {
        if event.mask & Self.selfEvents != 0 { return true }
        let isDirectory = event.mask & UInt32(IN_ISDIR) != 0
        guard let name = event.name else { return isDirectory }
        guard isDirectory || event.mask & Self.nameEvents != 0 else { return false }
        if globs.contains(where: { $0.part.matches(name) }) { return true }
        guard let text = String(validatingCString: name) else { return false }
        return steps.contains(text) || targets[text] != nil
    }

    /// Calls `body` with each path that has other content after the event.
    func forEachChange(_ event: Inotify.Event, _ body: (String) -> Void) {
        guard event.mask & Self.contentEvents != 0 else { return }
        guard let name = event.name else { return files.forEach(body) }
        let matching = globs.filter { $0.isFile && $0.part.matches(name) }
        if matching.isEmpty, targets.isEmpty { return }
        guard let text = String(validatingCString: name) else { return }
        for glob in matching { body(glob.directory + "/" + text) }
        targets[text]?.forEach(body)
    }
}
