import Glibc
import StoreFixtures
import Synchronization
import Testing

@testable import LogShipping

/// Random changes below a directory: after each batch, whoever did as the watcher said must know
/// what a fresh look at everything shows.
///
/// One after the other, as a user may have 128 instances of inotify.
@Suite(.serialized) struct FileWatcherModelTests {
    private struct Seen: Equatable {
        let inode: Int64
        let size: Int64
        let modified: Int64
    }

    private static let globs = ["a/*.log*", "*/b/*.log", "link/*.log", "a/one.log", "c/d/e/x.log"]
    private static let names = ["one.log", "two.log", "two.log.1", "x.log", "other.txt"]
    private static let directories = ["a", "a/b", "b", "b/b", "c", "c/d", "c/d/e", "d/b"]

    @Test(arguments: Self.seeds)
    func nothingThatChangesGoesByUntold(seed: UInt64) async {
        let directory = TemporaryDirectory()
        let root = directory.path
        let watcher = Self.watcher(root)
        var known = Self.state(watcher.scan().files)
        for step in 0..<Self.steps {
            var random = SeededRandom(seed: seed << 32 | UInt64(step))
            if step % 4 == 0 {
                await Self.whileActing(in: root, random) { Self.follow(watcher, &known) }
            } else {
                for _ in 0..<random.number(1...3) { Self.act(in: root, &random) }
            }
            while Self.follow(watcher, &known) {}
            let now = Self.state(Self.watcher(root).scan().files)
            #expect(known == now, "seed \(seed), step \(step)")
            if known != now { return }
        }
    }

    private final class Flag: Sendable {
        let isSet = Atomic<Bool>(false)
    }

    /// Calls `body` again and again while another thread changes the files.
    private static func whileActing(
        in root: String, _ random: SeededRandom, _ body: () -> Void
    ) async {
        let flag = Flag()
        let changes = Task.detached {
            var random = random
            for _ in 0..<random.number(1...60) { act(in: root, &random) }
            flag.isSet.store(true, ordering: .relaxed)
        }
        while !flag.isSet.load(ordering: .relaxed) {
            body()
            // On two cores there may be no other thread for the changes.
            await Task.yield()
        }
        await changes.value
    }

    /// Does as the watcher says; false when it has nothing to say.
    @discardableResult
    private static func follow(_ watcher: FileWatcher, _ known: inout [String: Seen]) -> Bool {
        let news = watcher.wait(milliseconds: 0)
        if news.namesChanged {
            known = state(watcher.scan().files)
        } else {
            for path in news.changed where known[path] != nil {
                known[path] = FileStatus(path).map(seen)
            }
        }
        return news.namesChanged || !news.changed.isEmpty
    }

    /// `LOGQ_WATCH_SEEDS=100` for a longer run.
    private static var seeds: ClosedRange<UInt64> {
        1...max(1, getenv("LOGQ_WATCH_SEEDS").flatMap { UInt64(String(cString: $0)) } ?? 3)
    }

    private static let steps = 100

    private static func watcher(_ root: String) -> FileWatcher {
        FileWatcher(
            sources: [(globs.map { root + "/" + $0 }, [])], excluding: [root + "/a/b/x.log"])
    }

    private static func state(_ files: [FoundFile]) -> [String: Seen] {
        let all = files.map {
            ($0.path, Seen(inode: $0.inode, size: $0.size, modified: $0.modified))
        }
        return Dictionary(all) { first, _ in first }
    }

    private static func seen(_ status: FileStatus) -> Seen {
        Seen(inode: status.identity.inode, size: status.size, modified: status.modified)
    }

    private static func act(in root: String, _ random: inout SeededRandom) {
        let place = root + "/" + random.pick(directories)
        let file = root + "/" + random.pick(directories) + "/" + random.pick(names)
        let other = root + "/" + random.pick(directories) + "/" + random.pick(names)
        switch random.number(0...15) {
        case 0...5: append(to: file)
        case 6: truncate(file, off_t(random.number(0...3)))
        case 7: unlink(file)
        case 8: rename(file, other)
        case 9: symlink(other, file)
        case 10: link(file, other)
        case 11, 12: mkdir(place, 0o700)
        case 13: rename(place, root + "/" + random.pick(directories))
        case 14: if random.isTrue(oneIn: 3) { TemporaryDirectory.remove(place) }
        default:
            unlink(root + "/link")
            symlink(random.pick(directories), root + "/link")
        }
    }

    private static func append(to path: String) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return }
        write(descriptor, "line\n", 5)
        close(descriptor)
    }
}
