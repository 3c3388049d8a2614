internal import SQLite

/// The terms of a transaction's blocks on their way into the partition's FTS5 table.
///
/// FTS5 reads and merges the index; only its new segments are written here, as it would write them.
/// Given a text for each block it would cut that into tokens again, look each up in a hash table
/// and sort a list of them at the commit: a quarter of what taking in cost.
final class TermIndex {
    private var terms: [UInt64] = []
    private var blocks: [(id: Int64, end: Int)] = []
    private let path: String
    private let addPage: Statement
    private let addSeparator: Statement
    private let readStructure: Statement
    private let writeStructure: Statement

    /// With so many entries a segment is written before the commit: they take 40 bytes each while
    /// it is made. With so many blocks no term's rows fill more than four pages.
    private static let mostEntries = 1 << 20
    private static let mostBlocks = 4096
    /// As many new segments are merged into one; a query looks into each.
    private static let mergedSegments = 16

    init(on connection: Connection) throws(SQLiteError) {
        path = connection.path
        addPage = try Statement("REPLACE INTO term_data(id, block) VALUES(?, ?)", on: connection)
        addSeparator = try Statement(
            "REPLACE INTO term_idx(segid, term, pgno) VALUES(?, ?, ?)", on: connection)
        readStructure = try Statement("SELECT block FROM term_data WHERE id = ?", on: connection)
        writeStructure = try Statement(
            "UPDATE term_data SET block = ?2 WHERE id = ?1", on: connection)
    }

    /// Adds the distinct terms of a block, in any order; the numbers of blocks must ascend.
    func add(_ terms: [UInt64], block: Int64) throws(SQLiteError) {
        self.terms += terms
        blocks.append((block, self.terms.count))
        if self.terms.count >= Self.mostEntries || blocks.count >= Self.mostBlocks {
            _ = try write()
        }
    }

    /// Forgets what is not written.
    func removeAll() {
        terms = []
        blocks = []
    }

    /// Writes what was added as one segment, in the connection's open transaction.
    ///
    /// Returns whether there are so many segments now that they should be merged.
    func write() throws(SQLiteError) -> Bool {
        guard !terms.isEmpty else { return false }
        var structure = try structure()
        let segment = TermSegment(TermEntry.sorted(terms, blocks: blocks))
        removeAll()
        guard let id = structure.addSegment(pages: segment.pages.count) else {
            throw error("too many segments")
        }
        for (index, page) in segment.pages.enumerated() {
            addPage.bind(TermStructure.row(segment: id, page: index + 1), at: 1)
            addPage.bind(blob: page, at: 2)
            try addPage.run()
        }
        for (page, term) in segment.separators {
            addSeparator.bind(Int64(id), at: 1)
            addSeparator.bind(blob: term, at: 2)
            addSeparator.bind(Int64(page) << 1, at: 3)
            try addSeparator.run()
        }
        writeStructure.bind(TermStructure.row, at: 1)
        writeStructure.bind(blob: structure.encoded(), at: 2)
        try writeStructure.run()
        return structure.newSegments >= Self.mergedSegments
    }

    private func structure() throws(SQLiteError) -> TermStructure {
        defer { readStructure.reset() }
        readStructure.bind(TermStructure.row, at: 1)
        guard try readStructure.step(), let structure = TermStructure(readStructure.blob(0)) else {
            throw error("its structure cannot be read")
        }
        return structure
    }

    private func error(_ reason: String) -> SQLiteError {
        SQLiteError.corrupt(path, "the index of terms is damaged: \(reason)")
    }

    /// Merges the segments of the file's index into fewer ones, in a transaction of its own.
    ///
    /// On a connection of its own, because FTS5 keeps the structure that it has read.
    static func merge(_ path: String) throws(SQLiteError) {
        let connection = try Connection(path, mode: .readWrite)
        try connection.execute(
            """
            PRAGMA synchronous = FULL; BEGIN IMMEDIATE;
            INSERT INTO term(term, rank) VALUES('usermerge', \(mergedSegments));
            INSERT INTO term(term, rank) VALUES('merge', 1000000); COMMIT
            """)
    }

    /// Makes one segment of all, in a file that nothing else has open.
    static func optimize(_ path: String) throws(SQLiteError) {
        try Connection(path, mode: .readWrite).execute(
            """
            PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
            INSERT INTO term(term) VALUES('optimize')
            """)
    }
}

/// One term of one block.
struct TermEntry {
    /// The term's bytes from the highest on, so that terms are in the order of their bytes.
    var term: UInt64
    var block: Int64

    /// The entries of blocks by term, then by block.
    ///
    /// A radix sort from the lowest byte on, which keeps the blocks in order. About 20 ns an entry.
    static func sorted(_ terms: [UInt64], blocks: [(id: Int64, end: Int)]) -> [TermEntry] {
        var entries: [TermEntry] = []
        entries.reserveCapacity(terms.count)
        var counts = [Int](repeating: 0, count: 8 * 256)
        var next = 0
        for block in blocks {
            for term in terms[next..<block.end] {
                let entry = TermEntry(term: term.byteSwapped, block: block.id)
                entries.append(entry)
                for place in 0..<8 {
                    counts[place &<< 8 | Int(entry.term >> UInt64(place &* 8) & 255)] &+= 1
                }
            }
            next = block.end
        }
        for place in 0..<8 { entries = pass(entries, place, counts[(place * 256)...].prefix(256)) }
        return entries
    }

    private static func pass(
        _ entries: [TermEntry], _ place: Int, _ counts: ArraySlice<Int>
    ) -> [TermEntry] {
        var starts: [Int] = []
        var start = 0
        for count in counts {
            if count == entries.count { return entries }
            starts.append(start)
            start += count
        }
        return [TermEntry](unsafeUninitializedCapacity: entries.count) { output, count in
            // Each entry has a place of its own, below the sum of the counts.
            starts.withUnsafeMutableBufferPointer { starts in
                for entry in entries {
                    let bucket = Int(entry.term >> UInt64(place &* 8) & 255)
                    output.initializeElement(at: starts[bucket], to: entry)
                    starts[bucket] &+= 1
                }
            }
            count = entries.count
        }
    }
}
