internal import Glibc
internal import LogModel
internal import SQLite

/// What merging the blocks of the days did.
package struct CompactionReport: Sendable {
    /// Days that were written anew, and days that were as they should be.
    package var days = 0
    package var unchangedDays = 0
    package var events = 0
    /// Of the days that were written anew: blocks, and bytes of their files.
    package var blocksBefore = 0
    package var blocksAfter = 0
    package var bytesBefore: Int64 = 0
    package var bytesAfter: Int64 = 0
    /// The original text of these days.
    package var rawBytes = 0
    /// Days that stay as they were, and why.
    package var problems: [StoreError] = []

    package init() {}
}

extension StoreWriter {
    /// Merges the blocks of each day that was written to since its last compaction into large ones, in
    /// a new file that takes the place of the old one. A second run finds nothing to do.
    ///
    /// Costs about 12 s of CPU a GB of logs, on as many threads as the machine runs at once, and
    /// about 40 MB of memory for each. A crash leaves the old file or the new one. A day that is damaged, or
    /// that a search has open for more than five seconds, stays as it is and is named in the report.
    ///
    /// - Parameter progress: is told the bytes of original text that are done.
    package func compact(progress: (Int64) -> Void = { _ in }) throws(StoreError)
        -> CompactionReport
    {
        try commit()
        closePartitions()
        try StoreLayout.removeDrafts(directory)
        var report = CompactionReport()
        var done: Int64 = 0
        for day in try StoreLayout.days(directory) {
            let path = StoreLayout.partition(directory, day)
            do throws(StoreError) {
                let compaction = try DayCompaction(day: day, path: path)
                guard compaction.isNeeded else {
                    report.unchangedDays += 1
                    continue
                }
                try compaction.run(into: &report) { progress(done + $0) }
                done += Int64(compaction.rawBytes)
            } catch {
                if case .full = error { throw error }
                report.problems.append(error)
            }
        }
        return report
    }
}

/// The compaction of one day. Only the holder of the writer's lock makes one.
struct DayCompaction {
    private let day: Day
    private let path: String
    private let groups: [[Partition.BlockReference]]
    private let sources: [Int64: EventSource]
    let isNeeded: Bool
    let rawBytes: Int

    /// Original text of a full block. Twice as much gives smaller files, and more to decode for a hit.
    static let blockBytes = 1 << 19

    init(day: Day, path: String) throws(StoreError) {
        self.day = day
        self.path = path
        let partition = try Partition(day: day, path: path)
        let blocks = try partition.blocks(Partition.Criteria())
        groups = Self.groups(blocks)
        sources = try partition.allSources()
        isNeeded = try partition.hasUncompactedBlocks(count: blocks.count)
        rawBytes = blocks.reduce(0) { $0 + $1.rawBytes }
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

    /// Writes the day anew and puts it in the place of the old file.
    func run(
        into report: inout CompactionReport, progress: (Int64) -> Void
    ) throws(StoreError) {
        let draft = path + StoreLayout.draftEnding
        let before = StoreFile.size(path)
        do throws(StoreError) {
            let blocks = try write(draft, progress)
            // On a connection of its own: the writer's has read the index as it was before.
            do { try TermIndex.optimize(draft) } catch { throw StoreError(error) }
            try StoreFile.replace(path, by: draft)
            report.blocksAfter += blocks
        } catch {
            StoreFile.remove(draft)
            throw error
        }
        report.days += 1
        report.events += groups.joined().reduce(0) { $0 + $1.events }
        report.rawBytes += rawBytes
        report.blocksBefore += groups.joined().count
        report.bytesBefore += before
        report.bytesAfter += StoreFile.size(path)
    }

    /// Returns how many blocks the draft has.
    private func write(_ draft: String, _ progress: (Int64) -> Void) throws(StoreError) -> Int {
        let writer = try PartitionWriter(day: day, draft: draft, copying: path)
        let work = merging()
        defer { work.stop() }
        var index = IdentifierIndexBuilder()
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

extension Partition {
    /// Whether there are blocks that no compaction wrote, or such that it wrote are gone.
    func hasUncompactedBlocks(count: Int) throws(StoreError) -> Bool {
        try reading { () throws(SQLiteError) in
            let compacted = try connection.integer("SELECT total(blocks) FROM segment") ?? 0
            let last = try connection.integer("SELECT max(id) FROM block") ?? 0
            return count > 0 && (compacted != Int64(count) || last != compacted)
        }
    }
}

extension PartitionWriter {
    /// Opens a new file at `draft` for the events of the day at `path`, of which it takes over the
    /// sources and how far the day has each generation.
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
                COMMIT;
                """)
        }
        try writing { () throws(SQLiteError) in try connection.execute("DETACH old") }
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
