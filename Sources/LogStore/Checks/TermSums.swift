internal import SQLite

/// Sums over the terms of a block: equal where the terms are, but for one case in 2⁶⁴.
struct TermSums: Equatable {
    private(set) var count = 0
    private var sum: UInt64 = 0

    mutating func add(_ term: UInt64) {
        count += 1
        sum &+= Term.hash(term)
    }
}

/// What the two indexes of a day have for each block, read in one pass.
struct IndexedTerms {
    /// By block: what FTS5 finds.
    private(set) var words: [Int64: TermSums] = [:]
    /// By block: hashes in the index of identifiers.
    private(set) var identifiers: [Int64: TermSums] = [:]

    /// Costs 0.2 µs a term of a block, and 50 bytes a block.
    init(_ connection: Connection, segments: [IdentifierIndex.Segment]) throws(StoreError) {
        do {
            try readWords(connection)
            for segment in segments { try readIdentifiers(of: segment, connection) }
        } catch let error as SQLiteError {
            throw StoreError(error)
        } catch {
            throw .damaged(
                path: connection.path, reason: "the index of identifiers: \(error)")
        }
    }

    /// By FTS5's own reading of its index (<https://www.sqlite.org/fts5.html#the_fts5vocab_virtual_table_module>).
    private mutating func readWords(_ connection: Connection) throws(SQLiteError) {
        try connection.execute(
            "CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab(main, term, instance)")
        let statement = try Statement("SELECT term, doc FROM temp.vocabulary", on: connection)
        while try statement.step() {
            // No term is longer; one that is has another sum.
            let term = statement.withBytes(0) { Term.pack($0) ^ UInt64(max(8, $0.count) - 8) }
            words[statement.integer(1), default: TermSums()].add(term)
        }
    }

    private mutating func readIdentifiers(
        of segment: IdentifierIndex.Segment, _ connection: Connection
    ) throws {
        let statement = try Statement(
            "SELECT id, data FROM identifier WHERE id >= ? AND id < ?", on: connection)
        statement.bind(segment.id << 32, at: 1)
        statement.bind((segment.id + 1) << 32, at: 2)
        while try statement.step() {
            let bucket = UInt64(truncatingIfNeeded: statement.integer(0)) & 0xFFFF_FFFF
            for key in try RiceCode.decode(statement.blob(1), in: 0..<UInt64.max) {
                let (rest, place) = key.quotientAndRemainder(dividingBy: segment.blocks)
                let bits = segment.hashBits - segment.bucketBits
                identifiers[segment.firstBlock + Int64(place), default: TermSums()]
                    .add(bucket << bits | rest)
            }
        }
    }
}

extension IdentifierIndex.Segment {
    func contains(_ block: Int64) -> Bool {
        block >= firstBlock && block - firstBlock < Int64(blocks)
    }

    /// What the index keeps of the hashes of one block.
    func kept(_ hashes: [UInt64]) -> TermSums {
        var sums = TermSums()
        for prefix in Set(hashes.map { $0 >> (64 - hashBits) }) { sums.add(prefix) }
        return sums
    }
}
