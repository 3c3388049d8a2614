import Glibc
import LogModel
import LogStore
import StoreFixtures
import Testing

@testable import Retention

/// Night after night of the job with a moved clock, compared with a plain model of the policy.
///
/// `LOGQ_NIGHTS=365` makes it a year with the policy's real ages, instead of some weeks with ages of a
/// tenth; `LOGQ_SEED` repeats a run.
@Suite struct SimulatedYearTests {
    private static let isLong = getenv("LOGQ_NIGHTS") != nil
    private static let nights =
        getenv("LOGQ_NIGHTS").flatMap { Int(String(cString: $0)) } ?? 12
    private static let indexed: Int64 = isLong ? 30 : 3
    private static let archived: Int64 = isLong ? 90 : 9

    /// A policy, and the same in the test's own words.
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let zone: String
        let policy: @Sendable () throws -> RetentionPolicy
        /// Days in the index and in all.
        let ages: @Sendable (SimulatedEvent) -> (indexed: Int64, archived: Int64)
        var testDescription: String { name }
    }

    private static func text(_ lines: [String], zone: String) throws -> RetentionPolicy {
        let text = (lines.prefix(3) + ["window: 01:00-05:00 \(zone)"] + lines.dropFirst(3))
            .joined(separator: "\n")
        return try RetentionPolicy(parsing: Array(text.utf8), file: "test.policy")
    }

    private static let cases = [
        Case(
            name: "ages alone, clocks of Berlin", zone: "Europe/Berlin",
            policy: {
                try text(
                    ["indexed: \(indexed)d", "archived: \(archived)d", ""], zone: "Europe/Berlin")
            },
            ages: { _ in (indexed, archived) }),
        Case(
            name: "rules by severity, service, host and format, clocks of New York",
            zone: "America/New_York",
            policy: {
                try text(
                    [
                        "indexed: \(indexed)d", "archived: \(archived)d", "",
                        "rule: control debug", "service: control", "level: <=DEBUG",
                        "indexed: 1d", "archived: 1d",
                        "rule: access", "format: access", "indexed: 2d", "archived: 5d",
                        "rule: errors", "level: >=ERROR", "indexed: \(archived)d",
                        "rule: old host", "host: db-*", "archived: \(archived + 4)d",
                    ], zone: "America/New_York")
            },
            ages: { event in
                if event.service == "control", (1...8).contains(event.severity) { return (1, 1) }
                if event.format == "access" { return (2, 5) }
                return (
                    event.severity >= 17 ? archived : indexed,
                    event.host == "db-1" ? archived + 4 : archived
                )
            }),
        Case(
            name: "a limit on the size, clocks of Lord Howe", zone: "Australia/Lord_Howe",
            policy: {
                try text(
                    [
                        "indexed: \(indexed)d", "archived: \(archived)d",
                        "size: \(isLong ? 8_000 : 1_200)kB",
                    ],
                    zone: "Australia/Lord_Howe")
            },
            ages: { _ in (indexed, archived) }),
    ]

    @Test(arguments: cases) func everyNightTheStoreIsWhatThePolicySays(_ item: Case) throws {
        let seed =
            getenv("LOGQ_SEED").flatMap { UInt64(String(cString: $0)) }
            ?? UInt64.random(in: 0...999_999)
        var nights = try SimulatedNights(
            item.policy(), zone: item.zone, seed: seed, ages: item.ages)
        // 2026-03-20 on: clocks change in Berlin and Lord Howe a little later.
        let first = try #require(Day(name: Self.isLong ? "2026-01-01" : "2026-03-20"))
        for number in 0..<Int64(Self.nights) {
            let problems = try nights.live(through: Day(number: first.number + number))
            #expect(problems == [], "LOGQ_SEED=\(seed), night \(number)")
            if !problems.isEmpty { return }
        }
        #expect(nights.isInWindow, "LOGQ_SEED=\(seed)")
    }
}

/// The store of a simulation, and what should be in it.
struct SimulatedNights {
    private let store = SimulatedStore()
    private let policy: RetentionPolicy
    private let zone: Zone
    private let ages: (SimulatedEvent) -> (indexed: Int64, archived: Int64)
    private var random: SeededRandom
    private var count = 0
    /// What the model keeps, by line.
    private var kept: [String: SimulatedEvent] = [:]
    private var removed: [Day: Int] = [:]
    /// Whether each night lay in the policy's window, whatever the clocks did.
    private(set) var isInWindow = true

    init(
        _ policy: RetentionPolicy, zone: String, seed: UInt64,
        ages: @escaping (SimulatedEvent) -> (indexed: Int64, archived: Int64)
    ) throws {
        self.policy = policy
        self.zone = try Zone.named(zone)
        self.ages = ages
        random = SeededRandom(seed: seed)
    }

    /// A day's events come in, and the job runs in its night; returns what is not as it should be.
    mutating func live(through day: Day) throws -> [String] {
        try takeIn(day)
        // The night behind the day, by the zone's clocks: half past one, and sometimes noon.
        let local = (day.number + 1) * 86_400
        let isNoon = random.isTrue(oneIn: 8)
        if isNoon {
            let noon = zone.utc(fromLocal: local + 43_200) * 1_000_000_000
            let report = try job(noon).run()
            guard case .outsideWindow = report.outcome, report.steps.isEmpty else {
                return ["it ran at noon"]
            }
        }
        let now = moment(of: day, local)
        let night = job(now)
        // The boundary of days lies outside of the window of most zones.
        night.runsAnyTime = true
        let report = try night.run()
        guard report.outcome == .done, report.problems.isEmpty else {
            return ["\(report.outcome) \(report.problems)"]
        }
        apply(now)
        var problems = try limit(report)
        problems += try compare(now)
        // The history of the second run takes room too, which may be what is too much.
        if policy.sizeLimit == nil, random.isTrue(oneIn: 4) {
            let second = job(now)
            second.runsAnyTime = true
            let again = try second.run()
            if !again.steps.isEmpty { problems.append("a second run did \(again.steps)") }
        }
        return problems
    }

