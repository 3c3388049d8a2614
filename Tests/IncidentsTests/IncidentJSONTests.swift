import Incidents
import Testing

@Suite struct IncidentJSONTests {
    private func problem(_ json: String) -> String {
        var incident = Incident()
        do { try incident.set(from: Array(json.utf8)) } catch { return error.description }
        return "none"
    }

    @Test func anyRecordIsReadBackAsItWasWritten() throws {
        for number in 0..<UInt64(50) {
            var source = RandomIncident(seed: number)
            let incident = source.incident().onOneLine
            let read = try Incident(json: incident.json())
            #expect(read.json() == withPictures(incident.json()), "seed \(number)")
        }
    }

    /// SQLite's texts end at a NUL, so it is read as its picture.
    private func withPictures(_ json: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var rest = json[...]
        while let byte = rest.first {
            if rest.starts(with: #"\u0000"#.utf8) {
                result += "\u{2400}".utf8
                rest = rest.dropFirst(6)
            } else {
                // What a backslash escapes begins no escape.
                let length = byte == UInt8(ascii: "\\") ? 2 : 1
                result += rest.prefix(length)
                rest = rest.dropFirst(length)
            }
        }
        return result
    }

    @Test func nullMakesAFieldEmptyAndOthersStay() throws {
        var incident = Incident()
        (incident.title, incident.scope) = ("a", "b")
        (incident.status, incident.started, incident.tags) = (.repaired, 1, ["c"])
        try incident.set(
            from: Array(#"{"scope": null, "status": null, "started": null, "tags": null}"#.utf8))
        var expected = Incident()
        expected.title = "a"
        #expect(incident == expected)
    }

    @Test(arguments: [
        (#"{"titel": "x"}"#, "'titel' is no field; did you mean 'title'?"),
        (#"{"xyzzy": "x"}"#, "'xyzzy' is no field"),
        (
            #"{"impact": [{"text": "x", "qery": "y"}]}"#,
            "'impact': 'qery' is no field; did you mean 'query'?"
        ),
        (#"{"impact": [{"query": "y"}]}"#, "'impact': it has no 'text'"),
        (
            #"{"steps": [{"text": "x", "pins": ["3"]}]}"#,
            "'steps': '3' is no name of a pin, such as P3"
        ),
        (#"{"title": "a\nb"}"#, "'title': it has more than one line"),
        (#"{"title": 1}"#, "'title': it is no text"),
        (#"{"tags": "a"}"#, "'tags': it is no array"),
        (
            #"{"started": "10:14"}"#,
            "'started': it is no time, such as 2026-11-20T10:14:42+08:00"
        ),
        (#"{"severity": "P9"}"#, "'severity': 'P9' is no P0 to P4"),
        (
            #"{"actions": [{"text": "x", "due": "2026-02-30"}]}"#,
            "'actions': '2026-02-30' is no date, such as 2026-12-01"
        ),
        ("[]", "it is no JSON object"),
        ("{", "it is no JSON object"),
        ("", "it is no JSON object"),
    ])
    func whatIsNoRecordIsNamed(json: String, expected: String) {
        #expect(problem(json) == expected)
    }
}
