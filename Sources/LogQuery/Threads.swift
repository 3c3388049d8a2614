internal import Glibc
internal import Synchronization

/// Threads for work that is cut into a few equal parts.
enum Threads {
    /// How many the machine runs at once, at most eight.
    static let available = max(1, min(8, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))))

    /// The results of `body` for 0 to `count - 1`, each on a thread of its own; the first one on the
    /// caller's. Returns when all are done.
    static func map<Result: Sendable>(
        _ count: Int, _ body: @escaping @Sendable (Int) -> Result
    ) -> [Result] {
        let work = Work(count: count, body: body)
        var threads: [pthread_t] = []
        for _ in 1..<max(1, count) {
            var thread = pthread_t()
            // Each thread holds the work until it has taken its number.
            let context = Unmanaged.passRetained(Box { work.runNext() }).toOpaque()
            let code = pthread_create(
                &thread, nil,
                { context in
                    guard let context else { return nil }
                    Unmanaged<Box>.fromOpaque(context).takeRetainedValue().run()
                    return nil
                }, context)
            if code == 0 {
                threads.append(thread)
            } else {
                // Without a thread the part is done here.
                Unmanaged<Box>.fromOpaque(context).takeRetainedValue().run()
            }
        }
        work.runNext()
        for thread in threads { pthread_join(thread, nil) }
        return work.results
    }

    private final class Box: Sendable {
        let run: @Sendable () -> Void
        init(run: @escaping @Sendable () -> Void) { self.run = run }
    }

    private final class Work<Result: Sendable>: Sendable {
        private let next = Atomic<Int>(0)
        private let finished: Mutex<[Result?]>
        private let body: @Sendable (Int) -> Result

        init(count: Int, body: @escaping @Sendable (Int) -> Result) {
            finished = Mutex(Array(repeating: nil, count: count))
            self.body = body
        }

        func runNext() {
            let number = next.add(1, ordering: .relaxed).oldValue
            let result = body(number)
            finished.withLock { $0[number] = result }
        }

        var results: [Result] { finished.withLock { $0.compactMap { $0 } } }
    }
}
