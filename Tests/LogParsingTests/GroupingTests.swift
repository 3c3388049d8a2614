import LogModel
import LogParsing
import Testing

/// `flag body` of each event: `=` parsed, `?` unparsed, `~` partial.
private func bodies(_ text: String, _ patterns: [Pattern]) -> [String] {
    let batch = parse(Array(text.utf8), patterns)
    return batch.rows.indices.map { index in
        let event = batch.event(at: index, source: source)
        return (event.flags.contains(.isUnparsed) ? "?" : "=") + shown(event.body)
    }
}

private let first = "2026-11-18 00:00:17.753 [main] INFO  c.E - "

@Test(arguments: [
    // Lines that nothing claims continue the event, blank lines inside too.
    ([first + "a", "b", "", " c", "", "", first + "d"], ["=a\nb\n\n c", "=d"]),
    // Another log's lines, and what follows them.
    (
        [first + "a", "2026-11-18T00:00:18.339+0800: 1.2: [GC]", "x", first + "d"],
        ["=a", "?2026-11-18T00:00:18.339+0800: 1.2: [GC]\nx", "=d"]
    ),
    // Before the first event.
    (["", "", "Banner", " :: v1", "", first + "a"], ["?Banner", "? :: v1", "=a"]),
    (
        ["x", "a.b.CException: no", "\tat a.B.c(B.java:1)", "y", first + "a"],
        ["?x", "?a.b.CException: no\n\tat a.B.c(B.java:1)", "?y", "=a"]
    ),
    // A date at the start of a continued line, but no time.
    ([first + "a", "2026-11-18 is the day"], ["=a\n2026-11-18 is the day"]),
])
func linesFormEvents(lines: [String], expected: [String]) throws {
    let patterns = [try Pattern(.logback, defaultLogback, format: "f")]
    #expect(bodies(lines.joined(separator: "\n") + "\n", patterns) == expected)
}

@Test func accessLogsKeepStrangeLinesApart() throws {
    let patterns = [try Pattern(.tomcat, "common", format: "f")]
    let line = #"1.2.3.4 - - [10/Oct/2000:13:55:36 -0700] "GET / HTTP/1.0" 200 1"#
    #expect(
        bodies("- - -\n\(line)\nfoo\nbar\n", patterns)
            == ["?- - -", "=GET / HTTP/1.0", "?foo", "?bar"])
}

@Test func patternsAreTriedInOrder() throws {
    let patterns = try compiled(.nginx, "$remote_addr $status $request_time\n$remote_addr $status")
    #expect(bodies("a 200 0.1\nb 200\nc\n", patterns) == ["=a 200 0.1", "=b 200", "?c"])
}

