import LogModel
import Testing

@testable import LogParsing

@Suite struct FormatDefinitionTests {
    @Test func readsADefinition() throws {
        let text = """
            # a comment
            format: shop
            title: the shop's log
            service: shop
            files: shop.log shop-*.log
            files: other.log

            logback: %d{yyyy-MM-dd HH:mm:ss} %level - %msg%n
            nginx: $remote_addr "$request"
            sample:
            > 2026-11-18 00:00:01 INFO - one
            >   two
            = {"Body":"one\\n  two"}
            > 2026-11-18 00:00:02 INFO - three
            = {}
            sample:
            >
            = {}
            """
        let definition = try FormatDefinition(parsing: Array(text.utf8), file: "shop.format")
        #expect(definition.name == "shop")
        #expect(definition.title == "the shop's log")
        #expect(definition.service == "shop")
        #expect(definition.fileNames == ["shop.log", "shop-*.log", "other.log"])
        #expect(definition.patterns.map(\.notation) == [.logback, .nginx])
        #expect(definition.patterns.map(\.text)[1] == #"$remote_addr "$request""#)
        #expect(definition.samples.map(\.events.count) == [2, 1])
        let first = try #require(definition.samples.first?.events.first)
        #expect(first.text == Array("2026-11-18 00:00:01 INFO - one\n  two".utf8))
        #expect(first.line == 11)
        #expect(first.expectedLine == 13)
        #expect(definition.samples.last?.events.first?.text == [])
    }

    @Test func readsCarriageReturnsAndAByteOrderMark() throws {
        let text =
            "\u{FEFF}format: a\r\nnginx: $remote_addr x\r\nsample:\r\n> 1.2.3.4 x\r\n= {}\r\n"
        let definition = try FormatDefinition(parsing: Array(text.utf8), file: "a.format")
        #expect(definition.name == "a")
        #expect(definition.title == "a")
        #expect(definition.service == nil)
        #expect(definition.patterns.first?.text == "$remote_addr x")
        #expect(definition.samples.first?.events.first?.text == Array("1.2.3.4 x".utf8))
    }

    @Test func unstructuredNeedsNoPattern() throws {
        let definition = try FormatDefinition(
            parsing: Array("format: a\nunstructured:\n".utf8), file: "a.format")
        #expect(definition.patterns.isEmpty)
    }

