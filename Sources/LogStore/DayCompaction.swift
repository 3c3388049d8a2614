internal import Glibc
internal import LogModel
internal import SQLite

/// The compaction of one day: a draft of it as it was when this was made.
struct DayCompaction {
    let path: String
    let draft: String
    private let day: Day
    private let version: DayVersion
    private let groups: [[Partition.BlockReference]]
    private let sources: [Int64: EventSource]
    let isNeeded: Bool
    let rawBytes: Int

    /// Original text of a full block. Twice as much gives smaller files, and more to decode for a
    /// hit.
    static let blockBytes = 1 << 19

    init(day: Day, path: String) throws(StoreError) {
        self.day = day
        self.path = path
        draft = path + StoreLayout.draftEnding
        let partition = try Partition(day: day, path: path)
        // First: if it is the same at the end, all that is read in between is of one state.
        version = try partition.version()
        let blocks = try partition.blocks(Partition.Criteria())
        groups = Self.groups(blocks)
        sources = try partition.allSources()
        isNeeded = try partition.hasUncompactedBlocks(count: blocks.count)
        rawBytes = blocks.reduce(0) { $0 + $1.rawBytes }
    }

    /// Whether the day is still as it was when this was made.
    func isCurrent() throws(StoreError) -> Bool {
        try Partition(day: day, path: path).version() == version
    }

    func add(to report: inout CompactionReport, bytesBefore: Int64) {
        report.days += 1
        report.events += groups.joined().reduce(0) { $0 + $1.events }
        report.rawBytes += rawBytes
        report.blocksBefore += groups.joined().count
        report.bytesBefore += bytesBefore
        report.bytesAfter += StoreFile.size(path)
    }

    /// Blocks of one source that lie one behind the other in its file, up to a full block together.
    private static func groups(
        _ blocks: [Partition.BlockReference]
    ) -> [[Partition.BlockReference]] {
        var groups: [[Partition.BlockReference]] = []
        var size = 0
        for block in blocks.sorted(by: {
            ($0.source, $0.firstOffset, $0.id) < ($1.source, $1.firstOffset, $1.id)
        }) {
            if let last = groups.last?.last, last.source == block.source,
                size + block.rawBytes <= blockBytes + blockBytes / 8
            {
                groups[groups.count - 1].append(block)
            } else {
                groups.append([block])
                size = 0
            }
            size += block.rawBytes
        }
        return groups
    }

    /// Writes the day anew into the draft; returns how many blocks it has.
    func writeDraft(_ progress: (Int64) -> Void) throws(StoreError) -> Int {
        let blocks = try writeBlocks(progress)
        // On a connection of its own: the writer's has read the index as it was before.
        do { try TermIndex.optimize(draft) } catch { throw StoreError(error) }
        return blocks
    }

    private func writeBlocks(_ progress: (Int64) -> Void) throws(StoreError) -> Int {
        let writer = try PartitionWriter(day: day, draft: draft, copying: path)
        let work = merging()
        defer { work.stop() }
        var index = IdentifierIndexBuilder(firstBlock: try writer.lastBlock() + 1)
        var blocks = 0
        var done: Int64 = 0
        for group in groups {
            guard let result = work.next(), let source = sources[group[0].source] else {
                throw .damaged(path: path, reason: "source \(group[0].source) is missing")
            }
            for block in try result.get() {
                try writer.add(block, from: source)
                try writer.add(block.identifiers, to: &index)
                blocks += 1
            }
            done += group.reduce(0) { $0 + Int64($1.rawBytes) }
            progress(done)
        }
        try writer.finishDraft(&index)
        return blocks
    }

    private typealias Merged = Result<[EncodedBlock], StoreError>

