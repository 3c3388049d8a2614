import Glibc
import StoreFixtures
import Testing

@testable import LogShipping

@Suite struct FileWatcherTests {
    private let directory = TemporaryDirectory()

    private func watcher(
        _ files: [String], except: [String] = [], excluding: [String] = []
    ) -> FileWatcher {
        FileWatcher(
            sources: [(files.map { directory($0) }, except.map { directory($0) })],
            excluding: excluding.map { directory($0) })
    }

    /// The names of what is found, below the directory.
    private func names(_ watcher: FileWatcher) -> [String] { names(watcher.scan().files) }

    private func names(_ files: [FoundFile]) -> [String] {
        files.map { String($0.path.dropFirst(directory.path.count + 1)) }
    }

    /// What `wait` tells until nothing more comes for a while.
    private func changes(_ watcher: FileWatcher) -> (changed: Set<String>, namesChanged: Bool) {
        var all: (changed: Set<String>, namesChanged: Bool) = ([], false)
        while true {
            let (changed, namesChanged) = watcher.wait(milliseconds: 20)
            if changed.isEmpty, !namesChanged { break }
            all.changed.formUnion(changed.map { String($0.dropFirst(directory.path.count + 1)) })
            all.namesChanged = all.namesChanged || namesChanged
        }
        return all
    }

    private func make(directory name: String) { mkdir(directory(name), 0o700) }

    private func age(_ name: String, seconds: Int) {
        let times = [timespec(tv_sec: seconds, tv_nsec: 5), timespec(tv_sec: seconds, tv_nsec: 5)]
        utimensat(AT_FDCWD, directory(name), times, 0)
    }

    // MARK: - What is found

    @Test func filesComeOldestFirstAndCompressedOnesLast() {
        for (name, time) in [("a.log.1.gz", 10), ("a.log", 30), ("a.log.2", 20), ("b.txt", 5)] {
            directory.write("12345", to: name)
            age(name, seconds: time)
        }
        let (files, problems) = watcher(["a.log*"]).scan()
        #expect(names(files) == ["a.log.2", "a.log", "a.log.1.gz"])
        #expect(files[0].size == 5)
        #expect(files[0].modified == 20_000_000_005)
        #expect(files[0].device != 0 && files[0].inode != 0)
        #expect(problems.isEmpty)
    }

    @Test(arguments: [
        (["logs/*.log"], ["logs/a.log", "logs/b [1].log", "logs/中文.log"]),
        (["logs/b [1].log"], ["logs/b [1].log"]),
        (["logs/[ab].log", "logs/?.log"], ["logs/a.log"]),
        (["*/deep/*.log", "logs/a.log"], ["logs/a.log", "logs/deep/c.log"]),
        (["*/*/c.log"], ["logs/deep/c.log"]),
        (["l*/d*/*"], ["logs/deep/c.log"]),
        (["logs/.*.log"], ["logs/.hidden.log"]),
        (["logs/../logs/./a.log"], ["logs/../logs/a.log"]),
        (["logs/line\nbreak*"], ["logs/line\nbreak.txt"]),
        (["nothing/*.log", "logs/nothing.log", "logs/a.log/*"], []),
        (
            ["logs/*", "logs/deep"],
            ["logs/a.log", "logs/b [1].log", "logs/line\nbreak.txt", "logs/中文.log"]
        ),
    ])
    func globsNameFiles(globs: [String], expected: [String]) {
        for name in [
            "logs/a.log", "logs/b [1].log", "logs/中文.log", "logs/.hidden.log", "logs/deep/c.log",
            "logs/line\nbreak.txt",
        ] {
            directory.write("x", to: name)
        }
        mkfifo(directory("logs/pipe.log"), 0o600)
        symlink("/nonexistent", directory("logs/broken.log"))
        #expect(names(watcher(globs)).sorted() == expected)
    }

