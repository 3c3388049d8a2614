internal import Glibc

/// The kernel's notifications about files and directories, inotify(7).
///
/// A process has few instances (fs.inotify.max_user_instances, 128 a user) and a bounded number of
/// watches, about 1 KiB of kernel memory each.
struct Inotify: ~Copyable {
    /// Readable when there are events; -1 where the system gives no instance.
    let descriptor: Int32
    /// Why there is no instance; 0 where none was wanted.
    let failure: Int32
    private var buffer = [UInt8](repeating: 0, count: 1 << 16)

    struct Event {
        let watch: Int32
        let mask: UInt32
        /// Ends with a NUL; valid as long as the event is looked at. Nil when it is the watched
        /// file or directory itself.
        let name: UnsafePointer<CChar>?
    }

    /// Without `isWanted` there is no instance, and no failure.
    init(isWanted: Bool = true) {
        guard isWanted else {
            (descriptor, failure) = (-1, 0)
            return
        }
        descriptor = inotify_init1(Int32(IN_CLOEXEC) | Int32(IN_NONBLOCK))
        failure = descriptor < 0 ? errno : 0
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// Watches what `path` leads to, for the events of `mask` besides those of an earlier call.
    ///
    /// A file or directory has one watch, whatever the paths. Gives the error number for failure.
    func add(_ path: String, _ mask: UInt32) -> Result<Int32, WatchFailure> {
        guard descriptor >= 0 else { return .failure(WatchFailure(code: failure)) }
        let watch = inotify_add_watch(descriptor, path, mask | UInt32(IN_MASK_ADD))
        return watch < 0 ? .failure(WatchFailure(code: errno)) : .success(watch)
    }

    /// Ends a watch, which may be gone already.
    func remove(_ watch: Int32) {
        inotify_rm_watch(descriptor, watch)
    }

    /// Calls `body` with what waits: at most about what a queue of the usual length holds, so that
    /// one who writes faster than this reads cannot keep it here.
    mutating func drain(_ body: (Event) -> Void) {
        for _ in 0..<32 where descriptor >= 0 {
            let count = read(descriptor, &buffer, buffer.count)
            guard count > 0 else { return }
            buffer.withUnsafeBytes { bytes in
                Self.parse(UnsafeRawBufferPointer(rebasing: bytes.prefix(count)), body)
            }
        }
    }

    /// The kernel's records: watch, mask, cookie, length of the name with its NULs, the name.
    private static func parse(_ bytes: UnsafeRawBufferPointer, _ body: (Event) -> Void) {
        let head = 16
        var start = 0
        while start + head <= bytes.count {
            let length = Int(bytes.loadUnaligned(fromByteOffset: start + 12, as: UInt32.self))
            let end = start + head + length
            guard end <= bytes.count else { return }
            let hasName = length > 0 && bytes[end - 1] == 0
            let name = hasName ? bytes.baseAddress.map { $0 + start + head } : nil
            body(
                Event(
                    watch: bytes.loadUnaligned(fromByteOffset: start, as: Int32.self),
                    mask: bytes.loadUnaligned(fromByteOffset: start + 4, as: UInt32.self),
                    name: name?.assumingMemoryBound(to: CChar.self)))
            start = end
        }
    }
}

/// Why something cannot be watched: the system's error number.
struct WatchFailure: Error {
    let code: Int32
}
