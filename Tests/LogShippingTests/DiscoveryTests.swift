import Glibc
import LogShipping
import StoreFixtures
import Testing

@Suite struct DiscoveryTests {
    private let directory = TemporaryDirectory()

    init() {
        for name in [
            "logs/b.log", "logs/a.log", "logs/sub/deep/c.log.gz", "logs/.hidden.log", "logs/.git/x",
            "logs/store/catalog.db", "other/[1].log", "other/d 1.log",
        ] {
            directory.write("x", to: name)
        }
    }

    /// The found files, below the directory.
    private func found(_ names: [String], excluding excluded: String = "") -> [String] {
        let result = Discovery.files(
            at: names.map { directory($0) }, excluding: excluded.isEmpty ? "" : directory(excluded))
        #expect(result.problems.isEmpty)
        return result.files.map { String($0.dropFirst(directory.path.count + 1)) }
    }

    @Test func directoryGivesAllBelowItInOrder() {
        let all = ["logs/a.log", "logs/b.log", "logs/store/catalog.db", "logs/sub/deep/c.log.gz"]
        #expect(found(["logs"]) == all)
        #expect(found(["logs/"]) == all)
    }

    @Test func hiddenFilesAreTakenOnlyWhenNamed() {
        #expect(found(["logs/.hidden.log"]) == ["logs/.hidden.log"])
        #expect(!found(["logs"]).contains { $0.contains("/.") })
    }

    @Test func storeIsLeftOut() {
        #expect(found(["logs"], excluding: "logs/store").contains("logs/store/catalog.db") == false)
        #expect(found(["logs"], excluding: "logs/./store/").count == 3)
        #expect(found(["logs/store/catalog.db"], excluding: "logs/store").count == 1)
    }

    @Test func globsThatTheShellLeftAreExpanded() {
        #expect(found(["logs/*.log"]) == ["logs/a.log", "logs/b.log"])
        #expect(found(["logs/[ab].log", "logs/?.log"]) == ["logs/a.log", "logs/b.log"])
        #expect(found(["*/sub"]) == ["logs/sub/deep/c.log.gz"])
        // A file whose name only looks like a glob.
        #expect(found(["other/[1].log"]) == ["other/[1].log"])
    }

    @Test func pathsComeInTheOrderGivenAndOnce() {
        #expect(
            found(["other/d 1.log", "logs/b.log", "logs/a.log", "logs/b.log"])
                == ["other/d 1.log", "logs/b.log", "logs/a.log"])
    }

    @Test func missingPathsAreNamedAndTheOthersTaken() {
        let paths = ["nothing.log", "logs/*.none", "logs/a.log"].map { directory($0) }
        let result = Discovery.files(at: paths)
        #expect(result.files == [directory("logs/a.log")])
        #expect(
            result.problems.map(\.description)
                == paths[..<2].map { "\($0): no such file or directory" })
    }

    @Test func standardInputIsADash() {
        let result = Discovery.files(at: ["-", "-"])
        #expect(result.files == ["-"])
        #expect(result.problems.isEmpty)
    }

    @Test func linksToFilesAreFollowedAndThoseToDirectoriesAreNot() {
        symlink(directory("other/d 1.log"), directory("logs/link.log"))
        symlink(directory("logs"), directory("logs/loop"))
        symlink("/nonexistent", directory("logs/broken.log"))
        let result = Discovery.files(at: [directory("logs")])
        #expect(result.files.contains(directory("logs/link.log")))
        #expect(result.files.count == 5)
    }

    /// Names in GBK, say: they cannot be `String`s, but must not be passed over in silence.
    @Test func fileWithANameThatIsNoUTF8IsTakenOrNamed() {
        let name = Array(directory("logs/").utf8) + [0xD6, 0xD0, 0x2E, 0x6C, 0x6F, 0x67, 0]
        let descriptor = name.map { CChar(bitPattern: $0) }.withUnsafeBufferPointer { name in
            name.baseAddress.map { open($0, O_CREAT | O_WRONLY, 0o600) } ?? -1
        }
        #expect(descriptor >= 0)
        close(descriptor)
        let result = Discovery.files(at: [directory("logs")])
        #expect(result.files.count + result.problems.count == 5)
    }
}
