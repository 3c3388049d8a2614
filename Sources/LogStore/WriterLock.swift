internal import Glibc
internal import LogModel

/// The advisory lock (`flock`) of the process that writes to a store; the kernel frees it when its
/// process ends, however it ends.
///
/// ```
/// writer.lock    held while something is written; 16 bytes: the holder's process id, else NULs
/// writer.queue   held by the one who is next: who gives `writer.lock` up and wants it again at once
///                stands behind those who wait
/// ```
///
/// The process id is the mark by which the next one sees that a holder did not finish. It is written in
/// place, so that a full disk does not hinder it.
final class WriterLock {
    private let directory: String
    private let path: String
    private let descriptor: Int32
    private let queue: Int32
    private(set) var isHeld = false

    private static let markLength = 16
    private static let step: useconds_t = 5_000

    /// Opens the files, makes them where they are missing, and takes nothing.
    init(directory: String) throws(StoreError) {
        self.directory = directory
        path = StoreLayout.lock(directory)
        descriptor = try LockFile.open(path)
        do throws(StoreError) {
            queue = try LockFile.open(StoreLayout.queue(directory))
        } catch {
            close(descriptor)
            throw error
        }
    }

    /// Waits up to `timeout` seconds for the lock, else throws `locked`.
    ///
    /// Returns whether the holder before this one ended, or gave it up, without having finished.
    func take(timeout: Double) throws(StoreError) -> Bool {
        let deadline = Clock.monotonic() + Int64(timeout * 1e9)
        let isNext = Self.take(queue, until: deadline)
        defer { if isNext { flock(queue, LOCK_UN) } }
        let isTaken = isNext && Self.take(descriptor, until: deadline)
        let mark = mark()
        guard isTaken else {
            throw .locked(directory: directory, owner: mark.isEmpty ? "" : " (process \(mark))")
        }
        isHeld = true
        do throws(StoreError) { try write(String(getpid())) } catch {
            giveUp(isFinished: mark.isEmpty)
            throw error
        }
        return !mark.isEmpty
    }

    /// Lets the next one in; with `isFinished` false that one has to clean up first.
    func giveUp(isFinished: Bool) {
        guard isHeld else { return }
        // Overwriting what is there takes no space; should it fail, the next one looks in vain.
        if isFinished { try? write("") }
        flock(descriptor, LOCK_UN)
        isHeld = false
    }

    deinit {
        close(queue)
        close(descriptor)
    }

    private func mark() -> String {
        var bytes = [UInt8](repeating: 0, count: Self.markLength)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        return String(decoding: bytes.prefix(max(0, count)).prefix { $0 != 0 }, as: UTF8.self)
    }

    private func write(_ mark: String) throws(StoreError) {
        var bytes = Array(mark.utf8.prefix(Self.markLength))
        bytes += repeatElement(0, count: Self.markLength - bytes.count)
        guard pwrite(descriptor, bytes, bytes.count, 0) == bytes.count else {
            throw .writing(path, action: "write")
        }
    }

    private static func take(_ descriptor: Int32, until deadline: Int64) -> Bool {
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            if Clock.monotonic() >= deadline { return false }
            usleep(step)
        }
        return true
    }
}

/// Keeps a store to one shipper, for as long as this lives: `flock` on `shipper.lock`.
package final class ShipperLock {
    private let descriptor: Int32

    /// Makes the store's directory where it is missing; throws `shipping` if another has the lock.
    package init(directory: String) throws(StoreError) {
        try StoreLayout.makeDirectories(directory)
        let path = StoreLayout.shipperLock(directory)
        descriptor = try LockFile.open(path)
        // Who asks whether a shipper runs holds the lock for a moment (`isHeld`).
        guard LockFile.take(descriptor, attempts: 20) else {
            close(descriptor)
            throw .shipping(directory: directory)
        }
    }

    deinit { close(descriptor) }

    /// Whether a shipper has the lock of this store.
    static func isHeld(in directory: String) -> Bool {
        LockFile.isHeld(StoreLayout.shipperLock(directory))
    }
}

/// Keeps a store to one process that writes its days anew: `flock` on `compaction.lock`.
final class MaintenanceLock {
    private let descriptor: Int32

    init(directory: String) throws(StoreError) {
        descriptor = try LockFile.open(StoreLayout.maintenanceLock(directory))
        // Who asks whether it is held holds it for a moment.
        guard LockFile.take(descriptor, attempts: 20) else {
            close(descriptor)
            throw .maintaining(directory: directory)
        }
    }

    deinit { close(descriptor) }

    static func isHeld(in directory: String) -> Bool {
        LockFile.isHeld(StoreLayout.maintenanceLock(directory))
    }
}

/// Keeps a file or directory to one process at a time, for as long as this lives: `flock` on a file of its own.
package final class FileLock {
    private let descriptor: Int32

    /// Waits up to `patience` seconds for the one who holds it, then throws `busy`.
    package init(_ path: String, patience: Int) throws(StoreError) {
        descriptor = try LockFile.open(path)
        guard LockFile.take(descriptor, attempts: patience * 100) else {
            close(descriptor)
            throw .busy(path: path)
        }
    }

    deinit { close(descriptor) }
}

private enum LockFile {
    static func open(_ path: String) throws(StoreError) -> Int32 {
        let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .writing(path, action: "open") }
        return descriptor
    }

    /// Tries a hundred times a second.
    static func take(_ descriptor: Int32, attempts: Int) -> Bool {
        for _ in 0..<attempts {
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return true }
            usleep(10_000)
        }
        return false
    }

    static func isHeld(_ path: String) -> Bool {
        let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return flock(descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK
    }
}
