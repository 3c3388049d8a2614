internal import CSQLite

extension Connection {
    /// Copies the database as it is at this moment, its write-ahead log included, into a new file.
    ///
    /// <https://www.sqlite.org/backup.html>: others go on writing to the original. In a transaction it is
    /// copied as that sees it; else as it is in the end, and its lock is given up every 8 MiB: who has
    /// to be alone with it for a moment need not wait long. It begins anew then if something was
    /// written, and the fourth time keeps the lock.
    ///
    /// The copy is on the disk when this returns, and needs no file beside it. Every page is read, and so
    /// its checksum verified; a file without checksums is refused. What is at `path` already is overwritten;
    /// after an error there may be a part of a copy.
    package func backup(to path: String) throws(SQLiteError) {
        guard hasPageChecksums else {
            throw SQLiteError.corrupt(self.path, "its pages have no checksums")
        }
        let copy = try Connection(path, mode: .create)
        try copy.execute("PRAGMA journal_mode = OFF")
        guard let backup = sqlite3_backup_init(copy.handle, "main", handle, "main") else {
            throw copy.error(for: "backup")
        }
        var left = Int32.max
        var beginnings = 1
        while sqlite3_backup_step(backup, beginnings < 4 ? 1024 : -1) == SQLITE_OK {
            let rest = sqlite3_backup_remaining(backup)
            if rest > left { beginnings += 1 }
            left = rest
        }
        let code = sqlite3_backup_finish(backup)
        guard code == SQLITE_OK else {
            throw code == SQLiteError.pageMismatch
                ? mismatch(in: "backup") : copy.error(for: "backup")
        }
        // The copy says of itself that it has a log, as the original does.
        try copy.execute("PRAGMA journal_mode = DELETE")
    }
}
