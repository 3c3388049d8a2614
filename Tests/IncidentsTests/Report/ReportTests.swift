import Glibc
import Incidents
import LogModel
import LogStore
import Presentation
import SQLite
import Testing

@Suite struct ReportTests {
    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    @Test(arguments: Language.allCases)
    func theStoryReadsAsWritten(language: Language) throws {
        let document = try ReportFixture().story(language)
        let report = Report.markdown(document, try ReportFixture.settings(language))
        let name = "report.\(language.rawValue).md"
        if getenv("LOGQ_UPDATE_GOLDEN") != nil { try ReportFixture.update(name, report) }
        #expect(try text(report) == text(ReportFixture.golden(name)))
    }

    @Test(arguments: Language.allCases)
    func thePageHasTheNumbersOfTheMeasurement(language: Language) throws {
        let document = try ReportFixture().story(language)
        let page = text(Report.html(document, try ReportFixture.settings(language)))
        let errors = language == .english ? "errors" : "条错误"
        // Control's peak of 36 and nginx's 12, in the bin that begins 990 s behind the first.
        #expect(page.contains("<title>10:19:30: 48 \(errors)</title>"))
        // 25 bins have errors; in the narrow picture two bins are a bar.
        #expect(page.components(of: "<title>1") == 25 + 14)
        #expect(page.contains(">573<"))
        #expect(page.contains(language == .english ? "Started" : "开始"))
        #expect(page.contains("<html lang=\"\(language == .english ? "en" : "zh-CN")\">"))
    }

    @Test func thePageAllowsItsOwnStyleOnly() throws {
        let document = try ReportFixture().story(.english)
        let page = text(Report.html(document, try ReportFixture.settings(.english)))
        let start = try #require(page.range(of: "<style>"))
        let end = try #require(page.range(of: "</style>"))
        let sheet = Array(page[start.upperBound..<end.lowerBound].utf8)
        let digest = Base64.text(Digest.sha256(sheet))
        #expect(
            page.contains(
                "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                    + "style-src 'sha256-\(digest)'; base-uri 'none'; form-action 'none'\">"))
        for word in ["<script", "http://", "https://", " style=", "@import", "url(", "<img"] {
            #expect(!page.contains(word))
        }
    }

    @Test(arguments: Language.allCases)
    func anEmptyRecordSaysWhatIsNotKnown(language: Language) throws {
        let fixture = try ReportFixture()
        let id = try fixture.store.create(Incident(), by: "alice", at: ReportFixture.start)
        let settings = try ReportFixture.settings(language)
        let document = try IncidentDocument(id, in: fixture.store)
        let report = text(Report.markdown(document, settings))
        let unknown = settings.language == .english ? "not known" : "未知"
        for name in language == .english
            ? ["Fault time", "Fault type", "Handling steps", "Handlers"]
            : ["故障时间", "故障类型", "处理步骤", "处理人员"]
        { #expect(report.contains("- **\(name)**: *\(unknown)*\n")) }
        for field in [IncidentField.description, .scope, .rootCause, .prevention] {
            #expect(report.contains("## \(field.name(in: language))\n\n*\(unknown)*\n"))
        }
        _ = try Markup(Report.html(document, settings))
    }

    @Test func listsInTextsAreListsWithTheirCodeAndPins() throws {
        let fixture = try ReportFixture()
        let id = try fixture.record(of: "a", bytes: [0x61, 0x0A]).record.id
        var incident = Incident()
        incident.description = """
            First:
            - one (P1, P2)
              `level:ERROR | top 3 by path`
            - two `x` (P99) (other)
            Last.
            - alone
            """
        try fixture.store.append([.revision(incident, .edit)], to: id, by: "a", at: 0)
        let document = try IncidentDocument(id, in: fixture.store)
        let settings = ReportSettings(language: .english, zone: .utc, generated: 0)
        let html = String(decoding: Report.html(document, settings), as: UTF8.self)
        #expect(
            html.contains(
                """
                <p>First:</p>
                <ul>
                <li>one (<a class="pin" href="#P1">P1</a> <a class="pin" href="#P2">P2</a>) <br>
                <code>level:ERROR | top 3 by path</code></li>
                <li>two `x` (P99) (other)</li>
                </ul>
                <p>Last.<br>
                - alone</p>

                """))
        let markdown = String(decoding: Report.markdown(document, settings), as: UTF8.self)
        #expect(
            markdown.contains(
                """
                - one ([P1](#p1) [P2](#p2)) `level:ERROR | top 3 by path`
                - two \\`x\\` (P99) (other)

                """))
    }

    @Test func jsonHasEverything() throws {
        let fixture = try ReportFixture()
        let document = try fixture.record(of: "a", bytes: [0x61, 0xFF, 0x00, 0x0A])
        let json = try JSONValue(Report.json(document))
        #expect(json["id"]?.text == "INC-2026-0001")
        #expect(json["root"]?.text == Digest.hex(document.record.root))
        let incident = try #require(json["incident"])
        for field in IncidentField.allCases where !document.incident.isEmpty(field) {
            #expect(incident[field.rawValue] != nil)
        }
        let pins = try #require(json["pins"]?.array)
        #expect(pins.map { $0["pin"]?.text } == ["P1", "P2"])
        #expect(pins[0]["originals"]?["event"]?["base64"]?.text == "Yf8ACg==")
        #expect(pins[0]["original_sha256"]?.text == Digest.hex(document.pins[0].digest))
        #expect(
            json["removed_pins"]?.array?.map { $0["purged"] } == [.boolean(false), .boolean(true)])
        #expect(json["chain"]?.array?.count == document.entries.count)
        #expect(json["response_seconds"]?["ttr"]?.integer == 600)
        #expect(json["measurement"]?["services"]?.array?.count == 2)
    }

    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy"),
    ])
    func base64IsThatOfRFC4648(bytes: String, expected: String) {
        #expect(Base64.text(Array(bytes.utf8)) == expected)
    }
}

extension String {
    func components(of part: String) -> Int {
        var (count, rest) = (0, self[...])
        while let range = rest.range(of: part) {
            count += 1
            rest = rest[range.upperBound...]
        }
        return count
    }
}

extension StringProtocol {
    /// Where a text occurs first.
    func range(of part: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(part) {
                return start..<index(start, offsetBy: part.count)
            }
            start = index(after: start)
        }
        return nil
    }
}
