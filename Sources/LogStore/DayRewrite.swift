internal import Glibc
internal import LogModel
internal import SQLite

/// A day written anew: a draft of it in which each event is where `target` says, made of the day as it
/// was when this was made.
struct DayRewrite {
    let path: String
    let draft: String
    let day: Day
    private let target: DayTarget
    private let version: DayVersion
    private let groups: [BlockGroup]
    private let sources: [Int64: EventSource]
    let isNeeded: Bool
    /// What is there before the day is written anew.
    let before: DayChange

    /// What a day's file takes that has no blocks.
    private static let emptyBytes: Int64 = 1 << 17

    init(day: Day, path: String, target: DayTarget) throws(StoreError) {
        self.day = day
        self.path = path
        self.target = target
        draft = path + StoreLayout.draftEnding
        let partition = try Partition(day: day, path: path)
        // First: if it is the same at the end, all that is read in between is of one state.
        version = try partition.version()
        let sorter = BlockSorter(partition, target)
        let blocks = try partition.blocks(Partition.Criteria())
        groups = try sorter.groups(blocks)
        sources = try partition.allSources()
        let isWritten = groups.allSatisfy { $0.isWritten }
        let isStale = try partition.hasStaleIndex(blocks)
        isNeeded = !isWritten || isStale
        before = Self.state(day, path, blocks)
    }

    private static func state(
        _ day: Day, _ path: String, _ blocks: [Partition.BlockReference]
    ) -> DayChange {
        var before = DayChange(day: day)
        before.blocksBefore = blocks.count
        before.bytesBefore = StoreFile.size(path) + StoreFile.size(path + "-wal")
        for block in blocks {
            before.rawBytes += Int64(block.rawBytes)
            if block.isArchived { before.eventsArchivedBefore += block.events }
        }
        return before
    }

    /// Whether nothing would be left of what is there.
    var removesAll: Bool {
        !groups.isEmpty && groups.allSatisfy { $0.placements == [.removed] }
    }

    /// What it would do; mixed blocks count as what most of their kind become.
    func estimate() -> DayChange {
        var change = before
        for group in groups { group.estimate(into: &change) }
        if !removesAll { change.bytesAfter += Self.emptyBytes }
        return change
    }

    /// Whether the day is still as it was when this was made.
    func isCurrent() throws(StoreError) -> Bool {
        try Partition(day: day, path: path).version() == version
    }

    /// Writes the day anew into the draft.
    func writeDraft(_ progress: (Int64) -> Void) throws(StoreError) -> DayChange {
        var change = before
        try writeBlocks(&change, progress)
        // On a connection of its own: the writer's has read the index as it was before.
        do { try TermIndex.optimize(draft) } catch { throw StoreError(error) }
        change.bytesAfter = StoreFile.size(draft)
        return change
    }

    private func writeBlocks(
        _ change: inout DayChange, _ progress: (Int64) -> Void
    ) throws(StoreError) {
        let writer = try PartitionWriter(day: day, draft: draft, copying: path)
        let work = rewriting()
        defer { work.stop() }
        var index = IdentifierIndexBuilder(firstBlock: try writer.lastBlock() + 1)
        var removed = RemovedEvents()
        var done: Int64 = 0
        for group in groups {
            guard let result = work.next(), let source = sources[group.source] else {
                throw .damaged(path: path, reason: "source \(group.source) is missing")
            }
            let rewritten = try result.get()
            try write(rewritten, source, writer, &index)
            change.add(rewritten)
            removed.add(rewritten.removed, of: source.generation)
            done += Int64(group.rawBytes)
            progress(done)
        }
        try writer.add(removed)
        if change.eventsIndexed > 0 { try writer.write(&index) }
        try writer.commit()
    }

    /// Archived blocks stand among the others without identifiers, so that those of a segment have
    /// successive numbers.
    private func write(
        _ rewritten: RewrittenBlocks, _ source: EventSource, _ writer: PartitionWriter,
        _ index: inout IdentifierIndexBuilder
    ) throws(StoreError) {
        for block in rewritten.indexed {
            try writer.add(block, from: source, state: .compacted)
            try writer.add(block.identifiers, to: &index)
        }
        for block in rewritten.archived {
            try writer.add(block, from: source, state: .archived)
            try writer.add([], to: &index)
        }
    }

