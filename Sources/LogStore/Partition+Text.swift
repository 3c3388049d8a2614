internal import SQLite

extension Partition {
    /// How much of the day's text is in blocks of a kind, and from where it is.
    package struct TextBytes: Sendable {
        package var compacted: Int64 = 0
        package var archived: Int64 = 0
        /// By the source's number in this day (`source`).
        package var bySource: [Int64: Int64] = [:]
    }

    /// The bytes of original text by kind of block and source; goes through all summaries.
    package func textBytes() throws(StoreError) -> TextBytes {
        try reading { () throws(SQLiteError) in
            let statement = try Statement(
                "SELECT source, state, sum(raw_bytes) FROM block GROUP BY source, state",
                on: connection)
            var bytes = TextBytes()
            while try statement.step() {
                let count = statement.integer(2)
                bytes.bySource[statement.integer(0), default: 0] += count
                switch BlockState(rawValue: statement.integer(1)) {
                case .compacted: bytes.compacted += count
                case .archived: bytes.archived += count
                case .taken, nil: break
                }
            }
            return bytes
        }
    }
}
