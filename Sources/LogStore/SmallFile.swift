internal import Glibc

/// Files that are read and written as a whole.
package enum SmallFile {
    /// Throws `damaged` where it is longer than `limit` bytes.
    package static func read(_ path: String, limit: Int) throws(StoreError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .writing(path, action: "open") }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = Glibc.read(descriptor, &piece, piece.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .writing(path, action: "read") }
            if count == 0 { return bytes }
            bytes += piece[..<count]
            guard bytes.count <= limit else {
                throw .damaged(path: path, reason: "it is longer than \(limit) bytes")
            }
        }
    }

    /// Writes a new file, which then takes the name; after a power cut too it is the old one or the
    /// new one.
    package static func replace(_ path: String, by bytes: [UInt8]) throws(StoreError) {
        let draft = path + StoreLayout.draftEnding
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .writing(draft, action: "make") }
        do throws(StoreError) {
            defer { close(descriptor) }
            try write(bytes, to: descriptor, draft)
            guard fsync(descriptor) == 0 else { throw .writing(draft, action: "write") }
        } catch {
            unlink(draft)
            throw error
        }
        try StoreFile.rename(draft, to: path)
    }

    static func write(
        _ bytes: some Collection<UInt8>, to descriptor: Int32, _ path: String
    ) throws(StoreError) {
        let isWritten = bytes.withContiguousStorageIfAvailable {
            write(UnsafeRawBufferPointer($0), to: descriptor)
        }
        guard isWritten ?? Array(bytes).withUnsafeBytes({ write($0, to: descriptor) }) else {
            throw .writing(path, action: "write")
        }
    }

    /// False where `errno` says why not.
    private static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Bool {
        var rest = bytes
        while !rest.isEmpty {
            let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
        return true
    }
}

/// The SHA-256 of a file's bytes.
package enum FileDigest {
    /// The sum and how many bytes; `progress` is told how many are done.
    package static func of(
        _ path: String, progress: (Int64) -> Void = { _ in }
    ) throws(StoreError) -> (sum: [UInt8], bytes: Int64) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .writing(path, action: "open") }
        defer { close(descriptor) }
        posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL)
        var digest = Digest()
        var bytes: Int64 = 0
        var piece = [UInt8](repeating: 0, count: 1 << 18)
        while true {
            let count = read(descriptor, &piece, piece.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .writing(path, action: "read") }
            if count == 0 { return (digest.finish(), bytes) }
            piece.withUnsafeBytes { digest.update(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
            bytes += Int64(count)
            progress(bytes)
        }
    }
}
