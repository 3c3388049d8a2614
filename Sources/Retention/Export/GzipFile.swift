internal import CZlib
internal import Glibc
internal import LogStore

/// A gzip file (RFC 1952) that is being made: `PATH.new`, which takes its name when it is whole.
///
/// zlib's level 6, as gzip's, without a time or a name, so that the same bytes give the same file.
final class GzipFile {
    private let path: String
    private var draft: String { path + ".new" }
    private let descriptor: Int32
    private var stream = z_stream()
    private var checksum: UInt = 0
    private var length: UInt32 = 0
    /// Nil when it is finished.
    private var digest: Digest? = Digest()
    private var output: [UInt8] = []
    private var isFinished = false
    private(set) var storedBytes: Int64 = 0

    private static let head: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF]

    init(_ path: String) throws(StoreError) {
        self.path = path
        descriptor = open(
            path + ".new", O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0o600)
        // 15 bits of window, negative for deflate alone.
        let code = deflateInit2_(
            &stream, 6, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size))
        precondition(code == Z_OK, "zlib has the memory it needs")
        guard descriptor >= 0 else { throw .writing(path + ".new", action: "make") }
        output = Self.head
    }

    deinit {
        deflateEnd(&stream)
        if descriptor >= 0 { close(descriptor) }
        if !isFinished { unlink(draft) }
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws(StoreError) {
        guard let base = bytes.baseAddress else { return }
        // Lines of a block: far less than zlib's 4 GiB.
        let count = UInt32(clamping: bytes.count)
        stream.next_in = UnsafeMutablePointer(
            mutating: base.assumingMemoryBound(to: UInt8.self))
        stream.avail_in = count
        checksum = crc32(checksum, stream.next_in, count)
        length &+= count
        try deflate(Z_NO_FLUSH)
    }

    /// Writes the rest, and gives the file its name; its SHA-256.
    func finish() throws(StoreError) -> [UInt8] {
        try deflate(Z_FINISH)
        for value in [UInt32(truncatingIfNeeded: checksum), length] {
            withUnsafeBytes(of: value.littleEndian) { output += $0 }
        }
        try flush()
        guard fsync(descriptor) == 0 else { throw .writing(draft, action: "write") }
        guard rename(draft, path) == 0 else { throw .writing(draft, action: "rename") }
        isFinished = true
        return digest.take()?.finish() ?? []
    }

    private func deflate(_ mode: Int32) throws(StoreError) {
        var code = Z_OK
        repeat {
            let room = 1 << 16
            let start = output.count
            output.append(contentsOf: repeatElement(0, count: room))
            output.withUnsafeMutableBufferPointer { output in
                // The stream writes at most `room` bytes behind `start`.
                stream.next_out = output.baseAddress.map { $0 + start }
                stream.avail_out = UInt32(room)
                code = CZlib.deflate(&stream, mode)
            }
            output.removeLast(Int(stream.avail_out))
            if output.count >= 1 << 18 { try flush() }
        } while mode == Z_FINISH ? code != Z_STREAM_END : stream.avail_out == 0
    }

    private func flush() throws(StoreError) {
        output.withUnsafeBytes { digest?.update($0) }
        storedBytes += Int64(output.count)
        var done = 0
        while done < output.count {
            let count = output.withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress.map { $0 + done }, $0.count - done)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw .writing(draft, action: "write") }
            done += count
        }
        output.removeAll(keepingCapacity: true)
    }
}
