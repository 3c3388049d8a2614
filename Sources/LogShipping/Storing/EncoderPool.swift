internal import Glibc
internal import LogModel
internal import LogStore

/// Threads that pack batches while the caller reads, parses and stores; results come in order.
///
/// At most `capacity` batches are under way: `submit` is to be called only when `isFull` is false,
/// so that memory stays bounded by that many batches.
final class EncoderPool: @unchecked Sendable {  // all state below is guarded by `mutex`
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var threads: [pthread_t] = []
    private var waiting: [(number: Int, batch: EventBatch)] = []
    private var finished: [Int: EncodedBatch] = [:]
    private var isStopping = false
    // The caller's thread alone uses these two.
    private var nextSubmitted = 0
    private var nextTaken = 0
    private let capacity: Int

    init(threads count: Int) {
        capacity = count * 2 + 1
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(changed, nil)
        for _ in 0..<count { start() }
    }

    deinit {
        pthread_cond_destroy(changed)
        pthread_mutex_destroy(mutex)
        changed.deallocate()
        mutex.deallocate()
    }

    /// Ends the threads; to be called once, before the pool goes away.
    func stop() {
        locked { isStopping = true }
        for thread in threads { pthread_join(thread, nil) }
        threads = []
    }

    var isFull: Bool { nextSubmitted - nextTaken >= capacity }
    var isEmpty: Bool { nextSubmitted == nextTaken }

    func submit(_ batch: EventBatch) {
        locked { waiting.append((nextSubmitted, batch)) }
        nextSubmitted += 1
    }

    /// The oldest batch that was submitted and not taken; waits for it.
    func take() -> EncodedBatch? {
        guard !isEmpty else { return nil }
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while true {
            if let done = finished.removeValue(forKey: nextTaken) {
                nextTaken += 1
                return done
            }
            pthread_cond_wait(changed, mutex)
        }
    }

    private func locked(_ body: () -> Void) {
        pthread_mutex_lock(mutex)
        body()
        pthread_cond_broadcast(changed)
        pthread_mutex_unlock(mutex)
    }

    private func start() {
        var thread = pthread_t()
        // The thread holds the pool until `stop`, which joins it.
        let pool = Unmanaged.passRetained(self).toOpaque()
        let code = pthread_create(
            &thread, nil,
            { pool in
                guard let pool else { return nil }
                Unmanaged<EncoderPool>.fromOpaque(pool).takeRetainedValue().work()
                return nil
            }, pool)
        precondition(code == 0, "a thread can be made")
        threads.append(thread)
    }

    private func work() {
        var encoder = BatchEncoder()
        while let (number, batch) = next() {
            let encoded = encoder.encode(batch)
            locked { finished[number] = encoded }
        }
    }

    private func next() -> (number: Int, batch: EventBatch)? {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while waiting.isEmpty {
            if isStopping { return nil }
            pthread_cond_wait(changed, mutex)
        }
        return waiting.removeFirst()
    }
}
