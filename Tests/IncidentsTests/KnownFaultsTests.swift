import Configuration
import Incidents
import LogModel
import LogParsing
import LogQuery
import LogShipping
import LogStore
import StoreFixtures
import Testing

@Suite struct KnownFaultsTests {
    private let directory = TemporaryDirectory(inMemory: true)

    // MARK: The built-in ones

    @Test func theBuiltInFaultsAreWhole() throws {
        let faults = KnownFaults.builtIn.faults
        #expect(faults.count == 60)
        #expect(Set(faults.map(\.name)).count == faults.count)
        for fault in faults {
            for language in Language.allCases {
                #expect(fault.title(in: language) != "", "\(fault.name)")
                #expect(!fault.causes(in: language).isEmpty, "\(fault.name)")
                #expect(!fault.handling(in: language).isEmpty, "\(fault.name)")
            }
            #expect(fault.title(in: .english) != fault.title(in: .chinese))
            #expect(
                fault.causes(in: .english).count == fault.causes(in: .chinese).count,
                "\(fault.name)")
            #expect(
                fault.handling(in: .english).count == fault.handling(in: .chinese).count,
                "\(fault.name)")
            #expect(fault.type != nil)
        }
    }

    /// Each line is found by the faults that are written beside it and by no other.
    @Test func everyBuiltInFaultFindsItsLinesAndNoOthers() throws {
        let store = try sampleStore()
        var found: [String: Set<String>] = [:]
        for fault in KnownFaults.builtIn.faults {
            for pattern in fault.patterns {
                let search = try Search(SearchRequest(query: pattern, now: 0), in: store)
                var count = 0
                try search.run { event in
                    count += 1
                    let line = String(decoding: event.original, as: UTF8.self)
                    found[line, default: []].insert(fault.name)
                    return true
                }
                #expect(count > 0, "no sample line of \(fault.name) shows the pattern \(pattern)")
            }
        }
        for sample in FaultSample.files.flatMap(\.samples) {
            #expect(found[sample.line] ?? [] == sample.faults, "\(sample.line)")
        }
    }

    /// One pass over all patterns counts what a search for each one counts.
    @Test func onePassFindsWhatSearchesFind() throws {
        let store = try sampleStore()
        let known = try KnownFaults(
            parsing: Array(
                """
                fault: slow
                title: slow
                pattern: took:>3s
                pattern: status:504
                pattern: nothing_has_this_word
                share: 14%
                of: status:*
                fault: rare
                title: rare
                pattern: took:>3s
                share: 15%
                of: status:*
                fault: few
                title: few
                pattern: status:500
                least: 2
                """.utf8), file: "f")
        let matches = try known.matches(in: store, times: .min..<Int64.max, zone: .utc)
        #expect(matches.map(\.fault.name) == ["slow"])
        let slow = try #require(matches.first)
        #expect(slow.events == 2)
        #expect(slow.patterns.map(\.query) == ["took:>3s", "status:504"])
        #expect(slow.patterns.map(\.events) == [2, 1])
        #expect(slow.query == "(took:>3s) OR (status:504)")
        #expect(slow.share == 2.0 / 14)
        #expect(slow.before == nil)
        #expect(String(decoding: slow.example.original, as: UTF8.self).contains("3.001"))
        for fault in KnownFaults.builtIn.faults {
            let query = fault.patterns.map { "(\($0))" }.joined(separator: " OR ")
            let counted = try Search(SearchRequest(query: query, now: 0), in: store).count()
            let text = "fault: x\ntitle: x\n" + fault.patterns.map { "pattern: \($0)\n" }.joined()
            let alone = try KnownFaults(parsing: Array(text.utf8), file: "f")
            let match = try alone.matches(in: store, times: .min..<Int64.max, zone: .utc).first
            #expect(match?.events == counted, "\(fault.name)")
        }
    }

    @Test func whatHasRisenMostComesFirst() throws {
        let store = try HandmadeStore()
        let second: Int64 = 1_000_000_000
        let noon: Int64 = 1_795_176_000 * second
        var builder = BatchBuilder()
        for time in [-50, -40, 10, 20, 30] as [Int64] {
            builder.add(line: "deadlock detected", at: noon + time * second)
        }
        builder.add(line: "java.lang.OutOfMemoryError", at: noon + 40 * second)
        builder.add(line: "java.lang.OutOfMemoryError", at: noon + 60 * second - 1)
        builder.add(line: "java.lang.OutOfMemoryError", at: noon + 60 * second)
        try store.add(
            builder.batch, from: EventSource(host: "h", service: "s", path: "/logs/app.log"))
        let reader = try Store(directory: store.path)
        let matches = try KnownFaults.builtIn.matches(
            in: reader, times: noon..<noon + 60 * second, zone: .utc)
        #expect(matches.map(\.fault.name) == ["java-out-of-memory", "database-deadlock"])
        #expect(matches.map(\.before) == [0, 2])
        #expect(matches.map(\.events) == [2, 3])
        #expect(matches[1].first == noon + 10 * second)
        #expect(matches[1].last == noon + 30 * second)
        #expect(matches[0].example.uid == "/logs/app.log-90")
    }

    private func sampleStore() throws -> Store {
        for (name, samples) in FaultSample.files {
            let text = samples.map { $0.line + "\n" }.joined()
            directory.write(text, to: "logs/" + name)
        }
        let writer = try StoreWriter(directory: directory("store"))
        let options = SourceOptions(
            host: "h", formats: .builtIn, zone: .utc, now: 1_795_219_200_000_000_000)
        let ingest = Ingest(into: writer, options: options)
        try ingest.run(FaultSample.files.map { directory("logs/" + $0.name) })
        #expect(ingest.report.problems == [])
        #expect(ingest.report.events == FaultSample.files.flatMap(\.samples).count)
        return try Store(directory: directory("store"))
    }

    // MARK: A team's own

    @Test func aFaultReplacesTheOneOfItsNameBeforeIt() throws {
        directory.write("fault: disk-full\ntitle: one\npattern: one\n", to: "a.faults")
        directory.write(
            "fault: mine\ntitle-zh: 我的\npattern: \"#1\" # x\nfault: disk-full\ntitle: two\npattern: two\n",
            to: "b.faults")
        let known = try KnownFaults(adding: [directory("a.faults"), directory("b.faults")])
        #expect(known.faults.count == 61)
        let disk = known.faults.filter { $0.name == "disk-full" }
        #expect(disk.map(\.patterns) == [["two"]])
        #expect(disk[0].title(in: .chinese) == "two")
        #expect(known.faults.last?.title(in: .english) == "我的")
        // All of the line is the query.
        #expect(known.faults.last?.patterns == ["\"#1\" # x"])
    }

    @Test func theStoresOwnFilesAreRead() throws {
        directory.write("fault: one\ntitle: 1\npattern: a\n", to: "store/known-faults/x.faults")
        directory.write("no faults", to: "store/known-faults/readme.txt")
        directory.write("fault: two\ntitle: 2\npattern: b\n", to: "given")
        let known = try KnownFaults.inForce(given: directory("given"), store: directory("store"))
        #expect(known.faults.suffix(2).map(\.name) == ["one", "two"])
        directory.write("fault: one\n", to: "store/known-faults/y.faults")
        #expect(throws: ConfigurationError.self) {
            try KnownFaults.inForce(given: nil, store: directory("store"))
        }
    }

    private static let mistakes: [(String, String)] = [
        (
            "fault: a b\ntitle: t\npattern: p",
            "f:1:8: 'a b' is no name for a fault; take letters and digits, with - _ . inside"
        ),
        (
            "fault: a\ntitle: t",
            "f:1:8: the fault 'a' has no pattern; write below it what finds it, as 'pattern: \"out of memory\"'"
        ),
        (
            "fault: a\npattern: p",
            "f:1:8: the fault 'a' has no title; write 'title: …' or 'title-zh: …' below it"
        ),
        (
            "title: t\n",
            "f:1:1: 'title' stands above the first fault; begin one before it: 'fault: NAME'"
        ),
        ("fault: a\ntitle: t\nquery: p", "f:3:1: unknown key 'query'; did you mean 'pattern'?"),
        (
            "fault: a\ntitle: t\npattern: statsu:500",
            "f:3:10: unknown field 'statsu'; did you mean 'status'? to search for it as text, quote it: \"statsu:500\""
        ),
        (
            "fault: a\ntitle: t\npattern: a (b",
            "f:3:12: unclosed '('; close it with ')', or write \\( for the character itself"
        ),
        (
            "fault: a\ntitle: t\npattern: a | stats count()",
            "f:3:12: a pipe in a query that only finds events; leave out the pipe and what is behind it"
        ),
        (
            "fault: a\ntitle: t\npattern: p\ntype: aplication",
            "f:4:7: 'aplication' is no type of fault; did you mean 'application'?"
        ),
        (
            "fault: a\ntitle: t\npattern: p\nleast: 0",
            "f:4:8: '0' is no number of events; write a whole number from 1 up"
        ),
        (
            "fault: a\ntitle: t\npattern: p\nshare: 2\nof: x",
            "f:4:8: '2' is no share of events; write it in per cent, such as 2%"
        ),
        (
            "fault: a\ntitle: t\npattern: p\nshare: 2%",
            "f:4:1: 'share' without 'of'; write both: 'share: 2%' and 'of: status:*'"
        ),
        (
            "fault: a\ntitle: t\npattern: p\nfault: a\ntitle: t\npattern: p",
            "f:4:8: a second fault 'a'; the first one is line 1; give one another name"
        ),
    ]

    @Test(arguments: mistakes)
    func mistakesAreNamedWithTheirPlace(text: String, message: String) {
        #expect(Self.message(text) == message)
    }

    @Test func allMistakesAreNamedAtOnce() {
        let text = Self.mistakes.map(\.0).filter { $0.hasPrefix("fault: a\ntitle: t\npattern: ") }
            .enumerated().map { $1.replacing("fault: a\n", with: "fault: a\($0)\n") }
            .joined(separator: "\n")
        #expect(Self.message(text).split(separator: "\n").count == 8)
    }

    private static func message(_ text: String) -> String {
        do throws(ConfigurationError) {
            _ = try KnownFaults(parsing: Array(text.utf8), file: "f")
            return ""
        } catch {
            return error.description
        }
    }
}
