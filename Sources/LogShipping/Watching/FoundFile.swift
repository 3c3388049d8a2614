/// A regular file that a source names, as it was at a look.
package struct FoundFile: Sendable, Equatable {
    /// As the source's glob has it: with the names of links, not of what they point to.
    package let path: String
    /// Of the file itself where the path is a link.
    package let device: Int64
    package let inode: Int64
    /// Bytes on disk.
    package let size: Int64
    /// Nanoseconds since 1970 UTC.
    package let modified: Int64
    /// The index of the source.
    package let source: Int
    private let isCompressed: Bool

    init(_ path: String, _ status: FileStatus, source: Int) {
        self.path = path
        self.source = source
        device = status.identity.device
        inode = status.identity.inode
        size = status.size
        modified = status.modified
        isCompressed = path.utf8.suffix(3).elementsEqual(".gz".utf8)
    }

    /// Plain files before those of gzip, of each kind the oldest first.
    static func isEarlier(_ left: FoundFile, _ right: FoundFile) -> Bool {
        if left.isCompressed != right.isCompressed { return right.isCompressed }
        if left.modified != right.modified { return left.modified < right.modified }
        return left.path < right.path
    }
}
