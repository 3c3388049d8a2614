import Configuration
import Glibc
import LogModel
import LogParsing
import LogQuery
import LogShipping
import LogStore
import StoreFixtures
import Testing

/// What a shipper does beside rotation, which `ShipperModelTests` has.
@Suite struct ShipperTests {
    private let bench = IngestBench(inMemory: true)
    private var directory: TemporaryDirectory { bench.directory }

    private func configuration(_ text: String) throws -> ShipperConfiguration {
        try ShipperConfiguration(
            parsing: Array(text.utf8), file: "logq.conf", directory: directory.path + "/",
            environment: { _ in nil }, formats: .builtIn, zone: .utc, now: IngestBench.now)
    }

    private func shipper(_ text: String) throws -> Shipper {
        let writer = try StoreWriter(directory: bench.store)
        writer.release()
        return try Shipper(into: writer, configuration(text), formats: .builtIn)
    }

    private func line(_ number: Int, _ text: String = "step") -> String {
        "2026-11-20 10:00:\(10 + number).000 [main] INFO  c.e.Job - \(text) \(number)\n"
    }

    private func messages() throws -> [String] {
        let search = try Search(
            SearchRequest(query: "", now: IngestBench.now), in: Store(directory: bench.store))
        var found: [String] = []
        try search.run { event in
            found.append(String(decoding: event.body, as: UTF8.self))
            return true
        }
        return found.sorted()
    }

    private func expectAudited(_ path: String) throws {
        let store = try Store(directory: bench.store)
        let file = try #require(store.followedFiles().first { $0.path == directory(path) })
        let generation = try #require(store.generations().first { $0.id == file.generation })
        let skipped = try store.skipped(generation: generation.id).values.reduce(0, +)
        let stored = try bench.stored().filter { $0.source.generation == generation.name }
        let indexed = stored.reduce(0) { $0 + $1.bytes.count }
        #expect(Int64(indexed) + skipped == generation.position)
        #expect(generation.position == file.size)
    }

    @Test func atTheEndOnlyWhatComesLaterIsRead() throws {
        directory.write(line(1) + line(2) + "2026-11-20 10:00:13.0", to: "logs/app.log")
        let text = "source: app\nfiles: logs/*\nstart: end\n"
        let shipper = try shipper(text)
        try shipper.turn()
        try shipper.turn()
        directory.append("00 [main] INFO  c.e.Job - cut 3\n" + line(4), to: "logs/app.log")
        directory.write(line(5), to: "logs/later.log")
        try shipper.readAll()
        shipper.stop()
        #expect(try messages() == ["cut 3", "step 4", "step 5"])
        try expectAudited("logs/app.log")

        // What comes while nothing runs is new too.
        directory.write(line(6), to: "logs/between.log")
        let again = try self.shipper(text)
        try again.readAll()
        again.stop()
        #expect(try messages() == ["cut 3", "step 4", "step 5", "step 6"])
    }

    @Test func eventsAreLeftOutByTextAndTimeAndCounted() throws {
        let trace = "java.lang.Error: noise\n\tat c.e.Job.run(Job.java:1)\n"
        directory.write(
            line(1) + line(2, "noise") + trace + line(3) + line(4, "noise"), to: "logs/app.log")
        let shipper = try shipper(
            "source: app\nfiles: logs/*\nexclude: noise\nstart: 2026-11-20T10:00:12Z\n")
        try shipper.readAll()
        #expect(try messages() == ["step 3"])
        // The last event was left out while it could still grow.
        directory.append(trace + line(5), to: "logs/app.log")
        try shipper.readAll()
        shipper.stop()
        #expect(try messages() == ["step 3", "step 5"])
        try expectAudited("logs/app.log")
    }

