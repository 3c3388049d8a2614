import LogQuery
import Testing

/// One row of the table: a pattern, a text, and where the leftmost match lies in it.
struct RegexCase: Sendable, CustomTestStringConvertible {
    let pattern: String
    let text: [UInt8]
    let expected: Range<Int>?

    init(_ pattern: String, _ text: String, _ expected: Range<Int>?) {
        (self.pattern, self.text, self.expected) = (pattern, Array(text.utf8), expected)
    }

    init(_ pattern: String, bytes: [UInt8], _ expected: Range<Int>?) {
        (self.pattern, self.text, self.expected) = (pattern, bytes, expected)
    }

    var testDescription: String { "/\(pattern)/ in '\(String(decoding: text, as: UTF8.self))'" }

    func check() throws {
        let matcher = try LogRegex(pattern).makeMatcher()
        text.withUnsafeBufferPointer { text in
            // Twice: the second time the automaton answers from its cache.
            for _ in 1...2 {
                #expect(matcher.matches(text) == (expected != nil))
                #expect(matcher.firstMatch(in: text) == expected)
            }
        }
    }
}

@Suite struct LogRegexTests {
    @Test(arguments: [
        RegexCase("", "", 0..<0),
        RegexCase("", "abc", 0..<0),
        RegexCase("b", "abc", 1..<2),
        RegexCase("bc", "abcbc", 1..<3),
        RegexCase("x", "", nil),
        RegexCase("a.c", "abc", 0..<3),
        RegexCase("a.c", "a\nc", nil),
        RegexCase("(?s)a.c", "a\nc", 0..<3),
        RegexCase("a|bc", "xbc", 1..<3),
        RegexCase("ab|a|abc", "abc", 0..<2),
        RegexCase("abc|ab", "abc", 0..<3),
        RegexCase("a||b", "b", 0..<0),
        RegexCase("(foo|bar)baz", "foobarbaz", 3..<9),
        RegexCase("a*", "aaab", 0..<3),
        RegexCase("a*?", "aaab", 0..<0),
        RegexCase("a+", "baaab", 1..<4),
        RegexCase("a+?", "baaab", 1..<2),
        RegexCase("a?b", "aab", 1..<3),
        RegexCase("a{2}", "aaa", 0..<2),
        RegexCase("a{2,}", "baaaa", 1..<5),
        RegexCase("a{2,3}", "aaaa", 0..<3),
        RegexCase("a{2,3}?", "aaaa", 0..<2),
        RegexCase("a{0}b", "ab", 1..<2),
        RegexCase("(ab){2}", "ababab", 0..<4),
        RegexCase("a{3}", "aab", nil),
        RegexCase(#"\d{4}-\d{2}"#, "on 2024-05-12", 3..<10),
        RegexCase("<.*>", "<a><b>", 0..<6),
        RegexCase("<.*?>", "<a><b>", 0..<3),
        RegexCase("(a*)*", "aab", 0..<2),
        RegexCase("(a|b)*c", "ababc", 0..<5),
        RegexCase("(?P<year>[0-9]+)-(?<month>[0-9]+)", "2024-05", 0..<7),
        RegexCase("(?:ab)+", "xababx", 1..<5),
        RegexCase("((((a))))", "ba", 1..<2),
    ])
    func findsTheLeftmostMatch(row: RegexCase) throws { try row.check() }

    @Test(arguments: [
        RegexCase("[abc]+", "xxbcayy", 2..<5),
        RegexCase("[a-c]+", "xxbcayy", 2..<5),
        RegexCase("[^a-c]+", "abxyc", 2..<4),
        RegexCase("[^a]", "\n", 0..<1),
        RegexCase("[]a]+", "x]a", 1..<3),
        RegexCase("[^]a]", "]ab", 2..<3),
        RegexCase("[a-]+", "x-a", 1..<3),
        RegexCase("[-a]+", "x-a", 1..<3),
        RegexCase(#"[\w.-]+"#, "!db-1.local!", 1..<11),
        RegexCase(#"[\w-.]+"#, "!db-1.local!", 1..<11),
        RegexCase(#"[\]\\]+"#, #"a]\"#, 1..<3),
        RegexCase("[.*+]", "a+", 1..<2),
        RegexCase("[[]", "a[", 1..<2),
        RegexCase(#"[\d\s]+"#, "a1 2b", 1..<4),
        RegexCase(#"[^\d\s]+"#, "1 ab2", 2..<4),
        RegexCase(#"[\x41-\x43]+"#, "xABCD", 1..<4),
        RegexCase("[[:alpha:]]+", "12ab34", 2..<4),
        RegexCase("[[:^alpha:]]+", "ab12c", 2..<4),
        RegexCase("[[:digit:][:space:]x]+", "a1 x-", 1..<4),
        RegexCase("[[:upper:]][[:lower:]]+", "an Error", 3..<8),
        RegexCase(#"\d+"#, "a42b", 1..<3),
        RegexCase(#"\D+"#, "42ab", 2..<4),
        RegexCase(#"\w+"#, "--a_1--", 2..<5),
        RegexCase(#"\W+"#, "a--b", 1..<3),
        RegexCase(#"\s+"#, "a \t\nb", 1..<4),
        RegexCase(#"\S+"#, "  ab ", 2..<4),
        RegexCase(#"\t\n\r"#, "a\t\n\r", 1..<4),
        RegexCase(#"\.\*\[\{\<"#, "a.*[{<", 1..<6),
        RegexCase(#"\x41\x{42}\u0043"#, "ABC", 0..<3),
        RegexCase(#"\Qa.b*\E+"#, "a.b***", 0..<6),
        RegexCase(#"\Q(.)"#, "x(.)", 1..<4),
        RegexCase(#"{"key": \d+}"#, #"x{"key": 12}"#, 1..<12),
        RegexCase("a{,3}", "a{,3}", 0..<5),
        RegexCase("a{x}", "a{x}", 0..<4),
    ])
    func readsClassesAndEscapes(row: RegexCase) throws { try row.check() }

    @Test(arguments: [
        RegexCase("^b", "a\nb", 2..<3),
        RegexCase("^b", "ab", nil),
        RegexCase("a$", "a\nb", 0..<1),
        RegexCase("a$", "ab", nil),
        RegexCase("b$", "a\nb", 2..<3),
        RegexCase("^$", "a\n\nb", 2..<2),
        RegexCase("$^", "a\n\nb", 2..<2),
        RegexCase("^$", "", 0..<0),
        RegexCase("^$", "a", nil),
        RegexCase("^", "ab", 0..<0),
        RegexCase("$", "ab", 2..<2),
        RegexCase("a$\n^b", "a\nb", 0..<3),
        RegexCase("(?m)^Caused by: .*$", "x\nCaused by: y\n\tat z", 2..<14),
        RegexCase("(?-m)^b", "a\nb", nil),
        RegexCase("(?-m)a$", "a\nb", nil),
        RegexCase(#"\Ab"#, "a\nb", nil),
        RegexCase(#"\Aa"#, "ab", 0..<1),
        RegexCase(#"(\Aa|\Ab)c"#, "bc", 0..<2),
        RegexCase(#"a\z"#, "a\na", 2..<3),
        RegexCase(#"a\z"#, "a\n", nil),
        RegexCase(#"(^|,)x(,|$)"#, "ax,x\nb", 2..<4),
        RegexCase(#"\bcat\b"#, "concat cat", 7..<10),
        RegexCase(#"\bcat\b"#, "concat cats", nil),
        RegexCase(#"\bcat"#, "cat", 0..<3),
        RegexCase(#"cat\b"#, "cat", 0..<3),
        RegexCase(#"\Bcat"#, "cat concat", 7..<10),
        RegexCase(#"cat\B"#, "cat cats", 4..<7),
        RegexCase(#"\b"#, "  a", 2..<2),
        RegexCase(#"\b"#, "  ", nil),
        RegexCase(#"\B"#, "a", nil),
        RegexCase(#"\B"#, "ab", 1..<1),
        RegexCase(#"\B"#, "", 0..<0),
        RegexCase(#"a\b.\bb"#, "a-b", 0..<3),
        RegexCase(#"a\b\b-"#, "a-", 0..<2),
        RegexCase(#"a\b\B-"#, "a-", nil),
        RegexCase(#"x*\b"#, "-xx", 1..<3),
    ])
    func honoursAssertions(row: RegexCase) throws { try row.check() }

    @Test(arguments: [
        RegexCase("错误", "发生错误了", 6..<12),
        RegexCase("错.重", "错误重试", 0..<9),
        RegexCase("^.{4}$", "错误重试", 0..<12),
        RegexCase("^.{5}$", "错误重试", nil),
        RegexCase("[错对]误", "有错误", 3..<9),
        RegexCase("[一-龥]+", "ab错误cd", 2..<8),
        RegexCase("[^错]", "错误", 3..<6),
        RegexCase("(错|误)+", "错误错x", 0..<9),
        RegexCase(#"\w+"#, "\u{FF0C}错误a1。", 3..<11),
        RegexCase(#"\W+"#, "错误\u{FF0C}。重", 6..<12),
        RegexCase(#"\b误"#, "错误", nil),
        RegexCase(#"\b重试\b"#, "错误\u{FF0C}重试。", 9..<15),
        RegexCase(#"error\b"#, "error错误 error,", 12..<17),
        RegexCase(#"\B误\b"#, "错误", 3..<6),
        RegexCase(#"\B"#, "错", nil),
        RegexCase(#"\B"#, "é", nil),
        RegexCase(#"\B"#, ",", 0..<0),
        RegexCase(#"\s"#, "错\u{3000}误", 3..<6),
        RegexCase(#"\p{Han}+"#, "abc错误def", 3..<9),
        RegexCase(#"\P{Han}+"#, "错abc误", 3..<6),
        RegexCase(#"\p{^Han}"#, "错a", 3..<4),
        RegexCase(#"[\p{Han}a]+"#, "b错a", 1..<5),
        RegexCase(#"\p{L}+"#, "12Größe3", 2..<9),
        RegexCase(#"\pN+"#, "a1\u{FF12}①", 1..<8),
        RegexCase(#"\p{Lu}"#, "éÉ", 2..<4),
        RegexCase(#"\p{Script=Hiragana}+"#, "漢字かな", 6..<12),
        RegexCase(#"\u9519\x{8BEF}"#, "发生错误", 6..<12),
        RegexCase("[😀-😂]", "x😁", 1..<5),
        RegexCase(".", "😁", 0..<4),
        RegexCase("é+", "éé", 0..<4),
    ])
    func readsTextAsUnicode(row: RegexCase) throws { try row.check() }

    @Test(arguments: [
        RegexCase("(?i)error", "an ERRor", 3..<8),
        RegexCase("ERR(?i)or", "ERROR", 0..<5),
        RegexCase("ERR(?i)or", "errOR", nil),
        RegexCase("(?i:e)rror", "Error", 0..<5),
        RegexCase("(?i:e)rror", "ERROR", nil),
        RegexCase("((?i)a)b", "AB", nil),
        RegexCase("(?i)a(?-i)b", "Ab", 0..<2),
        RegexCase("(?i)a(?-i)b", "AB", nil),
        RegexCase("(?i)[a-c]+", "xABCd", 1..<4),
        RegexCase("(?i)[^a]", "Ab", 1..<2),
        RegexCase("(?i)größe", "GRÖSSE GRÖßE", 8..<15),
        RegexCase("(?i)ОШИБКА", "ошибка", 0..<12),
        RegexCase("(?i)σ", "Σ", 0..<2),
        RegexCase("(?i)k", "\u{212A}", nil),
        RegexCase("(?i)错误E", "错误e", 0..<7),
        RegexCase("(?is)A.B", "a\nb", 0..<3),
    ])
    func foldsCaseWhereAsked(row: RegexCase) throws { try row.check() }

    @Test(arguments: [
        RegexCase("a.b", bytes: [0x61, 0xFF, 0x62], 0..<3),
        RegexCase("a.b", bytes: [0x61, 0xE9, 0x94, 0x62], nil),
        RegexCase("a..b", bytes: [0x61, 0xE9, 0x94, 0x62], 0..<4),
        RegexCase("^.{3}$", bytes: [0xD6, 0xD0, 0xCE], 0..<3),
        RegexCase(".+", bytes: [0x80, 0xC0, 0xAF, 0x0A], 0..<3),
        RegexCase("[^x]{2}y", bytes: [0x78, 0xBF, 0xF8, 0x79], 1..<4),
        RegexCase("[^错]", bytes: [0xE9, 0x94], 0..<1),
        RegexCase(#"\W"#, bytes: [0x61, 0xFF], 1..<2),
        RegexCase(#"\w"#, bytes: [0xFF, 0xC3], nil),
        RegexCase(#"a\b"#, bytes: [0x61, 0xFF], 0..<1),
        RegexCase(#"\B"#, bytes: [0xFF, 0xFF], 0..<0),
        RegexCase("错", bytes: [0xE9, 0xE9, 0x94, 0x99], 1..<4),
        RegexCase(".错", bytes: [0xE9, 0xE9, 0x94, 0x99], 0..<4),
        RegexCase("ÿ", bytes: [0xFF], nil),
        RegexCase("^.$", bytes: [0xED, 0xA0, 0x80], nil),
        RegexCase("^...$", bytes: [0xED, 0xA0, 0x80], 0..<3),
        RegexCase("^.{4}$", bytes: [0xF4, 0x90, 0x80, 0x80], 0..<4),
        RegexCase("a\0b", bytes: [0x61, 0x00, 0x62], 0..<3),
    ])
    func stepsOverBytesThatAreNotUTF8(row: RegexCase) throws { try row.check() }

    @Test(
        arguments: [
            ("a", 0, 0..<1), ("a", 1, 2..<3), ("^a", 1, 3..<4), (#"\Aa"#, 1, nil), ("$", 1, 2..<2),
            (#"\ba"#, 1, 3..<4), ("b", 1, 1..<2), ("a", 5, nil), ("a", -1, nil), ("$", 4, 4..<4),
            ("a", 4, nil),
        ] as [(String, Int, Range<Int>?)])
    func searchesFromTheMiddle(pattern: String, start: Int, expected: Range<Int>?) throws {
        let matcher = try LogRegex(pattern).makeMatcher()
        let text = Array((pattern == "a" ? "abaa" : "ab\na").utf8)
        text.withUnsafeBufferPointer { text in
            #expect(matcher.firstMatch(in: text, from: start) == expected)
        }
    }

    @Test func caseInsensitiveOptionIsTheSameAsTheFlag() throws {
        let regex = try LogRegex("time ?out", caseInsensitive: true)
        let text = Array("Read TimeOut".utf8)
        text.withUnsafeBufferPointer { text in
            #expect(regex.makeMatcher().firstMatch(in: text) == 5..<12)
        }
        #expect(try regex != LogRegex("time ?out"))
        #expect(try regex == LogRegex("time ?out", caseInsensitive: true))
    }

    @Test func emptyBufferIsAText() throws {
        let nothing = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
        for (pattern, expected) in [("", true), ("^$", true), ("a", false), (".", false)] {
            let matcher = try LogRegex(pattern).makeMatcher()
            #expect(matcher.matches(nothing) == expected)
            #expect((matcher.firstMatch(in: nothing) == 0..<0) == expected)
        }
    }
}
