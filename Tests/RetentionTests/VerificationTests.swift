import Glibc
import LogModel
import LogQuery
import LogStore
import SQLite
import StoreFixtures
import Testing

@testable import Retention

@Suite struct VerificationTests {
    /// 2026-11-20, noon.
    private static let noon: Int64 = 1_795_176_000_000_000_000
    private let store: HandmadeStore

    /// Three days with two blocks each; the last two days are finished.
    init() throws {
        store = try HandmadeStore()
        var offset: Int64 = 0
        for number in 0..<6 {
            var builder = BatchBuilder(offset: offset)
            for line in 0..<40 {
                builder.add(
                    line: "day\(number / 2) event\(line) 订单 \(number * 1_000_003 + 7_654_321)",
                    at: Self.noon - Int64(number / 2) * 86_400_000_000_000 + Int64(line * 7))
            }
            offset = builder.offset
            let source = EventSource(host: "h", service: "s", path: "/\(number)")
            try store.add(builder.batch, from: source)
            offset = 0
        }
        store.close()
        let maintenance = try Maintenance(directory: store.path)
        for day in try maintenance.days().dropFirst() {
            _ = try maintenance.rewrite(day, to: .asItIs)
        }
    }

    private func file(_ day: Int, _ ending: String = ".db") -> String {
        "\(store.path)/partitions/2026-11-\(day)\(ending)"
    }

    private func verify(_ times: Range<Int64> = .min..<Int64.max) throws -> VerificationReport {
        var verification = Verification(directory: store.path)
        verification.times = times
        return try verification.run { _ in }
    }

    /// The kinds of problems by day.
    private func problems() throws -> [String: [String]] {
        var found: [String: [String]] = [:]
        for day in try verify().days where !day.problems.isEmpty {
            found[day.day.name] = day.problems.map(\.kind.rawValue)
        }
        return found
    }

    @Test func aSoundStoreHasNothingWrong() throws {
        let report = try verify()
        #expect(!report.hasProblems && report.failures.isEmpty)
        #expect(report.days.map(\.day.name) == ["2026-11-18", "2026-11-19", "2026-11-20"])
        #expect((report.events, report.blocks, report.manifests) == (240, 6, 2))
        #expect(report.rawBytes == 6_780)
    }

    @Test func onlyDaysOfTheWindowAreRead() throws {
        let report = try verify(Self.noon - 86_400_000_000_000..<Self.noon)
        #expect(report.days.map(\.day.name) == ["2026-11-19", "2026-11-20"])
    }

    @Test func daysThatAreGoneAreNamed() throws {
        unlink(file(19))
        #expect(try problems() == ["2026-11-19": ["missing"]])
    }

    @Test func partsThatWereSetAsideAreNamed() throws {
        store.directory.write("garbage", to: "store/partitions/2026-11-20.db.damaged")
        store.directory.write("garbage", to: "store/partitions/2026-11-01.db.damaged")
        #expect(
            try problems() == ["2026-11-01": ["set aside"], "2026-11-20": ["set aside"]])
    }

    @Test func theOtherDaysAreReadWhereOneIsDamaged() throws {
        var bytes = TemporaryDirectory.read(file(19))
        bytes.removeLast(bytes.count / 3)
        store.directory.write(bytes, to: "store/partitions/2026-11-19.db")
        let report = try verify()
        #expect(report.days.filter { !$0.problems.isEmpty }.map(\.day.name) == ["2026-11-19"])
        #expect(report.days.count == 3)
    }

    @Test func aDamagedCatalogueIsNamed() throws {
        let path = store.path + "/catalog.db"
        try Connection(path, mode: .readWrite).execute("PRAGMA journal_mode = DELETE")
        var bytes = TemporaryDirectory.read(path)
        // The last page is of no table that opening the store reads.
        bytes[bytes.count - 100] ^= 1
        store.directory.write(bytes, to: "store/catalog.db")
        #expect(try verify().catalog.count == 1)
        store.directory.write("garbage", to: "store/catalog.db")
        let report = try verify()
        #expect(report.catalog.count == 1)
        #expect(report.days.count == 3 && report.days.allSatisfy(\.problems.isEmpty))
    }

    @Test(arguments: [false, true]) func aDayIsRestoredAndSearched(fromBackup: Bool) throws {
        var sample = SampledRestore(of: store.path)
        sample.scratch = store.directory.path
        if fromBackup {
            sample.backup = store.directory("backup")
            try Backup(of: store.path, to: BackupPlace(store.directory("backup"))).run()
        }
        for seed in 1...4 as ClosedRange<UInt64> {
            sample.seed = seed
            let result = sample.run(in: .min..<Int64.max)
            #expect(result.problems == [] && result.failure == nil)
            #expect(result.day != nil)
            #expect((result.searched, result.found) == (20, 20))
        }
        // Nothing stays behind.
        #expect(access(store.directory.path + "/store", F_OK) == 0)
        let names = try StoreLayout.names(in: store.directory.path)
        #expect(names == (fromBackup ? ["backup", "store"] : ["store"]))
    }

    @Test func aRestoredDayWithoutItsWordsIsNoGood() throws {
        let path = file(20)
        try Connection(path, mode: .readWrite).execute("DELETE FROM term_data WHERE id > 10")
        var sample = SampledRestore(of: store.path)
        sample.seed = 1
        let result = sample.run(in: Self.noon..<Self.noon + 1)
        #expect(result.day?.name == "2026-11-20")
        #expect(result.problems.first?.kind == .index)
    }

    @Test func aBackupThatIsNotThereCannotBeLookedAt() throws {
        var sample = SampledRestore(of: store.path)
        sample.backup = store.directory("nothing")
        let result = sample.run(in: .min..<Int64.max)
        #expect(result.failure != nil && result.problems == [])
    }

    /// Words of a line as a search sees them: whole, of ASCII, and not beside other letters.
    @Test func wordsOfALineFindIt() throws {
        var builder = BatchBuilder()
        builder.add(line: "[a] 订单abc ERROR (path/to) x_1=99 é2 Grün", at: 0)
        var random = SplitMix(state: 3)
        let words = SampledWords(builder.batch, builder.batch.rows[0])
        var seen: Set<String> = []
        for _ in 0..<50 {
            for word in words.query(&random).split(separator: " ") { seen.insert(String(word)) }
        }
        #expect(seen == ["\"ERROR\"", "\"path\"", "\"x_1\""])
    }
}
