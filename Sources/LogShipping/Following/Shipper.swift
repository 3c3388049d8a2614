internal import Glibc
internal import LogModel
package import LogParsing
package import LogStore

/// Follows files for as long as it runs, through every rotation, and puts each event into the store
/// once.
///
/// Work is done in turns. A turn takes the store's lock, reads from each file with something new a
/// share at a time, commits what came together with the places reached, and gives the lock up. There
/// is a turn at most every 200 ms, so an event is found within half a second of its being written,
/// and while nothing is written nothing is done. Whatever ends a turn early, the next one starts from
/// what is committed. Used by one thread.
package final class Shipper {
    /// What is worth telling the operator of.
    package typealias Log = (LogLevel, String) -> Void

    package enum LogLevel: Sendable { case info, warning, error }

    let writer: StoreWriter
    let intake: Intake
    let formats: FormatLibrary
    let log: Log
    /// Paths that are never read: the store, and what this process writes itself.
    private let excluded: [String]
    var configuration: ShipperConfiguration
    var watcher: FileWatcher

    var tails: [FileStatus.Identity: Tail] = [:]
    var tailsByPath: [String: Tail] = [:]
    /// The file that is read for a generation, and others with its content.
    var owners: [Int64: Tail] = [:]
    var copies: [Int64: [Tail]] = [:]
    /// What has something new, each once, in the order of turns.
    var queue: [Tail] = []
    /// What was read and not stored, until more comes or it is quiet.
    var holding: [FileStatus.Identity: Tail] = [:]
    /// What is open.
    var reading: [FileStatus.Identity: Tail] = [:]
    /// Generations of which this turn has stored something.
    var uncommitted: Set<Int64> = []
    var needsScan = true
    var nextScan: Int64 = 0
    var nextLookAtGone: Int64 = 0
    /// All readers have to go back to what is committed.
    var mustRestart = false
    /// Whether every file that is there was looked at since the start.
    var hasSeenAll = false
    /// Sources that are asked to start at the end, and were not followed before.
    var sourcesToPassOver: Set<Int> = []
    /// The generations of files that were renamed, by the name that they had.
    var formerNames: [String: Set<Int64>] = [:]
    var problems: Set<String> = []

    static let turnSpacing: Int64 = 200_000_000
    /// How long a file has to be quiet before its last event is stored.
    static let quiet: Int64 = 500_000_000
    /// What a turn reads at most, and from one file before it is another's turn, bytes.
    static let turnBytes = 12 << 20
    static let share = 1 << 20
    /// The same of a file with more to read than that: few at a time, as each may be of other days.
    static let backlogShare = 8 << 20
    /// How many files are opened before they are read: the start of each is in memory.
    static let openAtOnce = 16

    package init(
        into writer: StoreWriter, _ configuration: ShipperConfiguration, formats: FormatLibrary,
        excluding excluded: [String] = [], log: @escaping Log = { _, _ in }
    ) {
        self.writer = writer
        self.configuration = configuration
        self.formats = formats
        self.excluded = excluded + [writer.directory]
        self.log = log
        intake = Intake(into: writer, threads: 2, isLive: true)
        watcher = Self.watcher(configuration, self.excluded)
    }

    private static func watcher(
        _ configuration: ShipperConfiguration, _ excluded: [String]
    ) -> FileWatcher {
        FileWatcher(
            sources: configuration.sources.map { ($0.files, $0.exceptFiles) }, excluding: excluded)
    }

    /// Ends the threads that pack; to be called once.
    package func stop() { intake.stop() }

    /// Follows other sources, or the same in another way, from now on.
    package func reload(_ configuration: ShipperConfiguration) {
        self.configuration = configuration
        watcher = Self.watcher(configuration, excluded)
        needsScan = true
        hasSeenAll = false
        for tail in tails.values {
            // What has lost its name can be read through its descriptor only, also where no look at the
            // directory has told so yet.
            if FileStatus(tail.path)?.identity == tail.identity { close(tail) }
            enqueue(tail)
        }
    }

    // MARK: Waiting

    /// Waits until there is something to do or `wake` can be read, at most `milliseconds`; returns
    /// whether there is something.
    package func wait(milliseconds: Int32, orReadable wake: Int32 = -1) -> Bool {
        let now = Clock.monotonic()
        let span = max(0, min(Int64(milliseconds) * 1_000_000, nextDeadline(now) - now))
        let news = watcher.wait(
            milliseconds: Int32((span + 999_999) / 1_000_000), orReadable: wake)
        if news.namesChanged { needsScan = true }
        for path in news.changed {
            if let tail = tailsByPath[path] { enqueue(tail) } else { needsScan = true }
        }
        return nextDeadline(Clock.monotonic()) <= Clock.monotonic()
    }

    private func nextDeadline(_ now: Int64) -> Int64 {
        if needsScan { return now }
        var deadline = min(nextScan, nextLookAtGone)
        for tail in queue { deadline = min(deadline, tail.notBefore) }
        for tail in holding.values { deadline = min(deadline, tail.grewAt + Self.quiet) }
        return deadline
    }

    /// Whether something waits that could be read at once.
    package var hasBacklog: Bool {
        let now = Clock.monotonic()
        return queue.contains { $0.notBefore <= now }
    }

    /// Whether a file could not be read, or not to its end.
    package var hasProblems: Bool {
        !problems.isEmpty || tails.values.contains { !$0.error.isEmpty }
    }

    func diskGuard() -> DiskGuard {
        DiskGuard(
            directory: writer.directory, reserve: configuration.reserve,
            ballast: configuration.ballast)
    }

    /// Closes the files of days while compaction or retention is at work.
    func leaveDaysToMaintenance() { writer.leaveDaysToMaintenance() }

    // MARK: Turns

    /// One turn; with `isFinal` the last event of each file is stored although it may go on, and
    /// compressed files are read although they may be growing.
    ///
    /// An error of the store leaves it as the last turn left it; the next one begins from there.
    package func turn(isFinal: Bool = false, timeout: Double = 5) throws(StoreError) {
        if try writer.acquire(timeout: timeout) { mustRestart = true }
        defer { writer.release() }
        let hadSeenAll = hasSeenAll
        do throws(StoreError) {
            if mustRestart { try restartReaders() }
            scanIfDue()
            lookAtGone()
            try readInRounds(isFinal)
            noteChanges()
            try intake.commit()
            uncommitted = []
            if hasSeenAll { sourcesToPassOver = [] }
            for tail in queue { tail.isPostponed = false }
        } catch {
            intake.abandon()
            mustRestart = true
            // What was passed over or marked as missing was not committed.
            hasSeenAll = hadSeenAll
            for tail in tails.values {
                tail.isChanged = true
                tail.isPostponed = false
                // It may have been closed as read to its end.
                if let id = tail.generation, uncommitted.contains(id) { tail.isQueued = true }
            }
            uncommitted = []
            // It was being taken to pieces.
            queue = tails.values.filter(\.isQueued)
            throw error
        }
    }

    /// Reads all that is there and stores it, last events included; follows nothing.
    package func readAll() throws(StoreError) {
        needsScan = true
        repeat { try turn(isFinal: true) } while needsScan || !queue.isEmpty
    }

    /// Stores what was read and held back, last events included; reads nothing more.
    package func finish() throws(StoreError) {
        if try writer.acquire(timeout: 1) { mustRestart = true }
        defer { writer.release() }
        // After a failed turn, or another process's, only what is committed holds.
        guard !mustRestart else { return }
        do throws(StoreError) {
            try storeQuiet(true)
            noteChanges()
            try intake.commit()
        } catch {
            intake.abandon()
            throw error
        }
    }

    func note(_ state: ShipperState) throws(StoreError) {
        if try writer.acquire(timeout: 0.2) { mustRestart = true }
        defer { writer.release() }
        try writer.note(state)
    }

    /// Goes back to what is committed: another process wrote, or a turn failed.
    private func restartReaders() throws(StoreError) {
        for tail in tails.values {
            guard let id = tail.generation else { continue }
            guard let generation = try writer.generation(id: id) else {
                // It was added in the turn that failed.
                close(tail)
                leaveGeneration(tail)
                enqueue(tail)
                continue
            }
            guard let reader = tail.reader else {
                // A day was restored, and the file is to be read again.
                if !tail.isCopy, generation.position < tail.reached { enqueue(tail) }
                continue
            }
            enqueue(tail)
            if isToPassOver(tail, generation) {
                close(tail)
                continue
            }
            let skipped = try writer.skipped(of: id)
            do throws(ReadError) {
                try reader.restart(from: generation, skipped: skipped)
                hold(tail)
            } catch {
                close(tail)
            }
        }
        mustRestart = false
    }

    /// Opens, reads and closes in rounds, as there may be more files than descriptors.
    private func readInRounds(_ isFinal: Bool) throws(StoreError) {
        let end = Clock.monotonic() + Self.turnSpacing
        var budget = Self.turnBytes
        while true {
            let waiting = queue.count
            try openQueued(isFinal, until: end)
            try readQueued(isFinal, &budget)
            try storeQuiet(isFinal)
            if budget <= 0 || queue.isEmpty || queue.count >= waiting { return }
            if Clock.monotonic() >= end { return }
        }
    }

    private func readQueued(_ isFinal: Bool, _ budget: inout Int) throws(StoreError) {
        let now = Clock.monotonic()
        var waiting: [Tail] = []
        // What is up to date but for a little comes before the backlogs, and what has more to read after
        // its share behind all others.
        var round = queue.filter { $0.isNearlyRead } + queue.filter { !$0.isNearlyRead }
        queue = []
        while budget > 0, !round.isEmpty {
            var next: [Tail] = []
            for tail in round {
                guard budget > 0, tail.reader != nil, tail.notBefore <= now || isFinal else {
                    waiting.append(tail)
                    continue
                }
                tail.isQueued = false
                let share = tail.isNearlyRead ? Self.share : Self.backlogShare
                let read = try serve(tail, share)
                budget -= read
                guard read >= share else { continue }
                tail.isQueued = true
                next.append(tail)
            }
            round = next
        }
        // What was served first is served last the next time.
        queue = waiting + round + queue
    }

    /// Stores the last events of files to which nothing was added for a while.
    private func storeQuiet(_ isFinal: Bool) throws(StoreError) {
        let now = Clock.monotonic()
        for (key, tail) in holding {
            guard let reader = tail.reader, !reader.held.isEmpty else {
                holding[key] = nil
                continue
            }
            guard isFinal || now - tail.grewAt >= Self.quiet || tail.isLongQuiet else { continue }
            if let batch = reader.parse(isFinal: true) {
                try store(batch)
            }
            tail.isChanged = true
            holding[key] = nil
        }
    }

    private func noteChanges() {
        var changed: [FollowedFile] = []
        for tail in tails.values where tail.isChanged {
            tail.isChanged = false
            changed.append(tail.followed(name(ofSource: tail.source)))
        }
        if !changed.isEmpty { writer.note(changed) }
    }

    func name(ofSource index: Int) -> String {
        configuration.sources.indices.contains(index) ? configuration.sources[index].name : ""
    }

    // MARK: The queue

    func enqueue(_ tail: Tail) {
        guard !tail.isQueued else { return }
        tail.isQueued = true
        queue.append(tail)
    }

    func hold(_ tail: Tail) {
        if let reader = tail.reader, !reader.held.isEmpty {
            holding[tail.identity] = tail
        } else {
            holding[tail.identity] = nil
        }
    }

    /// Gives the descriptor up; what was read and not stored will be read again.
    func close(_ tail: Tail) {
        guard let reader = tail.reader else { return }
        tail.reached = reader.generation.position
        tail.reader = nil
        if holding.removeValue(forKey: tail.identity) != nil, !tail.isGone { enqueue(tail) }
        reading[tail.identity] = nil
    }
}
