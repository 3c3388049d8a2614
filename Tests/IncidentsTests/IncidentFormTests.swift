import Configuration
import Glibc
import Incidents
import LogModel
import StoreFixtures
import Testing

@Suite struct IncidentFormTests {
    private let now: Int64 = 1_795_400_000_000_000_000
    private let form = IncidentForm(
        IncidentID(year: 2026, number: 7), entry: 5,
        zone: (try? Zone.named("Asia/Shanghai")) ?? .utc)

    private func read(
        _ text: String, over base: Incident = Incident(), pins: Set<Int> = []
    ) throws -> Incident {
        try form.incident(
            in: Array(text.utf8), over: base, pins: pins, at: now, language: .english,
            file: "form.md")
    }

    private func mistakes(_ text: String, pins: Set<Int> = []) -> String {
        do {
            _ = try read(text, pins: pins)
            return "none"
        } catch { return "\(error)" }
    }

    /// `LOGQ_FORMS=20000` for more, `LOGQ_SEED` for others.
    @Test func anyRecordIsReadBackAsItWasWritten() throws {
        let seed = getenv("LOGQ_SEED").flatMap { UInt64(String(cString: $0)) } ?? 1
        let count = getenv("LOGQ_FORMS").flatMap { Int(String(cString: $0)) } ?? 100
        print("forms: seed \(seed)")
        let zones = try ["Asia/Shanghai", "America/New_York", "UTC", "+05:45"].map(Zone.named)
        for number in 0..<UInt64(count) {
            var source = RandomIncident(seed: seed &* 1_000_003 &+ number)
            let incident = source.incident()
            let language = source.random.pick(Language.allCases)
            let form = IncidentForm(form.id, entry: 5, zone: source.random.pick(zones))
            let bytes = form.text(of: incident, in: language)
            // Over a record of other texts, so that nothing comes from there.
            var base = source.incident()
            base.status = incident.status == .closed ? .closed : .identified
            let read = try form.incident(
                in: bytes, over: base, pins: incident.pins, at: now,
                language: language, file: "form \(number)")
            #expect(read.json() == incident.json(), "seed \(seed), form \(number)")
            #expect(form.text(of: read, in: language) == bytes, "seed \(seed), form \(number)")
            if read.json() != incident.json() { return }
        }
    }

    @Test func sectionsMayGoOrStandElsewhere() throws {
        for number in 0..<UInt64(4) {
            var source = RandomIncident(seed: number)
            var (incident, base) = (source.incident(), source.incident())
            (incident.status, base.status) = (.repaired, .diagnosed)
            var expected = base
            let kept = IncidentField.allCases.shuffled(using: &source.random)
                .filter { _ in source.random.isTrue(oneIn: 2) }
            var document = ""
            for field in kept {
                document += String(decoding: section(field, of: incident), as: UTF8.self)
                expected.take(field, from: incident)
            }
            let read = try read(document, over: base, pins: incident.pins)
            #expect(read.json() == expected.json(), "seed \(number)")
        }
    }

    /// A heading and what stands below it: what the form has less where the field is empty.
    private func section(_ field: IncidentField, of incident: Incident) -> ArraySlice<UInt8> {
        let empty = form.text(of: Incident(), in: .english)
        let whole = form.text(of: incident.only(field), in: .english)
        let headings = empty.indices.filter { empty[$0...].starts(with: "\n## ".utf8) }
        let name = Array("\n## \(field.name(in: .english))\n".utf8)
        let start = headings.first { empty[$0...].starts(with: name) } ?? 0
        let next = headings.first { $0 > start } ?? empty.count
        return whole[start..<(whole.count - empty.count + next)]
    }

    @Test func hintsAreNeverContent() throws {
        for language in Language.allCases {
            let bytes = form.text(of: Incident(), in: language)
            let text = String(decoding: bytes, as: UTF8.self)
            #expect(text.contains("<!-- P0"))
            #expect(try read(text) == Incident())
        }
    }

