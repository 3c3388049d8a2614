internal import Glibc

/// When output is coloured, as `--color` says it.
package enum ColorMode: String, CaseIterable, Sendable {
    case auto
    case always
    case never

    /// Whether output to `descriptor` is coloured, given this mode and the environment.
    package func isEnabled(for descriptor: Int32) -> Bool {
        isEnabled(
            isTerminal: TerminalWindow.isTerminal(descriptor),
            environment: TerminalWindow.environment)
    }

    /// The decision itself: the flag beats `NO_COLOR`, which beats `CLICOLOR_FORCE`, which beats
    /// what the terminal is.
    ///
    /// `NO_COLOR` counts when not empty (no-color.org), `CLICOLOR_FORCE` when neither empty nor
    /// `0` (bixense.com/clicolors); `CLICOLOR=0` and `TERM=dumb` turn colour off on a terminal.
    package func isEnabled(isTerminal: Bool, environment: (String) -> String?) -> Bool {
        switch self {
        case .always: return true
        case .never: return false
        case .auto: break
        }
        if let value = environment("NO_COLOR"), !value.isEmpty { return false }
        if let value = environment("CLICOLOR_FORCE"), !value.isEmpty, value != "0" { return true }
        return isTerminal && environment("CLICOLOR") != "0" && environment("TERM") != "dumb"
    }
}

/// How a piece of output looks: a meaning, not a colour.
///
/// Only the sixteen colours that every terminal lets its user choose.
package enum Style: CaseIterable, Sendable {
    case trace
    case debug
    case info
    case warning
    case error
    case fatal
    case dim
    case bold
    case highlight

    /// The style of an OpenTelemetry severity number; nil for 0 (not known) and what lies outside.
    package init?(severityNumber: Int) {
        switch severityNumber {
        case 1...4: self = .trace
        case 5...8: self = .debug
        case 9...12: self = .info
        case 13...16: self = .warning
        case 17...20: self = .error
        case 21...24: self = .fatal
        default: return nil
        }
    }

    /// The parameters of "select graphic rendition" (ECMA-48, 8.3.117).
    var parameters: String {
        switch self {
        case .trace, .dim: "2"
        case .debug: "36"
        case .info: "32"
        case .warning: "33"
        case .error: "31"
        case .fatal: "1;97;41"
        case .bold: "1"
        case .highlight: "30;43"
        }
    }
}

/// Puts styles around text, or leaves the text alone where there is no colour.
package struct Painter: Sendable {
    /// Whether styles are written at all.
    package let isEnabled: Bool

    /// Makes a painter; see `ColorMode` for the decision.
    package init(isEnabled: Bool) {
        self.isEnabled = isEnabled
    }

    /// Appends `bytes` in `style`; the bytes must already be safe to show.
    ///
    /// Styles do not nest: the end of one ends all. An empty text writes nothing.
    package func append(_ bytes: Span<UInt8>, in style: Style?, to output: inout [UInt8]) {
        guard isEnabled, let style, !bytes.isEmpty else {
            return output.append(bytes, in: 0..<bytes.count)
        }
        begin(style, to: &output)
        output.append(bytes, in: 0..<bytes.count)
        end(to: &output)
    }

    /// Appends `text` in `style`; the text must already be safe to show.
    package func append(_ text: String, in style: Style?, to output: inout [UInt8]) {
        append(text.utf8.span, in: style, to: &output)
    }

    /// Starts `style` for what is appended next.
    package func begin(_ style: Style, to output: inout [UInt8]) {
        guard isEnabled else { return }
        output.append(contentsOf: "\u{1B}[".utf8)
        output.append(contentsOf: style.parameters.utf8)
        output.append(UInt8(ascii: "m"))
    }

    /// Ends every style.
    package func end(to output: inout [UInt8]) {
        guard isEnabled else { return }
        output.append(contentsOf: "\u{1B}[0m".utf8)
    }
}
