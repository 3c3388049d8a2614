import Configuration
import LogModel
import LogStore
import Retention
import Testing

@Suite struct PolicyReadingTests {
    static func read(_ text: String) throws(ConfigurationError) -> RetentionPolicy {
        try RetentionPolicy(parsing: Array(text.utf8), file: "p")
    }

    private static func message(_ text: String) -> String {
        do throws(ConfigurationError) {
            _ = try read(text)
            return ""
        } catch {
            return error.description
        }
    }

    @Test func theShippedPolicyIsThirtyAndNinetyDays() {
        let policy = RetentionPolicy.standard
        #expect(policy.indexed.age == .days(30))
        #expect(policy.archived.age == .days(90))
        #expect(policy.rules == [])
        #expect(policy.sizeLimit == nil)
        // Only the file has a window: the text was read.
        #expect(policy.window?.start == 3600)
        #expect(policy.window?.end == 5 * 3600)
    }

    @Test func everyKeyIsRead() throws {
        let policy = try Self.read(
            """
            # how long
            indexed: 2w            # weeks are days
            archived: forever
            size: 80%
            window: 22:30-4:00 Asia/Shanghai
            rule: "# one"
              service: pay-*, 'a, b' order
              host: pay-web-?,pay-app-1
              env: test
              format: nginx-*
              level: >=ERROR, <= DEBUG, none
              indexed: 0d
            rule: two
            level: warn
            archived: 100 days
            """)
        #expect(policy.indexed == AgeSetting(.days(14), line: 2))
        #expect(policy.archived == AgeSetting(.forever, line: 3))
        #expect(policy.sizeLimit == .perCent(80))
        #expect(policy.window?.text == "22:30-04:00 Asia/Shanghai")
        let one = policy.rules[0]
        #expect(one.name == "# one")
        #expect(one.line == 6)
        #expect(one.conditions.services == ["pay-*", "a, b", "order"])
        #expect(one.conditions.hosts == ["pay-web-?", "pay-app-1"])
        #expect(one.conditions.environments == ["test"])
        #expect(one.conditions.formats == ["nginx-*"])
        // none; 1 to 5; 17 to 31.
        #expect(one.conditions.severities == 0b1111_1111_1111_1110_0000_0000_0011_1111)
        #expect(one.indexed == AgeSetting(.days(0), line: 12))
        #expect(one.archived == nil)
        #expect(policy.rules[1].conditions.severities == 1 << 13)
        #expect(policy.rules[1].archived == AgeSetting(.days(100), line: 15))
        #expect(policy.longestAge() == .max)
    }

    @Test func whatIsNotWrittenIsBuiltIn() throws {
        let policy = try Self.read("indexed: 7d\n")
        #expect(policy.archived == AgeSetting(.days(90)))
        #expect(policy.window == nil)
        #expect(policy.longestAge() == 90 * 86_400_000_000_000)
        #expect(try Self.read("size: 1.5TB").sizeLimit == .bytes(1_500_000_000_000))
    }

    private static let ageHelp = "write whole days or weeks, such as '30d' or '4w', or 'forever'"

