internal import Glibc
internal import LogModel

/// One line on a terminal that says how far a long job is.
///
/// Nothing is written unless the descriptor is a terminal that can erase a line, and nothing in the
/// first tenth of a second; after that at most ten times a second. The rate is the mean since the
/// start. The line is erased by `clear` and at the end of the value's life; clear it before other
/// output to the same terminal.
package struct ProgressLine: ~Copyable {
    private let label: String
    private let total: Int64?
    private let descriptor: Int32
    private let isEnabled: Bool
    private let start: Int64
    private var lastDraw: Int64
    private var isDrawn = false

    /// Starts the clock for a job of `total` bytes, if that is known.
    package init(label: String, total: Int64? = nil, descriptor: Int32 = STDERR_FILENO) {
        self.init(
            label: label, total: total, descriptor: descriptor,
            isEnabled: TerminalWindow.isTerminal(descriptor)
                && TerminalWindow.environment("TERM") != "dumb",
            now: Clock.monotonic())
    }

    init(label: String, total: Int64?, descriptor: Int32, isEnabled: Bool, now: Int64) {
        self.label = label
        self.total = total
        self.descriptor = descriptor
        self.isEnabled = isEnabled
        start = now
        lastDraw = now
    }

    deinit {
        if isDrawn { Self.send(Self.eraseLine, to: descriptor) }
    }

    /// Notes that `done` bytes are behind, and redraws the line if it is time; cheap enough to be
    /// called for every block, not for every line.
    package mutating func update(done: Int64) {
        guard isEnabled else { return }
        update(done: done, now: Clock.monotonic())
    }

    mutating func update(done: Int64, now: Int64) {
        guard isEnabled, now &- lastDraw >= Self.redrawInterval else { return }
        lastDraw = now
        isDrawn = true
        let seconds = Double(now &- start) / 1e9
        var line = Self.eraseLine
        // The last column stays free: many terminals wrap when it is filled.
        let columns = TerminalWindow.columns(of: descriptor) - 1
        let text = Self.text(
            label: label, done: done, total: total, seconds: seconds, columns: columns)
        TextWidth.append(text.utf8.span, truncatedTo: columns, to: &line)
        Self.send(line, to: descriptor)
    }

    /// Erases the line; the next update draws it again.
    package mutating func clear() {
        guard isDrawn else { return }
        isDrawn = false
        Self.send(Self.eraseLine, to: descriptor)
    }

    /// What the line says; a label that would push the figures out is cut.
    static func text(
        label: String, done: Int64, total: Int64?, seconds: Double, columns: Int
    ) -> String {
        let figures = figures(done: done, total: total, seconds: seconds)
        let room = max(8, columns - TextWidth.columns(of: figures))
        let whole = SafeText.escaped(label)
        var cut: [UInt8] = []
        TextWidth.append(whole.utf8.span, truncatedTo: room, to: &cut)
        return String(decoding: cut, as: UTF8.self) + figures
    }

    private static func figures(done: Int64, total: Int64?, seconds: Double) -> String {
        let rate = seconds > 0 ? Double(max(0, done)) / seconds : 0
        var text = "  " + HumanUnits.bytes(done)
        if let total, total > 0 {
            let share = min(100, max(0, HumanUnits.clamped(Double(done) / Double(total) * 100)))
            text += " / " + HumanUnits.bytes(total) + "  \(share) %"
        }
        text += "  " + HumanUnits.bytes(HumanUnits.clamped(rate)) + "/s"
        if let total, total > done, rate > 0 {
            let left = (Double(total) - Double(done)) / rate
            text += "  ETA " + HumanUnits.duration(seconds: max(1, left.rounded(.up)))
        }
        return text
    }

    private static let redrawInterval: Int64 = 100_000_000
    /// Carriage return, then "erase in line" (ECMA-48, 8.3.41).
    private static let eraseLine: [UInt8] = [0x0D, 0x1B, 0x5B, 0x4B]

    /// A line that cannot be drawn is not worth an error: the job matters, not its progress.
    private static func send(_ bytes: [UInt8], to descriptor: Int32) {
        _ = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
    }
}
