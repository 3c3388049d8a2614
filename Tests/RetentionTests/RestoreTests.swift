import Glibc
import LogModel
import LogQuery
import LogStore
import StoreFixtures
import Testing

@testable import Retention

@Suite struct RestoreTests {
    private let store = BackedUpStore()
    private let first = BackedUpStore.first
    private let second = BackedUpStore.second

    @Test func aWholeStoreComesBack() throws {
        try store.add(["one"], first)
        try store.add(["two"], second)
        store.directory.write("level:error\n", to: "store/queries/bad.query")
        try store.backUp()
        let new = store.directory("new")
        let report = try store.restore(into: new)
        #expect(report.restoredCatalog)
        #expect(report.restored.map(\.plan.day) == [first, second])
        #expect(try store.lines(in: new) == ["one", "two"])
        #expect(try Store(directory: new).identity() == Store(directory: store.path).identity())
        #expect(access(new + "/queries/bad.query", F_OK) == 0)
        #expect(try store.restore(into: new).restored.isEmpty)
    }

    /// The day is put back to the backup; what came since comes again when the file is read again.
    @Test func whatCameAfterTheBackupComesAgain() throws {
        try store.add(["one"], first)
        try store.backUp()
        try store.add(["two"], first)
        try store.add(["three"], second)
        store.damage(first)
        let report = try store.restore()
        #expect(report.restored.map(\.plan.state) == [.damaged])
        let rewind = try #require(report.rewinds.first)
        #expect(report.rewinds.count == 1)
        #expect((rewind.start, rewind.missingBytes, rewind.isReadAgain) == (4, 4, true))
        #expect(try store.generation(named: "a")?.position == 4)
        #expect(try store.lines() == ["one", "three"])
        try store.addAgain([("one", first), ("two", first), ("three", second)])
        #expect(try store.lines() == ["one", "two", "three"])
        #expect(try store.generation(named: "a")?.position == 14)
    }

    @Test func aFileThatTheBackupDoesNotKnowIsReadFromItsStart() throws {
        try store.add(["one"], first)
        try store.backUp()
        try store.add(["two"], first, file: "b")
        store.damage(first)
        #expect(try store.restore().rewinds.map(\.start) == [0])
        #expect(try store.generation(named: "b")?.position == 0)
        #expect(try store.generation(named: "a")?.position == 4)
        try store.addAgain([("two", first)], file: "b")
        #expect(try store.lines() == ["one", "two"])
    }

    @Test func nothingIsReadAgainWhereTheDaysLackNothing() throws {
        try store.add(["one"], first)
        try store.backUp()
        try store.add(["two"], second)
        store.damage(first)
        let report = try store.restore()
        #expect(report.restored.count == 1)
        #expect(report.rewinds.isEmpty)
        #expect(try store.generation(named: "a")?.position == 8)
    }

    @Test func whatNoFileHasIsTold() throws {
        try store.add(["one"], first)
        try store.backUp()
        try store.add(["two"], first)
        let generation = try #require(try store.generation(named: "a"))
        do {
            let writer = try StoreWriter(directory: store.path)
            writer.mark(generation.id, missingSince: 5)
            try writer.commit()
        }
        store.damage(first)
        let report = try store.restore()
        #expect(report.rewinds.map(\.isReadAgain) == [false])
        #expect(report.text.contains("up to 4 bytes of h:/logs/a.log CANNOT COME BACK"))
        #expect(try store.generation(named: "a")?.position == 8)
    }

    @Test func aNewerDayIsLeftUnlessAsked() throws {
        try store.add(["one"], first)
        try store.backUp()
        try store.add(["two"], first)
        #expect(try store.restore().left.map(\.state) == [.newer])
        #expect(try store.lines() == ["one", "two"])
        #expect(try store.restore { $0.replacesNewer = true }.restored.count == 1)
        #expect(try store.lines() == ["one"])
    }

    @Test func onlyDaysThatAreAskedForAreRestored() throws {
        try store.add(["one"], first)
        try store.add(["two"], second)
        try store.backUp()
        unlink(store.file(first))
        unlink(store.file(second))
        #expect(try store.restore { $0.times = second.start..<second.end }.restored.count == 1)
        #expect(try store.lines() == ["two"])
    }

