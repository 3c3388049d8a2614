internal import LogModel
internal import LogParsing
internal import LogStore

// Which files there are, whose content they have, and when one is done with.
extension Shipper {
    /// Looks at all names, when they changed or it is time to.
    func scanIfDue() {
        let now = Clock.monotonic()
        guard needsScan || now >= nextScan else { return }
        needsScan = false
        nextScan = now + configuration.rescan
        let found = watcher.scan()
        for problem in found.problems where problems.insert(problem.description).inserted {
            log(.warning, problem.description)
        }
        var lost = Set(tails.keys)
        tailsByPath = [:]
        for file in found.files {
            let key = FileStatus.Identity(device: file.device, inode: file.inode)
            let isSeen = lost.remove(key) == nil
            if let tail = tails[key] {
                // Of several names of a file the first one counts.
                if !isSeen { rename(tail, to: file) }
            } else {
                let tail = Tail(file, monotonic: now)
                tails[key] = tail
                enqueue(tail)
            }
            tailsByPath[file.path] = tails[key]
        }
        for key in lost { lose(tails[key]) }
        if !hasSeenAll { recall() }
    }

    /// What the last run left: files that were renamed since, as far as their numbers tell, and which
    /// sources were followed already, so that they are not passed over.
    private func recall() {
        let files = (try? writer.followedFiles()) ?? []
        let known = Set(files.map(\.source))
        sourcesToPassOver = Set(
            configuration.sources.indices.filter {
                configuration.sources[$0].start == .end
                    && !known.contains(configuration.sources[$0].name)
            })
        for file in files {
            let key = FileStatus.Identity(device: file.device, inode: file.inode)
            guard let id = file.generation, let tail = tails[key], tail.path != file.path else {
                continue
            }
            formerNames[file.path, default: []].insert(id)
        }
    }

    private func rename(_ tail: Tail, to file: FoundFile) {
        let old = tail.path
        if tail.update(file) || tail.isUnread { enqueue(tail) }
        guard old != file.path else { return }
        log(.info, "\(file.path): was \(old)")
        if let id = tail.generation {
            if !tail.isCopy { formerNames[old, default: []].insert(id) }
            let now = Clock.now()
            writer.note(
                Recognition(
                    generation: id, path: file.path, firstSeen: now, lastSeen: now,
                    reason: "the same file as \(old), renamed"))
        }
        if tailsByPath[old] == nil { writer.forget(paths: [old]) }
    }

    private func lose(_ tail: Tail?) {
        guard let tail, !tail.isGone else { return }
        tail.lose()
        tail.grewAt = Clock.monotonic()
        nextLookAtGone = min(nextLookAtGone, tail.grewAt + Self.goneInterval)
        if tail.reader == nil { remove(tail) } else { enqueue(tail) }
    }

    /// Reads on in files that lost their names, and lets those go to which nothing is added.
    func lookAtGone() {
        let now = Clock.monotonic()
        guard now >= nextLookAtGone else { return }
        var hasGone = false
        for tail in tails.values where tail.isGone {
            hasGone = true
            tail.refresh()
            if let pending = tail.pendingBytes, pending > 0 {
                enqueue(tail)
            } else if !tail.isQueued, now - tail.grewAt > Self.farewell {
                remove(tail)
            }
        }
        nextLookAtGone = hasGone ? now + Self.goneInterval : .max
    }

    private static let goneInterval: Int64 = 1_000_000_000

    /// How long a file without a name is watched after its last growth: the writer may still have it
    /// open, as nginx's old worker has after a rotation.
    private static let farewell: Int64 = 60_000_000_000

    private func remove(_ tail: Tail) {
        close(tail)
        leaveGeneration(tail)
        tails[tail.identity] = nil
        if tail.isQueued {
            queue.removeAll { $0 === tail }
            tail.isQueued = false
        }
        if tailsByPath[tail.path] == nil { writer.forget(paths: [tail.path]) }
    }

    /// The file has no longer the content of its generation; another that has it may go on there.
    func leaveGeneration(_ tail: Tail) {
        guard let id = tail.generation else { return }
        tail.generation = nil
        tail.isChanged = true
        copies[id]?.removeAll { $0 === tail }
        if copies[id]?.isEmpty ?? false { copies[id] = nil }
        guard owners[id] === tail else { return }
        owners[id] = nil
        writer.mark(id, missingSince: Clock.now())
        for copy in copies[id] ?? [] { enqueue(copy) }
    }

    // MARK: Opening

    /// Recognises what waits and is not open, as far as descriptors go, one at least until `end`: to
    /// find the place in a large compressed file takes seconds.
    func openQueued(_ isFinal: Bool, until end: Int64) throws(StoreError) {
        let now = Clock.monotonic()
        var waiting: [Tail] = []
        var opened = 0
        let round = queue
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
            try adopt(tail, reader)
        } else {
            let added = try adding { () throws(StoreError) in try recogniser.add(source, start) }
            let reader = try reader(source, start, added, options)
            own(tail, reader, "new: nothing known begins like this")
            if sourcesToPassOver.contains(tail.source) { try passOver(reader) }
        }
    }

    private func reader(
        _ source: ByteSource, _ start: FileStart, _ generation: Generation,
        _ options: SourceOptions
    ) throws(IngestError) -> LogReader {
        let skipped = try adding { () throws(StoreError) in try writer.skipped(of: generation.id) }
        do throws(ReadError) {
            return try LogReader(
                source, start, generation, options, path: generation.path, skipped: skipped)
        } catch {
            throw .read(error)
        }
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

    private func adding<Value>(
        _ body: () throws(StoreError) -> Value
    ) throws(IngestError) -> Value {
        do { return try body() } catch { throw .store(error) }
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
    private func adopt(_ tail: Tail, _ reader: LogReader) throws(IngestError) {
        let found = reader.generation
        let owner = owners[found.id]
        tail.isUnproven = false
        if reader.isShort {
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
        sourcesToPassOver = []
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
