internal import Glibc

/// What is at the other end of a file descriptor: a terminal of some width, or something else.
package enum TerminalWindow {
    /// Whether `descriptor` is a terminal.
    package static func isTerminal(_ descriptor: Int32) -> Bool {
        isatty(descriptor) == 1
    }

    /// The width of the terminal at `descriptor`, else what `COLUMNS` says, else `fallback`.
    package static func columns(of descriptor: Int32, fallback: Int = 80) -> Int {
        columns(
            measured: measured(descriptor).map { Int($0.ws_col) }, environment: environment,
            fallback: fallback)
    }

    /// The height of the terminal at `descriptor`; nil where it is none, or does not say.
    package static func rows(of descriptor: Int32) -> Int? {
        measured(descriptor).flatMap { $0.ws_row > 0 ? Int($0.ws_row) : nil }
    }

    /// The decision itself; a width outside 1...10,000 is not believed.
    static func columns(
        measured: Int?, environment: (String) -> String?, fallback: Int
    ) -> Int {
        let believable = 1...10_000
        if let measured, believable.contains(measured) { return measured }
        if let told = environment("COLUMNS").flatMap({ Int($0) }), believable.contains(told) {
            return told
        }
        return fallback
    }

    /// The value of an environment variable.
    static func environment(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }
    }

    private static func measured(_ descriptor: Int32) -> winsize? {
        var size = winsize()
        // The kernel fills the structure, which outlives the call.
        return ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 ? size : nil
    }
}
