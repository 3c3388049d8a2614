internal import Glibc
package import SQLite

/// What all SQLite files of a store have in common.
package enum StoreFile {
    /// Refuses files of other programs and of newer versions of this one.
    static func check(_ connection: Connection, kind: FileKind) throws(StoreError) {
        do {
            let version = try connection.integer("PRAGMA user_version") ?? 0
            let application = try connection.integer("PRAGMA application_id") ?? 0
            if application == 0,
                try connection.integer("SELECT count(*) FROM sqlite_schema") == 0
            {
                throw StoreError.damaged(path: connection.path, reason: "it is empty")
            }
            guard application == kind.applicationID else {
                throw StoreError.notAStore(path: connection.path)
            }
            guard version <= kind.version else {
                throw StoreError.newerFormat(
                    path: connection.path, version: version, newest: kind.version)
            }
            guard version == kind.version else {
                throw StoreError.olderFormat(path: connection.path, version: version)
            }
            guard connection.hasPageChecksums else {
                throw StoreError.damaged(
                    path: connection.path, reason: "its header does not tell of checksums")
            }
        } catch let error as StoreError {
            throw error
        } catch let error as SQLiteError {
            throw error.primaryCode == 26
                ? .notAStore(path: connection.path) : StoreError(error)
        } catch {
            throw .damaged(path: connection.path, reason: "\(error)")
        }
    }

    /// Opens a file for reading, beside a writer.
    ///
    /// Readers of a WAL file need a little shared memory beside it. Where that cannot be had, on a
    /// full disk or a read-only one, a writer's log is read without it, which costs a walk through the
    /// log; if there is none, the file as it stands. What cannot be read is a log with no shared memory
    /// beside it where not even an empty file can be made.
    ///
    /// With `inTransaction` all that is read is of one moment, and locks are taken once instead of for
    /// each statement.
    package static func openForReading(
        _ path: String, kind: FileKind, inTransaction: Bool = false
    ) throws(StoreError) -> Connection {
        do {
            return try open(path, kind: kind, .readOnly, inTransaction)
        } catch {
            switch error {
            case .full: break
            case .database(let cause) where !cause.isBusy: break
            default: throw error
            }
            let mode = hasLog(path) ? Connection.Mode.readOnlyShared : .immutable
            return try open(path, kind: kind, mode, inTransaction)
        }
    }

    private static func open(
        _ path: String, kind: FileKind, _ mode: Connection.Mode, _ inTransaction: Bool
    ) throws(StoreError) -> Connection {
        let connection: Connection
        do {
            connection = try Connection(path, mode: mode)
            if inTransaction { try connection.execute("BEGIN") }
        } catch {
            throw StoreError(error)
        }
        try check(connection, kind: kind)
        return connection
    }

    /// Whether a write-ahead log with something in it lies beside the file.
    private static func hasLog(_ path: String) -> Bool {
        var information = stat()
        return stat(path + "-wal", &information) == 0 && information.st_size > 0
    }

    /// Opens a file for writing; makes it, with `schema`, if it is not there.
    ///
    /// A new file gets its name when it is complete, so that an empty one is always damage, and when
    /// it is in WAL mode, so that no crash leaves a journal that a reader could not roll back. WAL, so
    /// that readers go on while this process writes; `synchronous = FULL`, so that what is committed
    /// survives a power cut.
    package static func openForWriting(
        _ path: String, kind: FileKind, schema: String
    ) throws(StoreError) -> Connection {
        if access(path, F_OK) != 0 { try make(path, kind: kind, schema: schema) }
        do {
            let connection = try Connection(path, mode: .readWrite)
            try check(connection, kind: kind)
            // A compacted day is not in WAL mode.
            try connection.execute(
                """
                PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -16384
                """)
            return connection
        } catch let error as SQLiteError {
            throw error.primaryCode == 26 ? .notAStore(path: path) : StoreError(error)
        } catch let error as StoreError {
            throw error
        } catch {
            throw .damaged(path: path, reason: "\(error)")
        }
    }

    private static func make(_ path: String, kind: FileKind, schema: String) throws(StoreError) {
        let draft = path + StoreLayout.draftEnding
        do {
            let connection = try makeDraft(draft, kind: kind, schema: schema)
            try connection.execute("PRAGMA synchronous = FULL; PRAGMA journal_mode = WAL")
        } catch let error as SQLiteError {
            remove(draft)
            throw StoreError(error)
        } catch let error as StoreError {
            throw error
        } catch {
            throw .damaged(path: draft, reason: "\(error)")
        }
        // A file that was removed by hand may have left them.
        for ending in ["-wal", "-shm"] { unlink(path + ending) }
        do { try rename(draft, to: path) } catch {
            remove(draft)
            throw error
        }
    }

    /// A new file with `schema` for one transaction or a few; anything that was there is removed.
    ///
    /// Without a journal and without waiting for the disk: it has no name that a reader knows until
    /// it is whole (`replace`).
    static func makeDraft(
        _ path: String, kind: FileKind, schema: String
    ) throws(StoreError) -> Connection {
        remove(path)
        do {
            let connection = try Connection(path, mode: .create)
            try connection.execute(
                """
                PRAGMA page_size = 8192; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
                PRAGMA cache_size = -16384; BEGIN IMMEDIATE; \(schema);
                PRAGMA application_id = \(kind.applicationID); PRAGMA user_version = \(kind.version); COMMIT
                """)
            return connection
        } catch {
            remove(path)
            throw StoreError(error)
        }
    }

    /// Puts a finished draft, which nothing has open, into the place of the file at `path`.
    ///
    /// The old file gives its log and shared memory up first: a new file beside those of another
    /// would be read together with them. That takes a moment in which nobody has the file open, else the
    /// error is a busy database. Readers that come then have the old file or the new one, and keep it
    /// while they read.
    static func replace(_ path: String, by draft: String) throws(StoreError) {
        try leaveLog(path)
        let descriptor = Glibc.open(draft, O_RDWR | O_CLOEXEC)
        guard descriptor >= 0, fsync(descriptor) == 0 else {
            let code = errno
            if descriptor >= 0 { close(descriptor) }
            throw .writing(draft, action: "write", code: code)
        }
        close(descriptor)
        try rename(draft, to: path)
    }

    /// Puts the write-ahead log into the file and removes it, and the shared memory.
    static func leaveLog(_ path: String) throws(StoreError) {
        do {
            try Connection(path, mode: .readWrite).execute("PRAGMA journal_mode = DELETE")
        } catch {
            throw StoreError(error)
        }
    }

    /// The new name is on the disk when this returns.
    package static func rename(_ draft: String, to path: String) throws(StoreError) {
        guard Glibc.rename(draft, path) == 0 else {
            throw .writing(draft, action: "rename")
        }
        // The directory comes last, or a power cut could lose the name and keep the catalogue.
        let parent = String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
        let descriptor = Glibc.open(
            parent.isEmpty ? "." : parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if descriptor >= 0 {
            fsync(descriptor)
            close(descriptor)
        }
    }

    /// Whether writing goes to a log beside the file first, which its header says (bytes 18 and 19;
    /// https://sqlite.org/fileformat2.html, 1.3.3).
    static func isInLogMode(_ path: String) -> Bool {
        let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var version: UInt8 = 0
        return pread(descriptor, &version, 1, 18) == 1 && version == 2
    }

    /// Removes a file and what SQLite keeps beside it.
    static func remove(_ path: String) {
        for ending in ["", "-journal", "-wal", "-shm"] { unlink(path + ending) }
    }

    /// The bytes of a file; 0 if there is none.
    package static func size(_ path: String) -> Int64 {
        var information = stat()
        return stat(path, &information) == 0 ? Int64(information.st_size) : 0
    }

    /// What a file takes on the disk; 0 if there is none.
    static func diskBytes(_ path: String) -> Int64 {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return 0 }
        return Int64(status.st_blocks) * 512
    }

    /// The inode of a file; 0 if there is none.
    static func inode(_ path: String) -> UInt64 {
        var information = stat()
        return stat(path, &information) == 0 ? UInt64(information.st_ino) : 0
    }

    static func reason(_ code: Int32 = errno) -> String { String(cString: strerror(code)) }
}
