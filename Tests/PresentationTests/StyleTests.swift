import Testing

@testable import Presentation

struct StyleTests {
    @Test(
        arguments: [
            (.auto, true, [:], true), (.auto, false, [:], false),
            (.auto, true, ["NO_COLOR": "1"], false), (.auto, true, ["NO_COLOR": ""], true),
            (.auto, true, ["TERM": "dumb"], false), (.auto, true, ["TERM": "xterm"], true),
            (.auto, false, ["CLICOLOR_FORCE": "1"], true),
            (.auto, false, ["CLICOLOR_FORCE": "0"], false),
            (.auto, true, ["CLICOLOR": "0"], false),
            (.auto, false, ["CLICOLOR_FORCE": "1", "NO_COLOR": "1"], false),
            (.always, false, ["NO_COLOR": "1", "TERM": "dumb"], true),
            (.never, true, ["CLICOLOR_FORCE": "1"], false),
        ] as [(ColorMode, Bool, [String: String], Bool)])
    func decidesOnColour(
        mode: ColorMode, isTerminal: Bool, environment: [String: String], expected: Bool
    ) {
        #expect(mode.isEnabled(isTerminal: isTerminal) { environment[$0] } == expected)
    }

    @Test(
        arguments: [
            (0, nil), (1, .trace), (5, .debug), (9, .info), (10, .info), (13, .warning),
            (17, .error), (18, .error), (21, .fatal), (24, .fatal), (25, nil), (-1, nil),
        ] as [(Int, Style?)])
    func severitiesHaveStyles(number: Int, expected: Style?) {
        #expect(Style(severityNumber: number) == expected)
    }

    @Test func paintsOnlyWhenEnabled() {
        var output: [UInt8] = []
        Painter(isEnabled: true).append("E", in: .error, to: &output)
        Painter(isEnabled: true).append("", in: .error, to: &output)
        Painter(isEnabled: true).append("p", in: nil, to: &output)
        Painter(isEnabled: false).append("q", in: .error, to: &output)
        #expect(String(decoding: output, as: UTF8.self) == "\u{1B}[31mE\u{1B}[0mpq")
    }

    @Test(
        arguments: [
            (120, nil, 120), (nil, "90", 90), (120, "90", 120), (0, "90", 90), (nil, "x", 80),
            (nil, "-5", 80), (nil, "99999999", 80), (nil, nil, 80),
        ] as [(Int?, String?, Int)])
    func findsTheWidth(measured: Int?, told: String?, expected: Int) {
        let columns = TerminalWindow.columns(
            measured: measured, environment: { $0 == "COLUMNS" ? told : nil }, fallback: 80)
        #expect(columns == expected)
    }
}