    @Test func ordinaryTextStandsAsItIs() {
        var incident = Incident()
        incident.description = """
            连接池耗尽：`max=50`, C:\\logs \\d+ #1 *bold*

            - first
              - nested
            # A heading of its own
            ```sh
            # ## Title
            grep -c "500" access.log <!-- not a hint -->
            ```
            """
        incident.steps = [HandlingStep("rolled back", at: 1_795_141_599_000_000_000, pins: [3])]
        let text = String(decoding: form.text(of: incident, in: .chinese), as: UTF8.self)
        #expect(text.contains("## 故障描述\n" + incident.description + "\n\n## "))
        #expect(
            text.contains("## 处理步骤\n- 2026-11-20 10:26:39 rolled back\n  - 人员:\n  - 证据: P3\n"))
    }

    @Test func peopleTypeAsTheyLike() throws {
        let incident = try read(
            """
            ## 严重级别\r
            p2\r
            ## status:
            已修复
            ## root_cause

            two lines,
            with a blank one

            ## Fault type
            application fault: crash
            ## Handling steps
            * 10:26 restarted
              more of it
                - BY: 李雷
                - evidence：p1、P2
            - 2026-11-20 someone called
            -
            ## Actions
            - limit
              - state: 已完成
            """, pins: [1, 2])
        #expect(incident.severity == .p2)
        #expect(incident.status == .repaired)
        #expect(incident.rootCause == "two lines,\nwith a blank one")
        #expect(incident.type == FaultClass(.application, "crash"))
        #expect(
            incident.steps == [
                HandlingStep(
                    "restarted\nmore of it", at: 1_795_400_760_000_000_000 - 86_400_000_000_000,
                    by: "李雷", pins: [1, 2]),
                HandlingStep("2026-11-20 someone called"),
            ])
        #expect(incident.actions == [PreventionAction("limit", state: .done)])
    }

    @Test func allMistakesAreToldAtOnce() {
        let text = """
            <!-- logq incident INC-2026-0007 entry 5, times in Asia/Shanghai -->
            stray
            ## Rot cause
            ## Title
            one
            two
            ### Severity
            ## Severity
            P9
            ## Started
            25:00
            ## Impact
            63 failed
            - 64 failed
              - qery: x
              - evidence: P1, P9
            ## Services
            - a
              b
            ## Title
            """
        #expect(
            mistakes(text, pins: [1]) == """
                form.md:2:1: a text stands above all headings; write it below one, such as '## Description'
                form.md:3:4: there is no field 'Rot cause'; did you mean 'Root cause'?
                form.md:6:1: 'Title' has one line; take this one out, or write it elsewhere
                form.md:7:5: 'Severity' is a field; write '## Severity', or '\\#' where it is part of the text
                form.md:9:1: 'P9' is no severity; it is one of P0, P1, P2, P3, P4
                form.md:11:1: cannot read the time '25:00': the time of day is not like 10:15:03; write 2h, 10:05, 2026-11-20 10:15 or @1700000000
                form.md:13:1: expected '- ITEM'; a line that goes on with an item begins with two blanks
                form.md:15:5: 'qery' is no detail; did you mean 'query'? the details are query, evidence; a text's line with '- ' is written '\\- '
                form.md:16:15: the record has no pin P9; 'logq incident pin' makes one
                form.md:19:3: an item of 'Services' has one line; begin it with '- '
                form.md:20:4: a second 'Title'; the first one is line 4; keep one of them
                """)
    }

    @Test(arguments: [
        ("<!-- no end\n## Title", "form.md:1:1: the hint has no end; write '-->' behind it"),
        (
            "## Description\n````\n```\n## Title",
            "form.md:2:1: the block of code has no end; write ```` below it"
        ),
        (
            "## Title\n<!-- a --> b",
            "form.md:2: a text stands behind a hint; write it in a line of its own; "
                + "a text that begins with '<!--' is written '\\<!--'"
        ),
    ])
    func whatHasNoEndIsNotSwallowed(text: String, expected: String) {
        #expect(mistakes(text) == expected)
    }

    @Test func fencesThatNothingClosesCostNoMoreThanLines() {
        var incident = Incident()
        incident.description = String(repeating: "```x\n", count: 20_000)
        let start = Clock.monotonic()
        let bytes = form.text(of: incident, in: .english)
        #expect(bytes.count > 100_000)
        #expect(Clock.monotonic() - start < 5_000_000_000)
    }

    @Test func flagsSetFieldsAsTheyAreTyped() throws {
        var incident = Incident()
        func set(_ field: IncidentField, _ values: String...) throws {
            try incident.set(
                field, flag: values, pins: [1, 2], zone: form.zone, now: now, language: .english)
        }
        try set(.scope, "## Title\n\\u{41} <!-- \n")
        try set(.services, "a", "- b", "")
        try set(.services, "+", "\\#c")
        try set(.severity, "p1")
        try set(.type, "应用故障：崩溃")
        try set(.started, "2026-11-20 10:14:42.5")
        try set(.impact, "63 failed; all; query: a; b ; evidence: P1,P2", "x；查询：y")
        try set(.steps, "10:26 \\- rolled; back; by: 李雷")
        try set(.actions, "limit; due: 2026-12-01;owner: 韩梅梅; STATE: done")
        #expect(incident.scope == "## Title\n\\u{41} <!-- \n")
        #expect(incident.services == ["a", "- b", "\\#c"])
        #expect(incident.severity == .p1 && incident.type == FaultClass(.application, "crash"))
        #expect(incident.started == 1_795_140_882_500_000_000)
        #expect(
            incident.impact == [
                ImpactClaim("63 failed; all", query: "a; b", pins: [1, 2]),
                ImpactClaim("x", query: "y"),
            ])
        #expect(
            incident.steps == [
                HandlingStep("\\- rolled; back", at: 1_795_314_360_000_000_000, by: "李雷")
            ])
        #expect(
            incident.actions == [
                PreventionAction(
                    "limit", owner: "韩梅梅", due: CalendarDate("2026-12-01"), state: .done)
            ])
        try set(.services, "")
        try set(.started, "")
        try set(.scope, "")
        #expect(incident.services == [] && incident.started == nil && incident.scope == "")
        #expect(throws: ConfigurationError.Fault.self) { try set(.title, "a\nb") }
        #expect(throws: ConfigurationError.Fault.self) { try set(.steps, "x; evidence: P3") }
        // A slip must not become a part of the text.
        #expect(throws: ConfigurationError.Fault.self) { try set(.actions, "limit; onwer: 李雷") }
        #expect(throws: ConfigurationError.Fault.self) {
            try set(.actions, "three; owner: a; du: 2026-12-01")
        }
        #expect(throws: ConfigurationError.Fault.self) { try set(.actions, "three; du: 2026") }
        #expect(throws: ConfigurationError.Fault.self) { try set(.steps, "x; by: a; then: b") }
        try set(.actions, "ask; then: wait; a du: b; owner: c; D e: f")
        #expect(
            incident.actions == [PreventionAction("ask; then: wait; a du: b", owner: "c; D e: f")])
    }

    @Test func theFirstLineSaysWhatTheFormIsOf() throws {
        let bytes = form.text(of: Incident(), in: .chinese)
        let read = try IncidentForm(firstLineOf: bytes, file: "form.md")
        #expect(read.id == form.id && read.entry == 5 && read.zone == form.zone)
        let new = IncidentForm(nil, zone: .utc).text(of: Incident(), in: .english)
        #expect(try IncidentForm(firstLineOf: new, file: "form.md").id == nil)
        #expect(throws: ConfigurationError.self) {
            try IncidentForm(firstLineOf: Array("## Title".utf8), file: "form.md")
        }
    }
}
