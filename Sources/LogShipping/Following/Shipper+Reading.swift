internal import LogModel
internal import LogStore

// Reading one file's share.
extension Shipper {
    /// Reads up to `share` bytes of a file or a few more; returns how many, less than that at the end.
    func serve(_ tail: Tail, _ share: Int) throws(StoreError) -> Int {
        guard let reader = tail.reader else { return 0 }
        tail.isServed = true
        do {
            let taken = try read(tail, reader, share)
            tail.rate.add(taken, at: Clock.monotonic())
            if taken < share { try endReached(tail, reader) }
            return taken
        } catch let error as StoreError {
            throw error
        } catch {
            tail.error = (error as? ReadError)?.reason ?? "\(error)"
            tail.isChanged = true
            log(.warning, "\(tail.path): \(tail.error)")
            close(tail)
            tail.isUnread = true
            return 0
        }
    }

    private func read(_ tail: Tail, _ reader: LogReader, _ share: Int) throws -> Int {
        var taken = 0
        if reader.hasOpenEvent, !reader.held.isEmpty { try reader.rewind() }
        while taken < share {
            let count = try reader.fillFromGrowingFile()
            if reader.isRewritten {
                try leaveRewritten(tail, reader)
                return 0
            }
            if count == 0 { break }
            tail.grewAt = Clock.monotonic()
            tail.isChanged = true
            if reader.hasOpenEvent {
                try reader.rewind()
                continue
            }
            if reader.isUndecided { try judgeFormat(reader) }
            taken += count
            if reader.held.count >= LogReader.batchBytes { try submit(tail, reader) }
        }
        try submit(tail, reader)
        return taken
    }

    private func submit(_ tail: Tail, _ reader: LogReader) throws(StoreError) {
        tail.refresh()
        reader.note(size: tail.size)
        if let batch = reader.parse(isFinal: false) {
            try store(batch)
        }
    }

    func store(_ batch: ParsedBatch) throws(StoreError) {
        uncommitted.insert(batch.progress.generation)
        try intake.submit(batch)
    }

    private func judgeFormat(_ reader: LogReader) throws(StoreError) {
        let recogniser = Recogniser(writer: writer, options: reader.options)
        if let changed = recogniser.rejudged(
            reader.generation, reader.generation.path, by: reader.held)
        {
            try writer.update(changed)
            reader.change(to: changed)
        }
    }

    private func endReached(_ tail: Tail, _ reader: LogReader) throws(StoreError) {
        tail.readAt = Clock.now()
        tail.isChanged = true
        for copy in copies[reader.generation.id] ?? [] where copy.isUnproven { enqueue(copy) }
        if let head = reader.longerHead() {
            var changed = reader.generation
            changed.head = head
            try writer.update(changed)
            reader.generation.head = head
        }
        if reader.source.isCompressed {
            // It does not grow; if it does, it is opened again.
            if let batch = reader.parse(isFinal: true) {
                try store(batch)
            }
            if let warning = reader.source.warning { log(.warning, "\(tail.path): \(warning)") }
            tail.error = reader.source.warning ?? ""
            close(tail)
            return
        }
        tail.error = ""
        hold(tail)
    }

    /// How long nothing must have been written for a truncation to have lost nothing.
    private static let atRest: Int64 = 1_000_000_000

    /// The file was truncated, or written anew in place: what was read of it stays, with its last event
    /// open in case a copy has more, and what is there now is another generation.
    private func leaveRewritten(_ tail: Tail, _ reader: LogReader) throws(StoreError) {
        if let batch = reader.parse(isFinal: true) { try store(batch) }
        let id = reader.generation.id
        let reached = reader.reached
        // Nothing was being written when it was cut: what was there is read.
        let isAtRest = reader.hasReadAll && Clock.monotonic() - tail.grewAt > Self.atRest
        if !isAtRest { writer.mark(id, cutAt: Clock.now()) }
        tail.cutGenerations.insert(id)
        close(tail)
        leaveGeneration(tail)
        log(.warning, "\(tail.path): was truncated; it had been read up to \(reached)")
        enqueue(tail)
    }
}
