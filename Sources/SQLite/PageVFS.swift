internal import CSQLite
internal import Glibc

/// SQLite's way to files with one thing changed: database files are `PageFile`s.
///
/// A copy of the system's VFS, <https://www.sqlite.org/vfs.html>, that opens files with more memory.
enum PageVFS {
    /// The name to open files by; whoever asks for it first registers the VFS.
    static let name: String = {
        register("logq")
        return "logq"
    }()

    // Written once before anything reads it; SQLite never frees its VFS.
    nonisolated(unsafe) private static let system = sqlite3_vfs_find(nil)

    /// Where our part of a file begins, behind the system's.
    private static func start(_ system: sqlite3_vfs) -> Int {
        let alignment = MemoryLayout<PageFile>.alignment
        return (Int(system.szOsFile) + alignment - 1) / alignment * alignment
    }

    private static func register(_ name: String) {
        guard var vfs = system?.pointee else { return }
        vfs.iVersion = min(vfs.iVersion, 3)
        vfs.szOsFile = Int32(clamping: start(vfs) + MemoryLayout<PageFile>.size)
        vfs.pNext = nil
        vfs.zName = UnsafePointer(strdup(name))
        vfs.xOpen = { _, path, file, flags, given in
            guard let system = PageVFS.system, let file else { return SQLITE_CANTOPEN }
            let code = system.pointee.xOpen(system, path, file, flags, given)
            if code == SQLITE_OK, flags & SQLITE_OPEN_MAIN_DB != 0 { PageVFS.takeOver(file) }
            return code
        }
        let registered = UnsafeMutablePointer<sqlite3_vfs>.allocate(capacity: 1)
        registered.initialize(to: vfs)
        sqlite3_vfs_register(registered, 0)
    }

    private static func takeOver(_ file: PageFile.File) {
        guard let system, let methods = file.pointee.pMethods else { return }
        let own = UnsafeMutableRawPointer(file).advanced(by: start(system.pointee))
            .initializeMemory(as: PageFile.self, to: PageFile(over: methods))
        file.pointee.pMethods = UnsafeRawPointer(own)
            .assumingMemoryBound(to: sqlite3_io_methods.self)
    }
}
