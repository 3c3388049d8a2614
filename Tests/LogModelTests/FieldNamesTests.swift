import LogModel
import Testing

@Suite struct FieldNamesTests {
    @Test(arguments: [
        ("level", "SeverityText", FieldType.severity),
        ("log.level", "SeverityText", .severity),
        ("SeverityNumber", "SeverityNumber", .severity),
        ("@timestamp", "Timestamp", .time),
        ("seen", "ObservedTimestamp", .time),
        ("msg", "Body", .text),
        ("raw", "log.record.original", .text),
        ("id", "log.record.uid", .text),
        ("event.id", "log.record.uid", .text),
        ("exception", "exception.type", .text),
        ("error.stack_trace", "exception.stacktrace", .text),
        ("process.thread.name", "thread.name", .text),
        ("host.hostname", "host.name", .text),
        ("file", "log.file.path", .file),
        ("log.file.path", "log.file.path", .text),
        ("log.offset", "logq.file.offset", .integer),
        ("STATUS", "http.response.status_code", .integer),
        ("bytes", "http.response.body.size", .bytes),
        ("ip", "client.address", .address),
        ("took", "http.server.request.duration", .duration),
        ("event.duration", "http.server.request.duration", .nanoseconds),
        ("nginx.upstream.response_time", "nginx.upstream.response_time", .duration),
    ])
    func everyKindOfNameResolves(name: String, stored: String, type: FieldType) {
        let field = FieldNames.resolve(name)
        #expect(field?.name == stored)
        #expect(field?.type == type)
    }

    @Test(arguments: ["", "lvl", "mdc.traceId", "statu", "log.file", " level"])
    func otherNamesDoNotResolve(name: String) {
        #expect(FieldNames.resolve(name) == nil)
    }

    @Test func noTwoFieldsShareAShortName() {
        var owners: [String: String] = [:]
        for field in FieldNames.all {
            for name in field.shortNames {
                #expect(owners.updateValue(field.name, forKey: name) == nil, "\(name)")
            }
        }
        #expect(owners.count == 23)
    }

    @Test(arguments: [
        ("response_time", ["nginx.upstream.response_time"]),
        ("statsu", ["status"]),
        ("STATSU", ["status"]),
        ("lvl", ["level"]),
        ("servce", ["service"]),
        ("hots", ["host"]),
        ("sevice.name", ["service.name"]),
        ("log.levle", ["log.level"]),
        ("traceld", ["mdc.traceId"]),
        ("mdc.traceid2", ["mdc.traceId"]),
        ("upstream", ["nginx.upstream.address", "nginx.upstream.response_time"]),
        ("zzzzzzzz", []),
        ("", []),
    ])
    func nearNamesAreSuggested(name: String, expected: [String]) {
        let nearest = FieldNames.nearest(to: name, among: ["mdc.traceId", "order"])
        #expect(expected.isEmpty ? nearest.isEmpty : nearest.starts(with: expected), "\(nearest)")
        #expect(nearest.count <= 3)
    }

    @Test func aHugeNameHasNoNearest() {
        let huge = String(repeating: "status", count: 1_000)
        #expect(FieldNames.nearest(to: huge, among: [huge]) == [])
    }

    @Test(arguments: [
        ("", "", 0), ("", "abc", 3), ("abc", "abc", 0), ("abc", "acb", 1), ("abc", "bc", 1),
        ("kitten", "sitting", 3), ("ca", "abc", 3), ("level", "lvl", 2),
    ])
    func editDistanceCountsLettersAndSwaps(first: String, second: String, expected: Int) {
        #expect(EditDistance.between(Array(first.utf8), Array(second.utf8)) == expected)
        #expect(EditDistance.between(Array(second.utf8), Array(first.utf8)) == expected)
    }
}
