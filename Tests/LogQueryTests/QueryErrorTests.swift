import LogQuery
import Testing

@Suite struct QueryErrorTests {
    private static let quoteTerm = "to search for the word itself, quote it: "

    @Test(arguments: [
        (
            "statsu:500", "unknown field 'statsu'", "statsu",
            #"did you mean 'status'? to search for it as text, quote it: "statsu:500""#
        ),
        (
            "a (order-1:x)", "unknown field 'order-1'", "order-1",
            "common fields are level, time, service, host, file, msg, exception, status, path; "
                + #"to search for it as text, quote it: "order-1:x""#
        ),
        (
            #"lvl:"a b""#, "unknown field 'lvl'", "lvl",
            "did you mean 'level'? to search for it as text, put it in quotes"
        ),
        (
            "支付 traceIdd:7", "unknown field 'traceIdd'", "traceIdd",
            #"did you mean 'mdc.traceId'? to search for it as text, quote it: "traceIdd:7""#
        ),
        (
            "node:a", "'node' can mean more than one field", "node",
            "write the whole name: 'app.node' or 'k8s.node'"
        ),
        (
            "KIND:a", "'KIND' can mean more than one field", "KIND",
            "write the whole name: 'app.Kind' or 'app.kind'"
        ),
        ("a OR", "OR has nothing after it", "OR", quoteTerm + #""OR""#),
        ("a AND | head", "AND has nothing after it", "AND", quoteTerm + #""AND""#),
        ("OR a", "OR has nothing before it", "OR", quoteTerm + #""OR""#),
        ("a AND OR b", "OR has nothing before it", "OR", quoteTerm + #""OR""#),
        ("(NOT)", "NOT has nothing after it", "NOT", quoteTerm + #""NOT""#),
        (
            "a (b c", "unclosed '('", "(",
            #"close it with ')', or write \( for the character itself"#
        ),
        ("a)", "')' closes nothing", ")", #"remove it, or write \) for the character itself"#),
        (
            "a ( )", "nothing between the parentheses", "( )",
            #"put terms between them, or write \( and \) for the characters themselves"#
        ),
        (
            "(a | b)", "a pipe inside parentheses", "|",
            #"write OR between alternatives, or \| for the character itself"#
        ),
        (
            "NEAR(a b)", "'(' inside a word is never closed", "(",
            "put a blank before it to group terms, or quote the text"
        ),
        (#"a "b c"#, "unclosed quote", "\"", #"close it with ", or write \" for the quote itself"#),
        (
            #"msg="x y""#, "a quote inside a word", "\"",
            #"put a blank before it to begin a phrase, or write \" for the quote itself"#
        ),
        (
            #""a"支"#, "text goes on behind a phrase", "支",
            #"put a blank behind the closing quote, or write \" for a quote inside"#
        ),
        (
            #"a """#, "an empty phrase", "\"\"",
            #"put text between the quotes; field:="" finds empty values"#
        ),
        (
            "status:>=many", "'many' is no number", "many",
            "status is a number, such as status:>=100"
        ),
        ("status:>nan", "'nan' is no number", "nan", "status is a number, such as status:>=100"),
        (
            "level:>=WARM", "'WARM' is no level", "WARM",
            "levels are TRACE, DEBUG, INFO, NOTICE, WARN, ERROR, CRIT, ALERT, FATAL, or 1 to 24"
        ),
        (
            "took:>5x", "'5x' is no duration", "5x",
            "took is in seconds, such as took:>=0.5, 500ms or 2m"
        ),
        (
            "bytes:[1k TO lots]", "'lots' is no size", "lots",
            "bytes counts bytes, such as bytes:>=1000, 10k or 4MiB"
        ),
        (
            "ip:>10.0.0.256", "'10.0.0.256' is no IPv4 address", "10.0.0.256",
            "only those have an order; other addresses take wildcards"
        ),
        (
            "status:>= 500", "'>=' has nothing after it", ">=",
            "write the value right behind it, without a blank"
        ),
        (
            "status:=>500", "unknown sign '=>'", "=>",
            #"did you mean '>='? to search for such text, quote it: status:"=>…""#
        ),
        (
            "status:!=500", "unknown sign '!='", "!=",
            #"did you mean NOT status:=value? to search for such text, quote it: status:"!=…""#
        ),
        (
            "status:>5*", "a value that is compared has no wildcards", "5*",
            "write the value out, or quote it when the star is part of it"
        ),
        (
            "status:[400 to 499]", "TO is written in capitals", "to",
            "write status:[low TO high]"
        ),
        (
            "msg:[main]", "a range needs two ends and TO between them", "[main",
            "write msg:[low TO high], with * for an open end; "
                + "to search for text that begins so, quote it"
        ),
        (
            "status:[400 TO 499", "unclosed '['", "[",
            "close it behind the second end: ']' keeps that end, '}' leaves it out"
        ),
        (
            "status:[500 TO 400]", "the range ends before it begins", "[500 TO 400]",
            "write the smaller value first"
        ),
        (
            "status:[4 TO 5]x", "text goes on behind a range", "x",
            "put a blank behind the closing bracket"
        ),
    ])
    func mistakesAreNamedPlacedAndHelped(
        query: String, problem: String, marked: String, help: String
    ) throws {
        let error = try #require(throws: QueryError.self) { try parse(query) }
        #expect(error.problem == problem)
        #expect(String(decoding: Array(query.utf8)[error.range], as: UTF8.self) == marked)
        #expect(error.help == help)
        #expect(error.query == query)
    }

    @Test func theRangeIsTheVeryPlaceNotAnEqualTextBefore() throws {
        let error = try #require(throws: QueryError.self) { try parse("a OR b OR") }
        #expect(error.range == 7..<9)
    }

    @Test(arguments: ["(", "-(", "NOT ", "(a OR ("])
    func nestingIsLimited(opening: String) throws {
        let deep = String(repeating: opening, count: 100) + "a"
        let closing = String(repeating: ")", count: deep.utf8.count { $0 == UInt8(ascii: "(") })
        let tooDeep = String(repeating: opening, count: 5_000) + "a"
        #expect(throws: Never.self) { try parse(deep + closing) }
        let error = try #require(throws: QueryError.self) { try parse(tooDeep) }
        #expect(error.problem == "the query nests deeper than 200 levels")
    }

    @Test func exactlyTwoHundredLevelsAreTaken() throws {
        let allowed = String(repeating: "NOT ", count: 200) + "a"
        #expect(throws: Never.self) { try parse(allowed) }
        let error = try #require(throws: QueryError.self) { try parse("NOT " + allowed) }
        #expect(error.range == 800..<803)
    }

    @Test func lengthIsLimited() throws {
        #expect(throws: Never.self) { try parse(String(repeating: "a", count: 65_536)) }
        let error = try #require(throws: QueryError.self) {
            try parse(String(repeating: "a", count: 65_540))
        }
        #expect(error.problem == "the query has 65540 bytes")
        #expect(error.range == 65_536..<65_540)
    }
}
