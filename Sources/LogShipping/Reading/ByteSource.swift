internal import CZlib
internal import Glibc

/// Why a file could not be read, or not to its end.
package struct ReadError: Error, CustomStringConvertible {
    package let path: String
    package let reason: String

    package var description: String { "\(path): \(reason)" }
}

/// The decompressed bytes of a file, from its start to its end, in pieces.
///
/// gzip is recognised by its first bytes (RFC 1952), whatever the file is called; members follow one
/// another. Memory is two buffers of 256 KiB, however far the content expands.
final class ByteSource {
    let path: String
    /// The size on disk: progress is measured in these bytes.
    let fileSize: Int64
    private(set) var fileBytesRead: Int64 = 0
    /// What is wrong with the end of a gzip file: truncated, or followed by other bytes.
    private(set) var warning: String?
    /// Seconds since 1970 UTC.
    let modificationTime: Int64
    let isCompressed: Bool

    private let descriptor: Int32
    private var inflater: Inflater?
    private var peeked: [UInt8] = []

    static let standardInput = "-"

    /// Opens a file, or standard input for `-`.
    convenience init(_ path: String) throws(ReadError) {
        let isInput = path == Self.standardInput
        try self.init(path, descriptor: isInput ? dup(0) : open(path, O_RDONLY | O_CLOEXEC))
    }

    /// The same file from its start, whatever has its name by now, or none.
    func reopened() throws(ReadError) -> ByteSource {
        let link = "/proc/self/fd/\(descriptor)"
        return try ByteSource(path, descriptor: open(link, O_RDONLY | O_CLOEXEC))
    }

    private init(_ path: String, descriptor: Int32) throws(ReadError) {
        self.path = path
        self.descriptor = descriptor
        guard descriptor >= 0 else {
            throw ReadError(path: path, reason: String(cString: strerror(errno)))
        }
        var information = stat()
        let isKnown = fstat(descriptor, &information) == 0
        if isKnown, information.st_mode & S_IFMT == S_IFDIR {
            close(descriptor)
            throw ReadError(path: path, reason: "is a directory")
        }
        fileSize = isKnown ? Int64(information.st_size) : 0
        modificationTime = isKnown ? Int64(information.st_mtim.tv_sec) : 0
        var magic: [UInt8] = []
        while magic.count < 3 {
            let more = Self.read(descriptor, count: 3 - magic.count)
            if more.isEmpty { break }
            magic += more
        }
        peeked = magic
        // A file that ends within the magic number is gzip that is being written.
        isCompressed = magic == [0x1F, 0x8B, 8] || magic == [0x1F, 0x8B] || magic == [0x1F]
        if isCompressed { inflater = Inflater() }
    }

    deinit { close(descriptor) }

    /// The next bytes, or none at the end.
    func next(upTo limit: Int = 1 << 18) throws(ReadError) -> [UInt8] {
        guard let inflater else { return try rawBytes(limit) }
        while true {
            if let output = try inflate(inflater, limit) { return output }
        }
    }

    /// Goes to a place of a plain file; false for what cannot be moved in.
    func seek(to position: Int64) throws(ReadError) -> Bool {
        guard !isCompressed, lseek(descriptor, off_t(position), SEEK_SET) == off_t(position) else {
            return false
        }
        peeked = []
        fileBytesRead = position
        return true
    }

    /// Up to `count` bytes of a plain file before `position`, wherever reading is.
    func bytes(before position: Int64, count: Int) -> [UInt8] {
        let count = Int(min(max(0, position), Int64(count)))
        var bytes = [UInt8](repeating: 0, count: count)
        let got = pread(descriptor, &bytes, count, off_t(position) - off_t(count))
        return Array(bytes.prefix(max(0, got)))
    }

    /// What the file system says of the open file now; nil where it cannot be asked.
    func status() -> FileStatus? { FileStatus(of: descriptor) }

