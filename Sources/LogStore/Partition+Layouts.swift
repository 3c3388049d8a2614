package import LogModel
internal import SQLite

extension Partition {
    /// The layouts that a block's events have, without reading the block.
    ///
    /// The numbers for all blocks of the day are read at once, which costs a few bytes a block.
    package func layouts(of reference: BlockReference) throws(StoreError) -> [Layout] {
        if blockLayouts.isEmpty { blockLayouts = try loadBlockLayouts() }
        var layouts: [Layout] = []
        do {
            for id in try LayoutIDs.decode(blockLayouts[reference.id] ?? []) {
                layouts.append(try layout(id))
            }
        } catch let error as StoreError {
            throw error
        } catch {
            throw .damaged(path: path, reason: "block \(reference.id): \(error)")
        }
        return layouts
    }

    private func loadBlockLayouts() throws(StoreError) -> [Int64: [UInt8]] {
        try reading { () throws(SQLiteError) in
            let statement = try Statement("SELECT id, layouts FROM block", on: connection)
            var found: [Int64: [UInt8]] = [:]
            while try statement.step() { found[statement.integer(0)] = statement.blob(1) }
            return found
        }
    }
}
