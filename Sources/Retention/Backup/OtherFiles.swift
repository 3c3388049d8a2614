internal import Glibc
internal import LogStore

/// What a store has besides its days and its catalogue: queries, the policy, receipts, records.
enum OtherFiles {
    /// More than that is none of ours.
    private static let mostBytes = 64 << 20

    /// Copies those that are new or changed; with `isKeeping` none that is there already.
    ///
    /// All regular files of the directory and of its directories but locks, drafts and what else is made
    /// anew; other databases as they are at this moment.
    static func copy(
        from directory: String, to target: String, isKeeping: Bool = false
    ) throws(StoreError) {
        for name in try StoreLayout.names(in: directory) where isCopied(name) {
            let path = directory + "/" + name
            if Paths.isDirectory(path) {
                if mkdir(target + "/" + name, 0o700) != 0, errno != EEXIST {
                    throw .writing(target + "/" + name, action: "make")
                }
                for inner in try StoreLayout.names(in: path) where isCopied(inner) {
                    try copy(file: name + "/" + inner, directory, target, isKeeping)
                }
            } else {
                try copy(file: name, directory, target, isKeeping)
            }
        }
    }

    /// Copies the databases that are missing, and returns their names.
    static func copyMissingDatabases(
        from directory: String, to target: String
    ) throws(StoreError) -> [String] {
        var copied: [String] = []
        for name in try StoreLayout.names(in: directory)
        where name.hasSuffix(".db") && isCopied(name) && access(target + "/" + name, F_OK) != 0 {
            try copy(file: name, directory, target, true)
            copied.append(name)
        }
        return copied
    }

    private static func isCopied(_ name: String) -> Bool {
        let endings = [".lock", ".new", ".damaged", "-wal", "-shm", "-journal"]
        let names = [
            "partitions", "catalog.db", "ballast", "writer.queue", "backup.info", "lost+found",
        ]
        return !name.hasPrefix(".") && !names.contains(name)
            && !endings.contains { name.hasSuffix($0) }
    }

    private static func copy(
        file: String, _ directory: String, _ target: String, _ isKeeping: Bool
    ) throws(StoreError) {
        let (path, copy) = (directory + "/" + file, target + "/" + file)
        guard Paths.isFile(path), !isKeeping || access(copy, F_OK) != 0 else { return }
        if file.hasSuffix(".db") {
            try DatabaseCopy.make(of: path, at: copy + ".new")
            return try StoreFile.rename(copy + ".new", to: copy)
        }
        let bytes = try SmallFile.read(path, limit: mostBytes)
        if StoreFile.size(copy) == Int64(bytes.count),
            try SmallFile.read(copy, limit: mostBytes) == bytes
        {
            return
        }
        try SmallFile.replace(copy, by: bytes)
    }
}
