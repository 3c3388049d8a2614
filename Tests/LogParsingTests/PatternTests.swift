import LogModel
import LogParsing
import Presentation
import Testing

@Test(arguments: javaSamples + accessSamples)
func yieldsTheFieldsOfItsLine(sample: Sample) throws {
    let batch = parse(Array((sample.text + "\n").utf8), try compiledPattern(of: sample))
    #expect(batch.rows.count == 1)
    #expect(fields(of: batch.event(at: 0, source: source)) == sample.expected)
}

@Test(arguments: javaSamples + accessSamples)
func givesEveryByteBack(sample: Sample) throws {
    for terminator in ["", "\n", "\r\n", "\n\n\r\n"] {
        let text = sample.text
        let batch = parse(Array((text + terminator).utf8), try compiledPattern(of: sample))
        let row = try #require(batch.rows.first)
        #expect(original(row, batch) == Array(text.utf8))
        #expect(rebuilt(row, batch) == Array(text.utf8))
        #expect(Int(row.terminatorLength) == terminator.utf8.count)
    }
}

@Test(arguments: [
    (Notation.logback, "%d %foo", 3, "unknown word '%foo'"),
    (.logback, "%d{YYYY-MM-dd} %m", 2, "date pattern 'YYYY-MM-dd': 'YYYY' cannot be read"),
    (.logback, "%msg %message", 0, "the pattern has two messages"),
    (.logback, "%d{yyyy", 2, "the '{' has no end"),
    (.logback, "plain text", 0, "the pattern has no field"),
    (.logback, "%5.x", 3, "a number must follow the '.' of a width"),
    (.nginx, "$remote_addr $ x", 13, "a variable's name must follow the '$'"),
    (.nginx, "log_format a escape=html '$uri';", 24, "unknown escape 'html'"),
    (.tomcat, "%h %Z", 3, "unknown code '%Z'"),
    (.tomcat, "%h %{a}z", 3, "unknown code '%{a}z'"),
])
func saysWhereAPatternIsWrong(
    notation: Notation, text: String, offset: Int, problem: String
) {
    #expect {
        try Pattern(notation, text, format: "f")
    } throws: { error in
        let error = error as? PatternError
        return error?.problem == problem && error?.offset == offset
    }
}

@Test func severityOfAccessLinesIsMarkedAsDerived() throws {
    let batch = parse(Array(accessSamples[0].text.utf8), try compiledPattern(of: accessSamples[0]))
    #expect(batch.rows[0].flags == .severityIsDerived)
}

@Test func layoutsNameTheFieldsThatTheyYield() throws {
    let batch = parse(Array(accessSamples[0].text.utf8), try compiledPattern(of: accessSamples[0]))
    let layout = batch.layouts[Int(batch.rows[0].layout)]
    #expect(layout.fieldIndices(named: "url.query") == [5])
    #expect(layout.fieldIndices(named: "mdc.x") == [])
    #expect(layout.requestFields == 3...6)
    let java = parse(Array(javaSamples[0].text.utf8), try compiledPattern(of: javaSamples[0]))
    #expect(java.layouts[0].fieldIndices(named: "exception.type") == [5])
    #expect(java.layouts[0].fieldIndices(named: "Body") == [4])
}

@Test func jsonHasTheShapeOfTheDataModel() throws {
    let batch = parse(Array(javaSamples[1].text.utf8), try compiledPattern(of: javaSamples[1]))
    var event = batch.event(at: 0, source: EventSource(host: "h1", service: "svc", path: "/l\"og"))
    event.attributes.append((name: "bad", value: .text([0x61, 0xFF, 0x0A])))
    event.attributes.append((name: "many", value: .list([[0x61], [0x62]])))
    var json = EventJSON()
    json.append(event)
    let out = Array(json.take().dropLast())
    let expected = [
        #"{"Timestamp":"2026-11-18T00:00:17.753000000Z","SeverityText":"ERROR","#,
        #""SeverityNumber":17,"Body":"","Resource":{"service.name":"svc","host.name":"h1"},"#,
        #""InstrumentationScope":{"name":"c.E"},"Attributes":{"log.logger":"c.E","thread.name":"pool [a] w-1","#,
        #""bad":"a\#u{FFFD}\n","many":["a","b"],"log.file.path":"/l\"og","logq.file.offset":0,"#,
        #""logq.file.length":51}}"#,
    ]
    #expect(shown(out) == expected.joined())
}