@Test(arguments: [
    (#""r" "b" "-""#, "b"), (#""r" "b" 0.1 "c""#, "b"), (#""r" "b "c" d""#, #"b "c" d"#),
])
func aPatternThatFitsWellWinsOverOneThatFitsSomehow(line: String, agent: String) throws {
    let patterns = try compiled(
        .nginx,
        #"""
        [$time_local] "$http_referer" "$http_user_agent"
        [$time_local] "$http_referer" "$http_user_agent" $rest
        """#)
    let text = "[10/Oct/2000:13:55:36 -0700] \(line)"
    let event = parse(Array(text.utf8), patterns).event(at: 0, source: source)
    #expect(event.attribute("user_agent.original") == .text(Array(agent.utf8)))
}

@Test func byteOrderMarkAndNulsAreCleanedAway() throws {
    let patterns = [try Pattern(.logback, defaultLogback, format: "f")]
    #expect(bodies("\u{FEFF}" + first + "a\n\0\0\0" + first + "b\n", patterns) == ["=a", "=b"])
}

@Test(arguments: [
    ("23:59:59,000 a\n00:00:01,000 b\n", ["2026-11-21T23:59:59.000Z", "2026-11-22T00:00:01.000Z"]),
    ("00:00:01,000 a\n23:59:59,000 b\n", ["2026-11-21T00:00:01.000Z", "2026-11-20T23:59:59.000Z"]),
    ("10:00:00,000 a\n09:59:59,000 b\n", ["2026-11-21T10:00:00.000Z", "2026-11-21T09:59:59.000Z"]),
])
func timesOfDayTakeTheDateFromTheirNeighbours(text: String, expected: [String]) throws {
    #expect(times(text, try compiled(.logback, "%d{HH:mm:ss,SSS} %m%n")) == expected)
}

private func times(_ text: String, _ patterns: [Pattern], zone: Zone = .utc) -> [String] {
    parse(Array(text.utf8), patterns, zone: zone).rows.map { row in
        var out: [UInt8] = []
        RFC3339.append(row.timestamp, fractionDigits: 3, to: &out)
        return shown(out) + (row.flags.contains(.timeIsDerived) ? " derived" : "")
    }
}

@Test(arguments: [
    ("%d{MMM dd HH:mm:ss} %m%n", "Nov 22 00:00:00 a\n", "2026-11-22T00:00:00.000Z"),
    ("%d{MMM dd HH:mm:ss} %m%n", "Dec 01 00:00:00 a\n", "2025-12-01T00:00:00.000Z"),
    ("%d{MMM dd HH:mm:ss} %m%n", "Feb 29 00:00:00 a\n", "2024-02-29T00:00:00.000Z"),
    ("%d{yyyy-MM-dd HH:mm:ss} %m%n", "9999-01-01 00:00:00 a\n", "2026-11-21T00:00:00.000Z derived"),
])
func missingYearsAndImpossibleTimesAreFilledIn(
    pattern: String, text: String, expected: String
) throws {
    #expect(times(text, try compiled(.logback, pattern)) == [expected])
}

@Test(arguments: [
    ("2026-11-18T01:02:03.5Z x", "2026-11-18T01:02:03.500Z"),
    ("2026-11-18 01:02:03,123 x", "2026-11-18T01:02:03.123Z"),
    ("[2026-11-18 01:02:03+08:00] x", "2026-11-17T17:02:03.000Z"),
    ("2026/11/18 01:02:03 x", "2026-11-18T01:02:03.000Z"),
    ("1.2.3.4 - [10/Oct/2000:13:55:36 -0700] x", "2000-10-10T20:55:36.000Z"),
    ("1609459200.123 x", "2021-01-01T00:00:00.123Z"),
    ("1609459200123 x", "2021-01-01T00:00:00.123Z"),
    ("Jul 30, 2020 3:00:21 PM x", "2020-07-30T15:00:21.000Z"),
    ("hello 2026", "2026-11-21T00:00:00.000Z derived"),
])
func unparsedLinesTakeTheTimeAtTheirStart(line: String, expected: String) {
    #expect(times(line + "\n", []) == [expected])
}

@Test func timesWithoutAZoneAreReadInTheSources() throws {
    let zone = Zone(name: "+08:00", offset: 28_800)
    #expect(
        times(first + "a\n", try compiled(.logback, defaultLogback), zone: zone)
            == ["2026-11-17T16:00:17.753Z"])
}

@Test func lastTimestampCarriesOver() throws {
    var parser = LogParser(
        format: "f", patterns: try compiled(.logback, defaultLogback), zone: .utc, fallbackTime: 5)
    #expect(parser.lastTimestamp == 5)
    parser.lastTimestamp = 7
    var batch = EventBatch()
    let text = Array("plain\n".utf8)
    _ = text.withUnsafeBufferPointer {
        parser.parse($0, offset: 100, isFinal: true, into: &batch)
    }
    #expect(batch.rows[0].timestamp == 7)
    #expect(batch.rows[0].offset == 100)
    #expect(parser.lastTimestamp == 7)
}

@Test func longLinesComeInPiecesOfALimitedSize() throws {
    let limit = 1 << 20
    let pattern = try compiled(.logback, defaultLogback)
    var text = Array(first.utf8)
    text += Array(repeating: 0x78, count: 5 * limit / 2)
    text += Array("\n\(first)b\n".utf8)
    let batch = parse(text, pattern)
    let lengths = [limit, limit, first.utf8.count + limit / 2 + 1, first.utf8.count + 2]
    #expect(batch.rows.map { Int($0.length) } == lengths)
    #expect(batch.rows.map(\.flags.rawValue) == [16, 21, 21, 0])
    let cut = parse(text, pattern, cuts: Array(stride(from: 1000, to: text.count, by: 700_001)))
    #expect(cut.rows == batch.rows)
}

@Test func longEventsAreCutBetweenLines() throws {
    let pattern = try compiled(.logback, defaultLogback)
    var text = Array("\(first)a\n".utf8)
    for _ in 0..<1 << 20 { text += [0x79, 0x0A] }
    let batch = parse(text, pattern)
    #expect(batch.rows.allSatisfy { $0.length - $0.terminatorLength <= 1 << 20 })
    #expect(batch.rows.reduce(0) { $0 + Int($1.length) } == text.count)
    #expect(batch.rows.dropLast().allSatisfy { $0.flags.contains(.isPartial) })
    #expect(batch.rows.count == 3)
}

@Test func tenMillionShortLinesTakeLinearTime() {
    let text = Array(repeating: [0x78, 0x0A] as [UInt8], count: 1_000_000).flatMap { $0 }
    #expect(parse(text, []).rows.count == 1_000_000)
}

@Test func invalidBytesAreMarkedOnTheirRowOnly() {
    let text: [UInt8] = [0x61, 0x0A, 0xFF, 0x0A, 0xE4, 0xBD, 0xA0, 0x0A, 0xED, 0xA0, 0x80, 0x0A]
    #expect(
        parse(text, []).rows.map { $0.flags.contains(.isInvalidUTF8) } == [
            false, true, false, true,
        ])
}
