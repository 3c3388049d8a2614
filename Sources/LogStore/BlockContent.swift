/// The bytes of a stored block: all of them, or its beginning and a way to read the rest.
struct BlockContent {
    private let head: [UInt8]
    let count: Int
    private let read: (Range<Int>) throws(BlockError) -> [UInt8]

    /// How much is read at once: the header and the small columns of a block, which is what stands
    /// on the leaf page of the table and on the first page behind it.
    static let headBytes = 8_192

    init(_ data: [UInt8]) {
        head = data
        count = data.count
        read = { (_) throws(BlockError) in throw BlockError.truncated }
    }

    /// `head` is the beginning of `count` bytes; `read` gives any others.
    init(
        head: [UInt8], count: Int, read: @escaping (Range<Int>) throws(BlockError) -> [UInt8]
    ) {
        (self.head, self.count, self.read) = (head, count, read)
    }

    var isWhole: Bool { head.count == count }

    func whole() throws(BlockError) -> BlockContent { BlockContent(try read(0..<count)) }

    /// The header and directory, and whatever else has come with them.
    func withHead<Result>(_ body: (UnsafeBufferPointer<UInt8>) throws -> Result) rethrows -> Result
    {
        try head.withUnsafeBufferPointer(body)
    }

    /// Calls `body` with the bytes of `range`.
    func withBytes<Result>(
        _ range: Range<Int>, _ body: (UnsafeBufferPointer<UInt8>) throws(BlockError) -> Result
    ) throws(BlockError) -> Result {
        let isHere = range.upperBound <= head.count
        let bytes = isHere ? head : try read(range)
        let part = isHere ? range : 0..<bytes.count
        guard part.upperBound <= bytes.count else { throw .truncated }
        do {
            return try bytes.withUnsafeBufferPointer {
                try body(UnsafeBufferPointer(rebasing: $0[part]))
            }
        } catch let error as BlockError {
            throw error
        } catch {
            throw .invalid("column")
        }
    }
}

/// The order in which the columns of a block stand on disk.
///
/// What queries count by are small columns (statuses, levels, times); they come with the header when
/// they stand in front, and the texts behind them need not be read.
enum FrameOrder {
    /// The numbers of the columns, the one with the fewest stored bytes first, then by number.
    static func columns(storedLengths: [Int]) -> [Int] {
        storedLengths.indices.sorted {
            (storedLengths[$0], $0) < (storedLengths[$1], $1)
        }
    }
}
