package import LogModel
internal import SQLite

/// Whole blocks as events again: for merging them, and where one was merged under a reader.
extension Partition {
    /// All events of a block, rebuilt: the very bytes that were taken in, or an error.
    package func batch(of reference: BlockReference) throws(StoreError) -> EventBatch {
        guard let block = try storedBlock(reference) else {
            return try events(of: movedBlock(reference), reference)
        }
        let batch = try events(of: block, reference)
        guard batch.digest(ofRows: Array(batch.rows.indices)) == reference.digest else {
            throw .damaged(
                path: path,
                reason: "block \(reference.id): its lines are not those that were taken in")
        }
        return batch
    }

    private func events(
        of block: Block, _ reference: BlockReference
    ) throws(StoreError) -> EventBatch {
        do {
            return try block.batch(rows: Array(0..<block.rowCount))
        } catch {
            throw .damaged(path: path, reason: "block \(reference.id): \(error)")
        }
    }

    /// The events of several blocks, one behind the other.
    func batch(of references: [BlockReference]) throws(StoreError) -> EventBatch {
        var merged = EventBatch()
        for reference in references { merged.append(try batch(of: reference)) }
        return merged
    }

    /// The events of a block that is not there any more: those that stand in its place of the file
    /// now.
    ///
    /// Live blocks become one, and an open event is taken back with what replaces it, of which the
    /// longer form is given. As many events as the block had, in the order of the file. Costs
    /// decoding the blocks that took its place. Throws `changed` where events of it are nowhere in
    /// the day.
    func movedBlock(_ reference: BlockReference) throws(StoreError) -> Block {
        let place = reference.firstOffset..<reference.endOffset
        let generation = try source(reference.source).generation
        let batch = try inOneMoment { () throws(StoreError) in
            try self.batch(
                of: blocks(ofGeneration: generation, in: place, after: reference.id))
        }
        // A line that was cut may be two events now: the second one came later.
        let rows = batch.rows.indices.filter { place.contains(batch.rows[$0].offset) }
            .prefix(reference.events)
        let pieces = BatchEncoder.pieces(Array(rows), of: batch)
        guard !rows.isEmpty, rows.count == reference.events, pieces.count == 1 else {
            throw try isNamed(reference)
                ? .damaged(path: path, reason: "block \(reference.id) is missing")
                : .changed(path: path)
        }
        do { return try Block(encoding: batch, rows: pieces[0]) } catch {
            throw .damaged(path: path, reason: "block \(reference.id): \(error)")
        }
    }

    /// Whether the day still says that it has the block.
    private func isNamed(_ reference: BlockReference) throws(StoreError) -> Bool {
        try reading { () throws(SQLiteError) in
            try connection.integer("SELECT 1 FROM block WHERE id = \(reference.id)") != nil
        }
    }
}

extension Block {
    /// Events as a block in memory, to be asked what stored ones are asked; of 256 layouts at most.
    package convenience init(encoding batch: EventBatch, rows: [Int]) throws(BlockError) {
        var encoder = BlockEncoder()
        let encoded = encoder.encode(batch, rows: rows)
        try self.init(data: encoded.data, layouts: encoded.layouts)
    }
}

extension EventBatch {
    /// Adds all rows of another batch behind the own ones.
    mutating func append(_ other: EventBatch) {
        let numbers = other.layouts.map { index(of: $0) }
        let start = UInt32(bytes.count)
        let firstCapture = UInt32(captures.count)
        bytes += other.bytes
        for capture in other.captures {
            captures.append(Capture(Int(capture.start + start), Int(capture.end + start)))
        }
        for row in other.rows {
            var moved = row
            moved.start += start
            moved.firstCapture += firstCapture
            moved.layout = numbers[Int(row.layout)]
            rows.append(moved)
        }
    }
}