    @Test func aPathBelongsToTheFirstSourceThatNamesIt() {
        for name in ["a.log", "b.log", "c.log"] { directory.write("x", to: name) }
        let watcher = FileWatcher(
            sources: [
                ([directory("a.log"), directory("*.log")], [directory("b.log")]),
                ([directory("*.log")], ["c.*"]),
            ], excluding: [])
        let files = watcher.scan().files.sorted { $0.path < $1.path }
        #expect(names(files) == ["a.log", "b.log", "c.log"])
        #expect(files.map(\.source) == [0, 1, 0])
    }

    @Test func exceptTakesGlobsOfFilesAndDirectories() {
        for name in ["a/x.log", "a/x.tmp", "b/x.log"] { directory.write("x", to: name) }
        #expect(names(watcher(["*/*"], except: ["b"])) == ["a/x.log", "a/x.tmp"])
        let watcher = FileWatcher(
            sources: [([directory("*/*")], ["*.tmp", directory("b/*")])], excluding: [])
        #expect(names(watcher) == ["a/x.log"])
    }

    @Test func theStoreIsLeftOutByWhicheverPath() {
        directory.write("x", to: "data/store/partitions/day.log")
        directory.write("x", to: "data/a.log")
        symlink(directory("data/store/partitions"), directory("link"))
        symlink(directory("data/store/partitions/day.log"), directory("data/b.log"))
        link(directory("data/a.log"), directory("data/c.log"))
        let globs = ["data/*.log", "data/*/*/*.log", "link/*.log", "data/store/*/day.log"]
        #expect(names(watcher(globs, excluding: ["data/store", "missing"])).count == 2)
        #expect(names(watcher(globs, excluding: ["data/store", "data/a.log"])) == [])
    }

