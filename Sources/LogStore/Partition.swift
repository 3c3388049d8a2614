package import LogModel
internal import SQLite

/// One UTC day of events, open for reading: an SQLite file that explains itself.
///
/// ```sql
/// source   (id, generation, host, service, environment, path, observed)   where blocks come from
/// progress (generation, position, open_offset)   how far this day has each generation, what
///                                       exactly-once rests on, and where its open event begins
/// layout   (id, descriptor)            `LayoutDescriptor`
/// block    (id, source, first_time, last_time, first_offset, end_offset, events, raw_bytes,
///           severities, invalid_utf8, layouts, digest, state)    what a block says of itself:
///                                       `BlockSummary`, `BlockState`
/// content  (block, data)                the blocks, apart, so that going through the summaries
///                                       reads nothing else                       `BlockEncoder`
/// term     FTS5, contentless, a row a block: its distinct terms            `TermSet`
/// segment, identifier   the identifiers of compacted blocks              `IdentifierIndex`
/// live     (source, block)   blocks that are in no index, so that every query reads them
///                                                                        `LiveBlocks`
/// removed  (generation, reason, events, bytes)   what the day had of each generation once
/// ```
///
/// `PRAGMA user_version` is the format's version. Used by one thread.
package final class Partition {
    package let day: Day
    package let path: String
    let connection: Connection
    private var sources: [Int64: EventSource] = [:]
    private var layouts: [Int64: Layout] = [:]
    /// Reads parts of blocks; only of a snapshot, in which no block can go.
    private var openReader: BlobReader?
    private let isSnapshot: Bool
    private lazy var decompressor = Decompressor()
    private var identifierIndex: IdentifierIndex?

    static let schema = """
        CREATE TABLE source(id INTEGER PRIMARY KEY, generation TEXT NOT NULL, host TEXT NOT NULL,
            service TEXT NOT NULL, environment TEXT NOT NULL, path TEXT NOT NULL,
            observed INTEGER NOT NULL, UNIQUE(generation, host, service, environment, path));
        CREATE TABLE progress(generation TEXT PRIMARY KEY, position INTEGER NOT NULL,
            open_offset INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE layout(id INTEGER PRIMARY KEY, descriptor BLOB NOT NULL UNIQUE);
        CREATE TABLE block(id INTEGER PRIMARY KEY AUTOINCREMENT, source INTEGER NOT NULL,
            first_time INTEGER NOT NULL, last_time INTEGER NOT NULL,
            first_offset INTEGER NOT NULL, end_offset INTEGER NOT NULL, events INTEGER NOT NULL,
            raw_bytes INTEGER NOT NULL, severities INTEGER NOT NULL, invalid_utf8 INTEGER NOT NULL,
            layouts BLOB NOT NULL, digest BLOB NOT NULL, state INTEGER NOT NULL);
        CREATE TABLE content(block INTEGER PRIMARY KEY, data BLOB NOT NULL);
        CREATE VIRTUAL TABLE term USING fts5(terms, content='', detail=none, columnsize=0,
            tokenize="ascii tokenchars '_~'");
        CREATE TABLE segment(id INTEGER PRIMARY KEY, first_block INTEGER NOT NULL,
            blocks INTEGER NOT NULL, hash_bits INTEGER NOT NULL, bucket_bits INTEGER NOT NULL);
        CREATE TABLE identifier(id INTEGER PRIMARY KEY, data BLOB NOT NULL);
        CREATE TABLE live(source INTEGER NOT NULL, block INTEGER NOT NULL,
            PRIMARY KEY(source, block)) WITHOUT ROWID;
        CREATE TABLE removed(generation TEXT NOT NULL, reason TEXT NOT NULL,
            events INTEGER NOT NULL, bytes INTEGER NOT NULL,
            PRIMARY KEY(generation, reason)) WITHOUT ROWID;
        """

    /// With `isSnapshot` all that is read of the day is of one moment. Its write-ahead log grows as long
    /// as someone holds a snapshot, so that is for those who do not wait for anybody.
    package init(day: Day, path: String, isSnapshot: Bool = false) throws(StoreError) {
        self.day = day
        self.path = path
        self.isSnapshot = isSnapshot
        connection = try StoreFile.openForReading(
            path, kind: .partition, inTransaction: isSnapshot)
    }

    /// Reads through a writer's connection, its open transaction included.
    init(day: Day, on connection: Connection) throws(StoreError) {
        self.day = day
        self.path = connection.path
        self.connection = connection
        isSnapshot = false
    }

    /// What a block has to have, by its summary and its terms, to be worth decoding.
    package struct Criteria: Sendable {
        /// Instants from the lower bound up to the upper one, not included but where it is the greatest.
        package var times: Range<Int64> = .min..<Int64.max
        /// A block passes when it has one of these severity numbers; nil for any.
        package var severities: Int64?
        package var terms: TermFilter = .any
        /// Only blocks with greater numbers: those that came after that one.
        package var after: Int64 = 0

        package init() {}
    }

    /// A block's place and summary.
    package struct BlockReference: Sendable {
        package let id: Int64
        package let source: Int64
        package let firstTime: Int64
        package let lastTime: Int64
        package let events: Int
        package let rawBytes: Int
        package let hasInvalidUTF8: Bool
        package let severities: Int64
        package let firstOffset: Int64
        package let endOffset: Int64
        /// The numbers of the layouts that its events have (`LayoutIDs`).
        let layouts: [UInt8]
        /// SHA-256 of the block's original bytes (`BlockSummary.digest`).
        package let digest: [UInt8]
        let state: BlockState

        /// Whether it has no terms, so that every query reads it.
        package var isArchived: Bool { state == .archived }
    }

    /// How many blocks, events and raw bytes the day holds.
    package func totals() throws(StoreError) -> (blocks: Int, events: Int, rawBytes: Int) {
        try reading { () throws(SQLiteError) in
            let statement = try Statement(
                "SELECT count(*), total(events), total(raw_bytes) FROM block", on: connection)
            guard try statement.step() else { return (0, 0, 0) }
            return (
                Int(statement.integer(0)), Int(statement.integer(1)), Int(statement.integer(2))
            )
        }
    }

    /// The blocks that pass, in no order, and all live and archived ones whose summary passes. Costs
    /// the index look-up and 60 bytes a block.
    package func blocks(_ criteria: Criteria) throws(StoreError) -> [BlockReference] {
        // Between two statements a live block may become part of an indexed one.
        try inOneMoment { () throws(StoreError) in try named(criteria) }
    }

    private func named(_ criteria: Criteria) throws(StoreError) -> [BlockReference] {
        var sql = """
            SELECT \(Self.summary) FROM block
            WHERE last_time >= ?1 AND id > ?5
            """
        // The greatest time has no bound behind it.
        if criteria.times.upperBound != .max { sql += " AND first_time < ?2" }
        if criteria.severities != nil { sql += " AND severities & ?3 != 0" }
        let passing = try identifiers().blocks(passing: criteria.terms)
        let expression = passing == nil ? criteria.terms.matchExpression : nil
        if expression != nil {
            sql += """
                 AND (state = \(BlockState.archived.rawValue)
                    OR id IN (SELECT rowid FROM term WHERE term MATCH ?4 AND rowid > ?5
                        UNION ALL SELECT block FROM live))
                """
        }
        let live = passing == nil ? [] : try liveBlocks()
        return try reading { () throws(SQLiteError) in
            let statement = try Statement(sql, on: connection)
            statement.bind(criteria.times.lowerBound, at: 1)
            statement.bind(criteria.times.upperBound, at: 2)
            statement.bind(criteria.after, at: 5)
            if let severities = criteria.severities { statement.bind(severities, at: 3) }
            if let expression { statement.bind(text: expression, at: 4) }
            var found: [BlockReference] = []
            while try statement.step() {
                let block = Self.reference(statement)
                if let passing, !block.isArchived, !passing.contains(block.id),
                    !live.contains(block.id)
                {
                    continue
                }
                found.append(block)
            }
            return found
        }
    }

    private static let summary = """
        id, source, first_time, last_time, events, raw_bytes, invalid_utf8, severities,
            first_offset, end_offset, layouts, digest, state
        """

    /// The blocks that are in no index.
    func liveBlocks() throws(StoreError) -> Set<Int64> {
        try reading { () throws(SQLiteError) in
            let statement = try Statement("SELECT block FROM live", on: connection)
            var found: Set<Int64> = []
            while try statement.step() { found.insert(statement.integer(0)) }
            return found
        }
    }

    private func identifiers() throws(StoreError) -> IdentifierIndex {
        if let identifierIndex { return identifierIndex }
        let index = try IdentifierIndex(on: connection)
        identifierIndex = index
        return index
    }

    private static func reference(_ statement: borrowing Statement) -> BlockReference {
        BlockReference(
            id: statement.integer(0), source: statement.integer(1),
            firstTime: statement.integer(2), lastTime: statement.integer(3),
            events: Int(statement.integer(4)), rawBytes: Int(statement.integer(5)),
            hasInvalidUTF8: statement.integer(6) != 0, severities: statement.integer(7),
            firstOffset: statement.integer(8), endOffset: statement.integer(9),
            layouts: statement.blob(10), digest: statement.blob(11),
            state: BlockState(rawValue: statement.integer(12)) ?? .taken)
    }

    /// Opens a block; its columns are decoded, and of a snapshot read, as they are asked for.
    package func block(_ reference: BlockReference) throws(StoreError) -> Block {
        if let block = try storedBlock(reference) { return block }
        return try movedBlock(reference)
    }

    /// Nil where the block is not there any more.
    func storedBlock(_ reference: BlockReference) throws(StoreError) -> Block? {
        let content = try isSnapshot ? self.content(of: reference) : wholeContent(of: reference)
        guard let content else { return nil }
        do {
            return try Block(
                content, layouts: try layouts(of: reference), decompressor: decompressor)
        } catch let error as BlockError {
            throw .damaged(path: path, reason: "block \(reference.id): \(error)")
        } catch let error as StoreError {
            throw error
        } catch {
            throw .damaged(path: path, reason: "\(error)")
        }
    }

    /// Nil where the block is not there any more.
    private func wholeContent(of reference: BlockReference) throws(StoreError) -> BlockContent? {
        try reading { () throws(SQLiteError) in
            let statement = try Statement(
                "SELECT data FROM content WHERE block = ?", on: connection)
            statement.bind(reference.id, at: 1)
            return try statement.step() ? BlockContent(statement.blob(0)) : nil
        }
    }

    /// Nil where the block is not there any more; it was named in another snapshot then.
    private func content(of reference: BlockReference) throws(StoreError) -> BlockContent? {
        let id = reference.id
        do {
            let reader = try contentReader(at: id)
            return try reading { () throws(SQLiteError) in
                let count = try reader.count(row: id)
                let head = try reader.bytes(0..<min(count, BlockContent.headBytes), row: id)
                return BlockContent(head: head, count: count) { (range) throws(BlockError) in
                    do throws(SQLiteError) { return try reader.bytes(range, row: id) } catch {
                        throw .invalid("content: \(error.message)")
                    }
                }
            }
        } catch {
            // A reader that has failed to go to a row is of no more use.
            openReader = nil
            let isThere = try wholeContent(of: reference) != nil
            if isThere { throw error }
            return nil
        }
    }

    private func contentReader(at id: Int64) throws(StoreError) -> BlobReader {
        if let openReader { return openReader }
        let reader = try reading { () throws(SQLiteError) in
            try BlobReader(table: "content", column: "data", row: id, on: connection)
        }
        openReader = reader
        return reader
    }

    /// The generations whose open event this day has, with the place where it begins.
    func openEvents() throws(StoreError) -> [(generation: String, offset: Int64)] {
        try reading { () throws(SQLiteError) in
            let statement = try Statement(
                "SELECT generation, open_offset FROM progress WHERE open_offset < position",
                on: connection)
            var found: [(generation: String, offset: Int64)] = []
            while try statement.step() { found.append((statement.text(0), statement.integer(1))) }
            return found
        }
    }

    package func source(_ id: Int64) throws(StoreError) -> EventSource {
        if let known = sources[id] { return known }
        try loadSources()
        guard let found = sources[id] else {
            throw .damaged(path: path, reason: "source \(id) is missing")
        }
        return found
    }

    package func allSources() throws(StoreError) -> [Int64: EventSource] {
        if sources.isEmpty { try loadSources() }
        return sources
    }

    /// The blocks of one generation that hold bytes of `range`, by offset; of those alone that came after the
    /// block with the number `earlier`.
    package func blocks(
        ofGeneration generation: String, in range: Range<Int64>, after earlier: Int64 = 0
    ) throws(StoreError) -> [BlockReference] {
        try reading { () throws(SQLiteError) in
            let statement = try Statement(
                """
                SELECT \(Self.summary) FROM block
                WHERE source IN (SELECT id FROM source WHERE generation = ?1)
                    AND end_offset > ?2 AND first_offset < ?3 AND id > ?4 ORDER BY first_offset
                """, on: connection)
            statement.bind(generation, at: 1)
            statement.bind(range.lowerBound, at: 2)
            statement.bind(range.upperBound, at: 3)
            statement.bind(earlier, at: 4)
            var found: [BlockReference] = []
            while try statement.step() { found.append(Self.reference(statement)) }
            return found
        }
    }

    /// The live blocks of a source, by offset; of all sources for nil.
    func liveBlocks(ofSource source: Int64?) throws(StoreError) -> [BlockReference] {
        let own = source == nil ? "" : " WHERE source = ?"
        return try reading { () throws(SQLiteError) in
            let statement = try Statement(
                """
                SELECT \(Self.summary) FROM block WHERE id IN (SELECT block FROM live\(own))
                ORDER BY first_offset
                """, on: connection)
            if let source { statement.bind(source, at: 1) }
            var found: [BlockReference] = []
            while try statement.step() { found.append(Self.reference(statement)) }
            return found
        }
    }

    private func loadSources() throws(StoreError) {
        sources = try reading { () throws(SQLiteError) in
            let statement = try Statement(
                "SELECT id, generation, host, service, environment, path, observed FROM source",
                on: connection)
            var found: [Int64: EventSource] = [:]
            while try statement.step() {
                found[statement.integer(0)] = EventSource(
                    host: statement.text(2), service: statement.text(3),
                    environment: statement.text(4), path: statement.text(5),
                    generation: statement.text(1), observedTimestamp: statement.integer(6))
            }
            return found
        }
    }

    /// The layouts that a block's events have, without reading the block.
    package func layouts(of reference: BlockReference) throws(StoreError) -> [Layout] {
        do {
            var layouts: [Layout] = []
            for id in try LayoutIDs.decode(reference.layouts) { layouts.append(try layout(id)) }
            return layouts
        } catch let error as StoreError {
            throw error
        } catch {
            throw .damaged(path: path, reason: "block \(reference.id): \(error)")
        }
    }

    private func layout(_ id: Int64) throws(StoreError) -> Layout {
        if let known = layouts[id] { return known }
        let descriptor = try reading { () throws(SQLiteError) -> [UInt8] in
            let statement = try Statement(
                "SELECT descriptor FROM layout WHERE id = ?", on: connection)
            statement.bind(id, at: 1)
            return try statement.step() ? statement.blob(0) : []
        }
        do {
            let layout = try LayoutDescriptor.decode(descriptor)
            layouts[id] = layout
            return layout
        } catch {
            throw .damaged(path: path, reason: "layout \(id): \(error)")
        }
    }

    /// What `body` reads is of one moment, whatever is committed meanwhile.
    package func inOneMoment<Result>(
        _ body: () throws(StoreError) -> Result
    ) throws(StoreError) -> Result {
        try reading { () throws(SQLiteError) in try connection.execute("SAVEPOINT moment") }
        defer { try? connection.execute("RELEASE moment") }
        return try body()
    }

    func reading<Result>(
        _ body: () throws(SQLiteError) -> Result
    ) throws(StoreError) -> Result {
        do { return try body() } catch { throw StoreError(error) }
    }
}
