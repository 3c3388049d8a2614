import Testing

@testable import LogQuery

@Suite struct EventFeaturesTests {
    @Test(arguments: [
        ("/api/v2/orders/order-2026112012/status", "/api/v2/orders/<*>/status"),
        ("/h5/activity/17", "/h5/activity/17"), ("/", "/"), ("", ""),
        ("/static/js/app.1a2b3c4d.js", "/static/js/<*>"), ("/退款/查询", "/退款/查询"),
        ("/api/orders/", "/api/orders/"),
    ])
    func pathsKeepTheirFixedParts(path: String, expected: String) {
        #expect(String(decoding: EventFeatures.path(Array(path.utf8)), as: UTF8.self) == expected)
    }

    @Test(arguments: [
        ("a.b.CException: text\n\tat x.Y.z(Y.java:1)", "a.b.CException"),
        (
            "\na.B: java.lang.IllegalStateException\n\tat x.Y.z(Y.java:1)\nCaused by: d.EException: e\n"
                + "\t... 3 more\nCaused by: d.EException: again\nCaused by: f.GError",
            "a.B < d.EException < f.GError"
        ),
    ])
    func exceptionsAreNamedWithTheirCauses(trace: String, expected: String) {
        let name = EventFeatures.exception(Array(trace.utf8))
        #expect(name.map { String(decoding: $0, as: UTF8.self) } == expected)
    }

    @Test func aTraceWithoutAnExceptionHasNoName() {
        #expect(EventFeatures.exception(Array("\tat x.Y.z(Y.java:1)".utf8)) == nil)
        #expect(EventFeatures.exception([]) == nil)
    }
}