    /// In the window by the zone's clocks; else the moment in which the UTC day ends, or the last one
    /// before.
    private mutating func moment(of day: Day, _ local: Int64) -> Int64 {
        let midnight = (day.number + 1) * SimulatedStore.day
        switch random.number(0...3) {
        case 0: return midnight
        case 1: return midnight - 1
        default:
            let second = local + 5_400 + Int64(random.number(0...9_000))
            let now = zone.utc(fromLocal: second) * 1_000_000_000
            isInWindow = isInWindow && policy.window?.contains(now) == true
            return now
        }
    }

    private func job(_ now: Int64) -> RetentionJob {
        RetentionJob(directory: store.path, policy: policy, now: now)
    }

    private mutating func takeIn(_ day: Day) throws {
        var events: [SimulatedEvent] = []
        for _ in 0..<random.number(6...14) {
            var late: Int64 = 0
            if random.isTrue(oneIn: 6) { late = Int64(random.number(1...100)) }
            // On the boundaries of days more often than elsewhere.
            let within = random.pick([
                0, SimulatedStore.day - 1, Int64(random.number(1...86_399)) * 1_000_000_000,
            ])
            events.append(
                SimulatedEvent(
                    number: count, host: random.pick(["web-1", "web-2", "db-1"]),
                    service: random.pick(["control", "order", "pay"]),
                    format: random.pick(["access", "app"]),
                    severity: random.pick([0, 5, 9, 13, 17, 21]),
                    time: (day.number - late) * SimulatedStore.day + within))
            count += 1
        }
        try store.add(events)
        for event in events { kept[event.line] = event }
    }

    /// Whether all of an event's day is that many days ago.
    private func isPast(_ event: SimulatedEvent, _ age: Int64, _ now: Int64) -> Bool {
        let midnight = (event.day.number + 1) * SimulatedStore.day
        return now - midnight >= age * SimulatedStore.day
    }

    private mutating func apply(_ now: Int64) {
        for (line, event) in kept where isPast(event, ages(event).archived, now) {
            kept[line] = nil
            removed[event.day, default: 0] += 1
        }
    }

    /// What went for the size: the oldest days that there were, and no more than had to.
    private mutating func limit(_ report: RetentionReport) throws -> [String] {
        guard case .bytes(let most)? = policy.sizeLimit else { return [] }
        let gone = report.steps.filter { $0.reason.hasPrefix("size") }
        let total = Store.diskBytes(store.path)
        // Its own notes come last.
        if total > most + 65_536 { return ["\(total) bytes are more than \(most)"] }
        // The catalogue's log was there then.
        if let last = gone.last, total + last.change.bytesBefore + 300_000 < most {
            return ["\(last.day.name) went for nothing: \(total) bytes"]
        }
        let days = Set(kept.values.map(\.day)).sorted()
        if gone.map(\.day) != Array(days.prefix(gone.count)) {
            return ["\(gone.map(\.day.name)) went of \(days.map(\.name))"]
        }
        for step in gone {
            for (line, event) in kept where event.day == step.day {
                kept[line] = nil
                removed[event.day, default: 0] += 1
            }
        }
        return []
    }

    private mutating func compare(_ now: Int64) throws -> [String] {
        var problems: [String] = []
        let expected = Dictionary(grouping: kept.values, by: \.day)
        let opened = try Store(directory: store.path)
        let days = try opened.days()
        if days != expected.keys.sorted() {
            problems.append("days \(days.map(\.name)), not \(expected.keys.sorted().map(\.name))")
        }
        for day in days {
            let events = expected[day] ?? []
            let places = try store.places(of: day)
            if Set(places.keys) != Set(events.map(\.line)) {
                problems.append("\(day.name) has \(places.count) events, not \(events.count)")
            }
            for event in events where places[event.line] != place(of: event, now) {
                problems.append("\(event) is \(String(describing: places[event.line]))")
            }
            if let event = events.randomElement(using: &random),
                try !store.lines(of: day, having: event.word).contains(event.line)
            {
                problems.append("\(event) is not found")
            }
            let read = try store.lines(of: day, having: "nothing")
            let unread = events.filter { place(of: $0, now) == .indexed }
            if unread.contains(where: { read.contains($0.line) }) {
                problems.append("\(day.name) is read whole")
            }
        }
        if try store.removedEvents() != removed {
            problems.append("removed \(try store.removedEvents()), not \(removed)")
        }
        if try !opened.missingDays(in: .min..<Int64.max).isEmpty { problems.append("missing days") }
        return problems
    }

    private func place(of event: SimulatedEvent, _ now: Int64) -> SimulatedStore.Place {
        let isOver = (event.day.number + 1) * SimulatedStore.day <= now
        if !isOver { return .taken }
        return isPast(event, ages(event).indexed, now) ? .archived : .indexed
    }
}
