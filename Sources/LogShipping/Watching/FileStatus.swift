internal import Glibc

/// What the system tells of a name.
struct FileStatus {
    enum Kind { case file, directory, link, other }

    /// A file whatever it is called.
    struct Identity: Hashable {
        let device: Int64
        let inode: Int64
    }

    let kind: Kind
    let identity: Identity
    /// How many names the file has.
    let links: Int
    let size: Int64
    /// Nanoseconds since 1970 UTC; a time that does not fit is the nearest that does.
    let modified: Int64

    /// The status of `name`, seen from an open directory if its path is relative; nil where there
    /// is none or it cannot be asked for (`errno` tells).
    init?(
        _ name: UnsafePointer<CChar>, in directory: Int32 = AT_FDCWD, followingLinks: Bool = true
    ) {
        var information = stat()
        let flags = followingLinks ? 0 : AT_SYMLINK_NOFOLLOW
        guard fstatat(directory, name, &information, flags) == 0 else { return nil }
        self.init(information)
    }

    /// The status of an open file, whatever became of its name.
    init?(of descriptor: Int32) {
        var information = stat()
        guard fstat(descriptor, &information) == 0 else { return nil }
        self.init(information)
    }

    private init(_ information: stat) {
        switch information.st_mode & S_IFMT {
        case S_IFREG: kind = .file
        case S_IFDIR: kind = .directory
        case S_IFLNK: kind = .link
        default: kind = .other
        }
        identity = Identity(
            device: Int64(truncatingIfNeeded: information.st_dev),
            inode: Int64(truncatingIfNeeded: information.st_ino))
        links = Int(truncatingIfNeeded: information.st_nlink)
        size = Int64(information.st_size)
        modified = Self.nanoseconds(information.st_mtim)
    }

    private static func nanoseconds(_ time: timespec) -> Int64 {
        let (whole, isOver) = Int64(time.tv_sec).multipliedReportingOverflow(by: 1_000_000_000)
        if isOver { return time.tv_sec < 0 ? .min : .max }
        let (sum, isTooMuch) = whole.addingReportingOverflow(Int64(time.tv_nsec))
        return isTooMuch ? .max : sum
    }
}