    @Test(arguments: [
        ("format: a\nngnix: $x\n", "f:2: unknown key 'ngnix'; did you mean 'nginx'?"),
        (
            "format: a\nqqqqqqqqq: x\n",
            "f:2: unknown key 'qqqqqqqqq'; the keys are format, title, service, files, sample, "
                + "unstructured, log4j2, logback, nginx, nginx-error, tomcat"
        ),
        (
            "format: a\njust text\n",
            "f:2: expected 'key: value'; comments begin with '#', lines of a sample with '>'"
        ),
        ("nginx: $status x\n", "f: no 'format' line; name the format: 'format: my-app'"),
        (
            "format: a\ntitle: b\n",
            "f: no pattern; paste one behind 'log4j2:', 'logback:', 'nginx:', 'nginx-error:', "
                + "'tomcat:'"
        ),
        (
            "format: a\nunstructured:\nnginx: $status x\n",
            "f: both patterns and 'unstructured'; keep one of them"
        ),
        ("format: a\nformat: b\n", "f:2: a second 'format' line; keep one of them"),
        ("format:\n", "f:1: 'format' has no value; write it behind the colon"),
        (
            "format: a b\n",
            "f:1: the format's name may not be 'a b'; use letters, digits, '-', '_' and '.'"
        ),
        (
            "format: a\n> line\n", "f:2: a '>' line outside of a sample; write 'sample:' above it"
        ),
        (
            "format: a\nsample:\n= {}\n",
            "f:3: a '=' line without an event; write the event's lines above it, after '>'"
        ),
        (
            "format: a\nsample:\n> line\ntitle: b\n",
            "f:3: a sample without a '=' line; write the log's lines after '>' and close each "
                + "event with '= {…}'"
        ),
        (
            "format: a\nsample:\n",
            "f:2: a sample without lines; write the log's lines after '>' and close each event "
                + "with '= {…}'"
        ),
        (
            "format: a\n  indented\n",
            "f:2: an indented line that continues nothing; only patterns go over several lines; "
                + "keys begin in the first column"
        ),
    ])
    func saysWhatIsWrongAndWhere(text: String, message: String) {
        let error = #expect(throws: FormatError.self) {
            try FormatDefinition(parsing: Array(text.utf8), file: "f")
        }
        #expect(error?.description == message)
    }

    @Test func aBadPatternIsShownWithItsColumn() throws {
        let text = "format: a\ntitle: b\nlogback:  %d{yyyy-MM-dd} %quux %msg%n\n"
        let error = try #require(
            #expect(throws: FormatError.self) {
                try FormatDefinition(parsing: Array(text.utf8), file: "f")
            })
        #expect(error.line == 3)
        #expect(error.column == 26)
        #expect(error.description.hasPrefix("f:3:26: "))
    }

    @Test func aBadPatternOverSeveralLinesIsShownWithItsText() throws {
        let text = "format: a\nnginx: $remote_addr\n  $$ x\n"
        let error = try #require(
            #expect(throws: FormatError.self) {
                try FormatDefinition(parsing: Array(text.utf8), file: "f")
            })
        #expect(error.line == 2)
        #expect(error.column == 0)
        #expect(error.problem.hasSuffix("of '$remote_addr$$ x'"))
    }

    @Test func aKeyThatIsNoUTF8IsAnError() {
        let bytes = Array("format: a\nnginx: ".utf8) + [0xFF, 0x0A]
        let error = #expect(throws: FormatError.self) {
            try FormatDefinition(parsing: bytes, file: "f")
        }
        #expect(error?.description == "f:2: the line is not valid UTF-8; save the file as UTF-8")
    }

    @Test func aDefinitionOverOneMebibyteIsRefused() {
        let bytes = [UInt8](repeating: UInt8(ascii: "#"), count: FormatDefinition.sizeLimit + 1)
        let error = #expect(throws: FormatError.self) {
            try FormatDefinition(parsing: bytes, file: "f")
        }
        #expect(
            error?.description
                == "f: the definition is larger than 1 MiB; "
                + "keep only a few samples of each pattern")
    }

    @Test(arguments: [
        (
            Notation.nginx, "log_format main escape=json '$a '\n'\"$c\"';",
            "log_format main escape=json '$a '\n'\"$c\"';"
        ),
        (.nginx, "$a '$b'", "$a '$b'"),
        (.nginx, "$a\n$b", "$a$b"),
        (
            .nginx, "combined",
            #"$remote_addr - $remote_user [$time_local] "$request" $status "#
                + #"$body_bytes_sent "$http_referer" "$http_user_agent""#
        ),
        (.tomcat, #"<Valve prefix="a" pattern="%h &quot;%r&quot; %s" />"#, "%h &quot;%r&quot; %s"),
        (.tomcat, #"%h "%{pattern="x"}i""#, #"%h "%{pattern="x"}i""#),
        (.logback, "<pattern>%d &lt;%t&gt; %m%n</pattern>", "%d &lt;%t&gt; %m%n"),
        (.log4j2, #"<PatternLayout pattern="%d %m%n"/>"#, "%d %m%n"),
        (.logback, "<pattern>\n%d %-5level\n - %msg%n\n</pattern>", "%d %-5level - %msg%n"),
        (.logback, "%d & %m", "%d & %m"),
        (.logback, "", ""),
    ])
    func takesAPatternOutOfWhatWasPasted(notation: Notation, pasted: String, pattern: String) {
        #expect(PastedPattern.text(of: pasted, in: notation) == pattern)
    }
}
