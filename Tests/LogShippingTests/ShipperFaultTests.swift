import Configuration
import Glibc
import LogModel
import LogParsing
import LogQuery
import LogShipping
import LogStore
import StoreFixtures
import Testing

/// What an error of the store or many files at once must not do.
@Suite struct ShipperFaultTests {
    private let bench = IngestBench(inMemory: true)
    private var directory: TemporaryDirectory { bench.directory }

    private func shipper(
        descriptors: Int = 256, rescan: Int64 = 0,
        _ change: (inout SourceConfiguration) -> Void = { _ in }
    ) throws -> Shipper {
        let writer = try StoreWriter(directory: bench.store)
        writer.release()
        return Shipper(
            into: writer, configuration(descriptors: descriptors, rescan: rescan, change),
            formats: .builtIn)
    }

    private func configuration(
        descriptors: Int = 256, rescan: Int64 = 0,
        _ change: (inout SourceConfiguration) -> Void = { _ in }
    ) -> ShipperConfiguration {
        var source = SourceConfiguration(
            name: "app", files: [directory("logs/*")], host: "h", zone: .utc)
        source.service = "app"
        change(&source)
        var configuration = ShipperConfiguration(sources: [source])
        configuration.descriptors = descriptors
        configuration.rescan = rescan
        return configuration
    }

    private func look(_ shipper: Shipper) throws {
        _ = shipper.wait(milliseconds: 0)
        try shipper.turn()
    }

    private func text() throws -> [String] {
        try bench.stored().map { String(decoding: $0.bytes, as: UTF8.self) }.sorted()
    }

    private func line(_ number: Int, _ name: String = "x") -> String {
        "2026-11-20 10:\(10 + number / 60 % 50):\(10 + number % 50).000 [main] INFO  c.e.Job - \(name) \(number)\n"
    }

    @Test func filesBehindTheOneThatFailedAreReadLater() throws {
        let shipper = try shipper()
        defer { shipper.stop() }
        var texts: [String] = []
        for number in 10..<30 {
            texts.append(line(number) + line(number + 1))
            directory.write(line(number) + line(number + 1), to: "logs/app\(number).log")
        }
        failingOnce { try look(shipper) }
        for _ in 0..<3 { try look(shipper) }
        try shipper.readAll()
        #expect(try text() == texts.sorted())
    }

    /// A directory in the place of a day's draft, so that the day cannot be made.
    private func failingOnce(_ body: () throws -> Void) {
        let blocker = bench.store + "/partitions/2026-11-20.db.new"
        mkdir(blocker, 0o700)
        mkdir(blocker + "/x", 0o700)
        #expect(throws: StoreError.self) { try body() }
        rmdir(blocker + "/x")
        rmdir(blocker)
    }

    @Test func whatIsPassedOverStaysSoAfterAFailedTurn() throws {
        directory.write(line(1) + line(2), to: "logs/a.log")
        directory.write(line(3) + line(5), to: "other/b.log")
        var configuration = configuration { $0.start = .end }
        var other = configuration.sources[0]
        (other.name, other.files, other.start) = ("other", [directory("other/*")], .beginning)
        configuration.sources.append(other)
        let writer = try StoreWriter(directory: bench.store)
        writer.release()
        let shipper = Shipper(into: writer, configuration, formats: .builtIn)
        defer { shipper.stop() }
        failingOnce { try look(shipper) }
        try look(shipper)
        directory.append(line(4), to: "logs/a.log")
        try shipper.readAll()
        #expect(try text() == [line(3) + line(5), line(4)])
    }

    @Test func aDeletedFileIsReadToItsEndAcrossAReload() throws {
        directory.write(line(1), to: "logs/a.log")
        let shipper = try shipper()
        defer { shipper.stop() }
        try shipper.readAll()
        directory.append(line(2), to: "logs/a.log")
        unlink(directory("logs/a.log"))
        shipper.reload(configuration())
        try shipper.readAll()
        #expect(try text() == [line(1) + line(2)])
    }

