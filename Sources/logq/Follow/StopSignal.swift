internal import Glibc
internal import Synchronization

/// SIGINT and SIGTERM as a flag, so that a command which would run for ever ends in order.
enum StopSignal {
    private static let flag = Atomic<Bool>(false)

    static var isRaised: Bool { flag.load(ordering: .relaxed) }

    /// Catches the signals from now on; the second of a kind ends the process, as one that was
    /// blocked in writing to a reader that stands still would never see the flag.
    static func watch() {
        // A handler may not be the first to touch the flag: it would wait for its initialiser.
        guard !isRaised else { return }
        var action = sigaction()
        action.__sigaction_handler.sa_handler = { _ in
            StopSignal.flag.store(true, ordering: .relaxed)
        }
        action.sa_flags = Int32(truncatingIfNeeded: SA_RESETHAND)
        for signal in [SIGINT, SIGTERM] { sigaction(signal, &action, nil) }
    }

    /// Waits until the time is over, a signal comes, or nobody reads standard output any more.
    ///
    /// False in the last case: `logq … | head` ends at once, not with the next event.
    static func pause(milliseconds: Int32) -> Bool {
        var output = pollfd(fd: STDOUT_FILENO, events: 0, revents: 0)
        return poll(&output, 1, milliseconds) <= 0
    }
}
