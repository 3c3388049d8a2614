import Configuration
import LogModel
import LogStore
import Retention
import StoreFixtures
import Testing

/// Policies against a plain reading of the rule: the first line that matches and has the age decides.
@Suite struct PolicyModelTests {
    /// A rule as it is written; names are tested by hand here.
    private struct Line {
        var service: String?
        var host: String?
        var level: (String, ClosedRange<Int>)?
        var indexed: Int64?
        var archived: Int64?

        func matches(_ source: EventSource, _ severity: Int) -> Bool {
            func has(_ glob: String?, _ name: String) -> Bool {
                guard let glob else { return true }
                return glob.hasSuffix("*") ? name.hasPrefix(glob.dropLast()) : name == glob
            }
            return has(service, source.service) && has(host, source.host)
                && (level.map { $0.1.contains(severity) } ?? true)
        }

        func text(_ number: Int) -> String {
            var lines = ["rule: r\(number)"]
            if let service { lines.append("service: \(service)") }
            if let host { lines.append("host: \(host)") }
            if let level { lines.append("level: \(level.0)") }
            if let indexed { lines.append("indexed: \(indexed)d") }
            if let archived { lines.append("archived: \(archived)d") }
            return lines.joined(separator: "\n") + "\n"
        }
    }

    private static let services = ["pay", "pay-web", "order", "control"]
    private static let hosts = ["a1", "a2", "b1"]
    private static let levels: [(String, ClosedRange<Int>)] = [
        (">=ERROR", 17...31), ("<=DEBUG", 1...5), ("none", 0...0), ("WARN", 13...13),
        (">INFO", 10...31),
    ]

    private static func rule(_ random: inout SeededRandom) -> Line {
        var line = Line()
        if !random.isTrue(oneIn: 3) { line.service = random.pick(services + ["pay*", "*", "o*"]) }
        if random.isTrue(oneIn: 3) { line.host = random.pick(hosts + ["a*"]) }
        if random.isTrue(oneIn: 2) || line.service == nil && line.host == nil {
            line.level = random.pick(levels)
        }
        let isForArchive = random.isTrue(oneIn: 3)
        if isForArchive || random.isTrue(oneIn: 3) {
            line.archived = Int64(random.number(1...120))
        }
        if !isForArchive || random.isTrue(oneIn: 2) {
            line.indexed = Int64(random.number(0...Int(line.archived ?? 40)))
        }
        return line
    }

    /// What `RetentionPolicy` says for some source, level, day and time, against the model; and that
    /// no accepted policy takes an event out of the archive before the index.
    @Test(arguments: [UInt64.random(in: 0 ... .max)])
    func eachEventIsWhereTheFirstLineThatDecidesPutsIt(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var accepted = 0
        var rejected = 0
        while accepted < 300 {
            let rules = (0..<random.number(0...4)).map { _ in Self.rule(&random) }
            let indexed = Int64(random.number(0...40))
            let archived = indexed + Int64(random.number(1...60))
            let text = rules.enumerated().reduce("indexed: \(indexed)d\narchived: \(archived)d\n") {
                $0 + $1.element.text($1.offset)
            }
            guard let policy = try? PolicyReadingTests.read(text) else {
                rejected += 1
                continue
            }
            accepted += 1
            for _ in 0..<30 {
                let source = EventSource(
                    host: random.pick(Self.hosts), service: random.pick(Self.services), path: "/l")
                let severity = random.number(0...31)
                let own = rules.filter { $0.matches(source, severity) }
                let index = own.compactMap(\.indexed).first ?? indexed
                let archive = own.compactMap(\.archived).first ?? archived
                let note = "seed \(seed): \(source) level \(severity)\n\(text)"
                #expect(archive >= index, "\(note)")
                let day = Day(number: Int64(random.number(20_000...20_100)))
                let age = random.pick([index, archive, Int64(random.number(0...130))])
                let now = day.end + age * 86_400_000_000_000 + Int64(random.number(-1...1))
                let expected: Placement =
                    now >= day.end + archive * 86_400_000_000_000
                    ? .removed : now >= day.end + index * 86_400_000_000_000 ? .archived : .indexed
                let target = policy.target(for: day, at: now)
                #expect(
                    target.placements?(source, "f")[UInt8(severity)] == expected,
                    "\(note) now \(now) \(day.name)")
            }
        }
        // Else this would prove nothing.
        #expect(rejected < 20 * accepted)
    }

    /// Each contradiction that is reported is one that some event has: policies are not refused for
    /// nothing, as far as names are plain.
    @Test(arguments: [UInt64.random(in: 0 ... .max)])
    func refusedPoliciesAreWrong(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        for _ in 0..<300 {
            var rules = (0..<random.number(1...3)).map { _ in Self.rule(&random) }
            for index in rules.indices {
                rules[index].host = nil
                rules[index].service = rules[index].service.map { _ in random.pick(Self.services) }
                if rules[index].service == nil, rules[index].level == nil {
                    rules[index].level = Self.levels[0]
                }
            }
            let text = rules.enumerated().reduce("indexed: 20d\narchived: 60d\n") {
                $0 + $1.element.text($1.offset)
            }
            guard let error = Self.error(text) else { continue }
            for fault in error.faults where fault.problem.hasPrefix("events would leave") {
                let isSeen = (Self.services + ["other"]).contains { service in
                    (0...31).contains { severity in
                        let source = EventSource(host: "h", service: service, path: "/l")
                        let own = rules.filter { $0.matches(source, severity) }
                        return own.compactMap(\.archived).first ?? 60
                            < own.compactMap(\.indexed).first ?? 20
                    }
                }
                #expect(isSeen, "seed \(seed): \(fault.problem)\n\(text)")
            }
        }
    }

    private static func error(_ text: String) -> ConfigurationError? {
        do throws(ConfigurationError) {
            _ = try PolicyReadingTests.read(text)
            return nil
        } catch {
            return error
        }
    }
}
