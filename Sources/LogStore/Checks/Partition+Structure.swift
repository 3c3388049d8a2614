internal import Glibc
internal import SQLite

/// Whether a day's tables fit together, without decoding a block.
extension Partition {
    /// By SQLite, over all pages of the file; about 1 GB/s.
    func brokenPages() throws(StoreError) -> [DayProblem] {
        try reading { () throws(SQLiteError) in try connection.brokenPages() }
    }

    /// By FTS5, of a copy of its tables, because it checks only what it may write to. The copy is
    /// temporary and of the size of the index.
    func brokenIndex() throws(StoreError) -> DayProblem? {
        do throws(SQLiteError) {
            try connection.execute(
                """
                CREATE VIRTUAL TABLE temp.copied
                    USING fts5(terms, content='', detail=none, columnsize=0);
                DELETE FROM temp.copied_data; DELETE FROM temp.copied_idx;
                INSERT INTO temp.copied_data SELECT * FROM main.term_data;
                INSERT INTO temp.copied_idx SELECT * FROM main.term_idx;
                INSERT INTO temp.copied(copied) VALUES('integrity-check');
                """)
            return nil
        } catch {
            guard error.isCorruption else { throw StoreError(error) }
            return DayProblem(.index, "the index of words is broken: \(error.message)")
        }
    }

    /// Rows that name others which are not there.
    func brokenReferences() throws(StoreError) -> [DayProblem] {
        let counts = [
            (
                "blocks of which the day says nothing",
                "content WHERE block NOT IN (SELECT id FROM block)"
            ),
            ("blocks without a source", "block WHERE source NOT IN (SELECT id FROM source)"),
            (
                "live blocks that are not there",
                "live WHERE (source, block) NOT IN (SELECT source, id FROM block)"
            ),
        ]
        return try reading { () throws(SQLiteError) in
            var problems: [DayProblem] = []
            for (what, rows) in counts {
                let count = try connection.integer("SELECT count(*) FROM \(rows)") ?? 0
                if count > 0 { problems.append(DayProblem(.structure, "\(count) \(what)")) }
            }
            return problems
        }
    }

    /// Generations of which the day has events that lie behind its progress: they would come again.
    func brokenProgress() throws(StoreError) -> [DayProblem] {
        try reading { () throws(SQLiteError) in
            let statement = try Statement(
                """
                SELECT generation, max(end_offset), position, open_offset
                FROM block JOIN source ON source.id = block.source
                    LEFT JOIN progress USING(generation)
                GROUP BY generation
                HAVING position IS NULL OR max(end_offset) > position OR open_offset > position
                """, on: connection)
            var problems: [DayProblem] = []
            while try statement.step() {
                problems.append(
                    DayProblem(
                        .progress,
                        "it has generation \(statement.text(0)) up to \(statement.integer(1)) and "
                            + "says up to \(statement.integer(2))"))
            }
            return problems
        }
    }
}

extension Connection {
    /// What SQLite finds wrong with the file, over all of its pages.
    fileprivate func brokenPages() throws(SQLiteError) -> [DayProblem] {
        let statement = try Statement("PRAGMA integrity_check(5)", on: self)
        var problems: [DayProblem] = []
        while try statement.step() {
            let text = statement.text(0)
            if text != "ok" { problems.append(DayProblem(.structure, text)) }
        }
        return problems
    }
}

extension Store {
    /// What is wrong with the pages of the catalogue.
    package func brokenCatalog() throws(StoreError) -> [DayProblem] {
        let path = StoreLayout.catalog(directory)
        guard access(path, F_OK) == 0 else { throw .missing(directory: directory) }
        do throws(StoreError) {
            let connection = try StoreFile.openForReading(path, kind: .catalog)
            do { return try connection.brokenPages() } catch { throw StoreError(error) }
        } catch {
            guard let problem = DayProblem(error) else { throw error }
            return [problem]
        }
    }
}
