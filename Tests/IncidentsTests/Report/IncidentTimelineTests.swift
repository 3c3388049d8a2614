import Incidents
import Presentation
import Testing

@Suite struct IncidentTimelineTests {
    private static let minute: Int64 = 60_000_000_000
    private let start = ReportFixture.start

    private func pin(_ number: Int, after seconds: Int64) -> Pin {
        var pin = ReportFixture.pin("a.log", "a", after: seconds, "line\n", found: "a")
        pin.number = number
        return pin
    }

    @Test func itemsAreInTheOrderOfTime() {
        var incident = Incident()
        incident.started = start
        incident.detected = start + Self.minute
        incident.detection = "an alert"
        incident.steps = [
            HandlingStep("no time", pins: [2, 7]),
            HandlingStep("second", at: start + 2 * Self.minute, by: "b", pins: [1, 2]),
            HandlingStep("first", at: start + Self.minute, by: "a"),
        ]
        let pins = [pin(1, after: 5), pin(2, after: 6), pin(3, after: -60), pin(4, after: 60)]
        let timeline = IncidentTimeline(incident, pins)
        #expect(
            timeline.items.map(\.kind) == [
                .pin(3), .times(.started), .times(.detected), .pin(4), .step(2), .step(1), .step(0),
            ])
        #expect(timeline.items.map(\.evidence) == [[3], [], [], [4], [], [1, 2], []])
        #expect(timeline.items.map(\.pins) == [[3], [], [], [4], [], [1, 2], [2, 7]])
        #expect(timeline.items[2].text == "an alert")
    }

    @Test(arguments: [
        (0, "+00:00"), (252, "+04:12"), (-5, "−00:05"), (3_600, "+1:00:00"), (45_296, "+12:34:56"),
        (90_061, "+1 d 01:01:01"), (-864_000, "−10 d 00:00:00"),
    ])
    func relativeTimesAreThoseOfTheStart(seconds: Int64, expected: String) {
        var incident = Incident()
        incident.started = start
        let timeline = IncidentTimeline(incident, [])
        #expect(timeline.relative(start + seconds * 1_000_000_000) == expected)
    }

    @Test func timesThatAreTooFarApartHaveNoDistance() throws {
        var incident = Incident()
        (incident.started, incident.resolved) = (.min, .max)
        let timeline = IncidentTimeline(incident, [])
        #expect(timeline.relative(.max) == nil)
        let settings = try ReportFixture.settings(.english)
        #expect(!timeline.text([], settings, Painter(isEnabled: false)).isEmpty)
    }

    @Test func withoutAStartTheFirstTimeIsTheStart() {
        var incident = Incident()
        incident.acknowledged = start + 7
        let timeline = IncidentTimeline(incident, [pin(1, after: -60)])
        #expect(timeline.start == start - Self.minute)
        #expect(IncidentTimeline(Incident(), []).items == [])
    }
}
