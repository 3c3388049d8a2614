internal import Glibc
internal import Synchronization

/// SIGINT, SIGTERM and SIGHUP as flags, so that a command which would run for ever ends in order or
/// reads its configuration anew.
///
/// Each also makes `descriptor` readable: whoever waits in poll(2) with it in the set cannot miss a
/// signal that comes between looking at the flags and waiting.
enum ProcessSignals {
    private static let isStopping = Atomic<Bool>(false)
    private static let isReloading = Atomic<Bool>(false)
    private static let readEnd = Atomic<Int32>(-1)
    private static let writeEnd = Atomic<Int32>(-1)

    /// Whether the process was told to end.
    static var isStopRaised: Bool { isStopping.load(ordering: .relaxed) }

    /// Readable from a signal on, after a reload until `take`, after a stop for good; -1 before
    /// `watch`.
    static var descriptor: Int32 { readEnd.load(ordering: .relaxed) }

    /// Catches SIGINT and SIGTERM from now on, with `reload` SIGHUP too.
    ///
    /// The second SIGINT or SIGTERM ends the process at once, as one that is blocked in writing to a
    /// reader that stands still would never look at the flag.
    static func watch(reload: Bool = false) {
        // A handler may not be the first to touch a flag: it would wait for its initialiser.
        guard !isStopRaised, !isReloading.load(ordering: .relaxed), openPipe() else { return }
        var stop = sigaction()
        stop.__sigaction_handler.sa_handler = { _ in
            ProcessSignals.isStopping.store(true, ordering: .relaxed)
            ProcessSignals.wake()
        }
        stop.sa_flags = Int32(truncatingIfNeeded: SA_RESETHAND) | SA_RESTART
        for signal in [SIGINT, SIGTERM] { sigaction(signal, &stop, nil) }
        guard reload else { return }
        var again = sigaction()
        again.__sigaction_handler.sa_handler = { _ in
            ProcessSignals.isReloading.store(true, ordering: .relaxed)
            ProcessSignals.wake()
        }
        again.sa_flags = SA_RESTART
        sigaction(SIGHUP, &again, nil)
    }

    /// What came: a stop since the beginning, a reload since the last call.
    static func take() -> (stop: Bool, reload: Bool) {
        // In this order: what comes in between makes the descriptor readable again.
        var bytes = [UInt8](repeating: 0, count: 64)
        while read(descriptor, &bytes, bytes.count) > 0 {}
        let reload = isReloading.exchange(false, ordering: .relaxed)
        if isStopRaised { wake() }
        return (isStopRaised, reload)
    }

    /// Waits until the time is over, a signal comes, or nobody reads standard output any more.
    ///
    /// False in the last case: `logq … | head` ends at once, not with the next event.
    static func pause(milliseconds: Int32) -> Bool {
        var requests = [
            pollfd(fd: STDOUT_FILENO, events: 0, revents: 0),
            pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
        ]
        return poll(&requests, 2, milliseconds) <= 0 || requests[0].revents == 0
    }

    private static func openPipe() -> Bool {
        guard descriptor < 0 else { return true }
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return false }
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        readEnd.store(ends[0], ordering: .relaxed)
        writeEnd.store(ends[1], ordering: .relaxed)
        return true
    }

    /// Also called by the handlers: write(2) is safe there, and a full pipe wakes as well.
    private static func wake() {
        let before = errno
        var byte: UInt8 = 0
        write(writeEnd.load(ordering: .relaxed), &byte, 1)
        errno = before
    }
}
