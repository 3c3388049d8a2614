internal import LogModel

/// What recognising a file asks of a store: of the one who writes it, or of a reader beside that.
package protocol KnownGenerations {
    var directory: String { get }
    /// Generations of `host` whose head and `head` agree as far as both go.
    func candidates(head: [UInt8], host: String) throws(StoreError) -> [Generation]
    /// The last checkpoint of a generation at or before `position`.
    func checkpoint(
        of generation: Generation, upTo position: Int64
    ) throws(StoreError) -> Checkpoint?
}

extension KnownGenerations {
    /// The committed original bytes of a generation that lie in `range`, by offset.
    package func storedBytes(
        of generation: String, in range: Range<Int64>
    ) throws(StoreError) -> [(offset: Int64, bytes: [UInt8])] {
        var pieces: [(offset: Int64, bytes: [UInt8])] = []
        for day in try StoreLayout.days(directory) {
            let partition = try Partition(day: day, path: StoreLayout.partition(directory, day))
            for reference in try partition.blocks(ofGeneration: generation, in: range) {
                let batch = try partition.batch(of: reference)
                for row in batch.rows where range.contains(row.offset) {
                    let bytes = batch.bytes[Int(row.start)..<Int(row.start + row.length)]
                    pieces.append((row.offset, Array(bytes)))
                }
            }
        }
        return pieces
    }
}

extension StoreWriter: KnownGenerations {}

extension Store: KnownGenerations {}
