import Presentation
import Testing

struct JSONWriterTests {
    private func written(_ body: (inout JSONWriter) -> Void) -> String {
        var writer = JSONWriter()
        body(&writer)
        #expect(String(validating: writer.bytes, as: UTF8.self) != nil)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    @Test func keepsTheOrderOfCallsAndPlacesCommas() {
        let text = written {
            $0.beginObject()
            $0.key("z")
            $0.integer(1)
            $0.key("a")
            $0.beginArray()
            $0.null()
            $0.boolean(true)
            $0.beginObject()
            $0.endObject()
            $0.beginArray()
            $0.endArray()
            $0.endArray()
            $0.key("n")
            $0.string("x")
            $0.endObject()
            $0.endLine()
            $0.boolean(false)
        }
        #expect(text == #"{"z":1,"a":[null,true,{},[]],"n":"x"}"# + "\nfalse")
    }

    @Test(arguments: [
        ("", #""""#), (#"say "hi" \o/"#, #""say \"hi\" \\o/""#), ("日志😀", #""日志😀""#),
        ("\u{8}\t\n\u{C}\r", #""\b\t\n\f\r""#), ("\u{0}\u{1F}\u{7F}", #""\u0000\u001f\u007f""#),
        ("a\u{2028}b\u{2029}", #""a\u2028b\u2029""#), ("\u{9B}\u{202E}", #""\u009b\u202e""#),
    ])
    func escapesStrings(text: String, expected: String) {
        #expect(written { $0.string(text) } == expected)
        let asKey = written {
            $0.key(text)
            $0.null()
        }
        #expect(asKey == expected + ":null")
    }

    @Test(
        arguments: [
            ([0x61, 0xFF, 0x62], "a\u{FFFD}b"), ([0xE6, 0x97], "\u{FFFD}"),
            ([0xE6, 0x97, 0xE6, 0x97, 0xA5], "\u{FFFD}日"), ([0xC0, 0x80], "\u{FFFD}\u{FFFD}"),
            ([0xED, 0xA0, 0x80], "\u{FFFD}\u{FFFD}\u{FFFD}"),
        ] as [([UInt8], String)])
    func bytesThatAreNotUTF8BecomeReplacementCharacters(bytes: [UInt8], expected: String) {
        #expect(written { $0.string(bytes.span) } == "\"\(expected)\"")
    }

    @Test(
        arguments: [
            (0, "0"), (-1, "-1"), (.max, "9223372036854775807"), (.min, "-9223372036854775808"),
        ] as [(Int64, String)])
    func writesIntegers(value: Int64, expected: String) {
        #expect(written { $0.integer(value) } == expected)
    }

    @Test(
        arguments: [
            (0, "0"), (0.1, "0.1"), (-2.5, "-2.5"), (3, "3"), (1e300, "1e+300"), (1e-7, "1e-07"),
            (.nan, "null"), (.infinity, "null"), (-.infinity, "null"),
        ] as [(Double, String)])
    func writesTheShortestNumber(value: Double, expected: String) {
        #expect(written { $0.number(value) } == expected)
    }

    @Test func startsAfreshAfterRemoveAll() {
        let text = written {
            $0.integer(1)
            $0.removeAll()
            $0.integer(2)
        }
        #expect(text == "2")
    }
}