    private func rawBytes(_ limit: Int) throws(ReadError) -> [UInt8] {
        if !peeked.isEmpty {
            defer { peeked = [] }
            fileBytesRead += Int64(peeked.count)
            return peeked
        }
        var code: Int32 = 0
        let bytes = Self.read(descriptor, count: limit, error: &code)
        if code != 0 { throw ReadError(path: path, reason: String(cString: strerror(code))) }
        fileBytesRead += Int64(bytes.count)
        return bytes
    }

    /// Some output, an empty array at the end, or nil when more input is needed first.
    private func inflate(_ inflater: Inflater, _ limit: Int) throws(ReadError) -> [UInt8]? {
        if inflater.needsInput {
            let input = try rawBytes(1 << 18)
            if input.isEmpty {
                if !inflater.isBetweenMembers { warning = "the gzip data end too early" }
                return []
            }
            inflater.feed(input)
        }
        switch inflater.step(limit: limit) {
        case .output(let bytes): return bytes.isEmpty ? nil : bytes
        case .trailingGarbage:
            warning = "other bytes follow the gzip data"
            return []
        case .damaged(let reason):
            warning = "the gzip data are damaged (\(reason))"
            return []
        }
    }

    private static func read(_ descriptor: Int32, count: Int) -> [UInt8] {
        var code: Int32 = 0
        return read(descriptor, count: count, error: &code)
    }

    private static func read(_ descriptor: Int32, count: Int, error: inout Int32) -> [UInt8] {
        var code: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            var got: Int
            repeat {
                got = Glibc.read(descriptor, buffer.baseAddress, count)
            } while got < 0
                && errno == EINTR
            if got < 0 { code = errno }
            initialized = max(0, got)
        }
        error = code
        return bytes
    }
}

/// zlib's inflate over members that follow one another.
private final class Inflater {
    private var stream = z_stream()
    private var input: [UInt8] = []
    private var consumed = 0
    private(set) var isBetweenMembers = false
    private var membersRead = 0

    enum Step {
        case output([UInt8])
        case trailingGarbage
        case damaged(String)
    }

    init() {
        // 15 bits of window, 16 for the gzip wrapper.
        let code = inflateInit2_(
            &stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        precondition(code == Z_OK, "zlib has the memory it needs")
    }

    deinit { inflateEnd(&stream) }

    var needsInput: Bool { consumed >= input.count }

    func feed(_ bytes: [UInt8]) {
        input = bytes
        consumed = 0
    }

    func step(limit: Int) -> Step {
        if isBetweenMembers {
            // Padding with zeros after a member is legitimate (tapes, some writers).
            while consumed < input.count, input[consumed] == 0 { consumed += 1 }
            if needsInput { return .output([]) }
            guard input[consumed] == 0x1F else { return .trailingGarbage }
            inflateReset(&stream)
            isBetweenMembers = false
        }
        var code: Int32 = Z_OK
        let output = [UInt8](unsafeUninitializedCapacity: limit) { buffer, initialized in
            // The stream is given live buffers and their sizes; it keeps no pointer after the call.
            input.withUnsafeMutableBufferPointer { input in
                stream.next_in = input.baseAddress.map { $0 + consumed }
                stream.avail_in = UInt32(input.count - consumed)
                stream.next_out = buffer.baseAddress
                stream.avail_out = UInt32(limit)
                code = CZlib.inflate(&stream, Z_NO_FLUSH)
                consumed = input.count - Int(stream.avail_in)
                initialized = limit - Int(stream.avail_out)
            }
        }
        switch code {
        case Z_STREAM_END:
            membersRead += 1
            isBetweenMembers = true
            return .output(output)
        case Z_OK, Z_BUF_ERROR: return .output(output)
        default:
            if !output.isEmpty { return .output(output) }
            if membersRead > 0, stream.total_out == 0 { return .trailingGarbage }
            let reason = stream.msg.map { String(cString: $0) } ?? "code \(code)"
            return .damaged(reason)
        }
    }
}