    @Test(
        arguments: [
            ("indexed: 30", "p:1:10: '30' has no unit; write '30d' for days"),
            ("indexed: -3d", "p:1:10: '-3d' is less than nothing; \(ageHelp)"),
            ("indexed: 36h", "p:1:10: '36h' is no age in days; a day is one file; \(ageHelp)"),
            ("indexed: 1.5d", "p:1:10: '1.5d' is no age in days; a day is one file; \(ageHelp)"),
            ("archived: long", "p:1:11: 'long' is no age; \(ageHelp)"),
            ("archived: forevr", "p:1:11: 'forevr' is no age; did you mean 'forever'?"),
            (
                "archived: 36526d", "p:1:11: '36526d' is more than a hundred years; write 'forever'"
            ),
            (
                "archived: 99999999999999999999w",
                "p:1:11: '99999999999999999999w' is more than a hundred years; write 'forever'"
            ),
            (
                "archived: 0d",
                "p:1:11: '0d' would remove every day as soon as it ends; leave out what is not "
                    + "wanted with 'exclude' in the shipper's configuration"
            ),
            (
                "size: 0%",
                "p:1:7: '0%' is no share of the disk; write a whole number from 1% to 100%"
            ),
            (
                "size: 101%",
                "p:1:7: '101%' is no share of the disk; write a whole number from 1% to 100%"
            ),
            (
                "size: 500",
                "p:1:7: '500' is no size; write a size, such as '500GB', or a share of the disk, "
                    + "such as '80%'"
            ),
            (
                "size: 0",
                "p:1:7: '0' would remove every day; write a size, such as '500GB', or a share of "
                    + "the disk, such as '80%'"
            ),
            (
                "window: 01:00-01:00",
                "p:1:9: the window '01:00-01:00' is empty; write another end, or '00:00-24:00' for "
                    + "the whole day"
            ),
            (
                "window: 1-5",
                "p:1:9: '1-5' is no window; write it like '01:00-05:00 Asia/Shanghai'"
            ),
            (
                "window: 01:00-24:01",
                "p:1:9: '01:00-24:01' is no window; write it like '01:00-05:00 Asia/Shanghai'"
            ),
            (
                "window: 01:00-05:00 Asia/Shangai",
                "p:1:21: time zone 'Asia/Shangai': unknown; did you mean Asia/Shanghai?"
            ),
            (
                "window: 01:00-05:00 UTC daily",
                "p:1:25: 'daily' is behind the window's end; write it like "
                    + "'01:00-05:00 Asia/Shanghai'"
            ),
            ("indxed: 3d", "p:1:1: unknown key 'indxed'; did you mean 'indexed'?"),
            ("keep: 3d", "p:1:1: unknown key 'keep'; did you mean 'archived'?"),
            (
                "service: a",
                "p:1:1: 'service' stands above the first rule; begin one before it: 'rule: NAME'"
            ),
            (
                "indexed: 3d\nindexed: 4d",
                "p:2:1: a second 'indexed' line; the first one is line 1; keep one of them"
            ),
            (
                "rule: a\nlevel: ERORR\nindexed: 1d",
                "p:2:8: 'ERORR' is no level; did you mean 'ERROR'?"
            ),
            (
                "rule: a\nlevel: WARN <TRACE\nindexed: 1d",
                "p:2:13: no level is <TRACE; levels go from TRACE to FATAL"
            ),
            (
                "rule: a\nservice: ,\nindexed: 1d",
                "p:2:10: there is no name between the commas; write one"
            ),
            (
                "rule: a\nservice: x\nsize: 80%\nindexed: 1d",
                "p:3:1: 'size' is no setting of a rule; write it above the first 'rule'"
            ),
            (
                "rule: a\nindexed: 1d",
                "p:1:7: the rule 'a' has no condition; say below it what it is about, such as "
                    + "'service: NAME' or 'level: >=ERROR'; what holds for all stands above the "
                    + "first rule"
            ),
            (
                "rule: a\nservice: x",
                "p:1:7: the rule 'a' has no age; write 'indexed: 7d' or 'archived: 90d' below it"
            ),
            (
                "rule: a\nservice: x\nindexed: 1d\nrule: a\nservice: y\nindexed: 1d",
                "p:4:7: a second rule 'a'; the first one is line 1; give one another name"
            ),
            // One mistake, not two: the condition is there, though misspelled.
            (
                "rule: a\nservce: x\nindexed: 1d",
                "p:2:1: unknown key 'servce'; did you mean 'service'?"
            ),
        ])
    func mistakesAreSaidWithTheirPlace(text: String, expected: String) {
        #expect(Self.message(text) == expected)
    }

