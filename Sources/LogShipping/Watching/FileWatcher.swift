internal import Glibc
internal import LogModel

/// Finds the files of the sources, and tells when they change.
///
/// The kernel tells of changes (inotify); it cannot for network file systems, mapped files and
/// when its limits are reached, so `scan` is to be called now and then besides. Files are known by
/// their paths here; whether two paths are one log is not this type's question. One thread uses it.
package final class FileWatcher {
    private let patterns: [DirectoryWalk.Pattern]
    private let except: [[Glob]]
    private let excluded: [String]
    private var inotify: Inotify
    private var watches: [Int32: [Watch]] = [:]
    private var leftOut: Set<String> = []
    private var lastProblems: Set<String> = []
    /// When to look again although nothing was told, as something is not watched.
    private var nextLook = Int64.max

    private static let millisecond: Int64 = 1_000_000
    /// How long what concerns no source may gather.
    private static let rest = 20 * millisecond

    /// Globs are absolute; in `except` they may name directories as well. `excluding` has files and
    /// directories, by whatever path they are reached, which no source gets. Without `notified` the
    /// kernel is not asked to tell of changes, for one who wants to look only.
    package init(
        sources: [(files: [String], except: [String])], excluding: [String], notified: Bool = true
    ) {
        inotify = Inotify(isWanted: notified)
        var patterns: [DirectoryWalk.Pattern] = []
        for (index, source) in sources.enumerated() {
            for glob in source.files.map(Glob.init) where !glob.parts.isEmpty {
                patterns.append(DirectoryWalk.Pattern(glob: glob, source: index))
            }
        }
        self.patterns = patterns
        except = sources.map { $0.except.map(Glob.init) }
        excluded = excluding
    }

    /// For poll(2): readable when `wait` has something to look at; -1 where only `scan` can tell.
    package var descriptor: Int32 { inotify.descriptor }

    /// All files there are now, each path once, of the first source that names it.
    ///
    /// Plain files come before those of gzip, of each kind the oldest first. A problem is given
    /// once, and again when it was away meanwhile. Costs one reading of each directory and one
    /// `stat` for each file that matches: about 3 ms a thousand files.
    package func scan() -> (files: [FoundFile], problems: [ReadError]) {
        let start = Clock.monotonic()
        var walk = DirectoryWalk(except: except, excluded: Exclusion(excluded))
        walk.visit("/", patterns, depth: 0, inotify)
        keep(walk.paths)
        leftOut = walk.leftOut
        var problems = walk.problems
        if let refusal = walk.paths.refusal, refusal.code != 0 {
            problems.append(ReadError(path: refusal.path, reason: Self.reason(refusal.code)))
        }
        let end = Clock.monotonic()
        nextLook = walk.paths.refused == 0 ? .max : end &+ Self.pollingInterval(after: end &- start)
        return (walk.files.sorted(by: FoundFile.isEarlier), new(problems))
    }

    /// Waits until something changes, a signal comes, `other` can be read, or the time is over.
    ///
    /// Gives the paths whose content changed, and whether names did, so that `scan` is due. It is
    /// also due when the kernel dropped events, and about every half second while there is a
    /// directory that cannot be watched. What concerns no source costs little and ends no wait. A
    /// path may be given that the last `scan` did not have.
    package func wait(
        milliseconds: Int32, orReadable other: Int32 = -1
    ) -> (changed: Set<String>, namesChanged: Bool) {
        let start = Clock.monotonic()
        let end = min(start &+ Int64(max(0, milliseconds)) * Self.millisecond, nextLook)
        var change = Change()
        while !change.isSomething {
            switch Self.poll(descriptor, other, until: end) {
            case .events: take(into: &change)
            case .timeOut: return ([], Clock.monotonic() >= nextLook)
            case .ended: return ([], false)
            }
            // Others write there without pause: look again when there is more at once.
            if !change.isSomething,
                Self.poll(-1, other, until: min(end, Clock.monotonic() &+ Self.rest)) == .ended
            {
                return ([], false)
            }
        }
        return (change.paths, change.isOfNames || Clock.monotonic() >= nextLook)
    }

    private struct Change {
        var paths: Set<String> = []
        var isOfNames = false
        var isSomething: Bool { isOfNames || !paths.isEmpty }
    }

    private func take(into change: inout Change) {
        inotify.drain { event in
            if event.mask & UInt32(IN_Q_OVERFLOW) != 0 { change.isOfNames = true }
            for watch in watches[event.watch] ?? [] {
                if watch.changesNames(event) { change.isOfNames = true }
                watch.forEachChange(event) { path in
                    if !leftOut.contains(path) { change.paths.insert(path) }
                }
            }
        }
    }

    /// Lets the kernel forget what is not looked at any more.
    private func keep(_ paths: WatchedPaths) {
        let old = watches
        watches = [:]
        for watch in paths.watches.values where watch.descriptor >= 0 {
            watches[watch.descriptor, default: []].append(watch)
        }
        for descriptor in old.keys where watches[descriptor] == nil { inotify.remove(descriptor) }
    }

    /// Those that the last look did not have.
    private func new(_ problems: [ReadError]) -> [ReadError] {
        defer { lastProblems = Set(problems.map(\.description)) }
        return problems.filter { !lastProblems.contains($0.description) }
    }

    /// Half a second, but so that looking takes no more than a fiftieth of a core.
    private static func pollingInterval(after duration: Int64) -> Int64 {
        max(500 * millisecond, duration &* 50)
    }

    private static func reason(_ code: Int32) -> String {
        let remedy =
            switch code {
            case ENOSPC: "; raise fs.inotify.max_user_watches"
            case EMFILE: "; raise fs.inotify.max_user_instances or the limit of open files"
            default: ""
            }
        return "changes are looked for twice a second, as the system does not report them: "
            + String(cString: strerror(code)) + remedy
    }

    private enum Wake { case events, timeOut, ended }

    private static func poll(_ descriptor: Int32, _ other: Int32, until end: Int64) -> Wake {
        var requests = [
            pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: other, events: Int16(POLLIN), revents: 0),
        ]
        let rest = max(0, end &- Clock.monotonic() &+ millisecond - 1) / millisecond
        let count = Glibc.poll(&requests, 2, Int32(clamping: rest))
        if count == 0 { return .timeOut }
        if count < 0 || requests[1].revents != 0 { return .ended }
        return .events
    }
}
