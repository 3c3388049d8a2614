internal import SQLite

/// What the days lack of a generation after one of them was put back to an earlier state.
package struct Rewind: Sendable {
    /// As the catalogue has it before it is put back.
    package let generation: Generation
    /// Where its file is read again from.
    package let start: Int64
    /// Bytes from `start` on that are in no day; some may have been removed on purpose.
    package let missingBytes: Int64
    /// Whether the catalogue is put back to `start`, so that the file is read again when it is there.
    ///
    /// Not where it is known that no file has the content any more, and not where reading began in the
    /// middle of a file that was new since: where, cannot be told.
    package let isReadAgain: Bool
    /// What was known of the generation when the day was as it is now; nil where it was not known.
    let earlier: (generation: Generation, checkpoint: Checkpoint?, skipped: [SkipReason: Int64])?
}

extension Catalog {
    /// Notes that a day is there again, and puts generations back, in one transaction: days that have more
    /// than the catalogue says then drop what they have when it is read again.
    func restore(_ day: Day, _ rewinds: [Rewind]) throws(StoreError) {
        try commitGenerations()
        do {
            try connection.transaction(
                { () throws(StoreError) in
                    try running { () throws(SQLiteError) in
                        try connection.execute(
                            """
                            DELETE FROM removal WHERE day = \(day.number);
                            INSERT OR IGNORE INTO day(number) VALUES(\(day.number))
                            """)
                        for rewind in rewinds where rewind.isReadAgain {
                            try put(back: rewind, day)
                        }
                    }
                }, failure: { StoreError($0) })
        } catch {
            throw error
        }
    }

    /// Only the day itself is as it was when the open event was known; in another one it may have
    /// grown or moved since.
    private func put(back rewind: Rewind, _ day: Day) throws(SQLiteError) {
        let id = rewind.generation.id
        let earlier = rewind.earlier?.generation
        let update = try Statement(
            """
            UPDATE generation SET position = ?1, open_offset = ?2, open_day = ?3, last_time = ?4,
                open_removed = ?6 WHERE id = ?5
            """, on: connection)
        update.bind(earlier?.position ?? 0, at: 1)
        update.bind(earlier?.openOffset ?? 0, at: 2)
        update.bind(earlier?.openDay == day.number ? day.number : nil, at: 3)
        update.bind(earlier?.lastTime ?? rewind.generation.fallbackTime, at: 4)
        update.bind(id, at: 5)
        update.bind(earlier?.openRemoved, at: 6)
        try update.run()
        try connection.execute(
            """
            DELETE FROM checkpoint WHERE generation = \(id)
                AND position > \(earlier?.position ?? 0);
            DELETE FROM skipped WHERE generation = \(id)
            """)
        if let checkpoint = rewind.earlier?.checkpoint { try add(checkpoint, of: id) }
        let skip = try Statement(
            "INSERT INTO skipped(generation, reason, bytes) VALUES(?, ?, ?)", on: connection)
        for (reason, bytes) in rewind.earlier?.skipped ?? [:] {
            skip.bind(id, at: 1)
            skip.bind(reason.rawValue, at: 2)
            skip.bind(bytes, at: 3)
            try skip.run()
        }
    }
}