    @Test func aCopyIsReadWhenItsOwnerIsEmptied() throws {
        let shipper = try shipper(descriptors: 1)
        defer { shipper.stop() }
        let long = (0..<40).map { line($0) }.joined()
        directory.write(long, to: "logs/a.log")
        try look(shipper)
        directory.write(long, to: "logs/b.log")
        try look(shipper)
        directory.write(line(3, "other"), to: "logs/c.log")
        for _ in 0..<3 { try look(shipper) }
        try shipper.readAll()
        // a.log is closed now, as there is one descriptor, and b.log its copy.
        directory.write("", to: "logs/a.log")
        for _ in 0..<3 { try look(shipper) }
        directory.append(line(41), to: "logs/b.log")
        for _ in 0..<3 { try look(shipper) }
        try shipper.readAll()
        #expect(try text() == [line(3, "other"), long + line(41)].sorted())
    }

    @Test func aSmallFileOfTwoNamesIsReadOnceAcrossReloads() throws {
        directory.write(line(1), to: "logs/app.log")
        symlink(directory("logs/app.log"), directory("logs/current.log"))
        let shipper = try shipper()
        defer { shipper.stop() }
        for _ in 0..<3 { try shipper.readAll() }
        shipper.reload(configuration())
        for _ in 0..<3 { try shipper.readAll() }
        #expect(try text() == [line(1)])
    }

    @Test func aCutFileWhoseNewContentIsLongerLeavesNoGapBehindItsCopy() throws {
        let shipper = try shipper()
        defer { shipper.stop() }
        let old = (0..<30).map { line($0) }.joined()
        let new = (0..<300).map { line($0, "new") }.joined()
        directory.write(old, to: "logs/app.log")
        try look(shipper)
        directory.append(line(30), to: "logs/app.log")
        try look(shipper)
        directory.write(old + line(30), to: "logs/app.log.1")
        directory.write(new, to: "logs/app.log")
        for _ in 0..<3 { try look(shipper) }
        try shipper.readAll()
        #expect(try text() == [old + line(30), new].sorted())
        let store = try Store(directory: bench.store)
        #expect(try store.gaps(in: .min..<Int64.max).allSatisfy { $0.missingBytes == 0 })
        #expect(try store.generations().allSatisfy { $0.seenSize == $0.position })
    }

    @Test func aBusyFileDoesNotKeepTheOnlyDescriptor() throws {
        let shipper = try shipper(descriptors: 1)
        defer { shipper.stop() }
        directory.write(line(1), to: "logs/a.log")
        try look(shipper)
        directory.write(line(1, "y"), to: "logs/b.log")
        var turns = 0
        for number in 2..<12 {
            directory.append(line(number), to: "logs/a.log")
            usleep(100_000)
            if shipper.wait(milliseconds: 0) {
                try shipper.turn()
                turns += 1
            }
        }
        print("turns", turns)
        #expect(try text().contains(line(1, "y")))
    }

    @Test func whatWentMissingIsMarkedAlthoughTheTurnFailed() throws {
        let shipper = try shipper(descriptors: 1)
        defer { shipper.stop() }
        directory.write(line(1), to: "logs/a.log")
        try shipper.readAll()
        directory.write(line(2), to: "logs/b.log")
        try shipper.readAll()
        unlink(directory("logs/a.log"))
        let next = "2026-11-21 10:00:00.000 [main] INFO  c.e.Job - next\n"
        directory.write(next, to: "logs/c.log")
        let blocker = bench.store + "/partitions/2026-11-21.db.new"
        mkdir(blocker, 0o700)
        mkdir(blocker + "/x", 0o700)
        #expect(throws: StoreError.self) { try shipper.readAll() }
        rmdir(blocker + "/x")
        rmdir(blocker)
        try shipper.readAll()
        #expect(try text() == [line(1), line(2), next])
        let store = try Store(directory: bench.store)
        let marks = try store.generations().map { $0.missingSince != nil }
        #expect(marks == [true, false, false])
        #expect(
            try store.followedFiles().map(\.path) == ["b", "c"].map { directory("logs/\($0).log") })
    }

    @Test(.timeLimit(.minutes(1))) func aPipeUnderTheNameOfAShortFileHoldsNothingUp() throws {
        let shipper = try shipper()
        defer { shipper.stop() }
        directory.write(line(1), to: "logs/a.log")
        try shipper.readAll()
        unlink(directory("logs/a.log"))
        mkfifo(directory("logs/a.log"), 0o600)
        directory.write(line(1) + line(2), to: "logs/b.log")
        try shipper.readAll()
        #expect(try text().last == line(1) + line(2))
    }
}
