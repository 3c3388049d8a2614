import LogModel
import Testing

@testable import LogParsing

@Suite struct FormatCheckTests {
    @Test(arguments: FormatLibrary.builtIn.names)
    func everySampleGivesWhatItSays(name: String) throws {
        let format = try #require(FormatLibrary.builtIn.format(named: name))
        #expect(FormatCheck.differences(in: format).map(\.description) == [])
    }

    /// Each pattern of a built-in is the first that matches some line of its samples.
    @Test(arguments: FormatLibrary.builtIn.names)
    func everyPatternHasASample(name: String) throws {
        let format = try #require(FormatLibrary.builtIn.format(named: name))
        var unused = Set(format.patterns.indices)
        for event in format.samples.flatMap(\.events) {
            event.text.withUnsafeBufferPointer { bytes in
                let end = bytes.firstIndex(of: 0x0A) ?? bytes.count
                if let used = format.patterns.firstMatch(of: 0..<end, in: bytes) {
                    unused.remove(used.index)
                }
            }
        }
        #expect(unused.sorted().map { format.patterns[$0].text } == [])
    }

    @Test(arguments: [
        (
            "> 2026-11-18 00:00:01 INFO - one\n= {\"Body\":\"two\"}",
            "f:4: Body: expected \"two\", got \"one\""
        ),
        (
            "> 2026-11-18 00:00:01 INFO - one\n= {\"Timestamp\":\"2026-11-18T00:00:02Z\"}",
            "f:4: Timestamp: expected \"2026-11-18T00:00:02Z\", got \"2026-11-18T00:00:01Z\""
        ),
        (
            "> 2026-11-18 00:00:01 INFO - one\n= {\"SeverityNumber\":17}",
            "f:4: SeverityNumber: expected 17.0, got 9"
        ),
        (
            "> 2026-11-18 00:00:01 INFO - one\n= {\"SeverityText\":null}",
            "f:4: SeverityText: expected null, got \"INFO\""
        ),
        (
            "> 2026-11-18 00:00:01 INFO - one\n= {\"thread.name\":\"main\"}",
            "f:4: thread.name: expected \"main\", got nothing"
        ),
        (
            "> 2026-11-18 00:00:01 INFO - one\n> 2026-11-18 00:00:02 INFO - two\n= {}",
            "f:4: event: expected "
                + "\"2026-11-18 00:00:01 INFO - one\\n2026-11-18 00:00:02 INFO - two\", "
                + "got \"2026-11-18 00:00:01 INFO - one\"\n"
                + "f:4: events: expected 1, got 2"
        ),
        (
            "> 2026-11-18 00:00:01 INFO - one\n= {}\n>  indented\n= {}",
            "f:4: event: expected \"2026-11-18 00:00:01 INFO - one\", "
                + "got \"2026-11-18 00:00:01 INFO - one\\n indented\"\n"
                + "f:6: event: expected an event that begins here, got none"
        ),
        (
            "> 2026-11-18 00:00:01 INFO - one\n= Body: one",
            "f:5: expected fields: expected a flat JSON object, got expected '{', at byte 1"
        ),
    ])
    func reportsWhatASampleDoesNotGive(sample: String, report: String) throws {
        let text =
            "format: a\nlogback: %d{yyyy-MM-dd HH:mm:ss} %level - %msg%n\nsample:\n\(sample)\n"
        let format = try FormatDefinition(parsing: Array(text.utf8), file: "f")
        let differences = FormatCheck.differences(in: format)
        #expect(differences.map(\.description).joined(separator: "\n") == report)
    }

    @Test func readsFlatJSON() throws {
        let text =
            #" { "a" : "x\n\"\\\/\u00e4\ud83d\ude00" , "b":-1.5e2,"c":null,"#
            + #""d":["p","q"],"e":[] } "#
        let members = try FlatJSON.object(Array(text.utf8))
        #expect(members.map(\.name) == ["a", "b", "c", "d", "e"])
        #expect(
            members.map(\.value) == [
                .text(Array("x\n\"\\/ä😀".utf8)), .number(-150), .null,
                .list([Array("p".utf8), Array("q".utf8)]), .list([]),
            ])
        #expect(try FlatJSON.object(Array("{}".utf8)).isEmpty)
    }

    @Test(arguments: [
        ("", 0), ("{", 1), ("[]", 0), (#"{"a"}"#, 4), (#"{"a":}"#, 5), (#"{"a":1,}"#, 7),
        (#"{"a":1}x"#, 7), (#"{"a":01}"#, 5), (#"{"a":.5}"#, 5), (#"{"a":1.}"#, 5),
        (#"{"a":+1}"#, 5), (#"{"a":1e}"#, 5), (#"{"a":true}"#, 5), (#"{"a":{}}"#, 5),
        (#"{"a":[1]}"#, 6), (#"{"a":"x}"#, 8), (#"{"a":"\x"}"#, 8), (#"{"a":"\u12"}"#, 8),
        (#"{"a":"\ud800"}"#, 12), (#"{"a":"\#u{9}"}"#, 7), (#"{"a":1,"a":2}"#, 10),
        (#"{"a":nul}"#, 5), (#"{a:1}"#, 1),
    ])
    func refusesWhatIsNoFlatJSON(text: String, offset: Int) {
        let failure = #expect(throws: FlatJSON.Failure.self) {
            try FlatJSON.object(Array(text.utf8))
        }
        #expect(failure?.offset == offset)
    }
}
