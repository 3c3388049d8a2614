import LogModel
import Testing

@testable import Presentation

@Suite struct PropertyListTests {
    private func text(_ list: PropertyList, width: Int?) -> String {
        let settings = PictureSettings(
            width: width, painter: Painter(isEnabled: false), glyphs: .blocks, zone: .utc)
        return String(decoding: list.text(settings), as: UTF8.self)
    }

    @Test(arguments: [
        ("the pool had no limit", 10, ["the pool", "had no", "limit"]),
        ("连接池没有上限，占满了", 10, ["连接池没有", "上限，占满", "了"]),
        ("连接池没有，上限", 10, ["连接池没", "有，上限"]),
        ("a abcdefghijklm z", 5, ["a", "abcde", "fghij", "klm z"]),
        ("慢查询 slow query", 8, ["慢查询", "slow", "query"]),
        ("fits", 4, ["fits"]), ("", 4, [""]), ("ab", 1, ["ab"]),
    ])
    func linesBreakAtBlanksAndBetweenWideCharacters(
        text: String, columns: Int, lines: [String]
    ) {
        #expect(TextWidth.wrapped(text, to: columns) == lines)
    }

    /// Whatever the text, no line is too wide and nothing but blanks goes.
    @Test(arguments: 0..<200 as Range<UInt64>)
    func wrappingKeepsAllCharacters(seed: UInt64) {
        var state = seed
        let alphabet = Array("ab c, 连接。池e\u{301} 🙂-")
        let text = String(
            (0..<40).map { _ in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return alphabet[Int(state >> 33) % alphabet.count]
            })
        let lines = TextWidth.wrapped(text, to: 7)
        #expect(lines.allSatisfy { TextWidth.columns(of: $0) <= 7 }, "\(text)")
        #expect(lines.joined().filter { $0 != " " } == text.filter { $0 != " " })
    }

    @Test func namesStandBesideWhatTheyName() {
        var list = PropertyList()
        list.add("标题", "down\u{1B}[2J")
        list.add("empty", "")
        list.add(
            "Steps", [.init("1. a b c d e f g h i j k l m", hang: 3), .init("x\ny", indent: 2)])
        #expect(
            text(list, width: 27) == """
                标题   down\\x1b[2J
                Steps  1. a b c d e f g h i
                          j k l m
                         x
                         y

                """)
        #expect(text(list, width: nil).contains("1. a b c d e f g h i j k l m\n"))
    }
}
