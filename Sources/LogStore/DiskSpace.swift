internal import Glibc

/// How much room the disk of a store has.
package struct DiskSpace: Sendable, Equatable {
    /// Bytes of the file system.
    package let total: Int64
    /// Bytes that this user may still write.
    package let available: Int64
    /// The share that is in use of what this user may have, as `df` shows it: 0 to 1.
    package let used: Double

    /// Asks the file system (`statvfs`) that the directory lies on.
    package init(of directory: String) throws(StoreError) {
        var status = statvfs()
        guard statvfs(directory, &status) == 0 else {
            throw .writing(directory, action: "look at the disk of")
        }
        let block = Int64(clamping: status.f_frsize)
        total = Self.bytes(status.f_blocks, block)
        available = Self.bytes(status.f_bavail, block)
        let inUse = total - Self.bytes(status.f_bfree, block)
        used = inUse + available > 0 ? Double(inUse) / Double(inUse + available) : 1
    }

    /// The highest share in use at which an operator is warned that is passed: 80, 90 or 95 per cent,
    /// and 0 below. The manual's alarm is at 80.
    package var watermark: Int { [95, 90, 80].first { Int(used * 100) >= $0 } ?? 0 }

    private static func bytes(_ blocks: UInt, _ size: Int64) -> Int64 {
        let product = Int64(clamping: blocks).multipliedReportingOverflow(by: size)
        return product.overflow ? .max : product.partialValue
    }
}

extension Store {
    /// What all files of a store take on its disk, in bytes. Costs a look at each of them.
    package static func diskBytes(_ directory: String) -> Int64 {
        [directory, StoreLayout.partitions(directory)].reduce(0) { total, parent in
            let names = (try? StoreLayout.names(in: parent)) ?? []
            return names.reduce(total) { $0 + StoreFile.diskBytes(parent + "/" + $1) }
        }
    }
}

/// A file of no use, `ballast`, that is removed when the disk is full: then there is room for what must
/// go on all the same, such as searches, retention and the shipper's positions.
package struct Ballast: Sendable {
    private let directory: String
    private let bytes: Int64

    /// The ballast of a store; with 0 bytes there is none.
    package init(directory: String, bytes: Int64) {
        self.directory = directory
        self.bytes = max(0, bytes)
    }

    private var path: String { directory + "/ballast" }

    /// Bytes on the disk now.
    package var size: Int64 { StoreFile.size(path) }

    /// Removes it; returns how many bytes that gives.
    @discardableResult
    package func free() -> Int64 {
        let size = size
        return unlink(path) == 0 ? size : 0
    }

    /// Makes it again, of the size that it should have, when that leaves `reserve` bytes free.
    ///
    /// Its blocks are allocated, or zeros written where the file system cannot do that. Returns
    /// whether it is there; what does not fit is not left behind.
    package func restore(reserve: Int64) throws(StoreError) -> Bool {
        let current = size
        if current == bytes, bytes > 0 || access(path, F_OK) != 0 { return true }
        let room = try DiskSpace(of: directory).available.addingReportingOverflow(current)
        let wanted = bytes.addingReportingOverflow(max(0, reserve))
        if bytes > 0, wanted.overflow || !room.overflow && room.partialValue < wanted.partialValue {
            return false
        }
        free()
        if bytes == 0 { return true }
        do throws(StoreError) {
            try make()
            return true
        } catch {
            free()
            if case .full = error { return false }
            throw error
        }
    }

    private func make() throws(StoreError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .writing(path, action: "make") }
        defer { close(descriptor) }
        switch posix_fallocate(descriptor, 0, off_t(bytes)) {
        case 0: return
        case EINVAL, EOPNOTSUPP: try writeZeros(descriptor)
        case let code: throw .writing(path, action: "make", code: code)
        }
    }

    private func writeZeros(_ descriptor: Int32) throws(StoreError) {
        let zeros = [UInt8](repeating: 0, count: 1 << 16)
        var rest = bytes
        while rest > 0 {
            let written = write(descriptor, zeros, Int(min(rest, Int64(zeros.count))))
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { throw .writing(path, action: "write") }
            rest -= Int64(written)
        }
    }
}
