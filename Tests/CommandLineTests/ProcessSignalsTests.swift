import Glibc
import Testing

@testable import logq

@Suite struct ProcessSignalsTests {
    private func isReadable(milliseconds: Int32 = 0) -> Bool {
        var request = pollfd(
            fd: ProcessSignals.descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&request, 1, milliseconds) == 1
    }

    /// Sent by a thread of its own, so that it comes before, in and after the waiting.
    @Test func noReloadIsMissed() {
        ProcessSignals.watch(reload: true)
        #expect(ProcessSignals.take() == (false, false))
        for _ in 0..<500 {
            var thread = pthread_t()
            pthread_create(&thread, nil, { _ in kill(getpid(), SIGHUP) == 0 ? nil : nil }, nil)
            while !isReadable(milliseconds: 10_000), errno == EINTR {}
            #expect(ProcessSignals.take() == (false, true))
            pthread_join(thread, nil)
        }
        #expect(ProcessSignals.take() == (false, false))
        #expect(!isReadable())
    }
}
