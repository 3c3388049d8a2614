internal import LogModel
internal import SQLite

/// What changes with every commit of a day that matters to its content.
package struct DayVersion: Sendable, Equatable {
    /// Ever given out.
    let lastBlock: Int64
    let blocks: Int64
    /// How far the day has each generation, in the order of their names.
    let progress: [String]

    /// The same in one line: two versions are equal when their texts are.
    package var text: String {
        let lines = progress.map { $0 + "\n" }.joined()
        return "\(lastBlock) \(blocks) " + Digest.hex(Digest.sha256(lines.utf8).prefix(16))
    }
}

extension Partition {
    /// Costs counting the blocks and reading how far each generation is.
    package func version() throws(StoreError) -> DayVersion {
        try reading { () throws(SQLiteError) in
            let row = try Statement(
                "SELECT generation, position, open_offset FROM progress ORDER BY generation",
                on: connection)
            var progress: [String] = []
            while try row.step() {
                progress.append("\(row.text(0)) \(row.integer(1)) \(row.integer(2))")
            }
            return DayVersion(
                lastBlock: try connection.lastBlock(),
                blocks: try connection.integer("SELECT count(*) FROM block") ?? 0,
                progress: progress)
        }
    }
}
