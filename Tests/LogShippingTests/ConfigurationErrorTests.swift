import Configuration
import LogModel
import LogParsing
import LogShipping
import StoreFixtures
import Testing

/// What is said about mistakes in a configuration, word for word.
@Suite struct ConfigurationErrorTests {
    private static func message(_ bytes: [UInt8]) -> String {
        do {
            _ = try ConfigurationTests.read(bytes)
            return ""
        } catch {
            return error.description
        }
    }

    private static func message(_ text: String) -> String { message(Array(text.utf8)) }

    @Test(
        arguments: [
            ("exlude: x", "unknown key 'exlude'; did you mean 'exclude'?"),
            ("path: /b", "unknown key 'path'; did you mean 'files'?"),
            ("file: /b", "unknown key 'file'; did you mean 'files'?"),
            ("Host: b", "unknown key 'Host'; did you mean 'host'?"),
            ("environment: b", "unknown key 'environment'; did you mean 'env'?"),
            ("tz: b", "unknown key 'tz'; did you mean 'zone'?"),
            (
                "wonderful: b",
                "unknown key 'wonderful'; the keys are store, descriptors, rescan, reserve, ballast, "
                    + "source, files, except, host, service, env, format, zone, encoding, include, "
                    + "exclude, start"
            ),
            ("nothing", "expected 'key: value'; comments begin with '#'"),
            ("host:", "'host' has no value; write it behind the colon"),
            ("store: /x", "'store' is no setting of a source; write it above the first 'source'"),
            (
                "host: a\nhost: b",
                "a second 'host' line; the first one is line 3; keep one of them"
            ),
        ])
    func linesThatCannotStandThere(lines: String, expected: String) {
        let line = 2 + lines.split(separator: "\n").count
        let place = "s.conf:\(line):3: "
        let text = lines.split(separator: "\n").map { "  " + $0 }.joined(separator: "\n")
        #expect(Self.message("source: a\nfiles: /a\n" + text) == place + expected)
    }

