import Glibc
import LogModel
import StoreFixtures
import Testing

@testable import LogStore
@testable import Retention

@Suite struct RetentionJobTests {
    private let store = SimulatedStore()
    private var path: String { store.path }
    /// 2026-11-21, half past one.
    private static let now = Day(name: "2026-11-21").map { $0.start + 5_400_000_000_000 } ?? 0
    private static let ages = RetentionPolicy(indexed: .days(3), archived: .days(9))

    /// An event a day, at noon, so many days ago.
    private func add(daysAgo: [Int64], severity: UInt8 = 9) throws {
        let today = Day(of: Self.now)
        try store.add(
            daysAgo.enumerated().map { number, ago in
                SimulatedEvent(
                    number: number, host: "web-1", service: "pay", format: "app",
                    severity: severity,
                    time: Day(number: today.number - ago).start + SimulatedStore.day / 2)
            })
    }

    private func day(_ ago: Int64) -> Day { Day(number: Day(of: Self.now).number - ago) }

    private func file(_ ago: Int64) -> String { StoreLayout.partition(path, day(ago)) }

    private func job(_ policy: RetentionPolicy = ages) -> RetentionJob {
        RetentionJob(directory: path, policy: policy, now: Self.now)
    }

    private func days() throws -> [Int64] {
        try Store(directory: path).days().map { Day(of: Self.now).number - $0.number }
    }

