import Glibc
import LogModel
import StoreFixtures
import Synchronization
import Testing

@testable import LogStore

/// Compaction while a shipper writes, each with a writer of its own as in two processes.
@Suite struct CompactionBesideWriterTests {
    private typealias Fixture = StoreWriterFixture
    private let fixture = StoreWriterFixture()
    private var path: String { fixture.path }

    /// `count` live lines from `first` on, a commit each; returns where they end.
    private static func write(
        _ range: Range<Int>, at offset: Int64, _ writer: StoreWriter, _ generation: Generation,
        time: Int64 = Fixture.noon
    ) throws -> Int64 {
        var end = offset
        for number in range {
            end = try Fixture.insert(
                ["line \(number)"], into: writer, generation, at: end, isLive: true, time: time)
            try writer.commit()
        }
        return end
    }

    @Test func aReleasedWriterThatIsAskedNowAndThenIsNoHindrance() throws {
        let shipper = try StoreWriter(directory: path)
        let generation = try shipper.add(Fixture.generation())
        let end = try Self.write(0..<40, at: 0, shipper, generation)
        shipper.release()
        #expect(shipper.openDays.count == 1)
        shipper.leaveDaysToMaintenance()
        #expect(shipper.openDays.count == 1)
        var asked = 0
        let report = try StoreWriter(directory: path).compact { _ in
            shipper.leaveDaysToMaintenance()
            asked += 1
        }
        #expect(asked == 1)
        #expect((report.days, report.problems.count, report.blocksAfter) == (1, 0, 1))
        _ = try shipper.acquire(timeout: 1)
        _ = try Self.write(40..<45, at: end, shipper, generation)
        #expect(try Fixture.lines(in: path) == (0..<45).map { "line \($0)" })
    }

    @Test func oneCompactionRunsAtATime() throws {
        let writer = try StoreWriter(directory: path)
        let lock = try MaintenanceLock(directory: path)
        let error = #expect(throws: StoreError.self) { try writer.compact() }
        #expect(error?.description.hasPrefix("another logq is writing days of ") == true)
        _ = lock
    }

    /// What comes while the draft is written makes it worthless, and is not lost.
    @Test func aDayThatIsWrittenToMeanwhileIsDoneAgain() throws {
        let shipper = try StoreWriter(directory: path)
        let generation = try shipper.add(Fixture.generation())
        var end = try Self.write(0..<5, at: 0, shipper, generation)
        shipper.release()
        let compactor = try StoreWriter(directory: path)
        var drafts = 0
        var next = 5
        let report = try compactor.compact { _ in
            drafts += 1
            // The third time the lock is held.
            guard (try? shipper.acquire(timeout: 0)) != nil else { return }
            end = (try? Self.write(next..<next + 1, at: end, shipper, generation)) ?? end
            next += 1
            shipper.release()
        }
        #expect(drafts == 3)
        #expect(next == 7)
        #expect((report.days, report.problems.count, report.events) == (1, 0, 7))
        #expect(try Fixture.lines(in: path) == (0..<7).map { "line \($0)" })
        #expect(try compactor.compact().unchangedDays == 1)
    }

    @Test func searchesSeeAllLinesWhileBothAreAtWork() throws {
        let directory = path
        let written = Atomic(0)
        let isStopping = Atomic(false)
        let shipping = OrderedWork<Bool>(count: 1, threads: 1) {
            { _ in
                do {
                    let shipper = try StoreWriter(directory: directory)
                    let generation = try shipper.add(Fixture.generation())
                    var end: Int64 = 0
                    while !isStopping.load(ordering: .relaxed) {
                        let number = written.load(ordering: .relaxed)
                        // A day for every hundred lines.
                        end = try Self.write(
                            number..<number + 1, at: end, shipper, generation,
                            time: Fixture.noon + Int64(number / 100) * Fixture.day)
                        written.add(1, ordering: .relaxed)
                        shipper.release()
                        _ = try shipper.acquire(timeout: 10)
                    }
                    return true
                } catch {
                    Issue.record("\(error)")
                    return false
                }
            }
        }
        defer {
            isStopping.store(true, ordering: .relaxed)
            _ = shipping.next()
            shipping.stop()
        }
        while written.load(ordering: .relaxed) < 150 { usleep(1_000) }
        for _ in 0..<4 {
            let report = try StoreWriter(directory: directory).compact()
            #expect(report.problems.isEmpty)
            let count = written.load(ordering: .relaxed)
            let lines = try Fixture.lines(in: directory)
            #expect(lines.count >= count)
            #expect(lines == (0..<lines.count).map { "line \($0)" })
        }
    }
}
