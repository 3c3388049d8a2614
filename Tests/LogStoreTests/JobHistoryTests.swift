import Glibc
import LogModel
import StoreFixtures
import Testing

@testable import LogStore

@Suite struct JobHistoryTests {
    private typealias Fixture = StoreWriterFixture
    private let fixture = StoreWriterFixture()
    private var path: String { fixture.path }

    private func makeStore() throws {
        let writer = try StoreWriter(directory: path)
        try Fixture.insert(["one"], into: writer, try writer.add(Fixture.generation()), at: 0)
        try writer.commit()
    }

    @Test func jobsAreToldNewestFirstWithTheirSteps() throws {
        try makeStore()
        let history = try JobHistory(directory: path)
        let first = try history.begin("retention")
        for (action, day) in [("merged", Day(number: 20_777)), ("ballast", nil)] {
            var step = JobStep(job: first.id, day: day, action: action, started: 5, ended: 9)
            (step.events, step.rawBytes, step.bytesBefore, step.bytesAfter) = (1, 2, 3, 4)
            step.note = "备注"
            try history.add(step)
        }
        try history.end(first, outcome: "done", summary: "1 day")
        let second = try history.begin("backup")
        let store = try Store(directory: path)
        let jobs = try store.jobs(limit: 10)
        #expect(jobs.map(\.id) == [second.id, first.id])
        #expect(jobs.map(\.kind) == ["backup", "retention"])
        #expect(jobs.map(\.isRunning) == [true, false])
        #expect(jobs[0] == second && jobs[0].ended == 0)
        #expect(jobs[1].ended >= jobs[1].started && jobs[1].started == first.started)
        #expect(jobs[1].outcome == "done" && jobs[1].summary == "1 day")
        #expect(try store.jobs(limit: 1) == [second])
        #expect(try store.job(first.id) == jobs[1])
        #expect(try store.job(99) == nil)
        let steps = try store.steps(of: first.id)
        #expect(steps.map(\.number) == [1, 2] && steps.map(\.action) == ["merged", "ballast"])
        #expect(steps.map(\.day) == [Day(number: 20_777), nil])
        #expect(steps[0].events == 1 && steps[0].rawBytes == 2 && steps[0].note == "备注")
        #expect(steps[0].bytesBefore == 3 && steps[0].bytesAfter == 4)
        #expect(steps[0].started == 5 && steps[0].ended == 9)
        #expect(try store.steps(of: second.id) == [])
    }

    @Test func aJobWhoseProcessIsGoneIsNotRunning() throws {
        try makeStore()
        let catalog = try Catalog(writing: path + "/catalog.db")
        let current = ProcessIdentity.current
        // The same number in an earlier life, and one that no process has.
        for process in [
            ProcessIdentity(number: current.number, start: current.start - 1),
            ProcessIdentity(number: 0x7FFF_FFFF, start: current.start),
        ] {
            _ = try catalog.insertJob("retention", started: 1, by: process)
        }
        #expect(current.start > 0)
        let jobs = try Store(directory: path).jobs(limit: 10)
        #expect(jobs.map(\.isRunning) == [false, false] && jobs.map(\.ended) == [0, 0])
    }

    @Test func historyIsWrittenBesideMaintenanceAndAWriter() throws {
        try makeStore()
        let writer = try StoreWriter(directory: path)
        writer.release()
        let maintenance = try Maintenance(directory: path)
        let history = try JobHistory(directory: path)
        let job = try history.begin("retention")
        _ = try maintenance.rewrite(Day(of: Fixture.noon), to: .indexed)
        try history.end(job, outcome: "done", summary: "")
        #expect(try writer.acquire(timeout: 1))
        #expect(try Store(directory: path).jobs(limit: 1).map(\.outcome) == ["done"])
    }

    /// Or the next writer would not clean up behind the one that crashed.
    @Test func theMarkOfAnUnfinishedWriterStays() throws {
        try makeStore()
        let lock = try WriterLock(directory: path)
        _ = try lock.take(timeout: 1)
        lock.giveUp(isFinished: false)
        _ = try JobHistory(directory: path).begin("verify")
        #expect(try lock.take(timeout: 1))
        lock.giveUp(isFinished: true)
        _ = try JobHistory(directory: path).begin("verify")
        #expect(try !lock.take(timeout: 1))
    }

    @Test func oldJobsAreForgotten() throws {
        try makeStore()
        let history = try JobHistory(directory: path)
        let old = try history.begin("retention")
        try history.add(JobStep(job: old.id, day: nil, action: "a", started: 0, ended: 0))
        let time = Clock.now()
        let new = try history.begin("retention")
        try history.forget(before: time)
        let store = try Store(directory: path)
        #expect(try store.jobs(limit: 10).map(\.id) == [new.id])
        #expect(try store.steps(of: old.id) == [])
        #expect(throws: StoreError.self) { try JobHistory(directory: path + "/none") }
    }
}
