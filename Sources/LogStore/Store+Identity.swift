internal import SQLite

extension Catalog {
    /// Given to the store when its catalogue was made; a copy of the catalogue has the same.
    func identity() throws(StoreError) -> String {
        try running { () throws(SQLiteError) in
            let statement = try Statement("SELECT id FROM identity", on: connection)
            return try statement.step() ? statement.text(0) : ""
        }
    }
}

extension Store {
    /// What tells this store from others, whatever its place; its backups have the same.
    package func identity() throws(StoreError) -> String { try catalog().identity() }
}
