internal import Glibc
internal import LogStore

extension Search {
    /// Gives the blocks that the index names to `body`, a few of one day at a time, on as many threads
    /// as the machine runs at once.
    ///
    /// Each thread has a part of its own, made by `start`, which the caller merges; and a search of its own, which
    /// `body` is given, and whose statistics and failures are added to this one's.
    /// Which thread gets what, and in which order, is not said. A day that cannot be read is noted,
    /// and the others go on.
    func shareBlocks<Part: Sendable>(
        from start: @escaping @autoclosure @Sendable () -> Part,
        _ body: @escaping @Sendable (Search, inout Part, [BlockCursor.Candidate]) -> Void
    ) throws(SearchError) -> [Part] {
        let work = SharedBlocks(try daysInOrder())
        let threads = work.isEmpty ? 1 : Threads.available
        let plan = self.plan
        let results = Threads.map(threads) { _ in
            Result { () throws(SearchError) in
                // If this fails it does so for all threads alike, and no work is left half done.
                let search = try Search(plan)
                var part = start()
                search.drain(work) { body(search, &part, $0) }
                return (part, search.statistics, search.failures)
            }
        }
        var parts: [Part] = []
        for result in results {
            let (part, statistics, failures) = try result.get()
            self.statistics.add(statistics)
            self.failures += failures
            parts.append(part)
        }
        // Several threads may come upon the same damage.
        dropRepeatedFailures()
        return parts
    }

    /// Leaves each failure once.
    func dropRepeatedFailures() {
        guard failures.count > 1 else { return }
        var known: Set<String> = []
        failures.removeAll { !known.insert($0.description).inserted }
    }

    private func drain(
        _ work: SharedBlocks, _ body: ([BlockCursor.Candidate]) -> Void
    ) {
        var open: Partition?
        while let next = work.next(near: open?.day) {
            if case .day(let day) = next { noteDamagedPart(of: day) }
            var named: [Partition.BlockReference] = []
            do {
                let partition: Partition
                if let open, open.day == next.day {
                    partition = open
                } else {
                    partition = try store.partition(next.day, isSnapshot: true)
                    open = partition
                }
                switch next {
                case .day:
                    try noteRemovals(from: partition)
                    named = try self.named(partition)
                case .blocks(_, let blocks): body(candidates(blocks, of: partition))
                }
            } catch {
                switch next {
                case .day(let day): note(error, opening: day)
                // Another thread has read some of it.
                case .blocks(let day, _):
                    let path = StoreLayout.partition(store.directory, day)
                    failures.append(store.isRemoved(day) ? .changed(path: path) : error)
                }
            }
            if case .day(let day) = next { work.add(named, of: day) }
        }
    }
}

/// The days and blocks of a search that no thread has taken yet.
private final class SharedBlocks: @unchecked Sendable {  // all state below is guarded by `mutex`
    enum Share {
        /// A day whose blocks are to be named, and then added.
        case day(Day)
        case blocks(Day, ArraySlice<Partition.BlockReference>)

        var day: Day {
            switch self {
            case .day(let day), .blocks(let day, _): day
            }
        }
    }

    /// A thread that opens a day for another one's blocks should have enough to do there.
    private static let blocksAtOnce = 8

    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var days: ArraySlice<Day>
    private var beingNamed = 0
    private var shares: [(day: Day, blocks: ArraySlice<Partition.BlockReference>)] = []
    let isEmpty: Bool

    init(_ days: [Day]) {
        self.days = days[...]
        isEmpty = days.isEmpty
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(changed, nil)
    }

    deinit {
        pthread_cond_destroy(changed)
        pthread_mutex_destroy(mutex)
        changed.deallocate()
        mutex.deallocate()
    }

    /// What to do next: blocks of the day that is open, else a new day, else blocks of any day. Waits
    /// while others may name some; nil when all is done or taken.
    func next(near day: Day?) -> Share? {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while true {
            if let own = shares.lastIndex(where: { $0.day == day }) { return take(own) }
            if let day = days.popFirst() {
                beingNamed += 1
                return .day(day)
            }
            if !shares.isEmpty { return take(0) }
            if beingNamed == 0 { return nil }
            pthread_cond_wait(changed, mutex)
        }
    }

    private func take(_ index: Int) -> Share {
        let share = shares.remove(at: index)
        return .blocks(share.day, share.blocks)
    }

    /// Adds the blocks of a day that `next` gave out.
    func add(_ blocks: [Partition.BlockReference], of day: Day) {
        pthread_mutex_lock(mutex)
        var rest = blocks[...]
        while !rest.isEmpty {
            shares.append((day, rest.prefix(Self.blocksAtOnce)))
            rest = rest.dropFirst(Self.blocksAtOnce)
        }
        beingNamed -= 1
        pthread_cond_broadcast(changed)
        pthread_mutex_unlock(mutex)
    }
}
