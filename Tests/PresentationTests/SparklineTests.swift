import Testing

@testable import Presentation

struct SparklineTests {
    @Test func zeroIsBlankAndWhatIsAboveIsSeen() {
        #expect(Self.text([0, 1, 25, 50, 75, 100]) == " ▁▂▄▆█")
        #expect(Self.text([0, 1, 1_000_000, 0]) == " ▁█ ")
        #expect(Self.text([]) == "")
        #expect(Self.text([0, 0]) == "  ")
        #expect(Self.text([-1, .nan, .infinity, 8]) == "   █")
    }

    @Test func severalLinesCanShareAMaximum() {
        #expect(Self.text([50, 400], maximum: 200) == "▂█")
    }

    @Test func asciiHasThreeHeights() {
        #expect(Self.text([0, 1, 50, 100], glyphs: .ascii) == " .:#")
    }

    @Test(
        arguments: [
            ([:], .ascii), (["LANG": "C"], .ascii), (["LANG": "zh_CN.UTF-8"], .blocks),
            (["LC_ALL": "C", "LANG": "en_US.UTF-8"], .ascii),
            (["LC_ALL": "", "LC_CTYPE": "C.utf8"], .blocks), (["LANG": "zh_CN.GB18030"], .ascii),
        ] as [([String: String], Glyphs)])
    func theLocaleSaysWhichCharacters(environment: [String: String], expected: Glyphs) {
        #expect(Glyphs.ofLocale { environment[$0] } == expected)
    }

    private static func text(
        _ values: [Double], maximum: Double? = nil, glyphs: Glyphs = .blocks
    ) -> String {
        String(decoding: Sparkline.bytes(values, maximum: maximum, glyphs: glyphs), as: UTF8.self)
    }
}
