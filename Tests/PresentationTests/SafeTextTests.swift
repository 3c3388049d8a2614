import LogModel
import Presentation
import Testing

struct SafeTextTests {
    private func safe(
        _ bytes: [UInt8], keepNewlines: Bool = false, decodesGB18030: Bool = false
    ) -> String {
        var output = Array("[".utf8)
        SafeText.append(
            bytes.span, to: &output, keepNewlines: keepNewlines, decodesGB18030: decodesGB18030)
        #expect(String(validating: output, as: UTF8.self) != nil)
        return String(decoding: output.dropFirst(), as: UTF8.self)
    }

    @Test(arguments: [
        ("plain text", "plain text"), ("tab\there", "tab\there"), ("日志 é 😀", "日志 é 😀"),
        ("\u{1B}[2J", #"\x1b[2J"#), ("\u{0}\u{7}\u{7F}", #"\x00\x07\x7f"#),
        ("a\u{9B}31m", #"a\u{9b}31m"#), ("\u{202E}gpj.exe", #"\u{202e}gpj.exe"#),
        ("\u{202A}\u{2066}\u{2069}", #"\u{202a}\u{2066}\u{2069}"#),
        ("\u{200E}\u{200F}\u{61C}", #"\u{200e}\u{200f}\u{61c}"#),
        ("\u{2028}\u{2029}\u{FEFF}x", #"\u{2028}\u{2029}\u{feff}x"#),
        ("\u{200B}\u{2027}\u{202F}\u{2065}", "\u{200B}\u{2027}\u{202F}\u{2065}"),
        (#"C:\new"#, #"C:\new"#), ("", ""),
    ])
    func escapesWhatATerminalWouldActOn(text: String, expected: String) {
        #expect(safe(Array(text.utf8)) == expected)
        #expect(SafeText.escaped(text) == expected)
    }

    @Test(
        arguments: [
            ([0x61, 0xFF, 0x62], #"a\xffb"#), ([0x61, 0xE6, 0x97], #"a\xe6\x97"#),
            ([0xC0, 0xAF], #"\xc0\xaf"#), ([0xED, 0xA0, 0x80], #"\xed\xa0\x80"#),
            ([0xF4, 0x90, 0x80, 0x80], #"\xf4\x90\x80\x80"#), ([0xE6, 0x97, 0x0A], #"\xe6\x97\n"#),
            ([0x9B, 0x41], #"\x9bA"#),
        ] as [([UInt8], String)])
    func escapesEveryByteThatIsNotUTF8(bytes: [UInt8], expected: String) {
        #expect(safe(bytes) == expected)
    }

    @Test(arguments: [
        ("a\nb", #"a\nb"#, "a\nb"), ("a\r\nb", #"a\r\nb"#, "a\r\nb"),
        ("50%\rdone", #"50%\rdone"#, #"50%\rdone"#), ("end\r", #"end\r"#, #"end\r"#),
    ])
    func newlinesAreTheCallersDecision(text: String, escaped: String, kept: String) {
        #expect(safe(Array(text.utf8)) == escaped)
        #expect(safe(Array(text.utf8), keepNewlines: true) == kept)
    }

    @Test(
        arguments: [
            ([0xC8, 0xD5, 0xD6, 0xBE], "日志"), ([0x61, 0xB4, 0xED, 0xCE, 0xF3, 0x62], "a错误b"),
            ([0x81, 0x39, 0xEE, 0x39], "㐀"), ([0x90, 0x30, 0x81, 0x30], "𐀀"), ([], ""),
            ([0x41], "A"),
        ] as [([UInt8], String)])
    func decodesGB18030(bytes: [UInt8], expected: String) {
        #expect(bytes.withUnsafeBufferPointer { GB18030.decode($0) } == Array(expected.utf8))
    }

    @Test(
        arguments: [
            [0xC8, 0xD5, 0xD6], [0xFF], [0xC8, 0x20], [0x81, 0x30], [0x41, 0xC8, 0xD5, 0x80],
        ] as [[UInt8]])
    func partlyValidGB18030IsNotDecoded(bytes: [UInt8]) {
        #expect(bytes.withUnsafeBufferPointer { GB18030.decode($0) } == nil)
    }

    @Test func gb18030IsOnlyTriedOnTextThatIsNotUTF8() {
        #expect(safe([0xC8, 0xD5, 0x1B], decodesGB18030: true) == #"日\x1b"#)
        #expect(safe(Array("日志".utf8), decodesGB18030: true) == "日志")
        #expect(safe([0xC8, 0xD5, 0xFF], decodesGB18030: true) == #"\xc8\xd5\xff"#)
        #expect(safe([0xC8, 0xD5]) == #"\xc8\xd5"#)
    }
}
