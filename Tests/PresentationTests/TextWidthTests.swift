import Presentation
import Testing

struct TextWidthTests {
    @Test(arguments: [
        ("", 0), ("abc", 3), ("é", 1), ("e\u{301}", 1), ("日志", 4), ("ＡＢ", 4), ("ｱ", 1),
        ("한글", 4), ("\u{1112}\u{1161}\u{11AB}", 2), ("😀", 2), ("👍🏽", 2), ("👩\u{200D}💻", 2),
        ("❤\u{FE0F}", 2), ("❤", 1), ("🇩🇪", 2), ("⚡", 2), ("→", 1), ("…", 1), ("a\u{200B}b", 2),
        ("a\tb", 3), ("\u{1B}", 0), ("1\u{FE0F}", 1), ("𠀀", 2), ("。", 2), ("\u{AD}", 1),
    ])
    func countsColumns(text: String, expected: Int) {
        #expect(TextWidth.columns(of: text) == expected)
    }

    @Test(
        arguments: [
            ([0xFF], 1), ([0x61, 0xE6, 0x97], 2), ([0xED, 0xA0, 0x80], 3), ([0xC0, 0x80], 2),
        ] as [([UInt8], Int)])
    func countsEachBrokenSequenceOnce(bytes: [UInt8], expected: Int) {
        #expect(TextWidth.columns(of: bytes.span) == expected)
    }

    @Test(arguments: [
        ("ab", 4, "ab  ", "  ab"), ("日", 4, "日  ", "  日"), ("abcde", 4, "abcde", "abcde"),
        ("a\tb", 4, "a b ", " a b"), ("", 2, "  ", "  "), ("x", -1, "x", "x"),
    ])
    func padsToColumns(text: String, columns: Int, leading: String, trailing: String) {
        let bytes = Array(text.utf8)
        var output: [UInt8] = []
        TextWidth.append(bytes.span, paddedTo: columns, to: &output)
        #expect(String(decoding: output, as: UTF8.self) == leading)
        output = []
        TextWidth.append(bytes.span, paddedTo: columns, alignment: .trailing, to: &output)
        #expect(String(decoding: output, as: UTF8.self) == trailing)
    }

    @Test(arguments: [
        ("abcdef", 6, "abcdef"), ("abcdef", 5, "abcd…"), ("abcdef", 1, "…"), ("abcdef", 0, ""),
        ("日志文件", 8, "日志文件"), ("日志文件", 7, "日志文…"), ("日志文件", 6, "日志…"),
        ("ae\u{301}b", 3, "ae\u{301}b"), ("ae\u{301}bc", 3, "ae\u{301}…"), ("", 3, ""),
        ("a\tbc", 3, "a …"),
    ])
    func truncatesToColumns(text: String, columns: Int, expected: String) {
        let bytes = Array(text.utf8)
        var output: [UInt8] = []
        TextWidth.append(bytes.span, truncatedTo: columns, to: &output)
        #expect(String(decoding: output, as: UTF8.self) == expected)
    }

    @Test(arguments: 0...12)
    func fittedTextHasExactlyItsColumns(columns: Int) {
        let bytes = Array("a日e\u{301}志😀z".utf8)
        var output: [UInt8] = []
        TextWidth.append(bytes.span, fittedTo: columns, to: &output)
        #expect(TextWidth.columns(of: output.span) == columns)
    }
}
