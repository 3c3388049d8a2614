internal import LogModel
internal import LogStore

/// Events of one generation from blocks that may overlap, in the order of their places in the file.
///
/// A day that is archived by severity has two blocks for each stretch of a file. Memory is the blocks
/// that overlap.
struct LineMerge {
    /// A block that was read, and how far its rows are written.
    private struct Open {
        let batch: EventBatch
        let rows: [Int]
        var next = 0

        var hasMore: Bool { next < rows.count }
        var offset: Int64 { batch.rows[rows[next]].offset }
    }

    private var open: [Open] = []
    /// Where the last event ended in its file, and whether its line did.
    private var end: Int64?
    private var endsLine = true
    private(set) var events = 0
    private(set) var rawBytes: Int64 = 0
    private(set) var times: ClosedRange<Int64>?

    /// Writes what comes before `limit` in the file.
    mutating func write(before limit: Int64, to file: GzipFile) throws(StoreError) {
        while let first = open.indices.min(by: { open[$0].offset < open[$1].offset }),
            open[first].offset < limit
        {
            let others = open.indices.filter { $0 != first }.map { open[$0].offset }
            let end = min(limit, others.min() ?? .max)
            while open[first].hasMore, open[first].offset < end {
                try writeRun(of: first, before: end, to: file)
            }
            open.removeAll { !$0.hasMore }
        }
    }

    mutating func add(_ batch: EventBatch, rows: [Int]) {
        if !rows.isEmpty { open.append(Open(batch: batch, rows: rows)) }
    }

    /// The next generation begins a line of its own.
    mutating func endGeneration(to file: GzipFile) throws(StoreError) {
        try write(before: .max, to: file)
        end = nil
    }

    /// Writes rows that stand one behind the other, in the batch and in the file.
    private mutating func writeRun(
        of index: Int, before limit: Int64, to file: GzipFile
    ) throws(StoreError) {
        let batch = open[index].batch
        let first = batch.rows[open[index].rows[open[index].next]]
        // Only a piece of a long event ends within its line, and then the next one follows it.
        if !endsLine, end != first.offset { try file.write([0x0A]) }
        var bytes = Int(first.start)..<Int(first.start)
        var offset = first.offset
        while open[index].hasMore {
            let row = batch.rows[open[index].rows[open[index].next]]
            guard Int(row.start) == bytes.upperBound, row.offset == offset, offset < limit
            else { break }
            note(row)
            bytes = bytes.lowerBound..<bytes.upperBound + Int(row.length)
            offset += Int64(row.length)
            open[index].next += 1
        }
        (end, endsLine) = (offset, bytes.isEmpty || batch.bytes[bytes.upperBound - 1] == 0x0A)
        try file.write(batch.bytes[bytes])
    }

    private mutating func note(_ row: EventBatch.Row) {
        events += 1
        rawBytes += Int64(row.length)
        let first = min(times?.lowerBound ?? row.timestamp, row.timestamp)
        times = first...max(times?.upperBound ?? row.timestamp, row.timestamp)
    }
}

extension GzipFile {
    fileprivate func write(_ bytes: ArraySlice<UInt8>) throws(StoreError) {
        var failure: StoreError?
        bytes.withUnsafeBytes {
            do throws(StoreError) { try write($0) } catch { failure = error }
        }
        if let failure { throw failure }
    }
}
