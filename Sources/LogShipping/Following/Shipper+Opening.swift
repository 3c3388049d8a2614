internal import LogModel
internal import LogParsing
internal import LogStore

// Opening files: which content they have, and which of several with the same content is read.
extension Shipper {
    /// Recognises what waits and is not open, as far as descriptors go, one at least until `end`: to
    /// find the place in a large compressed file takes seconds.
    func openQueued(_ isFinal: Bool, until end: Int64) throws(StoreError) {
        let now = Clock.monotonic()
        var waiting: [Tail] = []
        var opened = 0
        // What is being written comes before archives and backlogs.
        let round = queue.filter { $0.isActive } + queue.filter { !$0.isActive }
        // What comes into it meanwhile stays in it.
        queue = []
        for tail in round {
            if tail.isGone, tail.reader == nil {
                tail.isQueued = false
                remove(tail)
                continue
            }
            let isDue =
                tail.reader == nil && !tail.isPostponed
                && (tail.notBefore <= now || isFinal)
            guard isDue, opened < Self.openAtOnce, opened == 0 || Clock.monotonic() < end,
                reading.count < configuration.descriptors || closeIdle()
            else {
                waiting.append(tail)
                continue
            }
            opened += 1
            do throws(IngestError) {
                try open(tail, isFinal)
            } catch {
                switch error {
                case .store(let error): throw error
                case .read(let error):
                    tail.isUnread = true
                    if FileStatus(tail.path)?.identity == tail.identity {
                        fail(tail, error.reason)
                    } else {
                        needsScan = true
                    }
                }
            }
            tail.isQueued = tail.reader != nil || tail.notBefore > now || tail.isPostponed
            if tail.isQueued { waiting.append(tail) }
        }
        queue = waiting + queue
        if !hasSeenAll, !queue.contains(where: { $0.reader == nil }) { try noteMissing() }
    }

    private func fail(_ tail: Tail, _ reason: String) {
        guard tail.error != reason else { return }
        tail.error = reason
        tail.isChanged = true
        log(.warning, "\(tail.path): \(reason)")
    }

    /// Closes the file that has been quiet for longest, one that still has a name first; where all have
    /// something to read, one that had its turn. False where none had.
    private func closeIdle() -> Bool {
        let isIdle = { (tail: Tail) in !tail.isQueued && self.holding[tail.identity] == nil }
        let choice =
            [
                reading.values.filter { isIdle($0) && !$0.isGone },
                reading.values.filter { isIdle($0) },
                reading.values.filter { $0.isServed && !$0.isGone },
            ]
            .first { !$0.isEmpty } ?? []
        guard let tail = choice.min(by: { $0.grewAt < $1.grewAt }) else { return false }
        if tail.isGone { remove(tail) } else { close(tail) }
        return true
    }

    private func open(_ tail: Tail, _ isFinal: Bool) throws(IngestError) {
        tail.notBefore = 0
        tail.isPostponed = false
        tail.isUnread = false
        let (source, start) = try start(of: tail)
        guard source.status()?.identity == tail.identity else {
            // Another file has the name by now.
            tail.isUnread = true
            needsScan = true
            return
        }
        if let kind = FileKind.recognise(start.head) {
            return fail(tail, "left out, it is \(kind)")
        }
        if start.head.isEmpty {
            tail.error = ""
            return leaveGeneration(tail)
        }
        let age = Clock.age(of: tail.modified)
        if source.isCompressed, !isFinal, age >= 0, age < Self.compressing {
            tail.notBefore = Clock.monotonic() + Self.compressing
            return
        }
        let options = options(for: tail)
        let recogniser = Recogniser(writer: writer, options: options)
        let except = tail.cutGenerations.union(formerNames[tail.path] ?? [])
        if let known = try recogniser.known(source, start, except: except) {
            if uncommitted.contains(known.id) {
                // What is known of it is more than the catalogue has: the next turn will tell.
                tail.isPostponed = true
                return
            }
            let reader = try reader(source, start, known, options)
            try adopt(tail, reader, isBeginning: start.head.count < known.head.count)
            if tail.reader === reader {
                let learned = try IngestError.storing { () throws(StoreError) in
                    try recogniser.learned(of: known, source.path, start)
                }
                if learned != known { reader.change(to: learned) }
                if isToPassOver(tail, known) { try passOver(reader) }
            }
        } else {
            let added = try IngestError.storing { () throws(StoreError) in
                try recogniser.add(source, start)
            }
            let reader = try reader(source, start, added, options)
            own(tail, reader, "new: nothing known begins like this")
            if isToPassOver(tail, added) { try passOver(reader) }
        }
    }

    private func reader(
        _ source: ByteSource, _ start: FileStart, _ generation: Generation,
        _ options: SourceOptions
    ) throws(IngestError) -> LogReader {
        let skipped = try IngestError.storing { () throws(StoreError) in
            try writer.skipped(of: generation.id)
        }
        do throws(ReadError) {
            return try LogReader(
                source, start, generation, options, path: generation.path, skipped: skipped)
        } catch {
            throw .read(error)
        }
    }

