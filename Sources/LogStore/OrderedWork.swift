internal import Glibc

/// Results of numbered pieces of work, made by several threads and taken in order.
///
/// At most `window` results are made or waiting, so memory stays bounded by them. Unchecked, because
/// the state is reached only with the lock `mutex`.
package final class OrderedWork<Output: Sendable>: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var finished: [Int: Output] = [:]
    private var nextStarted = 0
    private var nextTaken = 0
    private var isStopping = false
    private let count: Int
    private let window: Int
    private let makeWorker: @Sendable () -> (Int) -> Output
    // The caller's thread alone uses this one.
    private var threads: [pthread_t] = []

    /// Starts `threads` threads; each has a worker of its own, which is called with its numbers.
    package init(count: Int, threads: Int, makeWorker: @escaping @Sendable () -> (Int) -> Output) {
        self.count = count
        self.makeWorker = makeWorker
        window = threads * 2
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(changed, nil)
        for _ in 0..<min(threads, count) { start() }
    }

    deinit {
        pthread_cond_destroy(changed)
        pthread_mutex_destroy(mutex)
        changed.deallocate()
        mutex.deallocate()
    }

    /// As many threads as the machine runs at once, at most eight.
    package static var availableThreads: Int {
        max(1, min(8, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))))
    }

    /// The result of the next number; nil after the last one. Waits for it.
    package func next() -> Output? {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        guard nextTaken < count, !threads.isEmpty else { return nil }
        while true {
            if let output = finished.removeValue(forKey: nextTaken) {
                nextTaken += 1
                pthread_cond_broadcast(changed)
                return output
            }
            pthread_cond_wait(changed, mutex)
        }
    }

    /// Ends the threads; to be called once, whether or not all results were taken.
    package func stop() {
        pthread_mutex_lock(mutex)
        isStopping = true
        pthread_cond_broadcast(changed)
        pthread_mutex_unlock(mutex)
        for thread in threads { pthread_join(thread, nil) }
        threads = []
    }

    private func start() {
        var thread = pthread_t()
        // The thread holds the work until `stop`, which joins it.
        let body = Unmanaged.passRetained(ThreadBody { self.run() }).toOpaque()
        let code = pthread_create(
            &thread, nil,
            { body in
                guard let body else { return nil }
                Unmanaged<ThreadBody>.fromOpaque(body).takeRetainedValue().run()
                return nil
            }, body)
        precondition(code == 0, "a thread can be made")
        threads.append(thread)
    }

    private func run() {
        let worker = makeWorker()
        while let number = begin() {
            let output = worker(number)
            pthread_mutex_lock(mutex)
            finished[number] = output
            pthread_cond_broadcast(changed)
            pthread_mutex_unlock(mutex)
        }
    }

    private func begin() -> Int? {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while !isStopping, nextStarted < count, nextStarted >= nextTaken + window {
            pthread_cond_wait(changed, mutex)
        }
        guard !isStopping, nextStarted < count else { return nil }
        nextStarted += 1
        return nextStarted - 1
    }
}

private final class ThreadBody: Sendable {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}