    @Test(
        arguments: [
            ("files: $HOME/a", 8, "'$HOME' is not replaced; write '${NAME}' for a variable"),
            (
                "files: /b /a/${NONE}.log", 14,
                "the variable 'NONE' is not set; set it, or write what it stands for"
            ),
            (
                "files: ${EMPTY}/a", 8,
                "the variable 'EMPTY' is not set; set it, or write what it stands for"
            ),
            ("files: /${HOME/a", 9, "'${HOME/a' is not closed; write '${NAME}'"),
            ("files: /${}", 9, "'${}' names no variable; write '${NAME}'"),
            ("files: /${${HOME}}", 9, "'${${HOME}' names no variable; write '${NAME}'"),
            ("files: /${A-B}", 9, "'${A-B}' names no variable; write '${NAME}'"),
            ("files: /${1}", 9, "'${1}' names no variable; write '${NAME}'"),
            (
                "files: ~root/a", 8,
                "'~root/a' is not replaced; only '~/' is; write another home directory out, or "
                    + "'./~' for a name"
            ),
            (
                "files: /a.log, /b.log", 14,
                "globs stand between blanks, not between commas; take the comma out, or put a name "
                    + "that ends with one in quotes"
            ),
            (
                "files: /logs/", 8,
                "'/logs/' is a directory; name the files in it: '/logs/*.log'"
            ),
            ("files: \"/a b", 8, "the quote is not closed; close it behind the text"),
            ("files: ''", 8, "there is nothing in the quotes"),
            (
                "files: \"/a b\"*.log", 14,
                "text behind the closing quote; put the whole name in quotes"
            ),
            ("files: # a", 8, "the value is only a comment; write the value before the '#'"),
            ("host: # a", 7, "the value is only a comment; write the value before the '#'"),
            (
                "host: 'a' b", 11,
                "text behind the value's end; put all of it in quotes, or a '#' before a comment"
            ),
            (
                "host: ${HOSTNAME}", 7,
                "the variable 'HOSTNAME' is not set; set it, or write what it stands for"
            ),
            (
                "zone: Asia/Shangai", 7,
                "time zone 'Asia/Shangai': unknown; did you mean Asia/Shanghai?"
            ),
            (
                "format: nginx-acess", 9,
                "unknown format 'nginx-acess'; did you mean 'nginx-access'?"
            ),
            ("format: postgres", 9, "unknown format 'postgres'; 'logq formats list' shows all"),
            ("format: ngnix:$x", 15, "unknown notation 'ngnix'; did you mean 'nginx'?"),
            ("encoding: gkb", 11, "unknown encoding 'gkb'; did you mean 'gbk'?"),
            ("encoding: latin1", 11, "unknown encoding 'latin1'; there are utf-8, gbk and gb18030"),
            ("start: begining", 8, "unknown start 'begining'; did you mean 'beginning'?"),
            (
                "exclude: /a(b/", 12,
                "this group is never closed; add ')', or write '\\(' for a parenthesis"
            ),
            (
                "exclude: /api/v1/", 14,
                "an expression ends at its second slash, and more follows; write '\\/' for a slash "
                    + "within it, or put a plain text in quotes"
            ),
            (
                "exclude: " + String(repeating: "x", count: 4097), 10,
                "the text is longer than 4096 bytes; look for a part of it, or write several lines"
            ),
            (
                "zone: " + String(repeating: "x", count: 101), 7,
                "'" + String(repeating: "x", count: 60) + "…' is too long for the value of 'zone'"
            ),
            (
                "exclude: order #17", 16,
                "the '#' may be text, or begin a comment; put the text in quotes, or the "
                    + "comment on a line of its own"
            ),
        ] as [(String, Int, String)])
    func valuesThatCannotBeRead(line: String, column: Int, expected: String) {
        let text = "source: a\nfiles: /a\n" + line
        #expect(Self.message(text) == "s.conf:3:\(column): \(expected)")
        // The same above the sources, once, however many read it.
        if !line.hasPrefix("files") {
            #expect(
                Self.message(line + "\nsource: a\nfiles: /a\nsource: b\nfiles: /b")
                    == "s.conf:1:\(column): \(expected)")
        }
    }

    @Test(
        arguments: [
            (
                "descriptors: 7", 14,
                "'7' is no number of open files; write a whole number from 8 to 1048576"
            ),
            (
                "descriptors: many", 14,
                "'many' is no number of open files; write a whole number from 8 to 1048576"
            ),
            (
                "rescan: 10", 9,
                "'10' is no time between two looks; write one from 100ms to 1d, such as 10s or 1m"
            ),
            (
                "rescan: 1ms", 9,
                "'1ms' is no time between two looks; write one from 100ms to 1d, such as 10s or 1m"
            ),
            ("reserve: 256", 10, "'256' is no size; write a number and its unit, such as 256MiB"),
            ("reserve: 1XB", 10, "'1XB' is no size; write a number and its unit, such as 256MiB"),
            ("ballast: -1MB", 10, "'-1MB' is no size; write a number and its unit, such as 256MiB"),
            (
                "ballast: 99999999TB", 10,
                "'99999999TB' is no size; write a number and its unit, such as 256MiB"
            ),
            (
                "files: /a", 1,
                "'files' stands above the first source; begin one before it: 'source: NAME'"
            ),
        ] as [(String, Int, String)])
    func linesAboveTheSources(line: String, column: Int, expected: String) {
        #expect(
            Self.message(line + "\nsource: a\nfiles: /a") == "s.conf:1:\(column): \(expected)")
    }

    @Test func aStartThatIsNoTimeIsExplained() {
        let message = Self.message("source: a\nfiles: /a\nstart: soon")
        #expect(message.hasPrefix("s.conf:3:8: cannot read the time 'soon': "))
        #expect(message.hasSuffix(", or 'beginning' or 'end'"))
    }

    @Test func sourcesThatAreNotWhole() {
        #expect(
            Self.message("# nothing\n")
                == "s.conf: there is no source; begin one with 'source: NAME'")
        #expect(Self.message("") == "s.conf: there is no source; begin one with 'source: NAME'")
        #expect(
            Self.message("source: a\nsource: a\nfiles: /a") == """
                s.conf:1:9: the source 'a' has no files; name them below it: 'files: /var/log/app/*.log'
                s.conf:2:9: a second source 'a'; the first one is line 1; give one another name
                """)
    }

    @Test func oneMistakeIsOneMistake() {
        #expect(
            Self.message("source: a\nfile: /a\nsource:\nfiles: /b\nhost: c\nsource: b\nfiles:")
                == """
                s.conf:2:1: unknown key 'file'; did you mean 'files'?
                s.conf:3:1: 'source' has no value; write it behind the colon
                s.conf:7:1: 'files' has no value; write it behind the colon
                """)
    }

    @Test func allMistakesAreToldAtOnce() {
        #expect(
            Self.message("stor: /x\nsorce: a\nfiles: /a,\nzone: Nowhere\nexclude: /(/\n") == """
                s.conf:1:1: unknown key 'stor'; did you mean 'store'?
                s.conf:2:1: unknown key 'sorce'; did you mean 'source'?
                s.conf:3:10: globs stand between blanks, not between commas; take the comma out, or \
                put a name that ends with one in quotes
                s.conf:4:7: time zone 'Nowhere': unknown; give a name such as Asia/Shanghai, or an \
                offset such as +08:00
                s.conf:5:11: this group is never closed; add ')', or write '\\(' for a parenthesis
                """)
    }

    @Test func aFileThatCannotBeReadIsNamed() {
        func message(_ path: String) -> String {
            do {
                _ = try ShipperConfiguration(
                    reading: path, environment: { _ in nil }, formats: .builtIn, zone: .utc, now: 0)
                return ""
            } catch {
                return error.description
            }
        }
        let directory = TemporaryDirectory()
        #expect(
            message(directory("none.conf"))
                == directory("none.conf")
                + ": the configuration cannot be read: No such file or directory")
        #expect(
            message(directory.path)
                == directory.path + ": the configuration cannot be read: is a directory")
    }

    // MARK: Hostile input

    @Test func bytesThatAreNoTextAreRefused() {
        let start = Array("source: a\nfiles: /a".utf8)
        #expect(
            Self.message(start + [0x00, 0x62])
                == "s.conf:2:10: the value holds a control character; take it out")
        #expect(
            Self.message(start + [0x1B, 0x5B])
                == "s.conf:2:10: the value holds a control character; take it out")
        #expect(
            Self.message(start + [0xFF])
                == "s.conf:2:8: the value is not valid UTF-8; save the file as UTF-8")
        #expect(
            Self.message(start + Array("\nho".utf8) + [0xFF] + Array("st: b".utf8))
                .hasPrefix("s.conf:3:1: unknown key 'ho\u{FFFD}st'; the keys are store, "))
    }

    @Test func largeFilesAndLongLinesEndInAShortMessage() {
        let line = Array("source: a\nfiles: /a\nhost: ".utf8)
        let long = line + [UInt8](repeating: 0x78, count: 10 << 20)
        #expect(Self.message(long) == "s.conf: the configuration is larger than 1 MiB")
        let zone = Array("source: a\nfiles: /a\nzone: ".utf8)
        #expect(Self.message(zone + [UInt8](repeating: 0x78, count: 900_000)).utf8.count < 400)
        let key = [UInt8](repeating: 0x78, count: 900_000) + [0x3A, 0x78]
        #expect(Self.message(key).utf8.count < 400)
        let many = String(repeating: "x\n", count: 500_000)
        #expect(Self.message(many).split(separator: "\n").count == 51)
        #expect(Self.message(many).hasSuffix("s.conf: 950 more"))
    }

    @Test(arguments: ["${", "${${", "$", "~", "\"", "/", "\\", "*", "[", "(", "#", ":", ",", "'"])
    func aPieceThousandsOfTimesDoesNoHarm(piece: String) {
        let text = String(repeating: piece, count: 20_000)
        for key in ["files", "except", "host", "format", "exclude", "zone", "start", "env"] {
            let message = Self.message("source: a\nfiles: /a\n\(key): \(text)")
            #expect(message.utf8.count < 1000)
        }
    }
}
