import LogModel
import LogQuery
import Presentation
import Testing

@Suite struct DiffTextTests {
    /// 2026-11-20 10:12:01 UTC.
    private static let onset: Int64 = 1_795_169_521_000_000_000
    private static let window = onset - 60_000_000_000..<onset + 60_000_000_000

    @Test func columnsStandBelowEachOther() {
        let changes = [
            change(.new, .message, "control", "数据库连接超时", 0, 1_234, 99, example: "5f3a-12"),
            change(.up, .status, "nginx", "502", 3, 120, 480.2),
            change(.down, .message, "nginx", "ok", 50, 2, 0.0412),
            change(.gone, .service, "node", "node", 7, 0, 0.06),
        ]
        #expect(
            text(changes) == """
                new   10:12:01  control  0 → 1,234          数据库连接超时  5f3a-12
                up    10:12:01  nginx      3 → 120  ×480    status 502
                down  10:12:01  nginx       50 → 2  ×0.041  ok
                gone  10:12:01  node         7 → 0          service node

                """)
    }

    @Test func aNarrowTerminalCutsTheValueAtAWholeCharacter() {
        let long = change(
            .new, .message, "control", "数据库连接超时数据库连接超时数据库连接超时", 0, 5, 9, example: "5f3a-12")
        #expect(
            text([long], width: 70)
                == "new   10:12:01  control  0 → 5  数据库连接超时数据库连接超时…  5f3a-12\n")
    }

    @Test func echoesAndRatesAreShownWhenAskedFor() {
        var cause = change(.new, .message, "node", "down", 0, 40, 99)
        cause.echoes = [change(.up, .level, "node", "ERROR", 2, 42, 17.6)]
        #expect(text([cause]) == "new   10:12:01  node  0 → 40  down\n")
        #expect(
            text([cause], isVerbose: true) == """
                new   10:12:01  node  0 → 40       down  q=1.2e-9
                  up    10:12:01  node  2 → 42  ×18  level ERROR  q=1.2e-9

                """)
    }

    @Test func controlCharactersOfALogAreEscaped() {
        let evil = change(.new, .message, "a\u{1B}[2J", "x\u{1B}]0;y\u{7}\nz", 0, 5, 9)
        #expect(text([evil]) == #"new   10:12:01  a\x1b[2J  0 → 5  x\x1b]0;y\x07\nz"# + "\n")
    }

    @Test func aWindowOverMidnightShowsTheDay() {
        let day: Int64 = 86_400_000_000_000
        #expect(
            text(
                [change(.new, .message, "a", "b", 0, 5, 9)],
                window: Self.onset - day..<Self.onset + 1)
                == "new   2026-11-20 10:12:01  a  0 → 5  b\n")
    }

    private func change(
        _ sign: WindowComparison.Sign, _ kind: WindowComparison.Kind, _ service: String,
        _ value: String, _ good: Int, _ bad: Int, _ ratio: Double, example: String? = nil
    ) -> WindowComparison.Change {
        WindowComparison.Change(
            sign: sign, kind: kind, service: service, value: Array(value.utf8), good: good,
            bad: bad,
            ratio: ratio, onset: Self.onset, q: 1.23e-9, example: example)
    }

    private func text(
        _ changes: [WindowComparison.Change], window: Range<Int64> = window, width: Int? = nil,
        isVerbose: Bool = false
    ) -> String {
        var bytes: [UInt8] = []
        DiffText(
            zone: .utc, window: window, painter: Painter(isEnabled: false), width: width,
            isVerbose: isVerbose
        ).append(changes, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}