    @Test func aReloadFollowsOtherFilesAndGoesOnInTheOld() throws {
        directory.write(line(1), to: "logs/app.log")
        directory.write(line(2), to: "more/app.log")
        let shipper = try shipper("source: app\nfiles: logs/*\nservice: one\n")
        try shipper.readAll()
        try shipper.reload(
            configuration("source: app\nfiles: logs/*\nservice: one\nsource: more\nfiles: more/*\n")
        )
        directory.append(line(3), to: "logs/app.log")
        try shipper.readAll()
        try shipper.reload(configuration("source: more\nfiles: more/*\n"))
        directory.append(line(4), to: "more/app.log")
        try shipper.readAll()
        shipper.stop()
        #expect(try messages() == ["step 1", "step 2", "step 3", "step 4"])
    }

    /// Two programs take turns at the store and at one file.
    @Test func whatAnotherProcessReadMeanwhileIsNotReadAgain() throws {
        directory.write(line(1), to: "logs/app.log")
        let shipper = try shipper("source: app\nfiles: logs/*\n")
        defer { shipper.stop() }
        for number in 2...20 {
            try shipper.turn(isFinal: number % 3 == 0)
            directory.append(line(number), to: "logs/app.log")
            if number % 2 == 0 { try bench.ingest(["logs/app.log"], host: HostName.current()) }
        }
        try shipper.readAll()
        #expect(try messages() == (1...20).map { "step \($0)" }.sorted())
    }

    @Test func oneFileOfTwoNamesIsReadOnce() throws {
        directory.write(line(1), to: "logs/app.log")
        link(directory("logs/app.log"), directory("logs/again.log"))
        symlink(directory("logs/app.log"), directory("logs/link.log"))
        let shipper = try shipper("source: app\nfiles: logs/*\n")
        defer { shipper.stop() }
        try shipper.readAll()
        directory.append(line(2), to: "logs/again.log")
        try shipper.readAll()
        #expect(try messages() == ["step 1", "step 2"])
    }

    /// What is open is read to its end, whatever becomes of its name.
    @Test func aDeletedFileIsReadToItsEnd() throws {
        let path = directory.write(line(1), to: "logs/app.log")
        let shipper = try shipper("source: app\nfiles: logs/*\n")
        defer { shipper.stop() }
        try shipper.readAll()
        let descriptor = open(path, O_WRONLY | O_APPEND)
        defer { close(descriptor) }
        unlink(path)
        try shipper.readAll()
        let bytes = Array(line(2).utf8)
        #expect(write(descriptor, bytes, bytes.count) == bytes.count)
        // Looked at once a second.
        for _ in 0..<20 where try messages().count < 2 {
            usleep(100_000)
            try shipper.turn(isFinal: true)
        }
        #expect(try messages() == ["step 1", "step 2"])
    }

    @Test func declaredGB18030IsReadAsThatEvenWhereItLooksLikeUTF8() throws {
        // 联通 in GBK is valid UTF-8 by chance.
        let bytes = Array("2026-11-20 10:00:11.000 [main] INFO  c.e.Job - ".utf8)
        directory.write(bytes + [0xC1, 0xAA, 0xCD, 0xA8, 0x0A], to: "logs/app.log")
        let shipper = try shipper("source: app\nfiles: logs/*\nencoding: gbk\n")
        try shipper.readAll()
        shipper.stop()
        let search = try Search(
            SearchRequest(query: "联通", now: IngestBench.now), in: Store(directory: bench.store))
        #expect(try search.count() == 1)
    }

    /// A file that is gone with bytes in it that were seen and not read is a gap of as many bytes.
    @Test func whatWasSeenAndNeverReadIsAGap() throws {
        let path = directory.write(line(1), to: "logs/app.log")
        let text = "source: app\nfiles: logs/*\n"
        let first = try shipper(text)
        try first.readAll()
        first.stop()
        unlink(path)
        directory.write(line(2), to: "logs/app.log")
        let second = try shipper(text)
        try second.readAll()
        second.stop()
        // All of the first was read: its end is no gap.
        let store = try Store(directory: bench.store)
        #expect(try store.gaps(in: .min..<Int64.max).isEmpty)
        #expect(try store.generations().map { $0.missingSince != nil } == [true, false])
        #expect(try messages() == ["step 1", "step 2"])
    }
}
