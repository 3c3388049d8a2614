internal import LogModel
internal import SQLite

/// One UTC day, open for writing by the store's only writer.
///
/// Blocks and the positions that they reach are committed together, so that after a crash the
/// partition itself knows what it has; nothing else has to agree with it.
final class PartitionWriter {
    let day: Day
    let path: String
    let connection: Connection
    private let insertBlock: Statement
    private let insertContent: Statement
    private let insertLive: Statement
    private let setProgress: Statement
    private let terms: TermIndex
    private var isInTransaction = false
    private var isIndexDamaged = false
    private var sources: [EventSource: Int64] = [:]
    private var layouts: [Layout: Int64] = [:]
    private var positions: [String: Int64] = [:]
    /// Nil until it is asked for.
    private var live: LiveBlocks?
    /// The inode of the file, by which it is seen that another took its place.
    private let inode: UInt64
    private var version: Int64 = 0
    /// The number of the hold of the lock in which it was last asked for.
    private(set) var lastHold = 0

    convenience init(day: Day, path: String) throws(StoreError) {
        let connection = try StoreFile.openForWriting(
            path, kind: .partition, schema: Partition.schema)
        try self.init(day: day, path: path, connection: connection)
    }

    init(day: Day, path: String, connection: Connection) throws(StoreError) {
        self.day = day
        self.path = path
        self.connection = connection
        inode = StoreFile.inode(path)
        do {
            insertBlock = try Statement(Self.blockInsertion, on: connection)
            insertContent = try Statement(
                "INSERT INTO content(block, data) VALUES(?, ?)", on: connection)
            insertLive = try Statement(
                "INSERT INTO live(source, block) VALUES(?, ?)", on: connection)
            setProgress = try Statement(Self.progressUpdate, on: connection)
            terms = try TermIndex(on: connection)
        } catch {
            throw StoreError(error)
        }
    }

    private static let blockInsertion = """
        INSERT INTO block(source, first_time, last_time, first_offset, end_offset, events,
            raw_bytes, severities, invalid_utf8, layouts, digest, state)
        VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """
    private static let progressUpdate = """
        INSERT INTO progress(generation, position, open_offset) VALUES(?1, ?2, ?3)
        ON CONFLICT(generation) DO UPDATE
        SET position = max(position, ?2), open_offset = max(open_offset, ?3)
        """

    /// How far this day has `generation`: events before it are here already.
    func position(of generation: String) throws(StoreError) -> Int64 {
        if let known = positions[generation] { return known }
        let stored = try writing { () throws(SQLiteError) -> Int64 in
            let statement = try Statement(
                "SELECT position FROM progress WHERE generation = ?", on: connection)
            statement.bind(generation, at: 1)
            return try statement.step() ? statement.integer(0) : 0
        }
        positions[generation] = stored
        return stored
    }

    /// Adds a block to the open transaction.
    ///
    /// One `of` a live source may be added without terms, or merged with those before it
    /// (`LiveBlocks`); with `isOpen` it stays as it is, since it will be removed again.
    func insert(
        _ block: EncodedBlock, from source: EventSource, isLive: Bool, isOpen: Bool = false,
        encoder: inout BlockEncoder
    ) throws(StoreError) {
        try begin()
        let source = try writing { () throws(SQLiteError) in try id(of: source) }
        let isLive = isLive && block.summary.rawBytes < LiveBlocks.blockBytes
        // Blocks of a source stay in the order of its file.
        if !isLive { try merge(source, isIndexed: true, &encoder) }
        try add(block, source, isLive: isLive)
        guard isLive, !isOpen else { return }
        if try liveBlocks().isFull(source) { try merge(source, isIndexed: false, &encoder) }
        while let largest = try liveBlocks().largestToIndex {
            try merge(largest, isIndexed: true, &encoder)
        }
    }

    /// Adds a block as it is; an archived one has no terms.
    func add(
        _ block: EncodedBlock, from source: EventSource, state: BlockState = .taken
    ) throws(StoreError) {
        try begin()
        let source = try writing { () throws(SQLiteError) in try id(of: source) }
        try add(block, source, isLive: false, state)
    }

