import Glibc
import LogModel
import LogStore
import StoreFixtures
import Testing

@testable import Retention

@Suite struct BackupTests {
    private let store = BackedUpStore()
    private let first = BackedUpStore.first
    private let second = BackedUpStore.second

    @Test func copiesWhatChanged() throws {
        try store.add(["one", "two"], first)
        try store.add(["three"], second)
        var report = try store.backUp()
        #expect(report.copied.sorted() == [first, second])
        #expect(report.previous == nil)
        #expect(report.isOfOneMoment)
        #expect(try store.lines(in: store.place.directory) == ["one", "two", "three"])

        report = try store.backUp()
        #expect(report.copied.isEmpty)
        #expect(report.unchangedDays == 2)

        try store.add(["four"], second)
        report = try store.backUp()
        #expect(report.copied == [second])
        #expect(report.unchangedDays == 1)
        #expect(try store.lines(in: store.place.directory) == ["one", "two", "three", "four"])
    }

    @Test func aCopyHasItsManifestAndNothingBesideIt() throws {
        try store.add(["one", "two"])
        try store.backUp()
        let manifest = try #require(store.place.manifest(of: first))
        #expect((manifest.events, manifest.rawBytes) == (2, 8))
        #expect(try FileDigest.of(store.place.partition(first)).sum == manifest.sum)
        let names = try StoreLayout.names(in: store.place.directory + "/partitions")
        #expect(names == ["2026-11-20.db", "2026-11-20.sha256"])
        #expect(TemporaryDirectory.permissions(store.place.partition(first)) == 0o600)
    }

    @Test func copiesWhatElseIsInTheStore() throws {
        try store.add(["one"])
        store.directory.write("level:error\n", to: "store/queries/bad.query")
        store.directory.write("indexed: 7d\n", to: "store/retention.policy")
        store.directory.write("x", to: "store/ballast")
        try store.backUp()
        let copy = store.place.directory
        #expect(TemporaryDirectory.read(copy + "/queries/bad.query") == Array("level:error\n".utf8))
        #expect(TemporaryDirectory.read(copy + "/retention.policy") == Array("indexed: 7d\n".utf8))
        #expect(access(copy + "/ballast", F_OK) != 0)
        #expect(access(copy + "/writer.lock", F_OK) != 0)
    }

    @Test func theBackupOfAnotherStoreIsRefused() throws {
        try store.add(["one"])
        try store.backUp()
        let other = BackedUpStore()
        try other.add(["other"])
        let backup = try Backup(of: other.path, to: store.place)
        let error = #expect(throws: BackupError.self) { try backup.run() }
        guard case .otherStore(_, let made) = error else { throw try #require(error) }
        #expect(made == "h:" + store.path)
        #expect(try store.lines(in: store.place.directory) == ["one"])
    }

    @Test func placesThatAreNoneAreRefused() throws {
        try store.add(["one"])
        store.directory.write("mine", to: "full/letter.txt")
        let occupied = try Backup(of: store.path, to: BackupPlace(store.directory("full")))
        #expect(throws: BackupError.self) { try occupied.run() }
        symlink(store.path, store.directory("link"))
        for name in ["store", "store/inner", "", "link", "link/inner", "store/../store"] {
            let error = #expect(throws: BackupError.self) {
                try Backup(of: store.path, to: BackupPlace(store.directory(name)))
            }
            guard case .overlapping = error else { throw try #require(error) }
        }
    }

    @Test func aSecondBackupAtOnceIsTold() throws {
        try store.add(["one"])
        try store.backUp()
        let lock = try BackupLock(making: store.place)
        let error = #expect(throws: BackupError.self) { try store.backUp() }
        guard case .busy = error else { throw try #require(error) }
        withExtendedLifetime(lock) {}
    }

    @Test func aDamagedDayDoesNotTakeTheCopysPlace() throws {
        try store.add(["one"], first)
        try store.add(["two"], second)
        try store.backUp()
        try store.add(["three"], first)
        store.damage(first)
        let report = try store.backUp()
        #expect(report.problems.map(\.day) == [first])
        #expect(try store.lines(in: store.place.directory) == ["one", "two"])
        #expect(try BackupInformation(of: store.place)?.kept == [first])
    }

    @Test func aDayThatLostItsFileStays() throws {
        try store.add(["one", "two"], first)
        try store.backUp()
        unlink(store.file(first))
        var report = try store.backUp()
        #expect(report.problems.map(\.day) == [first])
        // A new file says that it has all that came before.
        try store.add(["three"], first)
        report = try store.backUp()
        #expect(report.problems.map(\.day) == [first])
        #expect(report.problems.first?.reason.contains("lacks some of what the backup has") == true)
        #expect(try store.lines(in: store.place.directory) == ["one", "two"])
    }

    @Test(arguments: [
        (RemovalReason.purged, Int64.max, nil as Int64?, true),
        (.expired, 3_600_000_000_000, nil, false),
        (.expired, 0, nil, true),
        (.size, 0, nil, false),
        (.size, 0, 1 << 62, false),
        (.size, 0, 0, true),
        (.size, 3_600_000_000_000, 0, false),
    ])
    func whatTheStoreRemovedGoes(
        reason: RemovalReason, grace: Int64, longestAge: Int64?, isGone: Bool
    ) throws {
        // A day that is over for long.
        let day = Day(number: 10_000)
        try store.add(["one"], day)
        try store.backUp()
        _ = try Maintenance(directory: store.path).remove(day, because: reason)
        let report = try store.backUp {
            $0.grace = grace
            $0.longestAge = longestAge
        }
        #expect(report.removed == (isGone ? [day] : []))
        #expect(report.keptDays == (isGone ? 0 : 1))
        #expect(try store.place.days() == (isGone ? [] : [day]))
        #expect(report.problems.isEmpty)
    }

    @Test func renamingThatWasInterruptedIsFinished() throws {
        try store.add(["one"])
        try store.backUp()
        let manifest = Manifest.path(store.place.directory, first)
        // The file has its name, the manifest not yet.
        rename(manifest, manifest + ".new")
        #expect(store.place.manifest(of: first)?.events == 1)
        #expect(try store.backUp().unchangedDays == 1)
        #expect(access(manifest, F_OK) == 0)
        // Neither has it.
        store.directory.write("half", to: "backup/partitions/2026-11-21.db.new")
        store.directory.write("half", to: "backup/partitions/2026-11-21.sha256.new")
        #expect(try store.backUp().unchangedDays == 1)
        let names = try StoreLayout.names(in: store.place.directory + "/partitions")
        #expect(names == ["2026-11-20.db", "2026-11-20.sha256"])
    }

    @Test func theHistoryHasIt() throws {
        try store.add(["one"])
        try store.backUp()
        let job = try #require(try Store(directory: store.path).jobs(limit: 1).first)
        #expect((job.kind, job.outcome) == ("backup", "done"))
        #expect(job.summary.contains("1 days copied, 0 unchanged"))
    }

    @Test func aMergedDayIsCopiedAnew() throws {
        try store.add(["one"])
        try store.add(["two"])
        try store.backUp()
        let writer = try StoreWriter(directory: store.path)
        _ = try writer.compact()
        #expect(try store.backUp().copied == [first])
        #expect(store.place.manifest(of: first)?.blocks == 1)
    }
}
