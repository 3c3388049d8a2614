internal import Glibc
internal import LogModel
internal import Presentation
internal import Synchronization

/// What a program that runs for months tells about itself, a line an event:
/// `2026-11-21T15:02:42.123Z INFO  ship: control.log: reading begins at 0`.
///
/// The time is UTC; `parsers/logq.format` reads it back. Control characters are escaped, lines end
/// after 4096 bytes. Messages name files, positions and errors, never log text or secrets: that is
/// for the callers to keep. Any thread may write; each line is one write(2).
final class OperationalLog: Sendable {
    enum Level: Int, Comparable {
        case debug = 5
        case info = 9
        case warning = 13
        case error = 17

        static func < (left: Level, right: Level) -> Bool { left.rawValue < right.rawValue }

        fileprivate var word: String {
            switch self {
            case .debug: "DEBUG"
            case .info: "INFO "
            case .warning: "WARN "
            case .error: "ERROR"
            }
        }
    }

    /// Leads to what standard error is, whatever it is called now: a source that has it among its
    /// files would grow with each line that is said about it.
    static let path = "/proc/self/fd/2"

    private let descriptor: Int32
    private let lowest: Level
    private let painter: Painter
    private let perMinute: Int
    private let state = Mutex(State())

    private struct Message: Hashable {
        let level: Level
        let logger: String
        let text: String
    }

    private struct Count {
        var windowStart: Int64
        var written = 1
        var heldBack = 0
    }

    private struct State {
        var counts: [Message: Count] = [:]
        var unread = 0
    }

    private static let minute: Int64 = 60_000_000_000
    private static let maximumBytes = 4096
    /// More different messages than these a minute are not counted apart.
    private static let maximumMessages = 512

    /// Writes what is `lowest` or more; the same message at most `perMinute` times a minute.
    init(
        descriptor: Int32 = STDERR_FILENO, lowest: Level = .info, color: ColorMode = .auto,
        perMinute: Int = 5
    ) {
        self.descriptor = descriptor
        self.lowest = lowest
        self.perMinute = max(1, perMinute)
        painter = Painter(isEnabled: color.isEnabled(for: descriptor))
    }

    /// Writes a line, or counts it where it was said often enough.
    ///
    /// Where nobody reads, the line is dropped rather than waited for, and counted.
    func write(
        _ level: Level, _ logger: String, _ text: @autoclosure () -> String,
        now: Int64 = Clock.now(), monotonic: Int64 = Clock.monotonic()
    ) {
        guard level >= lowest else { return }
        let message = Message(level: level, logger: logger, text: text())
        state.withLock { state in
            release(&state, now, before: monotonic &- Self.minute)
            if var count = state.counts[message] {
                count.written += 1
                if count.written > perMinute { count.heldBack += 1 }
                state.counts[message] = count
                if count.heldBack > 0 { return }
            } else if state.counts.count < Self.maximumMessages {
                state.counts[message] = Count(windowStart: monotonic)
            }
            send(message, "", now, &state)
        }
    }

    /// Writes how often each message was held back, of those whose minute is over, or of all.
    ///
    /// To be called now and then, and with `all` at the end.
    func flush(
        all: Bool = false, now: Int64 = Clock.now(),
        monotonic: Int64 = Clock.monotonic()
    ) {
        state.withLock { state in
            release(&state, now, before: all ? .max : monotonic &- Self.minute)
        }
    }

    private func release(_ state: inout State, _ now: Int64, before limit: Int64) {
        guard state.counts.values.contains(where: { $0.windowStart <= limit }) else { return }
        let over = state.counts.filter { $0.value.windowStart <= limit }
        for (message, _) in over { state.counts[message] = nil }
        for (message, count) in over.sorted(by: { $0.value.windowStart < $1.value.windowStart })
        where count.heldBack > 0 {
            send(message, " (… \(count.heldBack) more like this)", now, &state)
        }
    }

    private func send(_ message: Message, _ ending: String, _ now: Int64, _ state: inout State) {
        guard canTakeLine() else {
            state.unread += 1
            return
        }
        if state.unread > 0 {
            let text = "\(state.unread) lines were lost here, as nobody read them"
            state.unread = 0
            put(Message(level: .warning, logger: "log", text: text), "", now)
        }
        put(message, ending, now)
    }

    private func put(_ message: Message, _ ending: String, _ now: Int64) {
        var line: [UInt8] = []
        RFC3339.append(now, fractionDigits: 3, to: &line)
        line.append(0x20)
        let style = Style(severityNumber: message.level.rawValue)
        painter.append(message.level.word, in: style, to: &line)
        line.append(0x20)
        SafeText.append(message.logger, to: &line)
        line.append(contentsOf: ": ".utf8)
        SafeText.append(message.text, to: &line)
        let room = Self.maximumBytes - ending.utf8.count - 1
        if line.count > room { Self.cut(&line, to: room) }
        line.append(contentsOf: ending.utf8)
        line.append(0x0A)
        _ = Glibc.write(descriptor, line, line.count)
    }

    /// Between two characters.
    private static func cut(_ line: inout [UInt8], to count: Int) {
        var end = count - "…".utf8.count
        while end > 0, line[end] & 0xC0 == 0x80 { end -= 1 }
        line.removeSubrange(end...)
        line.append(contentsOf: "…".utf8)
    }

    /// A pipe that can be written to takes 4096 bytes without waiting, pipe(7).
    private func canTakeLine() -> Bool {
        var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        return poll(&request, 1, 0) == 1 && request.revents & Int16(POLLOUT) != 0
    }
}
