/// The beginning of a file: what it is recognised by, and what its format shows in.
///
/// A log that was truncated under a writer that does not append begins with as many NULs as it had
/// bytes before. Such a hole is passed over, but for its last piece of less than a mebibyte, which
/// belongs to the first line.
struct FileStart {
    /// The first bytes, up to 1024.
    private(set) var head: [UInt8] = []
    /// How many NULs before `text` are passed over.
    private(set) var hole: Int64 = 0
    /// What follows them: at least 64 KiB with something in them, unless the file ends.
    private(set) var text: [UInt8] = []

    private static let holePiece = 1 << 20

    /// How many NULs the bytes begin with, eight at a time.
    private static func leadingNULs(_ bytes: [UInt8]) -> Int {
        bytes.withUnsafeBytes { bytes in
            var index = 0
            while index + 8 <= bytes.count,
                bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self) == 0
            {
                index += 8
            }
            while index < bytes.count, bytes[index] == 0 { index += 1 }
            return index
        }
    }

    init(of source: ByteSource) throws(ReadError) {
        var nulls = 0
        while text.count - nulls < 1 << 16 {
            let more = try source.next(upTo: 1 << 16)
            if more.isEmpty { break }
            text += more
            if head.count < GenerationFinder.headLength, hole == 0 {
                head = Array(text.prefix(GenerationFinder.headLength))
            }
            if nulls + more.count >= text.count {
                nulls += Self.leadingNULs(more)
            }
            if nulls >= Self.holePiece {
                text.removeFirst(Self.holePiece)
                nulls -= Self.holePiece
                hole += Int64(Self.holePiece)
            }
        }
    }
}

/// Files that are no logs, by their first bytes.
enum FileKind {
    /// What the file is, in words, if it cannot be read as text.
    static func recognise(_ start: [UInt8]) -> String? {
        let kinds: [([UInt8], String)] = [
            ([0xFD, 0x37, 0x7A, 0x58, 0x5A], "compressed by xz; decompress it first"),
            ([0x42, 0x5A, 0x68], "compressed by bzip2; decompress it first"),
            ([0x28, 0xB5, 0x2F, 0xFD], "compressed by zstd; decompress it first"),
            ([0x50, 0x4B, 0x03, 0x04], "a zip archive; unpack it first"),
            (Array("SQLite format 3\0".utf8), "an SQLite database"),
            ([0x7F, 0x45, 0x4C, 0x46], "a program"),
        ]
        return kinds.first { start.starts(with: $0.0) }?.1
    }
}