    /// A turn that failed may have left the generation and nothing of it.
    func isToPassOver(_ tail: Tail, _ generation: Generation) -> Bool {
        generation.position == 0 && sourcesToPassOver.contains(tail.source)
    }

    private func passOver(_ reader: LogReader) throws(IngestError) {
        do {
            try store(reader.passOver())
        } catch let error as StoreError {
            throw .store(error)
        } catch {
            throw .read(ReadError(path: reader.source.path, reason: "\(error)"))
        }
    }

    /// A compressed file that changed less than this ago is probably being written.
    private static let compressing: Int64 = 1_000_000_000

    private func start(of tail: Tail) throws(IngestError) -> (ByteSource, FileStart) {
        do throws(ReadError) {
            let source = try ByteSource(tail.path)
            return (source, try FileStart(of: source))
        } catch {
            throw .read(error)
        }
    }

    /// Decides whether a file with known content is read: of several with the same content one is, and
    /// one that ends before the known position has nothing new.
    private func adopt(
        _ tail: Tail, _ reader: LogReader, isBeginning: Bool
    ) throws(IngestError) {
        let found = reader.generation
        let owner = owners[found.id]
        tail.isUnproven = false
        if reader.isShort || isBeginning {
            return follow(tail, found, "a beginning of what is known of this content")
        }
        if let owner, owner !== tail {
            tail.isUnproven = owner.isQueued
            guard try !tail.isUnproven ? hasMore(reader) : false else {
                return follow(tail, found, "the same content as \(owner.path), which is read")
            }
            close(owner)
            owner.isCopy = true
            owner.isUnproven = true
            copies[found.id, default: []].append(owner)
        }
        own(tail, reader, Self.reason(found))
    }

    private func hasMore(_ reader: LogReader) throws(IngestError) -> Bool {
        do throws(ReadError) {
            if !reader.held.isEmpty { return true }
            return try reader.fillFromGrowingFile() > 0
        } catch {
            throw .read(error)
        }
    }

    private func follow(_ tail: Tail, _ found: Generation, _ reason: String) {
        if tail.generation != found.id { leaveGeneration(tail) }
        if owners[found.id] === tail {
            owners[found.id] = nil
            writer.mark(found.id, missingSince: Clock.now())
            for copy in copies[found.id] ?? [] where copy !== tail { enqueue(copy) }
        }
        let isNew = !(copies[found.id] ?? []).contains { $0 === tail }
        if isNew { copies[found.id, default: []].append(tail) }
        tail.isCopy = true
        tail.generation = found.id
        tail.error = ""
        tail.isChanged = true
        if isNew { note(tail, found, reason) }
    }

    private func own(_ tail: Tail, _ reader: LogReader, _ reason: String) {
        let found = reader.generation
        if tail.generation != found.id { leaveGeneration(tail) }
        let isNew = owners[found.id] !== tail
        copies[found.id]?.removeAll { $0 === tail }
        tail.isCopy = false
        tail.generation = found.id
        tail.error = ""
        tail.isChanged = true
        tail.reader = reader
        tail.isServed = false
        reading[tail.identity] = tail
        owners[found.id] = tail
        writer.mark(found.id, missingSince: nil)
        if isNew { note(tail, found, reason) }
    }

    private static func reason(_ found: Generation) -> String {
        found.position == 0
            ? "its first \(found.head.count) bytes are known, nothing of it is stored yet"
            : "its first \(found.head.count) bytes and those before \(found.position) agree"
    }

    private func note(_ tail: Tail, _ generation: Generation, _ reason: String) {
        let now = Clock.now()
        writer.note(
            Recognition(
                generation: generation.id, path: tail.path, firstSeen: now, lastSeen: now,
                reason: reason))
        log(.info, "\(tail.path): generation \(generation.name): \(reason)")
    }

    /// Once all that is there was recognised: what was followed before and is not there any more.
    private func noteMissing() throws(StoreError) {
        hasSeenAll = true
        let present = Set(tails.values.compactMap(\.generation))
        for file in try writer.followedFiles() {
            if tailsByPath[file.path] == nil { writer.forget(paths: [file.path]) }
            guard let id = file.generation, !present.contains(id),
                let generation = try writer.generation(id: id), generation.missingSince == nil
            else { continue }
            writer.mark(id, missingSince: Clock.now())
            log(.warning, "\(file.path): is gone since the last run")
        }
    }

    private func options(for tail: Tail) -> SourceOptions {
        configuration.sources[min(tail.source, configuration.sources.count - 1)]
            .options(formats: formats, now: Clock.now())
    }
}

extension SourceConfiguration {
    /// What the configuration says of the source's files.
    func options(formats: FormatLibrary, now: Int64) -> SourceOptions {
        var options = SourceOptions(host: host, formats: formats, zone: zone, now: now)
        options.service = service
        options.environment = environment
        options.format = format
        options.isGB18030 = encoding == .gb18030
        if case .time(let start) = start { options.notBefore = start }
        if !include.isEmpty || !exclude.isEmpty { options.admits = admits }
        return options
    }
}
