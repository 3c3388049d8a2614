internal import Glibc

/// A directory that is open for reading its names.
struct Directory: ~Copyable {
    private let handle: OpaquePointer

    /// What a directory says of an entry without a look at it; not all file systems do.
    enum EntryKind { case directory, link, file, unknown }

    /// Opens the directory, a link to one too; nil where that cannot be (`errno` tells why).
    init?(_ path: String) {
        guard let handle = opendir(path) else { return nil }
        self.handle = handle
    }

    deinit { closedir(handle) }

    /// For calls that take names relative to a directory; open as long as this.
    var descriptor: Int32 { dirfd(handle) }

    /// Calls `body` with each name but `.` and `..`, in no order.
    ///
    /// The pointer ends in a NUL and is valid in `body` only.
    func forEachName(_ body: (UnsafePointer<CChar>, EntryKind) -> Void) {
        while let entry = readdir(handle) {
            let kind = Self.kind(Int(entry.pointee.d_type))
            // The name begins there and ends with a NUL within the record that `readdir` gave.
            withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                let name = bytes.assumingMemoryBound(to: CChar.self)
                guard let base = name.baseAddress, !Self.isSelfOrParent(base) else { return }
                body(base, kind)
            }
        }
    }

    private static func isSelfOrParent(_ name: UnsafePointer<CChar>) -> Bool {
        name[0] == 0x2E && (name[1] == 0 || (name[1] == 0x2E && name[2] == 0))
    }

    private static func kind(_ type: Int) -> EntryKind {
        switch type {
        case DT_DIR: .directory
        case DT_LNK: .link
        case DT_UNKNOWN: .unknown
        default: .file
        }
    }
}
