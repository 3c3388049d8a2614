import SQLite
import Testing

@Suite struct JSONValueTests {
    @Test func readsEveryKindOfValueInOrder() throws {
        let text = #"{"b":[1,-2.5,true,null,{"c":[]}],"a":"x\n\"中\ud83d\ude00","b2":{}}"#
        #expect(
            try JSONValue(Array(text.utf8))
                == .object([
                    .init(
                        "b",
                        .array([
                            .integer(1), .number(-2.5), .boolean(true), .null,
                            .object([.init("c", .array([]))]),
                        ])),
                    .init("a", .text("x\n\"中😀")),
                    .init("b2", .object([])),
                ]))
    }

    @Test(arguments: [
        (#""a\u0000b""#, "a\u{2400}b"), (#""a\\u0000b""#, #"a\u0000b"#),
        (#""\\\u0000""#, "\\\u{2400}"),
    ])
    func anEscapedNULIsReadAsItsPicture(text: String, expected: String) throws {
        #expect(try JSONValue(Array(text.utf8)) == .text(expected))
    }

    @Test func theLastOfEqualMembersCounts() throws {
        let value = try JSONValue(Array(#"{"a":1,"a":2}"#.utf8))
        #expect(value["a"] == .integer(2))
        #expect(value["b"] == nil)
    }

    @Test(arguments: ["", "{", "[1,]", "{\"a\"}", "nul", "\"\u{1}", "{} {}", "\\", "\"\\"])
    func whatIsNoJSONIsRefused(text: String) {
        #expect(throws: JSONValue.Malformed.self) { try JSONValue(Array(text.utf8)) }
    }

    @Test func nestingBeyondWhatSQLiteTakesIsRefused() {
        let deep = String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000)
        #expect(throws: JSONValue.Malformed.self) { try JSONValue(Array(deep.utf8)) }
    }
}
