internal import Glibc
package import LogModel

/// A store, open for reading: a directory with a catalogue and a partition a day.
///
/// Any number of processes read while one writes. Partitions are opened when they are asked for.
/// Used by one thread.
package final class Store {
    package let directory: String
    private var openCatalog: Catalog?

    package init(directory: String) throws(StoreError) {
        self.directory = directory
        guard access(StoreLayout.catalog(directory), F_OK) == 0 else {
            throw .missing(directory: directory)
        }
        _ = try catalog()
    }

    /// The same store for another thread; its catalogue is opened when it is asked for.
    package init(sharing directory: String) {
        self.directory = directory
    }

    private func catalog() throws(StoreError) -> Catalog {
        if let openCatalog { return openCatalog }
        let catalog = try Catalog(reading: StoreLayout.catalog(directory))
        openCatalog = catalog
        return catalog
    }

    /// The days that have a partition, in order.
    package func days() throws(StoreError) -> [Day] {
        try StoreLayout.days(directory)
    }

    /// The days that can hold events of `times`.
    package func days(in times: Range<Int64>) throws(StoreError) -> [Day] {
        try days().filter { $0.end > times.lowerBound && $0.start < times.upperBound }
    }

    /// The path of a day's events that were set aside as damaged, if there are any.
    package func damagedPart(of day: Day) -> String? {
        let path = StoreLayout.partition(directory, day) + StoreLayout.damagedEnding
        return access(path, F_OK) == 0 ? path : nil
    }

    /// Opens a day; with `isSnapshot` as it is at this moment, for as long as the partition lives.
    package func partition(
        _ day: Day, isSnapshot: Bool = false
    ) throws(StoreError) -> Partition {
        try Partition(
            day: day, path: StoreLayout.partition(directory, day), isSnapshot: isSnapshot)
    }

    /// What the day's files look like now; nil where there are none.
    package func state(of day: Day) -> DayState? {
        DayState(path: StoreLayout.partition(directory, day))
    }

    /// The names of attributes outside the fixed table that stored events have.
    package func attributes() throws(StoreError) -> Set<String> { try catalog().attributes() }

    /// Where events come from, each place once and without its generation.
    package func sources() throws(StoreError) -> [EventSource] { try catalog().sources() }

    package func generations() throws(StoreError) -> [Generation] { try catalog().generations() }
}

/// The state of a day's files, by which a reader sees that something was written.
package struct DayState: Equatable, Sendable {
    private var files: [File] = []
    private var lastChange: Int64 = 0

    private struct File: Equatable {
        let inode: UInt64
        let size: Int64
        let change: Int64
    }

    init?(path: String) {
        for path in [path, path + "-wal"] {
            var status = stat()
            guard stat(path, &status) == 0 else { continue }
            let change =
                Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec)
            files.append(
                File(inode: UInt64(status.st_ino), size: Int64(status.st_size), change: change))
            lastChange = max(lastChange, change)
        }
        if files.isEmpty { return nil }
    }

    /// Whether a write now would give another state. File times advance in steps of up to 10 ms, so
    /// two writes within one may leave the same state.
    package var isSettled: Bool {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        return Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec) - lastChange > 50_000_000
    }
}

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
        for name in try names(in: partitions(directory)) where name.contains(".db" + draftEnding) {
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

    static func lock(_ directory: String) -> String { directory + "/writer.lock" }

    static func days(_ directory: String) throws(StoreError) -> [Day] {
        try names(in: partitions(directory)).compactMap { name in
            name.hasSuffix(".db") ? Day(name: String(name.dropLast(3))) : nil
        }.sorted()
    }

    private static func names(in path: String) throws(StoreError) -> [String] {
        guard let handle = opendir(path) else {
            throw .system(action: "list", path: path, reason: StoreFile.reason())
        }
        defer { closedir(handle) }
        var names: [String] = []
        while let entry = readdir(handle) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            names.append(name)
        }
        return names
    }
}
