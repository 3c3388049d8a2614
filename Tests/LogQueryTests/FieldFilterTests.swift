import LogModel
import LogQuery
import Testing

@Suite struct FieldFilterTests {
    @Test(arguments: [
        ("level:ERROR", Filter.field(.level, .matches(pattern("ERROR")))),
        (#"msg:"disk full""#, .field(.message, .matches(quoted("disk full")))),
        ("service:=control", .field(.service, .exactly("control"))),
        (#"service:="control *""#, .field(.service, .exactly("control *"))),
        (#"service:=a*\*b"#, .field(.service, .exactly("a**b"))),
        (#"service:="""#, .field(.service, .exactly(""))),
        (
            "msg:*refused*",
            .field(.message, .matches(pattern("refused", openStart: true, openEnd: true)))
        ),
        ("traceId:*", .field(.traceId, .exists)),
        (
            "-path:/health*",
            .not(.field(.path, .matches(pattern("/health", openEnd: true))))
        ),
        ("msg:a:b", .field(.message, .matches(pattern("a:b")))),
        ("msg:http://x/y", .field(.message, .matches(pattern("http://x/y")))),
        ("msg:AND x", .and([.field(.message, .matches(pattern("AND"))), word("x")])),
        ("msg:-5", .field(.message, .matches(pattern("-5")))),
        (#"msg:\[main\]"#, .field(.message, .matches(pattern("[main]")))),
        ("msg:/e+/i", .field(.message, .regex(RegexPattern(pattern: "e+", ignoresCase: true)))),
    ])
    func valuesAreMatched(query: String, expected: Filter) throws {
        #expect(try parse(query).filter == expected)
    }

    @Test(arguments: [
        ("status:>=500", Filter.field(.status, .compare(.greaterOrEqual, value("500", 500)))),
        ("status:<400", .field(.status, .compare(.less, value("400", 400)))),
        ("took:>500ms", .field(.took, .compare(.greater, value("500ms", 0.5)))),
        // The number nearest to 0.009, which 9 * 0.001 is not.
        ("took:>9ms", .field(.took, .compare(.greater, value("9ms", 0.009)))),
        ("took:<=2", .field(.took, .compare(.lessOrEqual, value("2", 2)))),
        ("bytes:>10k", .field(.size, .compare(.greater, value("10k", 10_000)))),
        ("bytes:>4MiB", .field(.size, .compare(.greater, value("4MiB", 4_194_304)))),
        (
            "level:>=WARN",
            .field(.levelNumber, .compare(.greaterOrEqual, value("WARN", 13)))
        ),
        ("level:<severe", .field(.levelNumber, .compare(.less, value("severe", 17)))),
        (
            "ip:>10.0.0.255",
            .field(.client, .compare(.greater, value("10.0.0.255", 167_772_415)))
        ),
        (
            "time:>=2024-05-01T10:15:03Z",
            .field(.time, .compare(.greaterOrEqual, value("2024-05-01T10:15:03Z")))
        ),
        (
            #"time:<"2024-05-01 10:15""#,
            .field(.time, .compare(.less, value("2024-05-01 10:15")))
        ),
        ("app.retries:>-3", .field(.retries, .compare(.greater, value("-3", -3)))),
        ("app.retries:>v2", .field(.retries, .compare(.greater, value("v2")))),
        ("service:>=m", .field(.service, .compare(.greaterOrEqual, value("m")))),
    ])
    func comparisonsReadTheFieldsOwnUnit(query: String, expected: Filter) throws {
        #expect(try parse(query).filter == expected)
    }

    @Test func nanosecondsOfTheECSNameBecomeSeconds() throws {
        let field = FieldReference(
            name: "http.server.request.duration", written: "event.duration", type: .nanoseconds)
        let expected = value("2000000000", 2_000_000_000 * 1e-9)
        #expect(
            try parse("event.duration:>2000000000").filter
                == .field(field, .compare(.greater, expected)))
    }

    @Test(
        arguments: [
            ("[400 TO 499]", value("400", 400), value("499", 499), true, true),
            ("{400 TO 500}", value("400", 400), value("500", 500), false, false),
            ("[ 400   TO 500 }", value("400", 400), value("500", 500), true, false),
            ("[500 TO *]", value("500", 500), nil, true, true),
            ("{* TO 400]", nil, value("400", 400), false, true),
            (#"["400" TO "499"]"#, value("400", 400), value("499", 499), true, true),
        ] as [(String, FieldValue?, FieldValue?, Bool, Bool)])
    func rangesHaveTwoEnds(
        text: String, lower: FieldValue?, upper: FieldValue?, lowerIn: Bool, upperIn: Bool
    ) throws {
        let test = FieldTest.range(
            lower: lower, upper: upper, includesLower: lowerIn, includesUpper: upperIn)
        #expect(try parse("status:\(text)").filter == .field(.status, test))
    }

    @Test func rangesOfTimesMayHoldColons() throws {
        let test = FieldTest.range(
            lower: value("10:15"), upper: value("2024-05-01T11:00:00+08:00"), includesLower: true,
            includesUpper: true)
        let query = "time:[10:15 TO 2024-05-01T11:00:00+08:00]"
        #expect(try parse(query).filter == .field(.time, test))
    }

    @Test(arguments: [
        (
            #"level:(ERROR OR WARN OR "very bad")"#,
            Filter.or([
                .field(.level, .matches(pattern("ERROR"))),
                .field(.level, .matches(pattern("WARN"))),
                .field(.level, .matches(quoted("very bad"))),
            ])
        ),
        (
            "status:(>=400 <500)",
            .and([
                .field(.status, .compare(.greaterOrEqual, value("400", 400))),
                .field(.status, .compare(.less, value("500", 500))),
            ])
        ),
        (
            "path:(/a/ -x:y)",
            .and([
                .field(.path, .regex(RegexPattern(pattern: "a"))),
                .not(.field(.path, .matches(pattern("x:y")))),
            ])
        ),
        (
            "msg:(a (b OR NOT c*))",
            .and([
                .field(.message, .matches(pattern("a"))),
                .or([
                    .field(.message, .matches(pattern("b"))),
                    .not(.field(.message, .matches(pattern("c", openEnd: true)))),
                ]),
            ])
        ),
        (
            "status:(=500 OR [200 TO 299] OR *)",
            .or([
                .field(.status, .exactly("500")),
                .field(
                    .status,
                    .range(
                        lower: value("200", 200), upper: value("299", 299), includesLower: true,
                        includesUpper: true)),
                .field(.status, .exists),
            ])
        ),
        ("-msg:(a)", .not(.field(.message, .matches(pattern("a"))))),
    ])
    func aGroupBelongsToItsField(query: String, expected: Filter) throws {
        #expect(try parse(query).filter == expected)
    }

    @Test(arguments: [
        ("mdc.traceId", "mdc.traceId", FieldType.any),
        ("MDC.traceid", "mdc.traceId", .any),
        ("traceId", "mdc.traceId", .any),
        ("TRACEID", "mdc.traceId", .any),
        ("Kind", "app.Kind", .any),
        ("kind", "app.kind", .any),
        ("app.node", "app.node", .any),
        ("订单", "订单", .any),
        ("Log.Level", "SeverityText", .severity),
        ("file", "log.file.path", .file),
        ("log.file.path", "log.file.path", .text),
        ("@timestamp", "Timestamp", .time),
    ])
    func namesFindTheirField(written: String, stored: String, type: FieldType) throws {
        let field = FieldReference(name: stored, written: written, type: type)
        #expect(try parse("\(written):x").filter == .field(field, .matches(pattern("x"))))
    }
}
