internal import Glibc

/// How far the store is behind a file.
package struct FileLag {
    package let content: FollowedContent
    /// Bytes on disk now; where another file has the path, or none, when it was last looked at.
    package let size: Int64
    /// Bytes that are not stored yet; nil where only reading tells: of a compressed file.
    package let bytes: Int64?
    /// For how long some were not; nil where nothing of the file was ever read.
    package let nanoseconds: Int64?

    /// Asks the file system for the size of the file now.
    ///
    /// - Parameter isAtWork: whether the shipper runs and waits for nothing.
    package init(_ content: FollowedContent, isAtWork: Bool, now: Int64) {
        self.content = content
        let file = content.file
        var status = stat()
        let isThere =
            stat(file.path, &status) == 0 && Int64(truncatingIfNeeded: status.st_ino) == file.inode
            && Int64(truncatingIfNeeded: status.st_dev) == file.device
        size = isThere ? Int64(status.st_size) : file.size
        if file.path.hasSuffix(".gz") {
            bytes = file.readAt > 0 ? 0 : nil
        } else {
            bytes = max(0, size - content.position)
        }
        guard bytes != 0 else {
            nanoseconds = 0
            return
        }
        // What came since the shipper had seen all of it is as old as the last write, at most.
        if isAtWork, isThere, file.readAt > 0, file.size <= content.position {
            let written = Int64(status.st_mtim.tv_sec) &* 1_000_000_000
            nanoseconds = max(0, now &- written &- Int64(status.st_mtim.tv_nsec))
        } else {
            nanoseconds = file.readAt > 0 ? max(0, now &- file.readAt) : nil
        }
    }

    /// Whether this is more than the moment that shipping takes.
    package var isBehind: Bool { bytes != 0 && (nanoseconds ?? .max) >= Self.moment }

    package static let moment: Int64 = 5_000_000_000
}
