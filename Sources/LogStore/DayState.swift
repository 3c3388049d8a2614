internal import Glibc
internal import LogModel

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
    package var isSettled: Bool { age > 50_000_000 }

    /// Nanoseconds since something was written.
    package var age: Int64 { Clock.now() - lastChange }
}
