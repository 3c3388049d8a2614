import Glibc
import LogModel
import StoreFixtures
import Synchronization
import Testing

@testable import LogStore

@Suite struct WriterLockTests {
    private typealias Fixture = StoreWriterFixture
    private let fixture = StoreWriterFixture()
    private var path: String { fixture.path }

    @Test func whoGivesTheLockUpLetsOthersWriteAndLearnsOfIt() throws {
        let shipper = try StoreWriter(directory: path)
        let generation = try shipper.add(Fixture.generation())
        let end = try Fixture.insert(["one"], into: shipper, generation, at: 0)
        try shipper.commit()
        shipper.release()
        #expect(try shipper.acquire(timeout: 0) == false)
        shipper.release()
        do {
            let other = try StoreWriter(directory: path)
            let error = #expect(throws: StoreError.self) { try shipper.acquire(timeout: 0.05) }
            guard case .locked(_, " (process \(getpid()))") = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            try Fixture.insert(["two"], into: other, generation, at: end)
            try other.commit()
        }
        #expect(try shipper.acquire(timeout: 0) == true)
        #expect(try shipper.generation(id: generation.id)?.position == 8)
        // What the other one wrote is dropped, although the day is open since before.
        try Fixture.insert(["one", "two", "three"], into: shipper, generation, at: 0)
        try shipper.commit()
        #expect(try Fixture.lines(in: path) == ["one", "two", "three"])
    }

    @Test func aDayThatWasReplacedMeanwhileIsOpenedAgain() throws {
        let shipper = try StoreWriter(directory: path)
        let generation = try shipper.add(Fixture.generation())
        let end = try Fixture.insert(["one"], into: shipper, generation, at: 0)
        try shipper.commit()
        shipper.release()
        let day = path + "/partitions/2026-11-20.db"
        _ = try PartitionWriter(
            day: Day(of: Fixture.noon), draft: day + ".new", copying: day)
        rename(day + ".new", day)
        for ending in ["-wal", "-shm"] { unlink(day + ending) }
        #expect(try shipper.acquire(timeout: 0) == false)
        try Fixture.insert(["two"], into: shipper, generation, at: end)
        try shipper.commit()
        #expect(try Fixture.lines(in: path) == ["two"])
    }

    @Test func whatIsNotCommittedGoesWithTheLock() throws {
        let shipper = try StoreWriter(directory: path)
        let generation = try shipper.add(Fixture.generation())
        try Fixture.insert(["one"], into: shipper, generation, at: 0)
        shipper.release()
        _ = try shipper.acquire(timeout: 0)
        try shipper.commit()
        #expect(try Fixture.lines(in: path).isEmpty)
        #expect(try shipper.generation(id: generation.id)?.position == 0)
    }

    /// A shipper with much to do takes the lock again as soon as it has given it up.
    @Test func aWaiterGetsInBesideABusyShipper() throws {
        let shipper = try StoreWriter(directory: path)
        shipper.release()
        let isStopping = Atomic(false)
        let turns = Atomic(0)
        let directory = path
        try withThread {
            guard let busy = try? StoreWriter(directory: directory) else { return }
            while !isStopping.load(ordering: .relaxed) {
                turns.add(1, ordering: .relaxed)
                usleep(1_000)
                busy.release()
                guard (try? busy.acquire(timeout: 5)) != nil else { return }
            }
        } during: {
            while turns.load(ordering: .relaxed) == 0 { usleep(1_000) }
            for _ in 0..<5 {
                _ = try shipper.acquire(timeout: 2)
                usleep(10_000)
                shipper.release()
            }
            isStopping.store(true, ordering: .relaxed)
        }
        #expect(turns.load(ordering: .relaxed) > 1)
    }

    /// The other writer died between the day's commit and the catalogue's.
    @Test func openEventsOfAKilledWriterAreRemovedWhenTheLockIsTaken() throws {
        let shipper = try StoreWriter(directory: path)
        let generation = try shipper.add(Fixture.generation())
        let end = try Fixture.insert(["one"], into: shipper, generation, at: 0)
        try shipper.commit()
        shipper.release()
        do {
            let other = try StoreWriter(directory: path)
            try Fixture.insert(["two", "thr"], into: other, generation, at: end, isOpen: true)
            try other.commitDaysAlone()
        }
        #expect(try Fixture.lines(in: path) == ["one", "two", "thr"])
        _ = try shipper.acquire(timeout: 0)
        #expect(try Fixture.lines(in: path) == ["one", "two"])
        #expect(try shipper.generation(id: generation.id)?.position == 4)
        shipper.release()
        #expect(TemporaryDirectory.read(path + "/writer.lock") == Array(repeating: 0, count: 16))
    }

    /// A commit that fails half-way, and goes on in the same hold of the lock.
    @Test func rollbackRemovesTheOpenEventsOfAHalfCommit() throws {
        let writer = try StoreWriter(directory: path)
        let generation = try writer.add(Fixture.generation())
        let end = try Fixture.insert(["one"], into: writer, generation, at: 0)
        try writer.commit()
        try Fixture.insert(["two", "thr"], into: writer, generation, at: end, isOpen: true)
        try writer.commitDaysAlone()
        writer.rollback()
        // It has grown, and its time with it: it is of another day now.
        try Fixture.insert(["two"], into: writer, generation, at: end)
        try Fixture.insert(
            ["three"], into: writer, generation, at: end + 4, time: Fixture.noon + Fixture.day)
        try writer.commit()
        #expect(try Fixture.lines(in: path) == ["one", "two", "three"])
    }

    @Test func daysThatAreNotWrittenToAreClosed() throws {
        let writer = try StoreWriter(directory: path)
        let generation = try writer.add(Fixture.generation())
        var end = try Fixture.insert(["one"], into: writer, generation, at: 0)
        try writer.commit()
        var open: [Int] = []
        for _ in 0..<4 {
            writer.release()
            _ = try writer.acquire(timeout: 0)
            end = try Fixture.insert(
                ["next"], into: writer, generation, at: end, time: Fixture.noon + Fixture.day)
            try writer.commit()
            open.append(writer.openDays.count)
        }
        #expect(open == [2, 2, 1, 1])
    }

    /// Runs `body` while another thread runs `work`, and waits for that.
    private func withThread(
        _ work: @escaping @Sendable () -> Void, during body: () throws -> Void
    ) throws {
        let other = OrderedWork<Void>(count: 1, threads: 1) { { _ in work() } }
        defer { other.stop() }
        try body()
        other.next()
    }
}