    private typealias Rewritten = Result<RewrittenBlocks, StoreError>

    private func rewriting() -> OrderedWork<Rewritten> {
        let (day, path, groups, target) = (day, path, groups, target)
        let threads = max(1, min(8, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))))
        return OrderedWork(count: groups.count, threads: threads) {
            let rewriter = BlockRewriter(day: day, path: path, target: target)
            return { number in
                do throws(StoreError) {
                    return .success(try rewriter.rewrite(groups[number]))
                } catch {
                    return .failure(error)
                }
            }
        }
    }
}

extension Store {
    /// What writing a day anew would do; nil where every event is as `target` says. Sizes afterwards
    /// are estimates. Costs reading the summaries of the day's blocks, and takes no lock.
    package func change(of day: Day, to target: DayTarget) throws(StoreError) -> DayChange? {
        let path = StoreLayout.partition(directory, day)
        let rewrite = try DayRewrite(day: day, path: path, target: target)
        return rewrite.isNeeded ? rewrite.estimate() : nil
    }
}

extension DayChange {
    mutating func add(_ blocks: RewrittenBlocks) {
        eventsIndexed += blocks.indexed.reduce(0) { $0 + $1.summary.events }
        eventsArchived += blocks.archived.reduce(0) { $0 + $1.summary.events }
        for count in blocks.removed.values {
            eventsRemoved += count.events
            rawBytesRemoved += count.bytes
        }
        blocksAfter += blocks.indexed.count + blocks.archived.count
    }
}

extension Partition {
    /// Whether blocks that the index was made of are gone.
    func hasStaleIndex(_ blocks: [BlockReference]) throws(StoreError) -> Bool {
        guard blocks.contains(where: { $0.state == .compacted }) else { return false }
        return try reading { () throws(SQLiteError) in
            let indexed = try connection.integer("SELECT total(blocks) FROM segment") ?? 0
            return indexed != Int64(blocks.count)
        }
    }
}

extension PartitionWriter {
    /// Opens a new file at `draft` for the events of the day at `path`, of which it takes over the
    /// sources, the layouts, how far the day has each generation and what was removed of it. Its blocks
    /// are numbered from behind those of the old file on: who has been told of one of those does not take
    /// another one for it.
    convenience init(day: Day, draft: String, copying path: String) throws(StoreError) {
        let connection = try StoreFile.makeDraft(
            draft, kind: .partition, schema: Partition.schema)
        try self.init(day: day, path: draft, connection: connection)
        try writing { () throws(SQLiteError) in
            let attach = try Statement("ATTACH ? AS old", on: connection)
            attach.bind(path, at: 1)
            try attach.run()
            try connection.execute(
                """
                BEGIN;
                INSERT INTO source SELECT * FROM old.source ORDER BY id;
                INSERT INTO progress SELECT * FROM old.progress ORDER BY generation;
                INSERT INTO layout SELECT * FROM old.layout ORDER BY id;
                INSERT INTO removed SELECT * FROM old.removed ORDER BY generation, reason;
                INSERT INTO sqlite_sequence SELECT * FROM old.sqlite_sequence WHERE name = 'block';
                COMMIT;
                """)
        }
        try writing { () throws(SQLiteError) in try connection.execute("DETACH old") }
    }

    /// The number of the last block that the day has had in this file or in one before it.
    func lastBlock() throws(StoreError) -> Int64 {
        try writing { () throws(SQLiteError) in try connection.lastBlock() }
    }

    func add(
        _ identifiers: [UInt64], to index: inout IdentifierIndexBuilder
    ) throws(StoreError) {
        do { try index.add(identifiers, on: connection) } catch { throw StoreError(error) }
    }

    func write(_ index: inout IdentifierIndexBuilder) throws(StoreError) {
        do { try index.finish(on: connection) } catch { throw StoreError(error) }
    }
}
