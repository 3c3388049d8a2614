internal import SQLite

/// What a shipper tells of itself and its files: the tables `file`, `recognition` and `shipper`.
extension Catalog {
    /// Writes the notes in the open transaction.
    func write(_ notes: ShippingNotes) throws(SQLiteError) {
        for (path, file) in notes.files {
            if let file { try write(file) } else { try delete(path) }
        }
        for recognition in notes.recognitions { try write(recognition) }
        try mark("missing_since", notes.missing)
        try mark("cut_at", notes.cuts)
    }

    private func write(_ file: FollowedFile) throws(SQLiteError) {
        let statement = try Statement(
            """
            INSERT OR REPLACE INTO file(path, source, generation, size, read_at, bytes_per_second,
                error, inode, device) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)
            """, on: connection)
        statement.bind(file.path, at: 1)
        statement.bind(file.source, at: 2)
        statement.bind(file.generation, at: 3)
        statement.bind(file.size, at: 4)
        statement.bind(file.readAt, at: 5)
        statement.bind(file.bytesPerSecond, at: 6)
        statement.bind(file.error, at: 7)
        statement.bind(file.inode, at: 8)
        statement.bind(file.device, at: 9)
        try statement.run()
    }

    private func delete(_ path: String) throws(SQLiteError) {
        let statement = try Statement("DELETE FROM file WHERE path = ?", on: connection)
        statement.bind(path, at: 1)
        try statement.run()
    }

    private func write(_ recognition: Recognition) throws(SQLiteError) {
        let statement = try Statement(
            """
            INSERT INTO recognition(generation, path, first_seen, last_seen, reason)
            VALUES(?1, ?2, ?3, ?4, ?5) ON CONFLICT DO UPDATE
            SET first_seen = min(first_seen, ?3), last_seen = ?4, reason = ?5
            """, on: connection)
        statement.bind(recognition.generation, at: 1)
        statement.bind(recognition.path, at: 2)
        statement.bind(recognition.firstSeen, at: 3)
        statement.bind(recognition.lastSeen, at: 4)
        statement.bind(recognition.reason, at: 5)
        try statement.run()
    }

    private func mark(_ column: String, _ times: [Int64: Int64?]) throws(SQLiteError) {
        let statement = try Statement(
            "UPDATE generation SET \(column) = ? WHERE id = ?", on: connection)
        for (generation, time) in times {
            statement.bind(time, at: 1)
            statement.bind(generation, at: 2)
            try statement.run()
        }
    }

    func followedFiles() throws(StoreError) -> [FollowedFile] {
        try running { () throws(SQLiteError) in
            let row = try Statement(
                """
                SELECT path, source, generation, size, read_at, bytes_per_second, error, inode,
                    device FROM file ORDER BY path
                """, on: connection)
            var found: [FollowedFile] = []
            while try row.step() { found.append(Self.followedFile(row)) }
            return found
        }
    }

    /// The followed files with what is known of their content.
    func followedContents() throws(StoreError) -> [FollowedContent] {
        try running { () throws(SQLiteError) in
            let row = try Statement(
                """
                SELECT f.path, source, generation, size, read_at, bytes_per_second, error, inode,
                    device, host, service, position, last_time
                FROM file f LEFT JOIN generation g ON g.id = f.generation ORDER BY f.path
                """, on: connection)
            var found: [FollowedContent] = []
            while try row.step() {
                found.append(
                    FollowedContent(
                        file: Self.followedFile(row), host: row.text(9), service: row.text(10),
                        position: row.integer(11), lastTime: row.integer(12)))
            }
            return found
        }
    }

    private static func followedFile(_ row: borrowing Statement) -> FollowedFile {
        FollowedFile(
            path: row.text(0), source: row.text(1),
            generation: row.isNull(2) ? nil : row.integer(2), size: row.integer(3),
            readAt: row.integer(4), bytesPerSecond: row.real(5), error: row.text(6),
            inode: row.integer(7), device: row.integer(8))
    }

    func recognitions() throws(StoreError) -> [Recognition] {
        try running { () throws(SQLiteError) in
            let row = try Statement(
                """
                SELECT generation, path, first_seen, last_seen, reason FROM recognition
                ORDER BY generation, first_seen, path
                """, on: connection)
            var found: [Recognition] = []
            while try row.step() {
                found.append(
                    Recognition(
                        generation: row.integer(0), path: row.text(1), firstSeen: row.integer(2),
                        lastSeen: row.integer(3), reason: row.text(4)))
            }
            return found
        }
    }

    /// Reasons of a newer version are left out.
    func skipped(_ generation: Int64) throws(StoreError) -> [SkipReason: Int64] {
        try running { () throws(SQLiteError) in
            let row = try Statement(
                "SELECT reason, bytes FROM skipped WHERE generation = ?", on: connection)
            row.bind(generation, at: 1)
            var found: [SkipReason: Int64] = [:]
            while try row.step() {
                if let reason = SkipReason(rawValue: row.text(0)) { found[reason] = row.integer(1) }
            }
            return found
        }
    }

    /// Durable when it returns.
    func write(_ state: ShipperState) throws(StoreError) {
        try running { () throws(SQLiteError) in
            let statement = try Statement(
                """
                INSERT OR REPLACE INTO shipper(id, process, started, state, changed)
                VALUES(1, ?, ?, ?, ?)
                """, on: connection)
            statement.bind(state.process, at: 1)
            statement.bind(state.started, at: 2)
            statement.bind(state.state, at: 3)
            statement.bind(state.changed, at: 4)
            try statement.run()
        }
    }

    func shipperState() throws(StoreError) -> ShipperState? {
        try running { () throws(SQLiteError) in
            let row = try Statement(
                "SELECT process, started, state, changed FROM shipper", on: connection)
            guard try row.step() else { return nil }
            return ShipperState(
                process: row.integer(0), started: row.integer(1), state: row.text(2),
                changed: row.integer(3))
        }
    }
}
