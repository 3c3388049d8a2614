import Incidents
import Presentation
import StoreFixtures
import Testing

@Suite struct HostileReportTests {
    private static let texts = [
        "</script><script>alert(1)</script>", "<img src=x onerror=alert(1)>",
        "\"><svg onload=alert(1)>",
        "' onmouseover='alert(1)", "--></style></title></svg></pre><h1>x</h1>", "]]><b>",
        "&lt;&#60;b>",
        "]](javascript:alert(1))", "![x](http://evil.example/x.png)",
        "[click](javascript:alert(1))",
        "<http://evil.example>", "see http://evil.example or www.evil.example or a@evil.example",
        "# title", "## title", "- item", "+ item", "1. item", "12) item", "> quote", "===", "---",
        "***", "```", "``` js", "~~~", String(repeating: "`", count: 40), "` a `` b", "|a|b|",
        "\\|a\\\\|b", "    code", "\tcode", "*a* _b_ ~~c~~ **d**", "a  ", ":smile: $x$",
        "[P1](#p1)",
        "\u{202E}cod.exe\u{2066}", "\u{1B}[31mred\u{1B}]0;title\u{7}", "=cmd|'/C calc'!A0",
        "a\u{2028}b\u{2029}c", "\u{0}\u{1}\u{7F}\u{9B}31m", "\u{FEFF}x", "😀é数据库",
    ]

    private func plain(_ page: [UInt8]) -> Bool {
        String(decoding: page, as: UTF8.self).unicodeScalars.allSatisfy { scalar in
            switch scalar.value {
            case 0x09, 0x0A: true
            case 0...0x1F, 0x7F...0x9F, 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069,
                0xFEFF:
                false
            default: true
            }
        }
    }

    /// All pages have the tags of the one with a harmless text, and no control characters.
    @Test(arguments: Language.allCases)
    func noTextBecomesMarkup(language: Language) throws {
        let settings = try ReportFixture.settings(language)
        let document = try ReportFixture().record(of: "x")
        let harmless = try Markup(Report.html(document, settings)).tags
        for text in Self.texts {
            let page = Report.html(ReportFixture.replacing(document, by: text), settings)
            #expect(try Markup(page).tags == harmless, "\(text.debugDescription)")
            #expect(plain(page), "\(text.debugDescription)")
        }
    }

    /// All reports have the blocks of the one with a harmless text: as many headings, fences and tables.
    @Test(arguments: Language.allCases)
    func noTextBecomesABlock(language: Language) throws {
        let settings = try ReportFixture.settings(language)
        let document = try ReportFixture().record(of: "x")
        func shape(_ text: String) -> String {
            let document = ReportFixture.replacing(document, by: text)
            let report = Report.markdown(document, settings)
            let timeline = IncidentTimeline(document.incident, document.pins)
            let lines = timeline.text(document.pins, settings, Painter(isEnabled: false))
            #expect(plain(report) && plain(lines), "\(text.debugDescription)")
            return Self.shape(String(decoding: report, as: UTF8.self))
        }
        let harmless = shape("x")
        for text in Self.texts { #expect(shape(text) == harmless, "\(text.debugDescription)") }
    }

    /// What each line begins with, leaving out what stands in fences.
    private static func shape(_ report: String) -> String {
        var shape = ""
        var fence: Substring?
        for line in report.split(separator: "\n") {
            if let open = fence {
                if line == open { fence = nil }
                continue
            }
            if line.hasPrefix("```") {
                fence = line.prefix { $0 == "`" }
                shape.append("`")
            } else if line.hasPrefix("|") {
                // Borders: bars without a backslash before them.
                let scalars = Array(line.unicodeScalars)
                let borders = scalars.indices.count {
                    guard scalars[$0] == "|" else { return false }
                    let backslashes = scalars[..<$0].reversed().prefix { $0 == "\\" }.count
                    return backslashes % 2 == 0
                }
                shape += "|\(borders)"
            } else {
                shape.append(Self.block(line))
            }
        }
        return shape
    }

    private static func block(_ line: Substring) -> Character {
        let digits = line.prefix { $0.isNumber }
        let behind = line.dropFirst(digits.count)
        if !digits.isEmpty, behind.hasPrefix(". ") || behind.hasPrefix(") ") { return "1" }
        return line.first.flatMap { "#->+=[<".contains($0) ? $0 : nil } ?? "t"
    }

    @Test(arguments: [
        ("http://a.example/x", "`http://a.example/x`"), ("访问www.a.cn失败", "访问`www.a.cn`失败"),
        ("mail a@b.cn, please", "mail `a@b.cn,` please"), ("1. x", "1\\. x"), ("10.5 %", "10.5 %"),
        ("- x - y", "\\- x - y"), ("a|b", "a\\|b"), ("`a`", "\\`a\\`"), ("a_b", "a\\_b"),
        ("  a  b", "a  b"), ("\u{202E}", "\\\\u\\{202e\\}"),
    ])
    func textIsShownAsItIs(text: String, expected: String) throws {
        var incident = Incident()
        incident.lessons = text
        let fixture = try ReportFixture()
        let id = try fixture.store.create(incident, by: "alice", at: 0)
        let report = Report.markdown(
            try IncidentDocument(id, in: fixture.store), try ReportFixture.settings(.english))
        #expect(
            String(decoding: report, as: UTF8.self).contains("## Lessons\n\n\(expected)\n\n## "))
    }

    /// Bytes that are no UTF-8 are shown, as GB18030 or escaped, and a huge line is cut.
    @Test func anyBytesAreShown() throws {
        let settings = try ReportFixture.settings(.english)
        let base = try ReportFixture().record(of: "x")
        for bytes: [UInt8] in [
            [0xFF, 0xFE, 0x00, 0x0A], [0xD6, 0xD0, 0xCE, 0xC4, 0x0A], [0xED, 0xA0, 0x80, 0x0A], [],
            Array(repeating: 0x61, count: 200_000), Array(repeating: 0x0A, count: 10_000),
        ] {
            let document = ReportFixture.replacing(base, by: "x", bytes: bytes)
            let page = Report.html(document, settings)
            _ = try Markup(page)
            #expect(plain(page))
            #expect(page.count < 250_000)
            #expect(plain(Report.markdown(document, settings)))
        }
    }

    @Test(arguments: 0..<20)
    func randomRecordsGiveWholePages(seed: Int) throws {
        var random = RandomIncident(seed: UInt64(seed))
        let fixture = try ReportFixture()
        let id = try fixture.store.create(random.incident().onOneLine, by: "alice", at: 1)
        try fixture.store.append(
            [.measurement(ReportFixture.measurement())], to: id, by: "alice", at: 2)
        let document = try IncidentDocument(id, in: fixture.store)
        for language in Language.allCases {
            let settings = try ReportFixture.settings(language)
            let page = Report.html(document, settings)
            _ = try Markup(page)
            #expect(plain(page))
            #expect(plain(Report.markdown(document, settings)))
        }
        #expect(!Report.json(document).isEmpty)
    }
}
