import Incidents
import Testing

@testable import Incidents

@Suite struct IncidentLintTests {
    /// A record that lacks nothing.
    static var whole: Incident {
        var incident = Incident()
        incident.title = "Checkout fails"
        incident.type = FaultClass(.application, "error")
        incident.severity = .p1
        (incident.started, incident.detected) = (1_000_000_000_000, 1_060_000_000_000)
        (incident.mitigated, incident.resolved) = (1_600_000_000_000, 1_900_000_000_000)
        incident.detection = "alert"
        incident.description = "payments time out"
        incident.services = ["control"]
        incident.scope = "63 payments on pay-app-1 from 10:14 on, version 2.3.1"
        incident.impact = [ImpactClaim("63 payments failed", query: "status:>=500 | stats count")]
        incident.steps = [HandlingStep("restarted", at: 1_500_000_000_000, by: "alice", pins: [1])]
        incident.trigger = "a release"
        incident.rootCause = "the pool had no limit"
        incident.patterns = ["\"connection is not available\""]
        incident.whys = ["why did it time out? no connection was free"]
        incident.actions = [
            PreventionAction("limit it", owner: "bob", due: CalendarDate("2026-12-01"))
        ]
        incident.handlers = ["alice"]
        incident.reviewers = ["carol"]
        incident.lessons = "watch the pool"
        return incident
    }

    private static func texts(
        _ incident: Incident, pins: Set<Int> = [1], for status: IncidentStatus = .closed,
        attributes: Set<String>? = nil, _ language: Language = .english
    ) -> [String] {
        IncidentLint.problems(
            of: incident, pins: pins, for: status, attributes: attributes, language: language
        ).map { "\($0.weight.rawValue): \($0.text)" }
    }

    @Test func aWholeRecordLacksNothing() {
        #expect(Self.texts(Self.whole) == [])
    }

    @Test func anEmptyRecordIsAskedForAllThatClosingNeeds() {
        #expect(
            Self.texts(Incident()).filter { $0.hasPrefix("missing") } == [
                "missing: title is missing: what happened, in a line? (--title)",
                "missing: fault type is missing: what kind of fault was it? (--type)",
                "missing: start time is missing: when did it begin? (--started)",
                "missing: detection time is missing: when was it noticed? (--detected)",
                "missing: recovery time is missing: when was all well again? (--resolved)",
                "missing: means of detection is missing: who or what noticed it? (--detection)",
                "missing: description is missing: what was seen? (--description)",
                "missing: impact scope is missing: who and what was affected? (--scope)",
                "missing: handling steps are missing: what was done about it? (--steps)",
                "missing: root cause is missing: what made it possible? (--root-cause)",
                "missing: prevention is missing: what keeps it from coming again? actions will do "
                    + "(--prevention)",
                "missing: handlers are missing: who handled it? (--handlers)",
            ])
    }

    @Test func aNewRecordNeedsLessThanALaterOne() {
        #expect(
            Self.texts(Incident(), for: .identified) == [
                "missing: title is missing: what happened, in a line? (--title)",
                "advice: severity is missing: how bad was it, P0 to P4? (--severity)",
                "missing: start time is missing: when did it begin? (--started)",
            ])
    }

    @Test func itAsksInChineseToo() {
        var incident = Self.whole
        (incident.rootCause, incident.actions) = ("", [PreventionAction("限制连接池")])
        #expect(
            Self.texts(incident, .chinese) == [
                "missing: 缺少根本原因：是什么使故障成为可能？（--root-cause）",
                "missing: 改进事项第 1 项没有负责人：“限制连接池”",
                "missing: 改进事项第 1 项没有期限：“限制连接池”",
            ])
    }

    @Test func actionsNeedAnOwnerAndADateUnlessTheyAreDropped() {
        var incident = Self.whole
        incident.actions = [
            PreventionAction("limit it", owner: "bob"),
            PreventionAction("alarm", due: CalendarDate("2026-12-01"), state: .done),
            PreventionAction("rewrite", state: .dropped),
        ]
        #expect(
            Self.texts(incident) == [
                "missing: action 1 has no date: 'limit it'",
                "missing: action 2 has no owner: 'alarm'",
            ])
    }

    @Test func claimsOfImpactRestOnAQueryOrAPinThatIsThere() {
        var incident = Self.whole
        incident.impact = [
            ImpactClaim("63 payments failed"), ImpactClaim("2 hosts were down", pins: [1]),
            ImpactClaim("all queues were full", pins: [2]),
        ]
        #expect(
            Self.texts(incident) == [
                "missing: impact 1 rests on nothing: '63 payments failed' needs a query or a pin",
                "missing: impact 3 refers to P2, which is not there (any more)",
                "missing: impact 3 rests on nothing: 'all queues were full' needs a query or a pin",
            ])
    }

    @Test func queriesThatCannotBeAskedAreNoEvidence() {
        var incident = Self.whole
        incident.impact = [
            ImpactClaim("63 payments failed", query: "status:>=500 OR ("),
            ImpactClaim("63 orders were lost", query: "order.state:lost /[/", pins: [1]),
            ImpactClaim("63 users left", query: "user.plan:gold"),
        ]
        let texts = Self.texts(incident)
        #expect(texts.count == 2)
        #expect(texts.first?.hasPrefix("missing: the query of impact 1 cannot be asked: ") == true)
        #expect(texts.last?.hasPrefix("advice: the query of impact 2 cannot be asked: ") == true)
    }

    @Test func aFieldThatTheLogsDoNotHaveIsPointedOut() {
        var incident = Self.whole
        incident.patterns = ["statsu:500"]
        #expect(Self.texts(incident) == [])
        let texts = Self.texts(incident, attributes: ["order.state"])
        #expect(texts.count == 1)
        #expect(
            texts.first?.hasPrefix(
                "advice: the query of root cause in logs 1 cannot be asked: unknown field 'statsu'; "
                    + "did you mean 'status'?") == true)
    }

    @Test func numbersOfTheScopeNeedAClaim() {
        var incident = Self.whole
        incident.scope =
            "63 payments, 4.5 % of 1,400, on pay-web-2 at 10:14 of 2026-11-20；约30个商户，持续30 分钟"
        #expect(
            Self.texts(incident)
                == [
                    "4.5%", "1,400", "30",
                ].map {
                    "advice: the impact scope says \($0), with nothing to show it: "
                        + "make it a claim with a query or a pin (--impact)"
                })
    }

    @Test func timesInTheWrongOrderAreAdvice() {
        var incident = Self.whole
        incident.detected = 900_000_000_000
        incident.mitigated = 2_000_000_000_000
        #expect(
            Self.texts(incident) == [
                "advice: detected is before started: one of the two times is wrong",
                "advice: resolved is before mitigated: one of the two times is wrong",
            ])
    }

    @Test func fiveWhysAreAdvisedForWhatIsSevere() {
        var incident = Self.whole
        incident.whys = []
        #expect(
            Self.texts(incident) == [
                "advice: five whys are not started: of a P1 ask why until a change answers (--whys)"
            ])
        incident.severity = .p3
        #expect(Self.texts(incident) == [])
    }

    @Test func stepsShouldSayWhenAndWho() {
        var incident = Self.whole
        incident.steps = [HandlingStep("restarted", pins: [7])]
        #expect(
            Self.texts(incident) == [
                "missing: step 1 refers to P7, which is not there (any more)",
                "advice: step 1 has no time", "advice: step 1 has no person",
            ])
    }
}
