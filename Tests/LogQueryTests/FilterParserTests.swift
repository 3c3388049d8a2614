import LogModel
import LogQuery
import Testing

@Suite struct FilterParserTests {
    @Test(arguments: [
        ("", Filter.all),
        ("  \t\n", .all),
        ("*", .all),
        ("timeout", word("timeout")),
        ("a b", .and([word("a"), word("b")])),
        ("a\u{3000}b", .and([word("a"), word("b")])),
        ("a AND b", .and([word("a"), word("b")])),
        ("a OR b", .or([word("a"), word("b")])),
        ("a b OR c", .or([.and([word("a"), word("b")]), word("c")])),
        ("a OR b c", .or([word("a"), .and([word("b"), word("c")])])),
        ("(a OR b) c", .and([.or([word("a"), word("b")]), word("c")])),
        ("(a)b", .and([word("a"), word("b")])),
        ("((a))", word("a")),
        ("NOT a b", .and([.not(word("a")), word("b")])),
        ("-a OR NOT b", .or([.not(word("a")), .not(word("b"))])),
        ("NOT NOT a", .not(.not(word("a")))),
        ("NOT(a b)", .not(.and([word("a"), word("b")]))),
        ("a AND(b)", .and([word("a"), word("b")])),
        ("-(a OR b)", .not(.or([word("a"), word("b")]))),
        ("-*", .not(.all)),
        ("a and b or not", .and([word("a"), word("and"), word("b"), word("or"), word("not")])),
        ("ANDROID ORDER NOTE", .and([word("ANDROID"), word("ORDER"), word("NOTE")])),
        (#"\AND "OR""#, .and([word("AND"), phrase("OR")])),
        ("支付失败 数据库", .and([word("支付失败"), word("数据库")])),
    ])
    func operatorsBindNotBeforeAndBeforeOr(query: String, expected: Filter) throws {
        #expect(try parse(query).filter == expected)
    }

    @Test(arguments: [
        (#""disk full""#, phrase("disk full")),
        (#""say \"hi\" \\ \n""#, phrase(#"say "hi" \ \n"#)),
        (#""a | b (c)""#, phrase("a | b (c)")),
        ("“磁盘 满”", .and([word("“磁盘"), word("满”")])),
        (
            #"*"ction refu"*"#,
            .text(
                TextPattern(parts: ["ction refu"], isPhrase: true, openStart: true, openEnd: true))
        ),
        ("refused*", .text(pattern("refused", openEnd: true))),
        ("*refused*", .text(pattern("refused", openStart: true, openEnd: true))),
        ("a*b", .text(pattern("a", "b"))),
        ("a**b*", .text(pattern("a", "b", openEnd: true))),
        (#"a\*b"#, word("a*b")),
        (#"\"quoted\""#, word(#""quoted""#)),
        (#"a\ b"#, word("a b")),
        (#"a\|b \(c\)"#, .and([word("a|b"), word("(c)")])),
        (#"\-since \\ \d+"#, .and([word("-since"), word(#"\"#), word(#"\d+"#)])),
        ("--since", word("--since")),
        (
            "[main] INFO - started",
            .and([word("[main]"), word("INFO"), word("-"), word("started")])
        ),
        (
            "com.mysql.cj order-123 user@example.com",
            .and([
                word("com.mysql.cj"), word("order-123"), word("user@example.com"),
            ])
        ),
        ("Bar.baz(Foo.java)", word("Bar.baz(Foo.java)")),
        ("(count())", word("count()")),
        (
            "a^2 +b ~c !d #e $f 'g;",
            .and([
                word("a^2"), word("+b"), word("~c"), word("!d"), word("#e"), word("$f"),
                word("'g;"),
            ])
        ),
        ("a=b x>=5 k=v,w", .and([word("a=b"), word("x>=5"), word("k=v,w")])),
    ])
    func wordsAndPhrasesKeepTheirText(query: String, expected: Filter) throws {
        #expect(try parse(query).filter == expected)
    }

    @Test(arguments: [
        ("java.net.ConnectException: refused", ["java.net.ConnectException:", "refused"]),
        ("10:15:03", ["10:15:03"]),
        ("2024-05-01T10:15:03Z", ["2024-05-01T10:15:03Z"]),
        ("http://example.com/a?b=c:d", ["http://example.com/a?b=c:d"]),
        ("jdbc:mysql://db:3306/control", ["jdbc:mysql://db:3306/control"]),
        ("std::vector", ["std::vector"]),
        ("::1 :8080 10.0.0.1:80", ["::1", ":8080", "10.0.0.1:80"]),
        ("错误:超时", ["错误:超时"]),
        (#"level\:ERROR"#, ["level:ERROR"]),
        ("level: ERROR", ["level:", "ERROR"]),
        ("col:", ["col:"]),
        ("at(Bar.java:12)", ["at(Bar.java:12)"]),
        ("a/b:c", ["a/b:c"]),
    ])
    func colonsOfTextMakeNoField(query: String, expected: [String]) throws {
        let words = expected.map(word)
        #expect(try parse(query).filter == (words.count == 1 ? words[0] : .and(words)))
    }

    @Test(arguments: [
        ("/time(out)?/", Filter.regex(RegexPattern(pattern: "time(out)?"))),
        ("/a b|c/i", .regex(RegexPattern(pattern: "a b|c", ignoresCase: true))),
        (#"/a\/b/"#, .regex(RegexPattern(pattern: #"a\/b"#))),
        ("(/a)/ OR b)", .or([.regex(RegexPattern(pattern: "a)")), word("b")])),
        ("/a/|head", .regex(RegexPattern(pattern: "a"))),
        ("/api/", .regex(RegexPattern(pattern: "api"))),
        ("/api/v2", word("/api/v2")),
        ("/api/v2/", word("/api/v2/")),
        ("/api/x", word("/api/x")),
        ("/ // /a", .and([word("/"), word("//"), word("/a")])),
        (#"/a\/"#, word("/a/")),
        ("a / b / c", .and([word("a"), word("/"), word("b"), word("/"), word("c")])),
        ("path:/v[0-9]+/", .field(.path, .regex(RegexPattern(pattern: "v[0-9]+")))),
        ("path:/api/v2/orders", .field(.path, .matches(pattern("/api/v2/orders")))),
        ("path:/api*", .field(.path, .matches(pattern("/api", openEnd: true)))),
    ])
    func aTermBetweenTwoSlashesIsARegex(query: String, expected: Filter) throws {
        #expect(try parse(query).filter == expected)
    }

    @Test(arguments: [
        ("a", nil), ("a | head 5", " head 5"), ("a|", ""), ("| stats count()", " stats count()"),
        (#""a|b" | sort"#, " sort"), ("/a|b/ | x | y", " x | y"), (#"a\|b"#, nil),
        ("level:ERROR|top 5 by path", "top 5 by path"), ("支付 | 头", " 头"),
    ])
    func theFirstPlainPipeEndsTheFilter(query: String, expected: String?) throws {
        let pipes = try parse(query).pipes
        #expect(pipes.map { String(decoding: Array(query.utf8)[$0], as: UTF8.self) } == expected)
    }

    @Test func regexesAreValidatedInOrderWithTheirPlaces() throws {
        var seen: [Range<Int>] = []
        _ = try FilterParser.parse("支 /a+/ path:(/b/i OR c)", knownAttributes: []) {
            pattern throws(QueryError) in seen.append(pattern.range)
        }
        #expect(seen == [5..<7, 16..<17])
    }

    @Test func anErrorOfTheValidationIsThrown() {
        let refusal = QueryError(problem: "unclosed group", query: "/(/", range: 1..<2)
        #expect(throws: refusal) {
            try FilterParser.parse("/(/", knownAttributes: []) { _ throws(QueryError) in
                throw refusal
            }
        }
    }
}
