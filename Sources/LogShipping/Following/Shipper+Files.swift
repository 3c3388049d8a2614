internal import LogModel
internal import LogStore

// Which files there are, and when one is done with.
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

    /// Gives a file up that is gone.
    func remove(_ tail: Tail) {
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
}
