internal import LogModel
internal import LogStore

/// The way from parsed batches into the store: threads pack them, the caller's thread writes them in
/// the order in which they came.
///
/// At most five batches are under way, so memory is bounded whatever comes in. Used by one thread.
final class Intake {
    let writer: StoreWriter
    /// Text inserted since the last commit, bytes.
    private(set) var uncommittedBytes = 0
    /// Events inserted in all, less those that were taken back.
    private(set) var events = 0
    private let pool: EncoderPool
    private let isLive: Bool
    private var underWay: [ParsedBatch] = []

    /// With `isLive` the batches are small and many: their blocks are merged as they come.
    init(into writer: StoreWriter, threads: Int, isLive: Bool = false) {
        self.writer = writer
        self.isLive = isLive
        pool = EncoderPool(threads: threads)
    }

    /// Ends the threads; to be called once.
    func stop() { pool.stop() }

    func submit(_ batch: ParsedBatch) throws(StoreError) {
        if pool.isFull { try storeOldest() }
        pool.submit(batch.batch)
        underWay.append(batch.withoutEvents())
    }

    /// Puts all that was submitted into the open transactions.
    func drain() throws(StoreError) {
        while !underWay.isEmpty { try storeOldest() }
    }

    /// Makes all that was submitted durable, with the places reached in the files.
    func commit() throws(StoreError) {
        try drain()
        try writer.commit()
        uncommittedBytes = 0
    }

    /// Drops everything since the last commit.
    func abandon() {
        while pool.take() != nil {}
        underWay = []
        uncommittedBytes = 0
        writer.rollback()
    }

    private func storeOldest() throws(StoreError) {
        guard !underWay.isEmpty, let encoded = pool.take() else { return }
        let batch = underWay.removeFirst()
        if let replaced = batch.replaced {
            // In one transaction with what takes its place: no search finds neither.
            events -= try writer.takeBackOpenEvent(of: replaced)
        }
        events += try writer.insert(
            encoded, from: batch.source, progress: batch.progress, isLive: isLive)
        uncommittedBytes += batch.consumed
    }
}