    @Test func allMistakesAreFoundAtOnce() {
        let text = "indexed: 30\nsize: 0%\nrule: a\nlevel: LOUD\n"
        #expect(
            Self.message(text) == """
                p:1:10: '30' has no unit; write '30d' for days
                p:2:7: '0%' is no share of the disk; write a whole number from 1% to 100%
                p:3:7: the rule 'a' has no age; write 'indexed: 7d' or 'archived: 90d' below it
                p:4:8: 'LOUD' is no level; levels are TRACE, DEBUG, INFO, NOTICE, WARN, ERROR, CRIT, \
                ALERT, FATAL, none
                """)
    }

    // MARK: Rules together

    private static func early(_ archived: String, _ indexed: String, line: Int) -> String {
        "p:\(line): events would leave the archive after \(archived), before they leave the index "
            + "after \(indexed); 'archived' counts from the event on: make it at least as long as "
            + "'indexed'"
    }

    @Test(
        arguments: [
            ("indexed: 91d", early("90d (built in)", "91d (line 1)", line: 1)),
            ("archived: 29d", early("29d (line 1)", "30d (built in)", line: 1)),
            ("indexed: forever", early("90d (built in)", "forever (line 1)", line: 1)),
            (
                "archived: 60d\nrule: a\nlevel: ERROR\nindexed: 90d",
                early("60d (line 1)", "90d (line 4)", line: 4)
            ),
            // Of two rules, the events that both are about.
            (
                "rule: a\nservice: pay-*\nindexed: 60d\nrule: b\nlevel: >=WARN\narchived: 40d",
                early("40d (line 6)", "60d (line 3)", line: 6)
            ),
            (
                "rule: a\nservice: pay-*\nindexed: 60d\nrule: b\nservice: *-web\narchived: 40d",
                early("40d (line 6)", "60d (line 3)", line: 6)
            ),
            // They are about different events.
            (
                "rule: a\nservice: pay\nindexed: 60d\nrule: b\nservice: order\narchived: 40d", ""
            ),
            (
                "rule: a\nlevel: ERROR\nindexed: 60d\nrule: b\nlevel: WARN\narchived: 40d", ""
            ),
            // An earlier rule decides what both are about.
            (
                "rule: a\nservice: pay\nindexed: 60d\narchived: 60d\nrule: b\nservice: p*\n"
                    + "archived: 40d", ""
            ),
            (
                "rule: a\nlevel: >=ERROR\narchived: 200d\nrule: b\nlevel: >=WARN\nindexed: 100d",
                early("90d (built in)", "100d (line 6)", line: 6)
            ),
            (
                "rule: a\nlevel: >=ERROR\narchived: 200d\nrule: b\nlevel: ERROR CRIT\nindexed: 100d",
                ""
            ),
        ])
    func nothingLeavesTheArchiveBeforeTheIndex(text: String, expected: String) {
        #expect(Self.message(text) == expected)
    }

    private static func shadow(_ key: String, by name: String, _ line: Int, at: Int) -> String {
        "p:\(at): this '\(key)' never decides: the rule '\(name)' in line \(line) comes first for all "
            + "that this rule is about; put the narrower rule before the wider one, or take this "
            + "line out"
    }

    @Test(
        arguments: [
            (
                "rule: a\nservice: pay-*\nindexed: 1d\nrule: b\nservice: pay-web\nindexed: 2d",
                shadow("indexed", by: "a", 1, at: 6)
            ),
            (
                "rule: a\nlevel: >=WARN\nindexed: 1d\nrule: b\nlevel: ERROR\nhost: h\nindexed: 2d\n"
                    + "archived: 80d", shadow("indexed", by: "a", 1, at: 7)
            ),
            // Two that have all of the third one's levels.
            (
                "rule: a\nlevel: >=ERROR\nindexed: 1d\nrule: b\nlevel: <ERROR\nindexed: 2d\n"
                    + "rule: c\nservice: x\nlevel: >=DEBUG\nindexed: 3d",
                shadow("indexed", by: "b", 4, at: 10)
            ),
            ("rule: a\nlevel: ERROR\nindexed: 1d\nrule: b\nlevel: >=ERROR\nindexed: 2d", ""),
            ("rule: a\nlevel: ERROR\nindexed: 1d\nrule: b\nlevel: ERROR\narchived: 80d", ""),
            // Events without a level are left.
            (
                "rule: a\nlevel: >=TRACE\nindexed: 1d\nrule: b\nservice: *\nindexed: 2d", ""
            ),
        ])
    func rulesThatNeverDecideAreMistakes(text: String, expected: String) {
        #expect(Self.message(text) == expected)
    }

    @Test func aHundredRulesAreCheckedAndNoMore() {
        let rules = (1...101).map {
            "rule: r\($0)\nservice: a*\($0)*b, c*\($0)?\nindexed: \($0)d\narchived: 200d\n"
        }
        #expect(Self.message(rules.prefix(100).joined()) == "")
        #expect(
            Self.message(rules.joined())
                == "p:401:7: there are more than 100 rules; put several names into one, such as "
                + "'service: pay-*, order'")
    }

    @Test func theExampleIsAPolicy() throws {
        let path = #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined()
        let policy = try RetentionPolicy(
            reading: path + "/retention/examples/payment-platform.policy")
        #expect(policy.rules.map(\.name) == ["tests", "errors", "audit trail", "debug"])
    }
}
