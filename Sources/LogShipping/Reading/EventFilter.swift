internal import LogModel
internal import LogStore

/// Leaves out the events that a source is told to, and counts their bytes.
///
/// What is left out depends on the event alone, so that reading it again gives the same count.
struct EventFilter {
    /// Bytes before the position that are in no event, all since the generation began.
    private(set) var skipped: [SkipReason: Int64]
    private let options: SourceOptions

    init(_ options: SourceOptions, skipped: [SkipReason: Int64]) {
        self.options = options
        self.skipped = skipped
    }

    mutating func skip(_ bytes: Int64, _ reason: SkipReason) {
        if bytes > 0 { skipped[reason, default: 0] += bytes }
    }

    /// Takes events out of a batch that covers `consumed` bytes, and notes what is skipped by then.
    ///
    /// An open event that is left out is not counted yet: it will be read again. So is the event that
    /// was open in `generation` and was removed then; of that only what it has grown by counts.
    mutating func apply(
        to batch: inout EventBatch, consumed: Int, after generation: Generation,
        _ progress: inout GenerationProgress
    ) {
        let all = batch.rows.reduce(0) { $0 + Int64($1.length) }
        skip(Int64(consumed) - all, .hole)
        if options.isGB18030 { markGB18030(&batch) }
        leaveOutRemoved(&batch, generation, &progress)
        if options.notBefore != nil || options.admits != nil {
            let openOffset = progress.openDay == nil ? Int64.max : progress.openOffset
            var kept: [EventBatch.Row] = []
            kept.reserveCapacity(batch.rows.count)
            for row in batch.rows {
                guard let reason = reason(toSkip: row, of: batch) else {
                    kept.append(row)
                    continue
                }
                if row.offset >= openOffset {
                    progress.openDay = nil
                } else {
                    skip(Int64(row.length), reason)
                }
            }
            batch.rows = kept
        }
        progress.skipped = skipped
    }

    private mutating func leaveOutRemoved(
        _ batch: inout EventBatch, _ generation: Generation, _ progress: inout GenerationProgress
    ) {
        guard let removed = generation.openRemoved, let first = batch.rows.first,
            first.offset == generation.openOffset
        else { return }
        batch.rows.removeFirst()
        if progress.openDay != nil, progress.openOffset == first.offset {
            progress.openDay = nil
            progress.openRemoved = removed
        } else {
            skip(Int64(first.length) - removed, .excluded)
        }
    }

    private func reason(toSkip row: EventBatch.Row, of batch: EventBatch) -> SkipReason? {
        if let notBefore = options.notBefore, row.timestamp < notBefore { return .beforeStart }
        guard let admits = options.admits else { return nil }
        let length = Int(row.length) - Int(row.terminatorLength)
        let isAdmitted = batch.bytes.withUnsafeBufferPointer {
            admits(UnsafeBufferPointer(rebasing: $0[Int(row.start)..<Int(row.start) + length]))
        }
        return isAdmitted ? nil : .excluded
    }

    /// Text that is declared to be GB18030 is never taken for UTF-8, although some of it looks so.
    private func markGB18030(_ batch: inout EventBatch) {
        batch.bytes.withUnsafeBufferPointer { bytes in
            for index in batch.rows.indices {
                let row = batch.rows[index]
                let text = bytes[Int(row.start)..<Int(row.start) + Int(row.length)]
                if text.contains(where: { $0 >= 0x80 }) {
                    batch.rows[index].flags.insert(.isInvalidUTF8)
                }
            }
        }
    }
}