    private func add(
        _ block: EncodedBlock, _ source: Int64, isLive: Bool, _ state: BlockState = .taken
    ) throws(StoreError) {
        // Before the block is there, or it would be counted twice.
        if isLive { _ = try liveBlocks() }
        try writing { () throws(SQLiteError) in
            var layoutIDs: [Int64] = []
            for layout in block.layouts { layoutIDs.append(try id(of: layout)) }
            let summary = block.summary
            let values = [
                source, summary.firstTime, summary.lastTime, summary.firstOffset,
                summary.endOffset, Int64(summary.events), Int64(summary.rawBytes),
                summary.severities, summary.hasInvalidUTF8 ? 1 : 0,
            ]
            for (index, value) in values.enumerated() {
                insertBlock.bind(value, at: Int32(index + 1))
            }
            insertBlock.bind(blob: LayoutIDs.encode(layoutIDs), at: 10)
            insertBlock.bind(blob: summary.digest, at: 11)
            insertBlock.bind(state.rawValue, at: 12)
            try insertBlock.run()
            let id = connection.lastInsertedRow
            insertContent.bind(id, at: 1)
            insertContent.bind(blob: block.data, at: 2)
            try insertContent.run()
            if isLive {
                insertLive.bind(source, at: 1)
                insertLive.bind(id, at: 2)
                try insertLive.run()
                live?.add(source, bytes: summary.rawBytes)
            } else if state != .archived {
                try terms.add(block.terms, block: id)
            }
        }
    }

    // MARK: Live blocks

    /// Makes one block of the live blocks of a source: an indexed one where `isIndexed` says so or it
    /// is large enough, else a live one.
    private func merge(
        _ source: Int64, isIndexed: Bool, _ encoder: inout BlockEncoder
    ) throws(StoreError) {
        guard try liveBlocks().has(source) else { return }
        let partition = try Partition(day: day, on: connection)
        let references = try partition.liveBlocks(ofSource: source)
        let merged = try partition.batch(of: references)
        try delete(references)
        live?.remove(source)
        let size = references.reduce(0) { $0 + $1.rawBytes }
        let isLive = !isIndexed && size < LiveBlocks.blockBytes
        for rows in BatchEncoder.pieces(Array(merged.rows.indices), of: merged) {
            try add(encoder.encode(merged, rows: rows), source, isLive: isLive)
        }
    }

    private func liveBlocks() throws(StoreError) -> LiveBlocks {
        if let live { return live }
        var found = LiveBlocks()
        for block in try Partition(day: day, on: connection).liveBlocks(ofSource: nil) {
            found.add(block.source, bytes: block.rawBytes)
        }
        live = found
        return found
    }

    private func delete(_ blocks: [Partition.BlockReference]) throws(StoreError) {
        guard !blocks.isEmpty else { return }
        let ids = blocks.map { String($0.id) }.joined(separator: ",")
        let places = blocks.map { "(\($0.source),\($0.id))" }.joined(separator: ",")
        try writing { () throws(SQLiteError) in
            try connection.execute(
                """
                DELETE FROM block WHERE id IN (\(ids)); DELETE FROM content WHERE block IN (\(ids));
                DELETE FROM live WHERE (source, block) IN (VALUES \(places))
                """)
        }
    }

    /// Notes in the open transaction that this day has all of `generation` before `position`, and
    /// that the event at `openOffset`, if that lies before it, may still grow.
    func advance(
        _ generation: String, to position: Int64, openOffset: Int64
    ) throws(StoreError) {
        try begin()
        try writing { () throws(SQLiteError) in
            setProgress.bind(generation, at: 1)
            setProgress.bind(position, at: 2)
            setProgress.bind(openOffset, at: 3)
            try setProgress.run()
        }
        positions[generation] = max(positions[generation] ?? 0, position)
    }

    /// Removes the events of a generation from `offset` on, in the open transaction.
    ///
    /// Returns how many they were. A block that has others too is written anew without them. The
    /// index keeps the old rows' terms, which name no block any more.
    func remove(
        _ generation: String, from offset: Int64, encoder: inout BlockEncoder
    ) throws(StoreError) -> Int {
        try begin()
        var removed = 0
        let partition = try Partition(day: day, on: connection)
        let blocks = try partition.blocks(ofGeneration: generation, in: offset..<Int64.max)
        let live = try blocks.isEmpty ? [] : partition.liveBlocks()
        for block in blocks {
            removed += block.events
            guard block.firstOffset < offset else { continue }
            let batch = try partition.batch(of: block)
            let kept = batch.rows.indices.filter { batch.rows[$0].offset < offset }
            removed -= kept.count
            guard !kept.isEmpty else { continue }
            try add(
                encoder.encode(batch, rows: kept), block.source, isLive: live.contains(block.id))
        }
        try delete(blocks)
        self.live = nil
        try writing { () throws(SQLiteError) in
            let statement = try Statement(
                """
                UPDATE progress SET position = min(position, ?1), open_offset = min(open_offset, ?1)
                WHERE generation = ?2
                """, on: connection)
            statement.bind(offset, at: 1)
            statement.bind(generation, at: 2)
            try statement.run()
        }
        positions[generation] = min(positions[generation] ?? offset, offset)
        return removed
    }

