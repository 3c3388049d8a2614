internal import LogModel

/// Whole blocks as events again: for merging them, and where one was merged under a reader.
extension Partition {
    /// All events of a block.
    func batch(of reference: BlockReference) throws(StoreError) -> EventBatch {
        do {
            let block = try block(reference)
            return try block.batch(rows: Array(0..<block.rowCount))
        } catch let error as StoreError {
            throw error
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

    /// The events of a block that was merged with others since it was named.
    ///
    /// Those of its source in the same place of the file. Of an open event that has grown since the
    /// longer one.
    func movedBlock(_ reference: BlockReference) throws(StoreError) -> Block {
        let place = reference.firstOffset..<reference.endOffset
        let generation = try source(reference.source).generation
        let others = try blocks(ofGeneration: generation, in: place)
            .filter { $0.source == reference.source && $0.id != reference.id }
        // Its layouts keep the numbers that the reader knows.
        var batch = EventBatch()
        for layout in try layouts(of: reference) { _ = batch.index(of: layout) }
        batch.append(try self.batch(of: others))
        let rows = batch.rows.indices.filter { place.contains(batch.rows[$0].offset) }
        guard !rows.isEmpty else {
            throw .damaged(path: path, reason: "block \(reference.id) is missing")
        }
        var encoder = BlockEncoder()
        let encoded = encoder.encode(batch, rows: rows)
        do { return try Block(data: encoded.data, layouts: encoded.layouts) } catch {
            throw .damaged(path: path, reason: "block \(reference.id): \(error)")
        }
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