    private func merging() -> OrderedWork<Merged> {
        let (day, path, groups) = (day, path, groups)
        let threads = max(1, min(8, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))))
        return OrderedWork(count: groups.count, threads: threads) {
            let merger = BlockMerger(day: day, path: path)
            return { number in
                do throws(StoreError) {
                    return .success(try merger.merge(groups[number]))
                } catch {
                    return .failure(error)
                }
            }
        }
    }
}

/// Makes one block of several; one for each thread that does.
private final class BlockMerger {
    private let day: Day
    private let path: String
    private var partition: Partition?
    private var encoder = BlockEncoder(.thorough)

    init(day: Day, path: String) {
        self.day = day
        self.path = path
    }

    /// One block, or more where the events have too many layouts for one.
    func merge(_ group: [Partition.BlockReference]) throws(StoreError) -> [EncodedBlock] {
        let merged = try open().batch(of: group)
        var blocks: [EncodedBlock] = []
        for rows in BatchEncoder.pieces(Array(merged.rows.indices), of: merged) {
            blocks.append(encoder.encode(merged, rows: rows))
        }
        return blocks
    }

    private func open() throws(StoreError) -> Partition {
        if let partition { return partition }
        let opened = try Partition(day: day, path: path)
        partition = opened
        return opened
    }
}

/// What changes with every commit of a day that matters to its content.
struct DayVersion: Equatable {
    /// Ever given out.
    let lastBlock: Int64
    let blocks: Int64
    let progress: [String]
}

extension Partition {
    func version() throws(StoreError) -> DayVersion {
        try reading { () throws(SQLiteError) in
            let last = "SELECT seq FROM sqlite_sequence WHERE name = 'block'"
            let row = try Statement(
                "SELECT generation, position, open_offset FROM progress", on: connection)
            var progress: [String] = []
            while try row.step() {
                progress.append("\(row.text(0)) \(row.integer(1)) \(row.integer(2))")
            }
            return DayVersion(
                lastBlock: try connection.integer(last) ?? 0,
                blocks: try connection.integer("SELECT count(*) FROM block") ?? 0,
                progress: progress)
        }
    }

    /// Whether there are blocks that no compaction wrote, or such that it wrote are gone.
    func hasUncompactedBlocks(count: Int) throws(StoreError) -> Bool {
        try reading { () throws(SQLiteError) in
            let compacted = try connection.integer("SELECT total(blocks) FROM segment") ?? 0
            let last = try connection.integer("SELECT max(first_block + blocks - 1) FROM segment")
            let isLast = try connection.integer("SELECT max(id) FROM block") == last
            return count > 0 && (compacted != Int64(count) || !isLast)
        }
    }
}

extension PartitionWriter {
    /// Opens a new file at `draft` for the events of the day at `path`, of which it takes over the
    /// sources, the layouts and how far the day has each generation. Its blocks are numbered from
    /// behind those of the old file on: who has been told of one of those does not take another one
    /// for it.
    convenience init(day: Day, draft: String, copying path: String) throws(StoreError) {
        let connection = try StoreFile.makeDraft(
            draft, id: StoreFormat.partitionID, schema: Partition.schema)
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
                INSERT INTO sqlite_sequence SELECT * FROM old.sqlite_sequence WHERE name = 'block';
                COMMIT;
                """)
        }
        try writing { () throws(SQLiteError) in try connection.execute("DETACH old") }
    }

    /// The number of the last block that the day has had in this file or in one before it.
    func lastBlock() throws(StoreError) -> Int64 {
        do { return try connection.lastBlock() } catch { throw StoreError(error) }
    }

    func add(
        _ identifiers: [UInt64], to index: inout IdentifierIndexBuilder
    ) throws(StoreError) {
        do { try index.add(identifiers, on: connection) } catch { throw StoreError(error) }
    }

    /// Writes the indexes; the draft is whole when its writer is gone.
    func finishDraft(_ index: inout IdentifierIndexBuilder) throws(StoreError) {
        do { try index.finish(on: connection) } catch { throw StoreError(error) }
        try commit()
    }
}