    func commit() throws(StoreError) {
        guard isInTransaction else { return }
        let shouldMerge = try writing { () throws(SQLiteError) -> Bool in
            let hasManySegments = try terms.write()
            try connection.execute("COMMIT")
            return hasManySegments
        }
        isInTransaction = false
        if shouldMerge, !isIndexDamaged { try mergeTerms() }
    }

    /// All is committed; a full disk only leaves the merging to a later commit, and a damaged index to the
    /// compaction, which makes it anew.
    private func mergeTerms() throws(StoreError) {
        do throws(SQLiteError) { try TermIndex.merge(path) } catch {
            if error.isCorruption { isIndexDamaged = true }
            guard error.isDiskFull || error.isCorruption else { throw StoreError(error) }
        }
    }

    /// Whether a page was read that did not match its checksum.
    var hasMetDamage: Bool { connection.hasMetDamage }

    /// Whether the file, read anew, has pages that do not match their checksums.
    static func isDamaged(_ path: String) -> Bool {
        guard let connection = try? Connection(path, mode: .readOnly) else { return true }
        try? connection.execute("PRAGMA quick_check")
        return connection.hasMetDamage
    }

    /// Forgets what is not committed, and everything remembered of it.
    func rollback() {
        guard isInTransaction else { return }
        try? connection.execute("ROLLBACK")
        isInTransaction = false
        terms.removeAll()
        forget()
    }

    /// Whether the file is still that of the day; forgets what was remembered of it if another
    /// process wrote to it.
    func isCurrent() throws(StoreError) -> Bool {
        guard inode == StoreFile.inode(path) else { return false }
        let version = try writing { () throws(SQLiteError) in
            try connection.integer("PRAGMA data_version") ?? 0
        }
        if version != self.version { forget() }
        self.version = version
        return true
    }

    func use(in hold: Int) { lastHold = hold }

    private func forget() {
        sources = [:]
        layouts = [:]
        positions = [:]
        live = nil
    }

    func begin() throws(StoreError) {
        guard !isInTransaction else { return }
        try writing { () throws(SQLiteError) in try connection.execute("BEGIN IMMEDIATE") }
        isInTransaction = true
    }

    private func id(of source: EventSource) throws(SQLiteError) -> Int64 {
        if let known = sources[source] { return known }
        let insert = try Statement(
            """
            INSERT INTO source(generation, host, service, environment, path, observed)
            VALUES(?1, ?2, ?3, ?4, ?5, ?6)
            ON CONFLICT DO UPDATE SET observed = observed RETURNING id
            """, on: connection)
        for (index, value) in [
            source.generation, source.host, source.service, source.environment, source.path,
        ].enumerated() {
            insert.bind(value, at: Int32(index + 1))
        }
        insert.bind(source.observedTimestamp, at: 6)
        let id = try insert.step() ? insert.integer(0) : 0
        insert.reset()
        sources[source] = id
        return id
    }

    private func id(of layout: Layout) throws(SQLiteError) -> Int64 {
        if let known = layouts[layout] { return known }
        let insert = try Statement(
            """
            INSERT INTO layout(descriptor) VALUES(?1)
            ON CONFLICT DO UPDATE SET descriptor = descriptor RETURNING id
            """, on: connection)
        insert.bind(blob: LayoutDescriptor.encode(layout), at: 1)
        let id = try insert.step() ? insert.integer(0) : 0
        insert.reset()
        layouts[layout] = id
        return id
    }

    func writing<Result>(
        _ body: () throws(SQLiteError) -> Result
    ) throws(StoreError) -> Result {
        do { return try body() } catch { throw StoreError(error) }
    }
}