    @Test func eachDayIsDoneOnceAndNotedInTheHistory() throws {
        try add(daysAgo: [0, 1, 3, 4, 9, 10])
        let report = try job().run()
        #expect(report.outcome == .done && report.problems == [])
        #expect(report.steps.map(\.day) == [10, 9, 4, 3, 1].map(day))
        #expect(
            report.steps.map(\.action) == [.removed, .archived, .archived, .merged, .merged])
        #expect(
            report.steps.map(\.reason) == [
                "archived: 9d", "indexed: 3d", "indexed: 3d", "the day is over", "the day is over",
            ])
        #expect(try days() == [9, 4, 3, 1, 0])
        #expect(try job().run().steps.isEmpty)
        let opened = try Store(directory: path)
        let jobs = try opened.jobs(limit: 5)
        #expect(jobs.map(\.kind) == ["retention", "retention"])
        #expect(jobs.map(\.outcome) == ["done", "done"])
        #expect(jobs.map(\.summary) == ["nothing to do", "merged 2, archived 2, removed 1"])
        let steps = try opened.steps(of: jobs[1].id)
        #expect(steps.map(\.day) == report.steps.map(\.day))
        #expect(steps.map(\.action) == ["removed", "archived", "archived", "merged", "merged"])
        #expect(steps.map(\.events) == [1, 1, 1, 1, 1])
        #expect(steps.allSatisfy { $0.bytesBefore > 0 } && steps[0].bytesAfter == 0)
    }

    @Test func thePlanSaysWhatTheRunDoesAndChangesNothing() throws {
        try add(daysAgo: [0, 1, 4, 10])
        let opened = try Store(directory: path)
        let plan = try RetentionPlan(of: opened, Self.ages, at: Self.now)
        #expect(plan.days.map(\.action) == [.removed, .archived, .merged, nil])
        #expect(plan.days.map(\.eventsRemoved) == [1, 0, 0, 0])
        #expect(plan.days.map(\.events) == [1, 1, 1, 1] && plan.problems == [])
        #expect(plan.days[0].bytesAfter == 0 && plan.days[0].bytesBefore > 0)
        #expect(try days() == [10, 4, 1, 0])
        let report = try job().run()
        #expect(report.steps.map(\.action) == plan.days.compactMap(\.action))
        #expect(report.steps.map(\.reason) == plan.days.filter { $0.action != nil }.map(\.reason))
    }

    @Test func partsOfDaysGoByTheirRules() throws {
        try add(daysAgo: [1], severity: 5)
        try add(daysAgo: [1], severity: 17)
        let policy = try RetentionPolicy(
            parsing: Array("rule: debug\nlevel: <=DEBUG\nindexed: 1d\narchived: 1d".utf8), file: "p"
        )
        let job = RetentionJob(directory: path, policy: policy, now: Self.now + SimulatedStore.day)
        let report = try job.run()
        #expect(report.steps.map(\.action) == [.trimmed])
        #expect(report.steps.map(\.reason) == ["archived: 1d (rule 'debug')"])
        #expect(report.steps.map(\.change.eventsRemoved) == [1])
    }

    /// A block of both formats and both levels would look as if its access log had more to do.
    @Test func aDayWithRulesByFormatAndLevelIsSettledAtOnce() throws {
        let noon = day(4).start + SimulatedStore.day / 2
        let kinds: [(format: String, severity: UInt8)] = [("access", 17), ("app", 9), ("app", 17)]
        try store.add(
            kinds.enumerated().map { number, kind in
                SimulatedEvent(
                    number: number, host: "web-1", service: "pay", format: kind.format,
                    severity: kind.severity, time: noon)
            })
        let text = """
            indexed: 3d
            archived: 9d
            rule: access
            format: access
            indexed: 2d
            rule: errors
            level: >=ERROR
            indexed: 9d
            """
        let policy = try RetentionPolicy(parsing: Array(text.utf8), file: "p")
        let report = try job(policy).run()
        #expect(report.steps.map(\.change.eventsArchived) == [2])
        #expect(report.steps.map(\.change.eventsIndexed) == [1])
        #expect(try job(policy).run().steps.isEmpty)
    }

    @Test func outsideOfTheWindowNothingIsDone() throws {
        try add(daysAgo: [1, 10])
        var policy = Self.ages
        policy.window = JobWindow(start: 7_200, end: 10_800, zone: .utc)
        let outside = try job(policy).run()
        #expect(outside.outcome == .outsideWindow(opens: Self.now + 1_800_000_000_000))
        #expect(outside.steps.isEmpty)
        #expect(try days() == [10, 1])
        #expect(try Store(directory: path).jobs(limit: 1) == [])
        let forced = job(policy)
        forced.runsAnyTime = true
        #expect(try forced.run().steps.count == 2)
    }

    @Test func itStopsBetweenDaysAndTheNextRunGoesOn() throws {
        try add(daysAgo: [1, 2, 10])
        let first = job()
        var looks = 0
        first.shouldStop = {
            looks += 1
            return looks > 2
        }
        let report = try first.run()
        #expect(report.outcome == .stopped("told to end") && report.steps.count == 2)
        #expect(
            try Store(directory: path).jobs(limit: 1).map(\.outcome) == ["stopped: told to end"])
        let second = try job().run()
        #expect(second.outcome == .done && second.steps.map(\.day) == [day(1)])
    }

    @Test func damagedAndMissingDaysAreNamedAndTheOthersGoOn() throws {
        try add(daysAgo: [1, 2, 3, 10, 11, 12])
        for ago in [2, 3, 10, 11, 12] as [Int64] {
            for ending in ["-wal", "-shm"] { unlink(file(ago) + ending) }
        }
        for ago in [2, 10] as [Int64] { truncate(file(ago), 5_000) }
        for ago in [3, 11] as [Int64] { unlink(file(ago)) }
        #expect(rename(file(12), file(12) + ".damaged") == 0)
        let plan = try RetentionPlan(of: Store(directory: path), Self.ages, at: Self.now)
        #expect(plan.problems.count == 2)
        let report = try job().run()
        #expect(report.steps.map(\.action) == [.removed, .removed, .removed, .merged])
        #expect(report.steps.map(\.day) == [12, 11, 10, 1].map(day))
        #expect(report.problems.count == 2)
        #expect(report.problems[0].hasPrefix(file(3) + " is not there"))
        #expect(report.problems[1].hasPrefix(file(2) + " is damaged"))
        #expect(access(file(12) + ".damaged", F_OK) != 0)
        let jobs = try Store(directory: path).jobs(limit: 1)
        #expect(jobs.map(\.outcome) == ["done, with problems"])
        #expect(try Store(directory: path).steps(of: jobs[0].id).count == 6)
        #expect(try days() == [2, 1])
    }

    @Test func theOldestDaysGoForTheSizeAndNeverTheNewest() throws {
        try add(daysAgo: [1, 2, 3])
        var policy = RetentionPolicy(indexed: .forever, archived: .forever)
        policy.sizeLimit = .bytes(1)
        let plan = try RetentionPlan(of: Store(directory: path), policy, at: Self.now)
        #expect(plan.days.map(\.action) == [.removed, .removed, .merged])
        #expect(plan.problems.count == 1)
        let report = try job(policy).run()
        #expect(report.steps.filter { $0.action == .removed }.map(\.day) == [3, 2].map(day))
        #expect(report.steps.last?.reason == "size: 1B")
        #expect(try days() == [1])
        #expect(report.problems.count == 1)
        let removals = try Store(directory: path).removals(in: .min..<Int64.max)
        #expect(removals.map(\.reason) == [.size, .size])
    }

    @Test func lateEventsAreMergedOrGoTheNextNight() throws {
        try add(daysAgo: [1, 10])
        _ = try job().run()
        try add(daysAgo: [1, 10])
        let report = try job().run()
        #expect(report.steps.map(\.action) == [.removed, .merged])
        #expect(report.steps.map(\.reason) == ["archived: 9d", "late events"])
        #expect(try store.removedEvents() == [day(10): 2])
    }

    @Test func anotherOneAtWorkIsAnError() throws {
        try add(daysAgo: [1])
        let maintenance = try Maintenance(directory: path)
        #expect(throws: StoreError.self) { try job().run() }
        _ = maintenance.directory
    }
}
