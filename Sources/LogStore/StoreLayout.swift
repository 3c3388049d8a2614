internal import Glibc

/// Where the files of a store are.
package enum StoreLayout {
    package static func catalog(_ directory: String) -> String { directory + "/catalog.db" }

    package static func partitions(_ directory: String) -> String { directory + "/partitions" }

    package static func partition(_ directory: String, _ day: Day) -> String {
        partitions(directory) + "/" + day.name + ".db"
    }

    /// The ending of a damaged day that was set aside.
    static let damagedEnding = ".damaged"

    /// The ending of a file that is being made.
    static let draftEnding = ".new"

    /// Removes what an interrupted compaction left; to be called by the holder of the lock.
    static func removeDrafts(_ directory: String) throws(StoreError) {
        for name in try names(in: partitions(directory)) where name.contains(draftEnding) {
            unlink(partitions(directory) + "/" + name)
        }
    }

    /// Renames a damaged day; what can be saved of it stays on the disk.
    static func setAside(_ path: String) throws(StoreError) {
        guard rename(path, path + damagedEnding) == 0 else {
            throw .system(action: "set aside", path: path, reason: StoreFile.reason())
        }
        for ending in ["-wal", "-shm"] { rename(path + ending, path + damagedEnding + ending) }
    }

    /// Leaves an empty file as one that was set aside: the day's file is missing, and would not be missed any
    /// more when a new one is made.
    static func noteLoss(of path: String) throws(StoreError) {
        let descriptor = open(path + damagedEnding, O_CREAT | O_WRONLY | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .writing(path + damagedEnding, action: "make") }
        close(descriptor)
    }

    static func lock(_ directory: String) -> String { directory + "/writer.lock" }

    static func queue(_ directory: String) -> String { directory + "/writer.queue" }

    static func shipperLock(_ directory: String) -> String { directory + "/shipper.lock" }

    static func maintenanceLock(_ directory: String) -> String { directory + "/compaction.lock" }

    /// Where the receipts of purges are.
    package static func receipts(_ directory: String) -> String { directory + "/receipts" }

    /// Makes the directory of the receipts where it is missing, private to its owner.
    package static func makeReceipts(_ directory: String) throws(StoreError) {
        let path = receipts(directory)
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else {
            throw .writing(path, action: "make")
        }
    }

    /// The names of the receipts, in no order; none where there never were any.
    package static func receiptNames(_ directory: String) throws(StoreError) -> [String] {
        guard access(receipts(directory), F_OK) == 0 else { return [] }
        return try names(in: receipts(directory))
    }

    /// Makes the store's directories where they are missing, private to their owner.
    package static func makeDirectories(_ directory: String) throws(StoreError) {
        umask(0o077)
        var path = ""
        for part in partitions(directory).split(separator: "/") {
            path += (path.isEmpty && !directory.hasPrefix("/") ? "" : "/") + part
            if mkdir(path, 0o700) != 0, errno != EEXIST {
                let code = errno
                var information = stat()
                if stat(path, &information) == 0 { continue }
                throw .writing(path, action: "make", code: code)
            }
        }
    }

    /// Days whose removal was not finished.
    static func removedDays(_ directory: String) throws(StoreError) -> [RemovedDay] {
        try names(in: partitions(directory)).compactMap { RemovedDay(fileName: $0) }
    }

    static func days(_ directory: String) throws(StoreError) -> [Day] {
        try days(directory, ending: ".db")
    }

    /// The days of which a part was set aside.
    static func daysSetAside(_ directory: String) throws(StoreError) -> [Day] {
        try days(directory, ending: ".db" + damagedEnding)
    }

    private static func days(
        _ directory: String, ending: String
    ) throws(StoreError) -> [Day] {
        try names(in: partitions(directory)).compactMap { name in
            name.hasSuffix(ending) ? Day(name: String(name.dropLast(ending.count))) : nil
        }.sorted()
    }

    /// What is in a directory, in order, without `.` and `..`; names that are not UTF-8 are left out.
    package static func names(in path: String) throws(StoreError) -> [String] {
        guard let handle = opendir(path) else { throw .writing(path, action: "list") }
        defer { closedir(handle) }
        var names: [String] = []
        while let entry = readdir(handle) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(validating: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if let name, name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }
}