    @Test func aNameThatIsNotUTF8IsReportedOnce() {
        let name = Array(directory("").utf8) + [0xD6, 0xD0, 0x2E, 0x6C, 0x6F, 0x67, 0]
        let descriptor = name.map { CChar(bitPattern: $0) }.withUnsafeBufferPointer { name in
            name.baseAddress.map { open($0, O_CREAT | O_WRONLY, 0o600) } ?? -1
        }
        close(descriptor)
        let watcher = watcher(["*.log"])
        #expect(
            watcher.scan().problems.map(\.description) == [
                directory("\u{FFFD}\u{FFFD}.log")
                    + ": the name is not UTF-8; rename it, or pass the file through a pipe"
            ])
        #expect(watcher.scan().problems.isEmpty)
    }

    // MARK: - What changes

    @Test func writingIsTold() {
        directory.write("x", to: "a.log")
        directory.write("x", to: "b.log")
        directory.write("x", to: "other")
        let watcher = watcher(["*.log"])
        #expect(names(watcher).count == 2)
        #expect(changes(watcher) == ([], false))
        directory.append("y", to: "a.log")
        directory.append("y", to: "other")
        #expect(changes(watcher) == (["a.log"], false))
        truncate(directory("b.log"), 0)
        chmod(directory("a.log"), 0o644)
        #expect(changes(watcher) == (["a.log", "b.log"], false))
    }

    @Test(arguments: ["create", "remove", "rename in", "rename out", "link"])
    func namesThatComeAndGoAreTold(what: String) {
        directory.write("x", to: "a.log")
        directory.write("x", to: "other")
        let watcher = watcher(["*.log"])
        #expect(names(watcher) == ["a.log"])
        switch what {
        case "create": directory.write("x", to: "b.log")
        case "remove": unlink(directory("a.log"))
        case "rename in": rename(directory("other"), directory("b.log"))
        case "rename out": rename(directory("a.log"), directory("another"))
        default: link(directory("a.log"), directory("b.log"))
        }
        #expect(changes(watcher).namesChanged)
    }

    @Test func whatNoGlobNamesIsNotTold() {
        directory.write("x", to: "logs/a.log")
        let watcher = watcher(["logs/*.log"])
        #expect(names(watcher) == ["logs/a.log"])
        for name in ["logs/b.txt", "logs/.c.log", "c.log", "logs/d/e.log"] {
            directory.write("x", to: name)
        }
        unlink(directory("logs/b.txt"))
        #expect(changes(watcher) == ([], false))
    }

    @Test func ourOwnLogDoesNotWakeUs() {
        directory.write("x", to: "a.log")
        directory.write("x", to: "ship.log")
        let watcher = watcher(["*.log"], excluding: ["ship.log"])
        #expect(names(watcher) == ["a.log"])
        directory.append("x", to: "ship.log")
        #expect(changes(watcher) == ([], false))
    }

    @Test func directoriesMayComeLaterAndAgain() {
        let watcher = watcher(["a/b/*/x.log"])
        for _ in 1...2 {
            #expect(names(watcher) == [])
            for part in ["a", "a/b", "a/b/c"] {
                make(directory: part)
                #expect(changes(watcher).namesChanged, "\(part)")
                #expect(names(watcher) == [])
            }
            directory.write("x", to: "a/b/c/x.log")
            #expect(changes(watcher).namesChanged)
            #expect(names(watcher) == ["a/b/c/x.log"])
            _ = changes(watcher)
            directory.append("y", to: "a/b/c/x.log")
            #expect(changes(watcher) == (["a/b/c/x.log"], false))
            TemporaryDirectory.remove(directory("a"))
            #expect(changes(watcher).namesChanged)
        }
    }

    @Test func aDirectoryThatIsMovedAwayIsNotFollowed() {
        directory.write("x", to: "a/b/x.log")
        let watcher = watcher(["a/b/*.log"])
        #expect(names(watcher) == ["a/b/x.log"])
        rename(directory("a"), directory("old"))
        #expect(changes(watcher).namesChanged)
        #expect(names(watcher) == [])
        directory.append("x", to: "old/b/x.log")
        #expect(changes(watcher) == ([], false))
        directory.write("x", to: "a/b/y.log")
        #expect(changes(watcher).namesChanged)
        #expect(names(watcher) == ["a/b/y.log"])
    }

    @Test func aLinkIsFollowedToWhereItPointsNow() {
        directory.write("x", to: "one/1.txt")
        directory.write("xy", to: "two/2.txt")
        make(directory: "logs")
        symlink("../current/1.txt", directory("logs/a.log"))
        symlink("one", directory("current"))
        let watcher = watcher(["logs/*.log"])
        #expect(watcher.scan().files.map(\.size) == [1])
        directory.append("y", to: "one/1.txt")
        #expect(changes(watcher) == (["logs/a.log"], false))
        // A link on the way, then the link itself.
        unlink(directory("current"))
        #expect(changes(watcher).namesChanged)
        #expect(names(watcher) == [])
        symlink(directory("two"), directory("current"))
        #expect(changes(watcher).namesChanged)
        #expect(names(watcher) == [])
        symlink("../two/2.txt", directory("logs/new"))
        rename(directory("logs/new"), directory("logs/a.log"))
        #expect(changes(watcher).namesChanged)
        #expect(watcher.scan().files.map(\.size) == [2])
        directory.append("z", to: "two/2.txt")
        directory.append("z", to: "one/1.txt")
        #expect(changes(watcher) == (["logs/a.log"], false))
        rename(directory("two/2.txt"), directory("two/3.txt"))
        #expect(changes(watcher).namesChanged)
    }

    @Test func aLinkedDirectoryIsFollowedToWhereItPointsNow() {
        directory.write("x", to: "one/a.log")
        directory.write("x", to: "two/b.log")
        symlink(directory("one"), directory("logs"))
        let watcher = watcher(["logs/*.log", "one/*.log"])
        #expect(names(watcher) == ["logs/a.log", "one/a.log"])
        directory.append("y", to: "one/a.log")
        #expect(changes(watcher) == (["logs/a.log", "one/a.log"], false))
        symlink(directory("two"), directory("new"))
        rename(directory("new"), directory("logs"))
        #expect(changes(watcher).namesChanged)
        #expect(names(watcher).sorted() == ["logs/b.log", "one/a.log"])
        directory.append("y", to: "two/b.log")
        #expect(changes(watcher) == (["logs/b.log"], false))
    }

    @Test func linksInACircleEnd() {
        symlink("b", directory("a"))
        symlink("a", directory("b"))
        symlink(".", directory("here"))
        directory.write("x", to: "x.log")
        #expect(names(watcher(["a/*.log", "b", "here/here/*/*.log"])) == ["here/here/here/x.log"])
    }

    @Test func aFileWithTwoNamesIsWatchedThroughBoth() {
        directory.write("x", to: "a.log")
        make(directory: "other")
        link(directory("a.log"), directory("other/name"))
        let watcher = watcher(["*.log"])
        #expect(names(watcher) == ["a.log"])
        directory.append("y", to: "other/name")
        #expect(changes(watcher) == (["a.log"], false))
    }

    @Test func anOverflowIsAReasonToLookAtAll() throws {
        directory.write("x", to: "a.log")
        directory.write("x", to: "b.log")
        let watcher = watcher(["*.log"])
        #expect(names(watcher).count == 2)
        let text = TemporaryDirectory.read("/proc/sys/fs/inotify/max_queued_events")
        let limit = try #require(Int(String(decoding: text.dropLast(), as: UTF8.self)))
        // Only events that differ from the last one are queued.
        for _ in 0...limit / 2 {
            truncate(directory("a.log"), 1)
            truncate(directory("b.log"), 1)
        }
        #expect(changes(watcher) == (["a.log", "b.log"], true))
        directory.append("y", to: "a.log")
        #expect(changes(watcher) == (["a.log"], false))
    }

    @Test func thousandsOfFilesAreWatched() {
        for number in 0..<2_000 { directory.write("x", to: "logs/\(number).log") }
        let watcher = watcher(["logs/*.log*"])
        #expect(names(watcher).count == 2_000)
        for number in 0..<2_000 { directory.append("y", to: "logs/\(number).log") }
        #expect(changes(watcher).changed.count == 2_000)
        #expect(watcher.scan().files.allSatisfy { $0.size == 2 })
    }

    // MARK: - Waiting

    @Test func waitingEndsWithTheTime() {
        directory.write("x", to: "a.log")
        let watcher = watcher(["*.log"])
        #expect(names(watcher) == ["a.log"])
        let start = ContinuousClock.now
        directory.append("y", to: "other")
        #expect(watcher.wait(milliseconds: 60) == ([], false))
        #expect(ContinuousClock.now - start >= .milliseconds(60))
    }

    @Test func whereTheKernelTellsNothingALookIsDueTwiceASecond() {
        directory.write("x", to: "a.log")
        let watcher = FileWatcher(
            sources: [([directory("*.log")], [])], excluding: [], notified: false)
        let (files, problems) = watcher.scan()
        #expect(names(files) == ["a.log"])
        #expect(problems.isEmpty)
        let start = ContinuousClock.now
        #expect(watcher.wait(milliseconds: 100) == ([], false))
        while watcher.wait(milliseconds: 100) == ([], false) {}
        #expect(watcher.wait(milliseconds: 0) == ([], true))
        let waited = ContinuousClock.now - start
        #expect(waited > .milliseconds(400) && waited < .seconds(30))
        _ = watcher.scan()
        #expect(watcher.wait(milliseconds: 100) == ([], false))
    }

    @Test func waitingEndsWhenTheOtherDescriptorCanBeRead() {
        var pipes: [Int32] = [-1, -1]
        pipe(&pipes)
        defer { for pipe in pipes { close(pipe) } }
        write(pipes[1], "x", 1)
        let watcher = watcher(["*.log"])
        let start = ContinuousClock.now
        #expect(watcher.wait(milliseconds: 60_000, orReadable: pipes[0]) == ([], false))
        #expect(ContinuousClock.now - start < .seconds(30))
    }
}