    @Test func aRemovedDayComesBackOnlyWhenAskedFor() throws {
        try store.add(["one"], first)
        try store.backUp()
        _ = try Maintenance(directory: store.path).remove(first, because: .expired)
        #expect(try store.restore().left.map(\.state) == [.removed])
        #expect(try store.restore { $0.times = first.start..<first.end }.restored.count == 1)
        #expect(try store.lines() == ["one"])
        let known = try Store(directory: store.path).removals(in: first.start..<first.end)
        #expect(known.isEmpty)
    }

    @Test func aDamagedCopyIsNotRestored() throws {
        try store.add(["one"], first)
        try store.backUp()
        store.damage(first, in: store.place.directory)
        unlink(store.file(first))
        let report = try store.restore()
        #expect(report.restored.isEmpty)
        #expect(report.problems.map(\.day) == [first])
        #expect(try Store(directory: store.path).days().isEmpty)
    }

    @Test func anotherStoreIsRefused() throws {
        try store.add(["one"])
        try store.backUp()
        let other = BackedUpStore()
        try other.add(["other"])
        let error = #expect(throws: BackupError.self) { try store.restore(into: other.path) }
        guard case .otherBackup = error else { throw try #require(error) }
        #expect(try other.lines() == ["other"])
    }

    @Test func whatWasSetAsideIsRemovedWithTheRestore() throws {
        try store.add(["one"])
        try store.backUp()
        rename(store.file(first), store.file(first) + ".damaged")
        try store.add(["two"])
        #expect(try store.lines() == ["two"])
        let report = try store.restore()
        #expect(report.restored.map(\.plan.state) == [.lacking])
        #expect(access(store.file(first) + ".damaged", F_OK) != 0)
        try store.addAgain([("one", first), ("two", first)])
        #expect(try store.lines() == ["one", "two"])
    }

    @Test func whatWasPurgedIsPurgedAgain() throws {
        try store.add(["one", "two"], first)
        try store.backUp()
        try store.add(["three", "four"], first)
        for word in ["two", "four"] {
            let person = PurgeReceipt.Person(user: "u", uid: 1, sudoUser: "", host: "h")
            let purge = try Purge(store.path, person: person, version: "1")
            _ = try purge.run(SearchRequest(query: word, now: Clock.now()), because: "a test")
        }
        #expect(try store.lines() == ["one", "three"])
        store.damage(first)
        let report = try store.restore()
        #expect(report.restored.count == 1)
        #expect(report.purgedAgain.map(\.day) == [first])
        #expect(report.toPurgeAgain == [first])
        #expect(report.text.contains("Restore the same days once more when the files were read"))
        #expect(try store.lines() == ["one"])
        try store.addAgain([("one", first), ("two", first), ("three", first), ("four", first)])
        #expect(try store.lines() == ["one", "three", "four"])
        #expect(try store.restore().purgedAgain.map(\.day) == [first])
        #expect(try store.lines() == ["one", "three"])
    }

    @Test func whatCameAfterADayWasGivenUpStays() throws {
        try store.add(["one"], first)
        try store.backUp()
        let person = PurgeReceipt.Person(user: "u", uid: 1, sudoUser: "", host: "h")
        _ = try Purge(store.path, person: person, version: "1")
            .giveUp(first, because: "a test", at: Clock.now())
        try store.add(["late"], first)
        let report = try store.restore()
        #expect(report.left.map(\.state) == [.newer])
        #expect(report.purgedAgain.isEmpty)
        #expect(try store.lines() == ["late"])
        #expect(try store.backUp().problems.isEmpty)
        #expect(try store.lines(in: store.place.directory) == ["late"])
    }

    @Test func aRecordIsWritten() throws {
        try store.add(["one", "two"], first)
        try store.backUp()
        unlink(store.file(first))
        let report = try store.restore()
        let path = try report.writeRecord(in: store.path)
        let text = String(decoding: TemporaryDirectory.read(path), as: UTF8.self)
        #expect(path.hasPrefix(store.path + "/restores/restore-2"))
        #expect(text.contains("2026-11-20  restored (was missing): 2 events, 8 bytes of text"))
        #expect(text.contains("Nothing is missing of what came after the backup."))
        let known = try Store(directory: store.path)
        let job = try #require(try known.jobs(limit: 1).first)
        #expect((job.kind, job.outcome) == ("restore", "done"))
        #expect(try known.steps(of: job.id).map(\.events) == [2])
    }
}
